#include "core/ingest/capture_file.h"

#include <array>
#include <utility>

#include "core/base/nanoseconds.h"
#include "core/base/try.h"
#include "core/ingest/libpcap_message.h"
#include "core/ingest/record_end.h"

namespace flowgauge {
namespace {}  // namespace

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

Result<CaptureFile> CaptureFile::open(const std::string& path, const StreamControl& control, InterfaceNames* names) {
  auto stream = TRY(CompressedStream::open(path, control));
  const CaptureFormat format = capture_format(stream->head());
  if (format == CaptureFormat::kUnknown) {
    return std::unexpected(Error{ExitCode::kInput, not_a_capture_message(*stream)});
  }
  CaptureFile file(std::move(stream), format);
  if (format == CaptureFormat::kPcapng) {
    file.pcapng_.emplace(file.reading(), names);
  } else if (auto opened = file.open_classic(); !opened) {
    return std::unexpected(opened.error());
  }
  return file;
}

CaptureFile::CaptureFile(std::unique_ptr<CompressedStream> stream, CaptureFormat format)
    : stream_(std::move(stream)), format_(format) {}

RecordBuffer::Read CaptureFile::reading() const {
  return [stream = stream_.get()](char* buffer, std::size_t size) { return stream->read(buffer, size); };
}

Result<void> CaptureFile::open_classic() {
  std::unique_ptr<std::FILE, Closer<std::fclose>> file(stream_->open_file());
  if (file == nullptr) return fail(ExitCode::kInput, "cannot read {}: out of memory", name());
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  pcap_.reset(pcap_fopen_offline_with_tstamp_precision(file.get(), PCAP_TSTAMP_PRECISION_NANO, error.data()));
  if (pcap_ == nullptr) {
    if (stream_->damage()) return std::unexpected(Error{ExitCode::kInput, not_a_capture_message(*stream_)});
    return fail(ExitCode::kInput, "cannot read {}: {}", name(), explain_libpcap_error(error.data(), name()));
  }
  [[maybe_unused]] std::FILE* closed_by_pcap = file.release();
  record_begin_ = libpcap_position();
  if (can_walk()) begin_walk();
  return {};
}

std::int64_t CaptureFile::libpcap_position() const { return ::ftello(pcap_file(pcap_.get())); }

// What is unusual stays with libpcap: versions before 2.4, which may have the two lengths the other way round, and link
// types whose frames it rewrites or lets be longer. Of the stream it has taken the file header, its FILE the head and
// no more.
bool CaptureFile::can_walk() const {
  return pcap_major_version(pcap_.get()) == 2 && pcap_minor_version(pcap_.get()) == 4 &&
         ClassicWalk::suits(pcap_datalink(pcap_.get()), pcap_is_swapped(pcap_.get()) != 0) &&
         record_begin_ == static_cast<std::int64_t>(kClassicHeaderBytes) &&
         stream_->position() == static_cast<std::int64_t>(stream_->head().size());
}

void CaptureFile::begin_walk() {
  ClassicLayout layout;
  layout.swapped = pcap_is_swapped(pcap_.get()) != 0;
  if (format_ == CaptureFormat::kPcapNanoseconds) layout.sub_second_ns = 1;
  if (is_modified_format(stream_->head())) layout.record_header_bytes = 24;
  layout.snapshot_bytes = pcap_snapshot(pcap_.get());
  layout.link_type = pcap_datalink(pcap_.get());
  classic_.emplace(RecordBuffer(reading(), stream_->head().substr(kClassicHeaderBytes), record_begin_), layout);
}

// What is not the next record of a classic capture: its end, or a capture of another kind.
CaptureFile::ReadState CaptureFile::next_elsewhere(Frame& frame) {
  if (classic_) return end_of_walk();
  if (!pcapng_) return next_through_libpcap(frame);
  if (!pcapng_->next(frame)) [[unlikely]] {
    return end_of_walk();
  }
  ++records_read_;
  return ReadState::kFrame;
}

CaptureFile::ReadState CaptureFile::end_of_walk() const {
  if (stream_->stopped()) return ReadState::kEnd;
  const bool is_whole = classic_ ? classic_->error().empty() && classic_->reason().empty() : pcapng_->error().empty();
  return is_whole && !stream_->damage() ? ReadState::kEnd : ReadState::kDamaged;
}

std::uint64_t CaptureFile::untimed_frames() const { return pcapng_ ? pcapng_->untimed_packets() : 0; }

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
  frame.link_type = pcap_datalink(pcap_.get());
  frame.interface = 0;
  frame.interface_name = 0;
  set_timestamp(header->ts, frame);
  ++records_read_;
  record_begin_ = libpcap_position();
  return ReadState::kFrame;
}

// Semantics 1, "Files": both fields of a classic record are unsigned 32 bit, but libpcap reads them as signed where the
// file has this machine's byte order, and scales microseconds after that. A sub-second beyond the second carries over.
void CaptureFile::set_timestamp(const timeval& time, Frame& frame) const {
  const auto seconds = static_cast<std::uint32_t>(time.tv_sec);
  const std::int64_t sub_second_ns = format_ == CaptureFormat::kPcapMicroseconds
                                         ? std::int64_t{static_cast<std::uint32_t>(time.tv_usec / 1000)} * 1000
                                         : std::int64_t{static_cast<std::uint32_t>(time.tv_usec)};
  frame.timestamp_ns = std::int64_t{seconds} * kNsPerSecond + sub_second_ns;
  frame.timestamp_valid = true;  // 2^32 s are less than 2^62 ns
}

std::string CaptureFile::problem() const {
  return fmt::format("{}: {} cannot be read: {}. The packets before it are used", name(), place(), reason());
}

// A block that cannot be read may be any: the packet before it is what other programs count by.
std::string CaptureFile::place() const {
  const std::string_view content = stream_->compression() == Compression::kNone ? "" : " of the decompressed content";
  if (pcapng_) {
    return fmt::format("block {} at byte {}{}, behind packet {},", pcapng_->block_number(), pcapng_->block_begin(),
                       content, records_read_);
  }
  return fmt::format("packet {} at byte {}{}", records_read_ + 1, classic_ ? classic_->record_begin() : record_begin_,
                     content);
}

std::string CaptureFile::reason() const {
  if (stream_->damage()) return *stream_->damage() + "; take a fresh copy of the file";
  if (pcapng_) return pcapng_->error();
  if (classic_ && !classic_->reason().empty()) return classic_->reason();
  return explain_libpcap_error(classic_ ? classic_->error() : pcap_geterr(pcap_.get()), name());
}

}  // namespace flowgauge
