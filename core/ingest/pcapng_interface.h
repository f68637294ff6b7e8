// An interface of a pcapng section, as its Interface Description Block declares it (draft-ietf-opsawg-pcapng, 4.2).
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/ingest/frame.h"

namespace flowgauge {

// Turns the timestamps of an interface into nanoseconds since the epoch: exactly, and down where it counts finer.
class PcapngClock {
 public:
  static constexpr std::uint8_t kMicroseconds = 6;  // where an interface says nothing
  static constexpr std::uint8_t kBinary = 0x80;     // 2^-n in place of 10^-n

  // `resolution`: the byte of if_tsresol, 10^-0 to 10^-19 or 2^-0 to 2^-63.
  PcapngClock(std::uint8_t resolution, std::int64_t offset_seconds);

  void set_timestamp(std::uint64_t ticks, Frame& frame) const {
    if (ticks < plain_below_) [[likely]] {
      frame.timestamp_ns = offset_ns_ + static_cast<std::int64_t>(ticks * ns_per_tick_);
      frame.timestamp_valid = true;
      return;
    }
    set_any_timestamp(ticks, frame);
  }

 private:
  void set_any_timestamp(std::uint64_t ticks, Frame& frame) const;

  // Below so many ticks a multiplication and a sum are all there is to do; 0: never.
  std::uint64_t plain_below_ = 0;
  std::uint64_t ns_per_tick_ = 0;
  std::int64_t offset_ns_ = 0;
  std::int64_t offset_seconds_;
  std::uint8_t resolution_;
};

struct PcapngInterface {
  int link_type;  // libpcap's DLT
  std::uint32_t snapshot_bytes;
  PcapngClock clock;
  std::uint16_t name = 0;  // its number among the run's interface names; 0: it has none
};

struct DeclaredInterface {
  PcapngInterface interface;
  std::string_view name;  // if_name, within the block; empty: none
};

// libpcap's DLT for the link type of a file: a few have another number.
[[nodiscard]] int link_type_of_file(std::uint16_t number);

// `body`: the block without its type and lengths. What is wrong with it as an error's message: the end of a sentence.
[[nodiscard]] std::expected<DeclaredInterface, std::string> read_interface(std::span<const char> body, bool swapped);

}  // namespace flowgauge
