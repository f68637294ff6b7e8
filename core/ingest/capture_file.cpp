#include "core/ingest/capture_file.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "core/ingest/libpcap_message.h"
#include "core/ingest/pcapng_walk.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kMicrosecondMagic = 0xa1b2c3d4;
constexpr std::uint32_t kNanosecondMagic = 0xa1b23c4d;
constexpr std::uint32_t kPatchedMagic = 0xa1b2cd34;  // 8 more bytes in each record's header
constexpr std::uint32_t kPcapngMagic = 0x0a0d0d0a;   // the same in both byte orders

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::int64_t kFurthestNs = std::int64_t{1} << 62;

std::uint32_t magic_of(std::string_view head) {
  std::uint32_t magic = 0;
  if (head.size() >= sizeof magic) std::memcpy(&magic, head.data(), sizeof magic);
  return magic;
}

bool has_magic(std::uint32_t found, std::uint32_t magic) { return found == magic || __builtin_bswap32(found) == magic; }

}  // namespace

CaptureFormat capture_format(std::string_view head) {
  const std::uint32_t magic = magic_of(head);
  if (has_magic(magic, kMicrosecondMagic) || has_magic(magic, kPatchedMagic)) return CaptureFormat::kPcapMicroseconds;
  if (has_magic(magic, kNanosecondMagic)) return CaptureFormat::kPcapNanoseconds;
  return magic == kPcapngMagic ? CaptureFormat::kPcapng : CaptureFormat::kUnknown;
}

std::string not_a_capture_message(const CompressedStream& stream) {
  using namespace std::string_view_literals;
  if (stream.empty()) {
    return fmt::format("{} is empty: no capture was written to it", stream.name());
  }
  if (stream.damage()) {
    return fmt::format("cannot read {}: {}; take a fresh copy", stream.name(), *stream.damage());
  }
  static constexpr std::pair<std::string_view, std::string_view> kOthers[] = {
      {"PK\x03\x04"sv, "zip"sv},
      {"7z\xbc\xaf\x27\x1c"sv, "7-Zip"sv},
      {"\x02\x21\x4c\x18"sv, "lz4's legacy format"sv},
  };
  for (const auto& [magic, name] : kOthers) {
    if (stream.head().starts_with(magic)) {
      return fmt::format("{} is compressed with {}, which is not read here: decompress it first, or use {}",
                         stream.name(), name, compression_names());
    }
  }
  return fmt::format(
      "{} is not a capture: it begins neither like pcap nor like pcapng; if it is a capture of another kind, "
      "`editcap {} OUT.pcapng` may convert it",
      stream.name(), stream.name());
}

std::string link_type_text(int link_type) {
  const char* name = pcap_datalink_val_to_name(link_type);
  const char* description = pcap_datalink_val_to_description(link_type);
  if (name == nullptr) return fmt::format("{}", link_type);
  return description == nullptr ? fmt::format("{} {}", link_type, name)
                                : fmt::format("{} {} ({})", link_type, name, description);
}

Result<CaptureFile> CaptureFile::open(const std::string& path, const StreamControl& control) {
  auto stream = CompressedStream::open(path, control);
  if (!stream) return std::unexpected(stream.error());
  const CaptureFormat format = capture_format((*stream)->head());
  if (format == CaptureFormat::kUnknown) {
    return std::unexpected(Error{ExitCode::kInput, not_a_capture_message(**stream)});
  }
  std::unique_ptr<std::FILE, Closer<std::fclose>> file((*stream)->open_file());
  if (file == nullptr) return fail(ExitCode::kInput, "cannot read {}: out of memory", (*stream)->name());
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  PcapHandle pcap(pcap_fopen_offline_with_tstamp_precision(file.get(), PCAP_TSTAMP_PRECISION_NANO, error.data()));
  if (pcap == nullptr) {
    if ((*stream)->damage()) return std::unexpected(Error{ExitCode::kInput, not_a_capture_message(**stream)});
    return fail(ExitCode::kInput, "cannot read {}: {}", (*stream)->name(),
                explain_libpcap_error(error.data(), (*stream)->name()));
  }
  [[maybe_unused]] std::FILE* closed_by_pcap = file.release();
  return CaptureFile(path, std::move(*stream), std::move(pcap), format);
}

CaptureFile::CaptureFile(std::string path, std::unique_ptr<CompressedStream> stream, PcapHandle pcap,
                         CaptureFormat format)
    : path_(std::move(path)),
      stream_(std::move(stream)),
      pcap_(std::move(pcap)),
      format_(format),
      link_type_(pcap_datalink(pcap_.get())),
      record_begin_(libpcap_position()) {
  if (can_walk()) begin_walk();
}

std::int64_t CaptureFile::libpcap_position() const { return ::ftello(pcap_file(pcap_.get())); }

// What is unusual stays with libpcap: versions before 2.4, which may have the two lengths the other way round, and link
// types whose frames it rewrites. Of the stream it has taken the file header, its FILE the head and no more.
bool CaptureFile::can_walk() const {
  return format_ != CaptureFormat::kPcapng && pcap_major_version(pcap_.get()) == 2 &&
         pcap_minor_version(pcap_.get()) == 4 && ClassicWalk::suits(link_type_, pcap_is_swapped(pcap_.get()) != 0) &&
         record_begin_ == static_cast<std::int64_t>(ClassicWalk::kFileHeaderBytes) &&
         stream_->position() == static_cast<std::int64_t>(stream_->head().size());
}

void CaptureFile::begin_walk() {
  ClassicLayout layout;
  layout.swapped = pcap_is_swapped(pcap_.get()) != 0;
  if (format_ == CaptureFormat::kPcapNanoseconds) layout.sub_second_ns = 1;
  if (has_magic(magic_of(stream_->head()), kPatchedMagic)) layout.record_header_bytes = 24;
  layout.snapshot_bytes = pcap_snapshot(pcap_.get());
  walk_.emplace(*stream_, layout);
}

CaptureFile::ReadState CaptureFile::next(Frame& frame) {
  if (!walk_) return next_through_libpcap(frame);
  if (!walk_->next(frame)) [[unlikely]] {
    return end_of_walk();
  }
  ++records_read_;
  return ReadState::kFrame;
}

CaptureFile::ReadState CaptureFile::end_of_walk() const {
  if (stream_->stopped()) return ReadState::kEnd;
  return walk_->error().empty() && !stream_->damage() ? ReadState::kEnd : ReadState::kDamaged;
}

CaptureFile::ReadState CaptureFile::next_through_libpcap(Frame& frame) {
  if (libpcap_ended_) return *libpcap_ended_;  // asked again, libpcap reads on behind the damage
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  const int status = pcap_next_ex(pcap_.get(), &header, &bytes);
  if (status != 1) [[unlikely]] {
    const bool whole = stream_->stopped() || (status == PCAP_ERROR_BREAK && !stream_->damage());
    libpcap_ended_ = whole ? ReadState::kEnd : ReadState::kDamaged;
    return *libpcap_ended_;
  }
  frame.bytes = bytes;
  frame.captured_bytes = header->caplen;
  frame.wire_bytes = header->len;
  set_timestamp(header->ts, frame);
  ++records_read_;
  record_begin_ = libpcap_position();
  return ReadState::kFrame;
}

// Semantics 1, "Files": both fields of a classic record are unsigned 32 bit, but libpcap reads them as signed where the
// file has this machine's byte order, and scales microseconds after that. A sub-second beyond the second carries over.
void CaptureFile::set_timestamp(const timeval& time, Frame& frame) const {
  if (format_ == CaptureFormat::kPcapng) {
    std::int64_t ns = 0;
    frame.timestamp_valid = !__builtin_mul_overflow(std::int64_t{time.tv_sec}, kNsPerSecond, &ns) &&
                            !__builtin_add_overflow(ns, std::int64_t{time.tv_usec}, &ns) && ns < kFurthestNs &&
                            ns >= -kFurthestNs;
    frame.timestamp_ns = frame.timestamp_valid ? ns : 0;
    return;
  }
  const auto seconds = static_cast<std::uint32_t>(time.tv_sec);
  const std::int64_t sub_second_ns = format_ == CaptureFormat::kPcapMicroseconds
                                         ? std::int64_t{static_cast<std::uint32_t>(time.tv_usec / 1000)} * 1000
                                         : std::int64_t{static_cast<std::uint32_t>(time.tv_usec)};
  frame.timestamp_ns = std::int64_t{seconds} * kNsPerSecond + sub_second_ns;
  frame.timestamp_valid = true;  // 2^32 s are less than 2^62 ns
}

std::string CaptureFile::problem() const {
  std::int64_t begin = walk_ ? walk_->record_begin() : record_begin_;
  std::string reason;
  if (stream_->damage()) {
    reason = *stream_->damage() + "; take a fresh copy of the file";
  } else {
    if (format_ == CaptureFormat::kPcapng) begin = find_damaged_block(path_, record_begin_, libpcap_position());
    reason = explain_libpcap_error(walk_ ? walk_->error() : pcap_geterr(pcap_.get()), name());
  }
  return fmt::format("{}: packet {} at byte {}{} cannot be read: {}. The packets before it are used", name(),
                     records_read_ + 1, begin,
                     stream_->compression() == Compression::kNone ? "" : " of the decompressed content", reason);
}

}  // namespace flowgauge
