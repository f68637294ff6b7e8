#include "core/events/clock_track.h"

#include <algorithm>

#include "core/flow/clock.h"

namespace flowgauge {
namespace {

// Small numbers of either sign become small ones: 0, -1, 1, -2, ...
std::uint64_t folded(std::int64_t number) {
  return (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63);
}

std::int64_t unfolded(std::uint64_t number) {
  return static_cast<std::int64_t>(number >> 1) ^ -static_cast<std::int64_t>(number & 1);
}

// 7 bits a byte, the lowest first; the top bit says that more follow.
void put_number(std::uint64_t number, std::string& out) {
  for (; number >= 0x80; number >>= 7) out += static_cast<char>(number | 0x80);
  out += static_cast<char>(number);
}

bool take_number(std::string_view bytes, std::size_t& at, std::uint64_t& number) {
  number = 0;
  for (unsigned shift = 0; at < bytes.size() && shift < 64; shift += 7) {
    const auto byte = static_cast<std::uint8_t>(bytes[at++]);
    number |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

}  // namespace

std::int64_t ClockTrack::add(std::uint32_t frame, std::int64_t timestamp_ns) {
  if (spans_.empty() || spans_.back().packets == kSpanPackets) {
    spans_.push_back({.first_frame = frame,
                      .track_begin = static_cast<std::uint32_t>(bytes_.size()),
                      .times = {timestamp_ns, timestamp_ns, timestamp_ns, 0}});
    frame_ = frame;
    timestamp_ns_ = timestamp_ns;
  }
  ClockSpan& span = spans_.back();
  ++span.packets;
  put_number(frame - frame_, bytes_);
  put_number(folded(timestamp_ns - timestamp_ns_), bytes_);
  frame_ = frame;
  timestamp_ns_ = timestamp_ns;
  span.times.least_ns = std::min(span.times.least_ns, timestamp_ns);
  const std::int64_t behind_ns = std::max<std::int64_t>(0, span.times.greatest_ns - timestamp_ns);
  if (second_of(timestamp_ns) > second_of(span.times.greatest_ns)) note_second(span, frame, timestamp_ns);
  span.times.greatest_ns = std::max(span.times.greatest_ns, timestamp_ns);
  span.times.older += behind_ns > 0 ? 1 : 0;
  return behind_ns;
}

void ClockTrack::note_second(ClockSpan& span, std::uint32_t frame, std::int64_t timestamp_ns) {
  if (span.seconds == ClockSpan::kManySeconds) return;
  if (span.seconds == ClockSpan::kMostSeconds) {
    seconds_.resize(seconds_.size() - span.seconds);
    span.seconds = ClockSpan::kManySeconds;
    return;
  }
  ++span.seconds;
  seconds_.push_back({frame, timestamp_ns});
}

void ClockTrack::clear() {
  spans_.clear();
  seconds_.clear();
  bytes_.clear();
}

bool unpack_span(std::string_view track, const ClockSpan& span, std::vector<TrackPacket>& packets) {
  packets.clear();
  std::size_t at = span.track_begin;
  TrackPacket packet{span.first_frame, span.times.first_ns};
  for (std::uint32_t i = 0; i < span.packets; ++i) {
    std::uint64_t frames = 0;
    std::uint64_t time = 0;
    if (!take_number(track, at, frames) || !take_number(track, at, time)) return false;
    if (frames > UINT32_MAX - packet.frame || (i > 0 && frames == 0)) return false;
    packet.frame += static_cast<std::uint32_t>(frames);
    // Modulo 2^64, then within the range of timestamps, whatever the bytes.
    packet.timestamp_ns = static_cast<std::int64_t>(static_cast<std::uint64_t>(packet.timestamp_ns) +
                                                    static_cast<std::uint64_t>(unfolded(time)));
    if (packet.timestamp_ns < kFirstTimestampNs || packet.timestamp_ns >= kTimestampsEndNs) return false;
    packets.push_back(packet);
  }
  return true;
}

}  // namespace flowgauge
