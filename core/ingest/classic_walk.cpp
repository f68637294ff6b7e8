#include "core/ingest/classic_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "core/ingest/capture_format.h"
#include "core/ingest/record_end.h"

namespace flowgauge {
namespace {

// libpcap rewrites fields in host order inside the frames of files of the other byte order: CAN in Linux cooked
// captures
// (113, 276), PFLOG, NFLOG, and those of USB, below.
constexpr int kRewrittenLinkTypes[] = {113, 117, 239, 276};
// USB (Linux, twice, and USBPcap), D-Bus, EBHSCR: longer frames may be right, and those of USB may have another length.
constexpr int kLongLinkTypes[] = {189, 220, 249, 231, 279};

// A header of zeros is a record of no byte at the epoch, to libpcap and to us; so many in a row, or as many as there
// are to the end, are none.
constexpr std::size_t kZerosAhead = 65536;

}  // namespace

bool ClassicWalk::suits(int link_type, bool swapped) {
  const auto is_one_of = [&](std::span<const int> types) { return std::ranges::find(types, link_type) != types.end(); };
  return !is_one_of(kLongLinkTypes) && !(swapped && is_one_of(kRewrittenLinkTypes));
}

ClassicWalk::ClassicWalk(RecordBuffer buffer, const ClassicLayout& layout)
    : buffer_(std::move(buffer)),
      layout_(layout),
      whole_below_(std::min(static_cast<std::uint32_t>(layout.snapshot_bytes), kMostCapturedBytes)) {}

// A record of no byte, or a long one.
bool ClassicWalk::next_unusual(const Header& header, Frame& frame) {
  if (ended_at_ >= 0) return false;
  const std::int64_t at = buffer_.position();
  if (header.captured_bytes == 0 && buffer_.has_only_zeros(kZerosAhead)) return end_with(zeros_message(buffer_), at);
  const bool is_long = header.captured_bytes > whole_below_;
  if (another_capture_begins()) return end_with(std::string(kJoinedCapture), at);
  if (is_long) return next_long(header, frame);
  show(header, header.captured_bytes, frame);
  buffer_.take(layout_.record_header_bytes + std::size_t{header.captured_bytes});
  return true;
}

bool ClassicWalk::another_capture_begins() {
  return capture_format({buffer_.data(), sizeof(Header)}) != CaptureFormat::kUnknown &&
         buffer_.has(kClassicHeaderBytes) && begins_a_capture({buffer_.data(), buffer_.size()});
}

bool ClassicWalk::end_with(std::string reason, std::int64_t at) {
  reason_ = std::move(reason);
  ended_at_ = at;
  whole_below_ = 0;  // whatever follows is looked at closely, and refused
  return false;
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
  if (!buffer_.has(std::size_t{layout_.record_header_bytes} + snapshot_bytes)) return refuse_cut_packet(snapshot_bytes);
  const std::size_t record_bytes = std::size_t{layout_.record_header_bytes} + header.captured_bytes;
  if (!buffer_.has(record_bytes)) return refuse_cut_packet(header.captured_bytes);
  show(header, snapshot_bytes, frame);
  buffer_.take(record_bytes);
  return true;
}

bool ClassicWalk::refuse_cut_header() {
  if (ended_at_ < 0 && buffer_.size() > 0) {
    error_ = fmt::format("truncated dump file; tried to read {} header bytes, only got {}", layout_.record_header_bytes,
                         buffer_.size());
  }
  return false;
}

bool ClassicWalk::refuse_cut_packet(std::uint32_t wanted_bytes) {
  error_ = fmt::format("truncated dump file; tried to read {} captured bytes, only got {}", wanted_bytes,
                       buffer_.size() - layout_.record_header_bytes);
  return false;
}

}  // namespace flowgauge
