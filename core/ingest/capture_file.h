// One capture, read through libpcap frame by frame. Knows what libpcap does not say: where a record begins, what
// the timestamp fields held, and how to put damage into words.
// Single-threaded. A frame's bytes stay valid until the next call of next().
#pragma once

#include <pcap/pcap.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/ingest/compressed_stream.h"

namespace flowgauge {

enum class CaptureFormat { kUnknown, kPcapMicroseconds, kPcapNanoseconds, kPcapng };

// By the first bytes of the (decompressed) content.
[[nodiscard]] CaptureFormat capture_format(std::string_view head);

// "FILE is not a capture: ...", with what it is where that can be told.
[[nodiscard]] std::string not_a_capture_message(const CompressedStream& stream);

struct Frame {
  const std::uint8_t* bytes;
  std::uint32_t captured_bytes;
  std::uint32_t wire_bytes;
  std::int64_t timestamp_ns;
  bool timestamp_valid;  // from -2^62 ns up to, not including, 2^62 ns
};

class CaptureFile {
 public:
  enum class ReadState { kFrame, kEnd, kDamaged };

  // "-" is standard input. Fails (kInput) with a whole message.
  [[nodiscard]] static Result<CaptureFile> open(const std::string& path, const StreamControl& control);

  // kDamaged: the capture ends after the last whole record; problem() says why. Neither state is left again.
  [[nodiscard]] ReadState next(Frame& frame);

  [[nodiscard]] int link_type() const { return link_type_; }
  [[nodiscard]] const std::string& name() const { return stream_->name(); }  // for messages
  // "FILE: packet 6 at byte 4711: ...". Packets count from 1, bytes from 0 in the decompressed content.
  [[nodiscard]] std::string problem() const;

 private:
  using PcapHandle = std::unique_ptr<pcap_t, Closer<pcap_close>>;

  CaptureFile(std::string path, std::unique_ptr<CompressedStream> stream, PcapHandle pcap, CaptureFormat format);
  [[nodiscard]] std::int64_t position() const;
  void advance_past(std::uint32_t captured_bytes);
  void set_timestamp(const timeval& time, Frame& frame) const;

  std::string path_;
  std::unique_ptr<CompressedStream> stream_;  // outlives pcap_, which reads from it
  PcapHandle pcap_;
  CaptureFormat format_;
  int link_type_;
  std::uint32_t snapshot_bytes_;
  std::uint32_t record_header_bytes_ = 0;  // classic pcap
  std::int64_t record_begin_ = 0;          // where the next record starts
  std::uint64_t records_read_ = 0;
};

// "EN10MB (Ethernet)".
[[nodiscard]] std::string link_type_text(int link_type);

}  // namespace flowgauge
