// The timestamps of all packets in arrival order, in spans: what a run needs to lead its clock over packets that it
// does not have. Of most spans the summary is enough; the others are unpacked.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "core/packet/run_clock.h"

namespace flowgauge {

inline constexpr std::uint32_t kSpanPackets = 1024;

// Of accepted packets (docs/semantics.md, section 1: bad_timestamp).
inline constexpr std::int64_t kTimestampsEndNs = std::int64_t{1} << 62;
inline constexpr std::int64_t kFirstTimestampNs = -kTimestampsEndNs;

// A packet whose timestamp is in a later second than all before it in its span.
struct SecondBegin {
  std::uint32_t frame = 0;  // of the chunk
  std::int64_t timestamp_ns = 0;
};

struct ClockSpan {
  static constexpr std::uint32_t kMostSeconds = 8;
  static constexpr std::uint32_t kManySeconds = std::numeric_limits<std::uint32_t>::max();

  std::uint32_t first_frame = 0;  // of the chunk, of the first packet
  std::uint32_t packets = 0;
  std::uint32_t track_begin = 0;  // where its bytes begin
  std::uint32_t seconds = 0;  // that begin in it, at most kMostSeconds; kManySeconds: more, which only the track has
  PacketSpan times;
};

// Writes the track of one chunk.
class ClockTrack {
 public:
  // Gives by how much the packet is older than the newest before it in its span; 0: it is not.
  std::int64_t add(std::uint32_t frame, std::int64_t timestamp_ns);
  void clear();

  [[nodiscard]] const std::vector<ClockSpan>& spans() const { return spans_; }
  [[nodiscard]] const std::vector<SecondBegin>& seconds() const { return seconds_; }  // of all spans
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  void note_second(ClockSpan& span, std::uint32_t frame, std::int64_t timestamp_ns);

  std::vector<ClockSpan> spans_;
  std::vector<SecondBegin> seconds_;
  std::string bytes_;
  std::uint32_t frame_ = 0;
  std::int64_t timestamp_ns_ = 0;
};

struct TrackPacket {
  std::uint32_t frame;  // of the chunk
  std::int64_t timestamp_ns;

  bool operator==(const TrackPacket&) const = default;
};

// The packets of a span of `track`. False: these are not its bytes.
[[nodiscard]] bool unpack_span(std::string_view track, const ClockSpan& span, std::vector<TrackPacket>& packets);

}  // namespace flowgauge
