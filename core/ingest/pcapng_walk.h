// Walks the blocks of a pcapng capture in place (draft-ietf-opsawg-pcapng): frames are shown where they were read to.
// Sections may differ in byte order, interfaces in all they declare. Blocks that are no packets are passed over by
// their length, and so are the options of packets.
// Single-threaded. A frame's bytes stay valid until the next call of next().
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/ingest/frame.h"
#include "core/ingest/pcapng_interface.h"
#include "core/ingest/record_buffer.h"
#include "core/packet/interface_names.h"

namespace flowgauge {

class PcapngWalk {
 public:
  // Of a block that is looked into: of sections, interfaces and packets. libpcap's bound; no memory is taken before the
  // bytes are there.
  static constexpr std::uint32_t kMostBlockBytes = 16U << 20;
  // Of a section: bounds the memory that interface after interface can take.
  static constexpr std::size_t kMostInterfaces = 1U << 20;

  // Reads from the beginning of the content. `names` (may be null) gets the names of its interfaces.
  explicit PcapngWalk(RecordBuffer::Read read, InterfaceNames* names = nullptr)
      : buffer_(std::move(read)), names_(names) {}

  // False: there is no further whole packet; see error().
  [[nodiscard]] bool next(Frame& frame) {
    if (next_enhanced(frame)) [[likely]] {
      return true;
    }
    return next_of_any_block(frame);
  }

  // What is wrong with the block that next() refused, as the end of a sentence. Empty: nothing, the content is at its
  // end.
  [[nodiscard]] const std::string& error() const { return error_; }
  // Where that block begins, and which it is, counted from 1.
  [[nodiscard]] std::int64_t block_begin() const { return block_begin_; }
  [[nodiscard]] std::uint64_t block_number() const { return blocks_ + 1; }
  // Packets of simple packet blocks so far, which have no time: each takes that of the packet before it, those before
  // any other packet of the file the epoch.
  [[nodiscard]] std::uint64_t untimed_packets() const { return untimed_packets_; }

 private:
  static constexpr std::uint32_t kEnhancedPacket = 6;
  static constexpr std::uint32_t kTrailerBytes = 4;

  struct BlockHeader {
    std::uint32_t type;
    std::uint32_t bytes;  // of the whole block
  };
  // Of an enhanced packet block, up to the frame.
  struct EnhancedHeader {
    std::uint32_t type;
    std::uint32_t block_bytes;
    std::uint32_t interface;
    std::uint32_t ticks_high;
    std::uint32_t ticks_low;
    std::uint32_t captured_bytes;
    std::uint32_t wire_bytes;
  };
  enum class Step { kPacket, kOther, kRefused };

  // The common case at once: a whole enhanced packet block is there, and nothing is wrong with it. False: see to it in
  // next_of_any_block(); nothing was taken.
  [[nodiscard]] bool next_enhanced(Frame& frame) {
    constexpr std::uint32_t kLeastBytes = sizeof(EnhancedHeader) + kTrailerBytes;
    if (buffer_.size() < kLeastBytes) return false;
    EnhancedHeader header;
    __builtin_memcpy(&header, buffer_.data(), sizeof header);
    if (swapped_) [[unlikely]] {
      header = {__builtin_bswap32(header.type),      __builtin_bswap32(header.block_bytes),
                __builtin_bswap32(header.interface), __builtin_bswap32(header.ticks_high),
                __builtin_bswap32(header.ticks_low), __builtin_bswap32(header.captured_bytes),
                __builtin_bswap32(header.wire_bytes)};
    }
    if (header.type != kEnhancedPacket || header.block_bytes < kLeastBytes || header.block_bytes % 4 != 0 ||
        header.block_bytes > buffer_.size() || header.captured_bytes > header.block_bytes - kLeastBytes ||
        header.interface >= interfaces_.size() || number_at(header.block_bytes - kTrailerBytes) != header.block_bytes) {
      return false;
    }
    const PcapngInterface& interface = interfaces_[header.interface];
    interface.clock.set_timestamp(std::uint64_t{header.ticks_high} << 32 | header.ticks_low, frame);
    show(header.interface, interface, sizeof header, header.captured_bytes, header.wire_bytes, frame);
    end_block(header.block_bytes);
    buffer_.prefetch();
    return true;
  }

  [[nodiscard]] std::uint32_t number_at(std::size_t at) const {
    std::uint32_t number;
    __builtin_memcpy(&number, buffer_.data() + at, sizeof number);
    return swapped_ ? __builtin_bswap32(number) : number;
  }

  void show(std::uint32_t number, const PcapngInterface& interface, std::size_t at, std::uint32_t captured_bytes,
            std::uint32_t wire_bytes, Frame& frame) {
    frame.bytes = reinterpret_cast<const std::uint8_t*>(buffer_.data()) + at;
    frame.captured_bytes = captured_bytes;
    frame.wire_bytes = wire_bytes;
    frame.link_type = interface.link_type;
    frame.interface = number;
    frame.interface_name = interface.name;
    if (frame.timestamp_valid) last_time_ns_ = frame.timestamp_ns;
    if (swapped_) [[unlikely]] {
      restore_host_order(frame);
    }
  }

  void end_block(std::uint32_t bytes) {
    buffer_.take(bytes);
    ++blocks_;
  }

  [[nodiscard]] bool next_of_any_block(Frame& frame);
  [[nodiscard]] Step step(Frame& frame);
  [[nodiscard]] Step finish_skipping();
  [[nodiscard]] bool has_block(const BlockHeader& header);
  [[nodiscard]] Step begin_section();
  [[nodiscard]] Step begin_interface(const BlockHeader& header);
  [[nodiscard]] Step show_timed_packet(const BlockHeader& header, Frame& frame);
  [[nodiscard]] Step show_simple_packet(const BlockHeader& header, Frame& frame);
  [[nodiscard]] bool another_capture_begins();
  [[nodiscard]] std::uint16_t half_at(std::size_t at) const;
  static void restore_host_order(Frame& frame);

  Step refuse(std::string why);
  Step refuse_cut_block(std::uint64_t wanted_bytes, std::uint64_t missing_bytes);
  Step refuse_length(const BlockHeader& header);
  Step refuse_trailer(std::uint32_t bytes, std::uint32_t trailer);
  Step refuse_short_packet(const BlockHeader& header);
  Step refuse_frame(const BlockHeader& header, std::uint32_t captured_bytes);
  Step refuse_interface(std::uint32_t number);

  RecordBuffer buffer_;
  InterfaceNames* names_;
  bool swapped_ = false;                     // this section has the other byte order
  std::vector<PcapngInterface> interfaces_;  // of this section
  std::int64_t last_time_ns_ = 0;
  std::uint64_t blocks_ = 0;  // walked over
  std::uint64_t untimed_packets_ = 0;
  std::uint32_t skipped_block_bytes_ = 0;  // of the block that is being passed over; 0: none is
  std::uint64_t skip_left_ = 0;            // of it, without its trailer
  std::int64_t block_begin_ = 0;           // of the last block that next_of_any_block() looked at
  bool ended_ = false;                     // no block can be found any more
  std::string error_;
};

}  // namespace flowgauge
