// Walks the records of a classic capture (pcap, not pcapng) in place: frames are shown where they were read to. What it
// takes, cuts and refuses, and the words for it, are libpcap's; a test compares the two.
// Single-threaded. A frame's bytes stay valid until the next call of next().
// Invariant: [begin_, end_) was read and not walked over yet, and begins with a record's header.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/ingest/compressed_stream.h"
#include "core/ingest/frame.h"

namespace flowgauge {

// What the file header says of the records.
struct ClassicLayout {
  bool swapped = false;                    // written in the other byte order
  std::uint32_t sub_second_ns = 1000;      // unit of the second half of a timestamp
  std::uint32_t record_header_bytes = 16;  // 24 in the modified format
  int snapshot_bytes = 0;                  // as libpcap understands it
};

class ClassicWalk {
 public:
  static constexpr std::size_t kFileHeaderBytes = 24;
  // libpcap's MAXIMUM_SNAPLEN, its bound for all link types but those of USB, D-Bus and EBHSCR.
  static constexpr std::uint32_t kMostCapturedBytes = 262144;

  // Whether records of that link type can be shown as they are stored, and none is longer than kMostCapturedBytes.
  [[nodiscard]] static bool suits(int link_type, bool swapped);

  // From `stream` no more than its head was taken. It outlives the walk.
  ClassicWalk(CompressedStream& stream, const ClassicLayout& layout);

  // False: there is no further whole record; see error(), and the stream's damage() and stopped().
  [[nodiscard]] bool next(Frame& frame) {
    if (!has(layout_.record_header_bytes)) [[unlikely]] {
      return refuse_cut_header();
    }
    const Header header = header_at(begin_);
    if (header.captured_bytes > whole_below_) [[unlikely]] {
      return next_long(header, frame);
    }
    const std::size_t record_bytes = std::size_t{layout_.record_header_bytes} + header.captured_bytes;
    if (!has(record_bytes)) [[unlikely]] {
      return refuse_cut_packet(header.captured_bytes);
    }
    show(header, header.captured_bytes, frame);
    begin_ += record_bytes;
    // The caller works on this frame while the next record's header and frame come nearer.
    __builtin_prefetch(buffer_.get() + begin_);
    __builtin_prefetch(buffer_.get() + begin_ + kCacheLineBytes);
    return true;
  }

  // What is wrong with the record that next() refused, in libpcap's words. Empty: nothing, there is none.
  [[nodiscard]] const std::string& error() const { return error_; }
  // Where the next record begins, the one that next() refused; in the decompressed content.
  [[nodiscard]] std::int64_t record_begin() const {
    return stream_->position() - static_cast<std::int64_t>(end_ - begin_);
  }

 private:
  static constexpr std::size_t kCacheLineBytes = 64;

  struct Header {
    std::uint32_t seconds;
    std::uint32_t sub_seconds;
    std::uint32_t captured_bytes;
    std::uint32_t wire_bytes;
  };

  [[nodiscard]] Header header_at(std::size_t at) const {
    Header header;
    __builtin_memcpy(&header, buffer_.get() + at, sizeof header);
    if (layout_.swapped) [[unlikely]] {
      header = {__builtin_bswap32(header.seconds), __builtin_bswap32(header.sub_seconds),
                __builtin_bswap32(header.captured_bytes), __builtin_bswap32(header.wire_bytes)};
    }
    return header;
  }

  // Semantics 1, "Files": both fields are unsigned; a sub-second beyond the second carries over. 2^32 s are < 2^62 ns.
  void show(const Header& header, std::uint32_t captured_bytes, Frame& frame) const {
    frame.bytes = reinterpret_cast<const std::uint8_t*>(buffer_.get()) + begin_ + layout_.record_header_bytes;
    frame.captured_bytes = captured_bytes;
    frame.wire_bytes = header.wire_bytes;
    frame.timestamp_ns = std::int64_t{header.seconds} * 1'000'000'000 +
                         static_cast<std::int64_t>(std::uint64_t{header.sub_seconds} * layout_.sub_second_ns);
    frame.timestamp_valid = true;
  }

  [[nodiscard]] bool has(std::size_t bytes) { return end_ - begin_ >= bytes || fill(bytes); }
  bool fill(std::size_t bytes);
  bool next_long(const Header& header, Frame& frame);
  bool refuse_cut_header();
  bool refuse_cut_packet(std::uint32_t wanted_bytes);

  CompressedStream* stream_;
  ClassicLayout layout_;
  std::uint32_t whole_below_;  // up to so many captured bytes no rule but the end of the file applies
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_;
  std::size_t end_;
  std::string error_;
};

}  // namespace flowgauge
