#include "core/ingest/pcapng_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "core/base/text.h"
#include "core/ingest/capture_format.h"
#include "core/ingest/record_end.h"

namespace flowgauge {
namespace {

// The types of blocks that are looked into; section 10.1. The packet block is obsolete (appendix A).
constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kPacket = 2;
constexpr std::uint32_t kSimplePacket = 3;

constexpr std::uint32_t kBlockHeaderBytes = 8;
constexpr std::uint32_t kLeastBlockBytes = 12;    // header and trailer
constexpr std::uint32_t kLeastSectionBytes = 28;  // and byte-order magic, version, section length
constexpr std::uint32_t kSimpleHeaderBytes = 12;  // up to the frame
constexpr std::size_t kByteOrderMagicAt = 8;
constexpr std::size_t kVersionAt = 12;

constexpr int kNflog = 239;

constexpr std::string_view kDamagedFromHere = "the file is damaged from here on, take a fresh copy";

std::uint16_t swapped_half(std::uint8_t* at) {
  std::swap(at[0], at[1]);
  return static_cast<std::uint16_t>(at[0] | at[1] << 8);
}

}  // namespace

bool PcapngWalk::next_of_any_block(Frame& frame) {
  if (ended_) return false;
  error_.clear();
  for (;;) {
    const Step taken = step(frame);
    if (taken != Step::kOther) return taken == Step::kPacket;
  }
}

// One block, or what is left of one.
PcapngWalk::Step PcapngWalk::step(Frame& frame) {
  if (skipped_block_bytes_ != 0) return finish_skipping();
  block_begin_ = buffer_.position();
  if (!buffer_.has(kLeastBlockBytes)) {
    return buffer_.size() == 0 ? Step::kRefused : refuse_cut_block(kLeastBlockBytes, kLeastBlockBytes - buffer_.size());
  }
  const BlockHeader header{number_at(0), number_at(4)};
  if (header.type == kSectionHeader) return begin_section();
  if (header.bytes < kLeastBlockBytes || header.bytes % 4 != 0) return refuse_length(header);
  switch (header.type) {
    case kInterfaceDescription:
      return begin_interface(header);
    case kEnhancedPacket:
    case kPacket:
      return show_timed_packet(header, frame);
    case kSimplePacket:
      return show_simple_packet(header, frame);
    default:
      if (another_capture_begins()) return refuse_length(header);
      skipped_block_bytes_ = header.bytes;
      skip_left_ = header.bytes - kTrailerBytes;
      return finish_skipping();
  }
}

// Of a block that nothing is wanted of: however long it is, it takes no memory.
PcapngWalk::Step PcapngWalk::finish_skipping() {
  skip_left_ = buffer_.skip(skip_left_);
  if (skip_left_ > 0) return refuse_cut_block(skipped_block_bytes_, skip_left_ + kTrailerBytes);
  if (!buffer_.has(kTrailerBytes)) {
    return refuse_cut_block(skipped_block_bytes_, kTrailerBytes - buffer_.size());
  }
  if (const std::uint32_t trailer = number_at(0); trailer != skipped_block_bytes_) {
    return refuse_trailer(skipped_block_bytes_, trailer);
  }
  end_block(kTrailerBytes);
  skipped_block_bytes_ = 0;
  return Step::kOther;
}

// Whether all of the block is there, as long at its end as at its begin. False: the error says why not.
bool PcapngWalk::has_block(const BlockHeader& header) {
  if (header.bytes > kMostBlockBytes) {
    refuse(fmt::format("its length of {} bytes is wrong; {}", header.bytes, kDamagedFromHere));
    return false;
  }
  if (!buffer_.has(header.bytes)) {
    refuse_cut_block(header.bytes, header.bytes - buffer_.size());
    return false;
  }
  if (const std::uint32_t trailer = number_at(header.bytes - kTrailerBytes); trailer != header.bytes) {
    refuse_trailer(header.bytes, trailer);
    return false;
  }
  return true;
}

// The byte order stands behind the length that it applies to. The length of the section is not needed: it ends where
// the next begins.
PcapngWalk::Step PcapngWalk::begin_section() {
  std::uint32_t magic = 0;
  __builtin_memcpy(&magic, buffer_.data() + kByteOrderMagicAt, sizeof magic);
  if (!is_byte_order_magic(magic)) {
    return refuse(fmt::format("it begins like a section, but has no byte-order magic; {}", kDamagedFromHere));
  }
  swapped_ = magic != kByteOrderMagic;
  const BlockHeader header{number_at(0), number_at(4)};
  if (header.bytes < kLeastSectionBytes || header.bytes % 4 != 0) return refuse_length(header);
  if (!has_block(header)) return Step::kRefused;
  const unsigned major = half_at(kVersionAt);
  const unsigned minor = half_at(kVersionAt + 2);
  // Some programs write 1.2, which means the same.
  if (major != 1 || (minor != 0 && minor != 2)) {
    return refuse(
        fmt::format("it begins a section of version {}.{}, and 1.0 is read; if the file is not that new it is "
                    "damaged, take a fresh copy",
                    major, minor));
  }
  interfaces_.clear();
  end_block(header.bytes);
  return Step::kOther;
}

PcapngWalk::Step PcapngWalk::begin_interface(const BlockHeader& header) {
  if (!has_block(header)) return Step::kRefused;
  if (interfaces_.size() == kMostInterfaces) {
    return refuse(
        fmt::format("its section has {} interfaces before it, and no more are read", with_thousands(kMostInterfaces)));
  }
  const std::span<const char> body(buffer_.data() + kBlockHeaderBytes, header.bytes - kLeastBlockBytes);
  const auto declared = read_interface(body, swapped_);
  if (!declared) return refuse(fmt::format("{}; {}", declared.error(), kDamagedFromHere));
  PcapngInterface& interface = interfaces_.emplace_back(declared->interface);
  if (names_ != nullptr) interface.name = names_->number_of(declared->name);
  end_block(header.bytes);
  return Step::kOther;
}

PcapngWalk::Step PcapngWalk::show_timed_packet(const BlockHeader& header, Frame& frame) {
  constexpr std::uint32_t kRoundBytes = sizeof(EnhancedHeader) + kTrailerBytes;  // without the frame
  if (!has_block(header)) return Step::kRefused;
  if (header.bytes < kRoundBytes) return refuse_short_packet(header);
  // The two blocks differ in the width of the interface's number alone.
  const std::uint32_t number = header.type == kPacket ? half_at(8) : number_at(8);
  const std::uint32_t captured_bytes = number_at(20);
  if (captured_bytes > header.bytes - kRoundBytes) return refuse_frame(header, captured_bytes);
  if (number >= interfaces_.size()) return refuse_interface(number);
  const PcapngInterface& interface = interfaces_[number];
  interface.clock.set_timestamp(std::uint64_t{number_at(12)} << 32 | number_at(16), frame);
  show(number, interface, sizeof(EnhancedHeader), captured_bytes, number_at(24), frame);
  end_block(header.bytes);
  return Step::kPacket;
}

// Of the section's first interface, cut by its snapshot length, at no time (4.4).
PcapngWalk::Step PcapngWalk::show_simple_packet(const BlockHeader& header, Frame& frame) {
  if (!has_block(header)) return Step::kRefused;
  if (header.bytes < kSimpleHeaderBytes + kTrailerBytes) return refuse_short_packet(header);
  if (interfaces_.empty()) return refuse_interface(0);
  const PcapngInterface& interface = interfaces_.front();
  const std::uint32_t wire_bytes = number_at(8);
  const std::uint32_t captured_bytes =
      interface.snapshot_bytes == 0 ? wire_bytes : std::min(wire_bytes, interface.snapshot_bytes);
  if (captured_bytes > header.bytes - kSimpleHeaderBytes - kTrailerBytes) return refuse_frame(header, captured_bytes);
  frame.timestamp_ns = last_time_ns_;
  frame.timestamp_valid = true;
  ++untimed_packets_;
  show(0, interface, kSimpleHeaderBytes, captured_bytes, wire_bytes, frame);
  end_block(header.bytes);
  return Step::kPacket;
}

std::uint16_t PcapngWalk::half_at(std::size_t at) const {
  std::uint16_t number = 0;
  __builtin_memcpy(&number, buffer_.data() + at, sizeof number);
  return swapped_ ? __builtin_bswap16(number) : number;
}

// A classic one: of pcapng it would be a section.
bool PcapngWalk::another_capture_begins() {
  return buffer_.has(kClassicHeaderBytes) && begins_a_capture({buffer_.data(), buffer_.size()});
}

// The kernel wrote the type and the length of each part of an NFLOG frame in the byte order of its machine
// (https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html); who reads it takes them for this one's, as libpcap does.
void PcapngWalk::restore_host_order(Frame& frame) {
  constexpr std::size_t kNflogHeaderBytes = 4;
  constexpr std::size_t kPartHeaderBytes = 4;
  if (frame.link_type != kNflog || frame.captured_bytes < kNflogHeaderBytes || frame.bytes[1] != 0) return;
  auto* at = const_cast<std::uint8_t*>(frame.bytes) + kNflogHeaderBytes;
  const std::uint8_t* end = frame.bytes + std::min(frame.captured_bytes, frame.wire_bytes);
  while (end - at >= static_cast<std::ptrdiff_t>(kPartHeaderBytes)) {
    const std::size_t padded_bytes = (std::size_t{swapped_half(at)} + 3) / 4 * 4;
    swapped_half(at + 2);
    if (padded_bytes < kPartHeaderBytes || padded_bytes > static_cast<std::size_t>(end - at)) return;
    at += padded_bytes;
  }
}

// For good: where the next block begins is not known.
PcapngWalk::Step PcapngWalk::refuse(std::string why) {
  error_ = std::move(why);
  ended_ = true;
  interfaces_.clear();  // whatever follows, it is no packet
  return Step::kRefused;
}

// Not for good: of a pipe the rest may come.
PcapngWalk::Step PcapngWalk::refuse_cut_block(std::uint64_t wanted_bytes, std::uint64_t missing_bytes) {
  error_ = fmt::format(
      "the file ends in the middle of a block ({} bytes, {} are missing); if it was still being written or copied, "
      "read "
      "it again when that is done",
      wanted_bytes, missing_bytes);
  return Step::kRefused;
}

// Something else than a block may stand here.
PcapngWalk::Step PcapngWalk::refuse_length(const BlockHeader& header) {
  if (header.type == 0 && header.bytes == 0) return refuse(zeros_message(buffer_));
  if (another_capture_begins()) return refuse(std::string(kJoinedCapture));
  return refuse(fmt::format("its length of {} bytes is wrong; {}", header.bytes, kDamagedFromHere));
}

PcapngWalk::Step PcapngWalk::refuse_trailer(std::uint32_t bytes, std::uint32_t trailer) {
  return refuse(
      fmt::format("its length is {} bytes at its begin and {} at its end; {}", bytes, trailer, kDamagedFromHere));
}

PcapngWalk::Step PcapngWalk::refuse_short_packet(const BlockHeader& header) {
  return refuse(fmt::format("its {} bytes are too few for a packet; {}", header.bytes, kDamagedFromHere));
}

PcapngWalk::Step PcapngWalk::refuse_frame(const BlockHeader& header, std::uint32_t captured_bytes) {
  return refuse(fmt::format("a frame of {} bytes does not fit into its {} bytes; {}", captured_bytes, header.bytes,
                            kDamagedFromHere));
}

PcapngWalk::Step PcapngWalk::refuse_interface(std::uint32_t number) {
  return refuse(fmt::format("its packet is of interface {}, and its section has declared {} so far; {}", number,
                            counted(interfaces_.size(), "interface"), kDamagedFromHere));
}

}  // namespace flowgauge
