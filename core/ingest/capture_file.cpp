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
      {"\xfd"
       "7zXZ\0"sv,
       "xz"sv},
      {"BZh"sv, "bzip2"sv},
      {"\x04\x22\x4d\x18"sv, "lz4"sv},
      {"PK\x03\x04"sv, "zip"sv},
  };
  for (const auto& [magic, name] : kOthers) {
    if (stream.head().starts_with(magic)) {
      return fmt::format("{} is compressed with {}, which is not read here: decompress it first, or use gzip or zstd",
                         stream.name(), name);
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
      snapshot_bytes_(static_cast<std::uint32_t>(pcap_snapshot(pcap_.get()))) {
  if (format_ != CaptureFormat::kPcapng) {
    record_header_bytes_ = has_magic(magic_of(stream_->head()), kPatchedMagic) ? 24 : 16;
  }
  record_begin_ = position();
}

std::int64_t CaptureFile::position() const { return ::ftello(pcap_file(pcap_.get())); }

CaptureFile::ReadState CaptureFile::next(Frame& frame) {
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  const int status = pcap_next_ex(pcap_.get(), &header, &bytes);
  if (status != 1) [[unlikely]] {
    if (stream_->stopped()) return ReadState::kEnd;
    return status == PCAP_ERROR_BREAK && !stream_->damage() ? ReadState::kEnd : ReadState::kDamaged;
  }
  frame.bytes = bytes;
  frame.captured_bytes = header->caplen;
  frame.wire_bytes = header->len;
  set_timestamp(header->ts, frame);
  advance_past(header->caplen);
  return ReadState::kFrame;
}

// Asking the stream costs 10 ns a packet, so that classic records are added up. libpcap cuts a record that is longer
// than the snapshot length: only then the stream knows better.
void CaptureFile::advance_past(std::uint32_t captured_bytes) {
  ++records_read_;
  if (record_header_bytes_ != 0 && captured_bytes < snapshot_bytes_) [[likely]] {
    record_begin_ += record_header_bytes_ + captured_bytes;
  } else {
    record_begin_ = position();
  }
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
  std::int64_t begin = record_begin_;
  std::string reason;
  if (stream_->damage()) {
    reason = *stream_->damage() + "; take a fresh copy of the file";
  } else {
    if (format_ == CaptureFormat::kPcapng) begin = find_damaged_block(path_, record_begin_, position());
    reason = explain_libpcap_error(pcap_geterr(pcap_.get()), name());
  }
  return fmt::format("{}: packet {} at byte {}{} cannot be read: {}. The packets before it are used", name(),
                     records_read_ + 1, begin,
                     stream_->compression() == Compression::kNone ? "" : " of the decompressed content", reason);
}

}  // namespace flowgauge
