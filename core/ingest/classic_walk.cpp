#include "core/ingest/classic_walk.h"

#include <algorithm>
#include <cstring>

#include "core/packet/parse.h"

namespace flowgauge {
namespace {

// Always so many at once, and only when no more is there: so libpcap's stream was read, and what damage of the
// compression says of a record that lies near to it stays the same.
constexpr std::size_t kReadBytes = 256UZ * 1024;
// Before what is read stands the part of a record that came before. The longest is 24 + 262,144 bytes; memory that no
// long record touches is never resident.
constexpr std::size_t kReadBegin = kReadBytes + 4096;
static_assert(kReadBegin > 24 + ClassicWalk::kMostCapturedBytes);

constexpr int kCookedLinkTypes[] = {113, 276};  // Linux "any", versions 1 and 2

}  // namespace

// libpcap rewrites fields in host order inside the frames of files of the other byte order: USB, NFLOG, PFLOG, and CAN
// in Linux cooked captures.
bool ClassicWalk::suits(int link_type, bool swapped) {
  if (packet_link_type_supported(static_cast<std::uint32_t>(link_type)) == 0) return false;
  return !swapped || std::ranges::find(kCookedLinkTypes, link_type) == std::end(kCookedLinkTypes);
}

ClassicWalk::ClassicWalk(CompressedStream& stream, const ClassicLayout& layout)
    : stream_(&stream),
      layout_(layout),
      whole_below_(std::min(static_cast<std::uint32_t>(layout.snapshot_bytes), kMostCapturedBytes)),
      buffer_(std::make_unique_for_overwrite<char[]>(kReadBegin + kReadBytes)),
      begin_(kReadBegin),
      end_(kReadBegin) {
  const std::string_view rest = stream.head().substr(kFileHeaderBytes);
  std::memcpy(buffer_.get() + end_, rest.data(), rest.size());
  end_ += rest.size();
}

// Reads until so many bytes of the record are there. False: the content ends before.
bool ClassicWalk::fill(std::size_t bytes) {
  while (end_ - begin_ < bytes) {
    const std::size_t carried = end_ - begin_;
    std::memmove(buffer_.get() + kReadBegin - carried, buffer_.get() + begin_, carried);
    begin_ = kReadBegin - carried;
    end_ = kReadBegin;
    const std::size_t got = stream_->read(buffer_.get() + end_, kReadBytes);
    if (got == 0) return false;
    end_ += got;
  }
  return true;
}

// More captured bytes than the snapshot length, or than any packet has. The first are cut, as some writers set the
// snapshot length too low; the others are damage.
bool ClassicWalk::next_long(const Header& header, Frame& frame) {
  const auto snapshot_bytes = static_cast<std::uint32_t>(layout_.snapshot_bytes);
  if (header.captured_bytes > kMostCapturedBytes) {
    error_ = header.captured_bytes > snapshot_bytes
                 ? fmt::format("invalid packet capture length {}, bigger than snaplen of {}", header.captured_bytes,
                               layout_.snapshot_bytes)
                 : fmt::format("invalid packet capture length {}, bigger than maximum of {}", header.captured_bytes,
                               kMostCapturedBytes);
    return false;
  }
  if (!has(std::size_t{layout_.record_header_bytes} + snapshot_bytes)) return refuse_cut_packet(snapshot_bytes);
  const std::size_t record_bytes = std::size_t{layout_.record_header_bytes} + header.captured_bytes;
  if (!has(record_bytes)) return refuse_cut_packet(header.captured_bytes);
  show(header, snapshot_bytes, frame);
  begin_ += record_bytes;
  return true;
}

bool ClassicWalk::refuse_cut_header() {
  if (end_ != begin_) {
    error_ = fmt::format("truncated dump file; tried to read {} header bytes, only got {}", layout_.record_header_bytes,
                         end_ - begin_);
  }
  return false;
}

bool ClassicWalk::refuse_cut_packet(std::uint32_t wanted_bytes) {
  error_ = fmt::format("truncated dump file; tried to read {} captured bytes, only got {}", wanted_bytes,
                       end_ - begin_ - layout_.record_header_bytes);
  return false;
}

}  // namespace flowgauge
