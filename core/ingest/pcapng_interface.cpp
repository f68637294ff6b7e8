#include "core/ingest/pcapng_interface.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "core/base/nanoseconds.h"
#include "core/base/try.h"

namespace flowgauge {
namespace {

constexpr std::int64_t kFurthestNs = std::int64_t{1} << 62;
constexpr unsigned kNanoseconds = 9;  // 10^-9

// Of the block's options (4.2), its name and those that say what a timestamp means.
constexpr std::uint16_t kEndOfOptions = 0;
constexpr std::uint16_t kName = 2;
constexpr std::uint16_t kTimestampResolution = 9;
constexpr std::uint16_t kTimestampOffset = 14;

constexpr std::size_t kFixedBytes = 8;
constexpr std::size_t kOptionHeaderBytes = 4;

constexpr std::uint64_t power_of_10(unsigned exponent) {
  std::uint64_t power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

template <typename Number>
Number number_at(std::span<const char> bytes, std::size_t at, bool swapped) {
  Number number;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  if (swapped) std::ranges::reverse(std::span(reinterpret_cast<char*>(&number), sizeof number));
  return number;
}

bool is_known_resolution(std::uint8_t resolution) {
  return (resolution & ~PcapngClock::kBinary) <= ((resolution & PcapngClock::kBinary) != 0 ? 63 : 19);
}

struct InterfaceOptions {
  std::string_view name;
  std::optional<std::uint8_t> resolution;
  std::optional<std::int64_t> offset_seconds;
};

// One option; empty where nothing is wrong.
std::string read_option(std::uint16_t code, std::span<const char> value, bool swapped, InterfaceOptions& options) {
  if (code == kTimestampResolution) {
    if (value.size() != 1) return fmt::format("its if_tsresol option has {} bytes, not 1", value.size());
    if (options.resolution) return "it has two if_tsresol options";
    options.resolution = static_cast<std::uint8_t>(value[0]);
    if (!is_known_resolution(*options.resolution)) {
      return fmt::format("its timestamps have a resolution that does not exist (if_tsresol {})", *options.resolution);
    }
  } else if (code == kTimestampOffset) {
    if (value.size() != sizeof(std::int64_t))
      return fmt::format("its if_tsoffset option has {} bytes, not 8", value.size());
    if (options.offset_seconds) return "it has two if_tsoffset options";
    options.offset_seconds = number_at<std::int64_t>(value, 0, swapped);
  } else if (code == kName && options.name.empty()) {
    options.name = {value.data(), value.size()};
  }
  return {};
}

std::expected<InterfaceOptions, std::string> read_options(std::span<const char> list, bool swapped) {
  InterfaceOptions options;
  while (!list.empty()) {
    if (list.size() < kOptionHeaderBytes) return std::unexpected("its options end in the middle");
    const auto code = number_at<std::uint16_t>(list, 0, swapped);
    const auto bytes = number_at<std::uint16_t>(list, 2, swapped);
    const std::size_t padded_bytes = (std::size_t{bytes} + 3) / 4 * 4;
    list = list.subspan(kOptionHeaderBytes);
    if (padded_bytes > list.size())
      return std::unexpected(fmt::format("its option {} has no room for {} bytes", code, bytes));
    if (code == kEndOfOptions) break;
    if (std::string wrong = read_option(code, list.first(bytes), swapped, options); !wrong.empty()) {
      return std::unexpected(std::move(wrong));
    }
    list = list.subspan(padded_bytes);
  }
  return options;
}

}  // namespace

PcapngClock::PcapngClock(std::uint8_t resolution, std::int64_t offset_seconds)
    : offset_seconds_(offset_seconds), resolution_(resolution) {
  std::int64_t offset_ns = 0;
  if (resolution > kNanoseconds || __builtin_mul_overflow(offset_seconds, std::int64_t{kNsPerSecond}, &offset_ns) ||
      offset_ns < -kFurthestNs || offset_ns >= kFurthestNs) {
    return;
  }
  offset_ns_ = offset_ns;
  ns_per_tick_ = power_of_10(kNanoseconds - resolution);
  // The last tick before the furthest time; the difference is below 2^63.
  const auto last = static_cast<std::uint64_t>(kFurthestNs) - 1 - static_cast<std::uint64_t>(offset_ns);
  plain_below_ = last / ns_per_tick_ + 1;
}

void PcapngClock::set_any_timestamp(std::uint64_t ticks, Frame& frame) const {
  using Wide = __int128;
  Wide ns = ticks;  // below 2^94 with what follows
  const unsigned exponent = resolution_ & ~kBinary;
  if ((resolution_ & kBinary) != 0) {
    ns = ns * kNsPerSecond >> exponent;
  } else if (exponent <= kNanoseconds) {
    ns *= power_of_10(kNanoseconds - exponent);
  } else {
    ns = ticks / power_of_10(exponent - kNanoseconds);
  }
  ns += Wide{offset_seconds_} * kNsPerSecond;
  frame.timestamp_valid = ns >= -kFurthestNs && ns < kFurthestNs;
  frame.timestamp_ns = frame.timestamp_valid ? static_cast<std::int64_t>(ns) : 0;
}

// pcap/dlt.h and https://www.tcpdump.org/linktypes.html: these had a number per system before there was one for files.
int link_type_of_file(std::uint16_t number) {
  static constexpr std::pair<std::uint16_t, int> kOtherwise[] = {
      {100, 11},  // ATM_RFC1483
      {101, 12},  // RAW
      {102, 15},  // SLIP_BSDOS
      {103, 16},  // PPP_BSDOS
      {106, 19},  // ATM_CLIP
  };
  const auto* found = std::ranges::find(kOtherwise, number, &std::pair<std::uint16_t, int>::first);
  return found == std::end(kOtherwise) ? number : found->second;
}

std::expected<DeclaredInterface, std::string> read_interface(std::span<const char> body, bool swapped) {
  if (body.size() < kFixedBytes) return std::unexpected("it is too short for an interface");
  const auto options = TRY(read_options(body.subspan(kFixedBytes), swapped));
  return DeclaredInterface{.interface = {.link_type = link_type_of_file(number_at<std::uint16_t>(body, 0, swapped)),
                                         .snapshot_bytes = number_at<std::uint32_t>(body, 4, swapped),
                                         .clock = {options.resolution.value_or(PcapngClock::kMicroseconds),
                                                   options.offset_seconds.value_or(0)}},
                           .name = options.name};
}

}  // namespace flowgauge
