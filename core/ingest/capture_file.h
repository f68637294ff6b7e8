// One capture, frame by frame. libpcap judges its header and reads pcapng; the records of classic captures are walked
// where they lie, but for unusual ones. Knows what libpcap does not say: where a record begins, what the timestamp
// fields held, and how to put damage into words.
// Single-threaded. A frame's bytes stay valid until the next call of next().
#pragma once

#include <pcap/pcap.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/ingest/classic_walk.h"
#include "core/ingest/compressed_stream.h"
#include "core/ingest/frame.h"

namespace flowgauge {

enum class CaptureFormat { kUnknown, kPcapMicroseconds, kPcapNanoseconds, kPcapng };

// By the first bytes of the (decompressed) content.
[[nodiscard]] CaptureFormat capture_format(std::string_view head);

// "FILE is not a capture: ...", with what it is where that can be told.
[[nodiscard]] std::string not_a_capture_message(const CompressedStream& stream);

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
  [[nodiscard]] bool can_walk() const;
  void begin_walk();
  [[nodiscard]] ReadState next_through_libpcap(Frame& frame);
  [[nodiscard]] ReadState end_of_walk() const;
  [[nodiscard]] std::int64_t libpcap_position() const;
  void set_timestamp(const timeval& time, Frame& frame) const;

  std::string path_;
  std::unique_ptr<CompressedStream> stream_;  // outlives pcap_ and walk_, which read from it
  PcapHandle pcap_;
  CaptureFormat format_;
  int link_type_;
  std::optional<ClassicWalk> walk_;  // instead of libpcap
  std::int64_t record_begin_ = 0;    // where libpcap's next record starts
  std::uint64_t records_read_ = 0;
  std::optional<ReadState> libpcap_ended_;
};

// "EN10MB (Ethernet)".
[[nodiscard]] std::string link_type_text(int link_type);

}  // namespace flowgauge
