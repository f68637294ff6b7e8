// One capture, frame by frame. pcapng is walked where it lies, and so are the records of classic captures, but for
// unusual ones: those are libpcap's, and so is the judgement of every classic header. Knows what libpcap does not say:
// where a record begins, what the timestamp fields held, and how to put damage into words.
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
#include "core/ingest/capture_format.h"
#include "core/ingest/classic_walk.h"
#include "core/ingest/compressed_stream.h"
#include "core/ingest/frame.h"
#include "core/ingest/pcapng_walk.h"

namespace flowgauge {

// "FILE is not a capture: ...", with what it is where that can be told.
[[nodiscard]] std::string not_a_capture_message(const CompressedStream& stream);

class CaptureFile {
 public:
  enum class ReadState { kFrame, kEnd, kDamaged };

  // "-" is standard input. Fails (kInput) with a whole message. `names` (may be null) gets the names of a pcapng
  // capture's interfaces.
  [[nodiscard]] static Result<CaptureFile> open(const std::string& path, const StreamControl& control,
                                                InterfaceNames* names = nullptr);

  // kDamaged: the capture ends after the last whole record; problem() says why. Neither state is left again.
  [[nodiscard]] ReadState next(Frame& frame) {
    if (!(classic_ && classic_->next(frame))) [[unlikely]]
      return next_elsewhere(frame);
    ++records_read_;
    return ReadState::kFrame;
  }

  [[nodiscard]] const std::string& name() const { return stream_->name(); }  // for messages
  // "FILE: packet 6 at byte 4711 cannot be read: ...". Packets count from 1, bytes from 0 in the decompressed content.
  [[nodiscard]] std::string problem() const;
  // Frames so far that have no time of their own: of simple packet blocks.
  [[nodiscard]] std::uint64_t untimed_frames() const;

 private:
  using PcapHandle = std::unique_ptr<pcap_t, Closer<pcap_close>>;

  CaptureFile(std::unique_ptr<CompressedStream> stream, CaptureFormat format);
  [[nodiscard]] RecordBuffer::Read reading() const;
  [[nodiscard]] Result<void> open_classic();
  [[nodiscard]] bool can_walk() const;
  void begin_walk();
  [[nodiscard]] ReadState next_elsewhere(Frame& frame);
  [[nodiscard]] ReadState next_through_libpcap(Frame& frame);
  [[nodiscard]] ReadState end_of_walk() const;
  [[nodiscard]] std::int64_t libpcap_position() const;
  void set_timestamp(const timeval& time, Frame& frame) const;
  [[nodiscard]] std::string place() const;
  [[nodiscard]] std::string reason() const;

  std::unique_ptr<CompressedStream> stream_;  // outlives pcap_ and the walks, which read from it
  CaptureFormat format_;
  PcapHandle pcap_;  // of a classic capture
  // What reads the records: libpcap, or one of the walks.
  std::optional<ClassicWalk> classic_;
  std::optional<PcapngWalk> pcapng_;
  std::int64_t record_begin_ = 0;  // where libpcap's next record starts
  std::uint64_t records_read_ = 0;
  std::optional<ReadState> libpcap_ended_;
};

// "EN10MB (Ethernet)".
[[nodiscard]] std::string link_type_text(int link_type);

}  // namespace flowgauge
