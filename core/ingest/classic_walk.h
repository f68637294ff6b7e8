// Walks the records of a classic capture (pcap, not pcapng) in place: frames are shown where they were read to. What it
// takes, cuts and refuses, and the words for it, are libpcap's; a test compares the two. It differs in what is no
// record: another capture, zeros.
// Single-threaded. A frame's bytes stay valid until the next call of next().
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/nanoseconds.h"
#include "core/ingest/frame.h"
#include "core/ingest/record_buffer.h"

namespace flowgauge {

// What the file header says of the records.
struct ClassicLayout {
  bool swapped = false;                    // written in the other byte order
  std::uint32_t sub_second_ns = 1000;      // unit of the second half of a timestamp
  std::uint32_t record_header_bytes = 16;  // 24 in the modified format
  int snapshot_bytes = 0;                  // as libpcap understands it
  int link_type = 0;                       // the same
};

class ClassicWalk {
 public:
  // libpcap's MAXIMUM_SNAPLEN, its bound for all link types but those of USB, D-Bus and EBHSCR.
  static constexpr std::uint32_t kMostCapturedBytes = 262144;

  // Whether records of that link type can be shown as they are stored, and none is longer than kMostCapturedBytes.
  [[nodiscard]] static bool suits(int link_type, bool swapped);

  // `buffer` begins with the first record.
  ClassicWalk(RecordBuffer buffer, const ClassicLayout& layout);

  // False: there is no further whole record; see error() and reason().
  [[nodiscard]] bool next(Frame& frame) {
    if (!buffer_.has(layout_.record_header_bytes)) [[unlikely]] {
      return refuse_cut_header();
    }
    const Header header = next_header();
    // Those of no byte are looked at closely, too: they count as the longest.
    if (header.captured_bytes - 1 >= whole_below_) [[unlikely]] {
      return next_unusual(header, frame);
    }
    const std::size_t record_bytes = std::size_t{layout_.record_header_bytes} + header.captured_bytes;
    if (!buffer_.has(record_bytes)) [[unlikely]] {
      return refuse_cut_packet(header.captured_bytes);
    }
    show(header, header.captured_bytes, frame);
    buffer_.take(record_bytes);
    buffer_.prefetch();
    return true;
  }

  // What is wrong with the record that next() refused, in libpcap's words. Empty: nothing, there is none; or see
  // reason().
  [[nodiscard]] const std::string& error() const { return error_; }
  // What stands there in place of a record, as the end of a sentence.
  [[nodiscard]] const std::string& reason() const { return reason_; }
  // Where the next record begins, the one that next() refused; in the decompressed content.
  [[nodiscard]] std::int64_t record_begin() const { return ended_at_ >= 0 ? ended_at_ : buffer_.position(); }

 private:
  struct Header {
    std::uint32_t seconds;
    std::uint32_t sub_seconds;
    std::uint32_t captured_bytes;
    std::uint32_t wire_bytes;
  };

  [[nodiscard]] Header next_header() const {
    Header header;
    __builtin_memcpy(&header, buffer_.data(), sizeof header);
    if (layout_.swapped) [[unlikely]] {
      header = {__builtin_bswap32(header.seconds), __builtin_bswap32(header.sub_seconds),
                __builtin_bswap32(header.captured_bytes), __builtin_bswap32(header.wire_bytes)};
    }
    return header;
  }

  // Semantics 1, "Files": both fields are unsigned; a sub-second beyond the second carries over. 2^32 s are < 2^62 ns.
  void show(const Header& header, std::uint32_t captured_bytes, Frame& frame) const {
    frame.bytes = reinterpret_cast<const std::uint8_t*>(buffer_.data()) + layout_.record_header_bytes;
    frame.captured_bytes = captured_bytes;
    frame.wire_bytes = header.wire_bytes;
    frame.timestamp_ns = std::int64_t{header.seconds} * kNsPerSecond +
                         static_cast<std::int64_t>(std::uint64_t{header.sub_seconds} * layout_.sub_second_ns);
    frame.timestamp_valid = true;
    frame.link_type = layout_.link_type;
    frame.interface = 0;
    frame.interface_name = 0;
  }

  bool next_unusual(const Header& header, Frame& frame);
  bool next_long(const Header& header, Frame& frame);
  [[nodiscard]] bool another_capture_begins();
  bool end_with(std::string reason, std::int64_t at);
  bool refuse_cut_header();
  bool refuse_cut_packet(std::uint32_t wanted_bytes);

  RecordBuffer buffer_;
  ClassicLayout layout_;
  std::uint32_t whole_below_;  // up to so many captured bytes no rule but the end of the file applies
  std::int64_t ended_at_ = -1;
  std::string error_;
  std::string reason_;
};

}  // namespace flowgauge
