#include "core/events/event_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/events/plain_bytes.h"

namespace flowgauge {
namespace {

constexpr std::size_t kBytesOfEvent = sizeof(std::uint32_t) + sizeof(std::int64_t) + sizeof(packet_event);

template <class Plain>
void append_plain(const std::vector<Plain>& values, std::string& out) {
  out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Plain));
}

template <class Plain>
void append_values(std::string_view& bytes, std::size_t count, std::vector<Plain>& values) {
  const std::size_t before = values.size();
  values.resize(before + count);
  bytes.copy(reinterpret_cast<char*>(values.data() + before), count * sizeof(Plain));
  bytes.remove_prefix(count * sizeof(Plain));
}

void put_size(const Piece& piece, PlainBytes& out) {
  out.put(piece.packed_bytes);
  out.put(piece.bytes);
}

// Pieces lie one behind the other, in the order in which the table has them.
Piece take_piece(PlainReader& in, std::uint64_t& offset) {
  Piece piece{.offset = offset};
  piece.packed_bytes = in.take<std::uint32_t>();
  piece.bytes = in.take<std::uint32_t>();
  offset += piece.packed_bytes;
  return piece;
}

void put_span(const ClockSpan& span, PlainBytes& out) {
  out.put(span.first_frame);
  out.put(span.packets);
  out.put(span.track_begin);
  out.put(span.seconds);
  out.put(span.times.first_ns);
  out.put(span.times.least_ns);
  out.put(span.times.greatest_ns);
  out.put(span.times.older);
}

ClockSpan take_span(PlainReader& in) {
  ClockSpan span;
  span.first_frame = in.take<std::uint32_t>();
  span.packets = in.take<std::uint32_t>();
  span.track_begin = in.take<std::uint32_t>();
  span.seconds = in.take<std::uint32_t>();
  span.times.first_ns = in.take<std::int64_t>();
  span.times.least_ns = in.take<std::int64_t>();
  span.times.greatest_ns = in.take<std::int64_t>();
  span.times.older = in.take<std::uint64_t>();
  return span;
}

Chunk take_chunk(PlainReader& in) {
  Chunk chunk;
  chunk.first_frame = in.take<std::uint64_t>();
  auto offset = in.take<std::uint64_t>();
  chunk.track = take_piece(in, offset);
  chunk.fragments.packets = in.take<std::uint32_t>();
  chunk.fragments.piece = take_piece(in, offset);
  const auto partitions = in.take<std::uint16_t>();
  for (std::uint32_t i = 0; i < partitions && in.ok(); ++i) {
    const auto partition = in.take<std::uint8_t>();
    EventPiece piece{.packets = in.take<std::uint32_t>(), .piece = {}};
    piece.piece = take_piece(in, offset);
    chunk.partitions.emplace_back(partition, piece);
  }
  const auto spans = in.take<std::uint32_t>();
  for (std::uint32_t i = 0; i < spans && in.ok(); ++i) chunk.spans.push_back(take_span(in));
  const auto seconds = in.take<std::uint32_t>();
  for (std::uint32_t i = 0; i < seconds && in.ok(); ++i) {
    const auto frame = in.take<std::uint32_t>();
    chunk.seconds.push_back({frame, in.take<std::int64_t>()});
  }
  return chunk;
}

// As the writer makes them: of what is not so, a reader need not be afraid.
bool is_well_made(const Chunk& chunk) {
  std::uint64_t in_pieces = chunk.fragments.packets;
  for (std::size_t i = 0; i < chunk.partitions.size(); ++i) {
    if (i > 0 && chunk.partitions[i].first <= chunk.partitions[i - 1].first) return false;
    in_pieces += chunk.partitions[i].second.packets;
  }
  std::uint64_t seconds = 0;
  for (std::size_t i = 0; i < chunk.spans.size(); ++i) {
    const ClockSpan& span = chunk.spans[i];
    const bool has_many_seconds = span.seconds == ClockSpan::kManySeconds;
    if (!has_many_seconds && span.seconds > ClockSpan::kMostSeconds) return false;
    seconds += has_many_seconds ? 0 : span.seconds;
    if (span.packets == 0 || span.packets > kSpanPackets) return false;
    if (i > 0 && span.first_frame <= chunk.spans[i - 1].first_frame) return false;
    if (span.times.least_ns > span.times.first_ns || span.times.first_ns > span.times.greatest_ns) return false;
    if (span.times.least_ns < kFirstTimestampNs || span.times.greatest_ns >= kTimestampsEndNs) return false;
  }
  for (const SecondBegin& second : chunk.seconds)
    if (second.timestamp_ns < kFirstTimestampNs || second.timestamp_ns >= kTimestampsEndNs) return false;
  return !chunk.spans.empty() && in_pieces == chunk.packets() && seconds == chunk.seconds.size();
}

// Others go by these numbers without a second look.
bool is_of_a_packet(const packet_event& event) {
  return (event.ip_version == 4 || event.ip_version == 6) && event.tunnel_type < PACKET_TUNNEL_COUNT;
}

}  // namespace

std::uint64_t Chunk::packets() const {
  std::uint64_t packets = 0;
  for (const ClockSpan& span : spans) packets += span.packets;
  return packets;
}

bool EventFileTail::has_magic() const { return std::memcmp(magic, EventFileTail().magic, sizeof magic) == 0; }

std::string event_file_name(std::uint32_t number) { return fmt::format("{:06}.events", number); }

// ---------------------------------------------------------------- events

void PieceEvents::clear() {
  frames.clear();
  behind_ns.clear();
  events.clear();
  bytes.clear();
}

std::string PieceEvents::packed() const {
  std::string out;
  out.reserve(events.size() * kBytesOfEvent + bytes.size());
  append_plain(frames, out);
  append_plain(behind_ns, out);
  append_plain(events, out);
  append_plain(bytes, out);
  return out;
}

bool PieceEvents::append(std::string_view from, std::uint32_t packets) {
  if (from.size() < packets * kBytesOfEvent) return false;
  const std::size_t before = events.size();
  append_values(from, packets, frames);
  append_values(from, packets, behind_ns);
  append_values(from, packets, events);
  std::uint64_t captured = 0;
  for (std::size_t i = before; i < events.size(); ++i) {
    if (!is_of_a_packet(events[i])) return false;
    const std::int64_t timestamp_ns = events[i].timestamp_ns;
    if (timestamp_ns < kFirstTimestampNs || timestamp_ns >= kTimestampsEndNs) return false;
    // The sum of the two is a timestamp; unsigned, for their difference may have 64 bits.
    const std::uint64_t room_ns =
        static_cast<std::uint64_t>(kTimestampsEndNs) - static_cast<std::uint64_t>(timestamp_ns);
    if (behind_ns[i] < 0 || static_cast<std::uint64_t>(behind_ns[i]) >= room_ns) return false;
    if (i > before && frames[i] <= frames[i - 1]) return false;
    captured += events[i].payload_captured_bytes;
  }
  if (captured != from.size()) return false;
  append_values(from, from.size(), bytes);
  return true;
}

// ---------------------------------------------------------------- about, and the table of chunks

std::string bytes_of_about(const EventFileAbout& about) {
  PlainBytes out;
  out.put(about.number);
  out.put(about.count);
  out.put_text(about.capture);
  out.put_text(about.settings);
  out.put_text(about.problem);
  out.put(about.first_tagged);
  out.put(about.ledger.frames_read);
  out.put(about.ledger.untimed_frames);
  out.put(static_cast<std::uint32_t>(about.ledger.by_reason.size()));
  for (const std::uint64_t frames : about.ledger.by_reason) out.put(frames);
  const auto kinds = about.ledger.not_ip.commonest();
  out.put(static_cast<std::uint32_t>(kinds.size()));
  for (const NotIpKinds::Kind& kind : kinds) {
    out.put(kind.kind);
    out.put(kind.frames);
  }
  out.put(static_cast<std::uint32_t>(about.interfaces.size()));
  for (const std::string& name : about.interfaces) out.put_text(name);
  return out.bytes();
}

std::optional<EventFileAbout> read_about(std::string_view bytes) {
  PlainReader in(bytes);
  EventFileAbout about;
  about.number = in.take<std::uint32_t>();
  about.count = in.take<std::uint32_t>();
  about.capture = in.take_text();
  about.settings = in.take_text();
  about.problem = in.take_text();
  about.first_tagged = in.take<std::uint64_t>();
  about.ledger.frames_read = in.take<std::uint64_t>();
  about.ledger.untimed_frames = in.take<std::uint64_t>();
  if (in.take<std::uint32_t>() != about.ledger.by_reason.size()) return std::nullopt;
  for (std::uint64_t& frames : about.ledger.by_reason) frames = in.take<std::uint64_t>();
  const auto kinds = in.take<std::uint32_t>();
  for (std::uint32_t i = 0; i < kinds && in.ok(); ++i) {
    const auto kind = in.take<std::uint32_t>();
    about.ledger.not_ip.add(kind, in.take<std::uint64_t>());
  }
  const auto interfaces = in.take<std::uint32_t>();
  for (std::uint32_t i = 0; i < interfaces && in.ok(); ++i) about.interfaces.push_back(in.take_text());
  if (!in.ok() || !in.at_end() || about.number == 0 || about.number > about.count) return std::nullopt;
  return about;
}

std::string bytes_of_chunks(std::span<const Chunk> chunks) {
  PlainBytes out;
  for (const Chunk& chunk : chunks) {
    out.put(chunk.first_frame);
    out.put(chunk.track.offset);
    put_size(chunk.track, out);
    out.put(chunk.fragments.packets);
    put_size(chunk.fragments.piece, out);
    out.put(static_cast<std::uint16_t>(chunk.partitions.size()));
    for (const auto& [partition, events] : chunk.partitions) {
      out.put(partition);
      out.put(events.packets);
      put_size(events.piece, out);
    }
    out.put(static_cast<std::uint32_t>(chunk.spans.size()));
    for (const ClockSpan& span : chunk.spans) put_span(span, out);
    out.put(static_cast<std::uint32_t>(chunk.seconds.size()));
    for (const SecondBegin& second : chunk.seconds) {
      out.put(second.frame);
      out.put(second.timestamp_ns);
    }
  }
  return out.bytes();
}

std::optional<std::vector<Chunk>> read_chunks(std::string_view bytes) {
  PlainReader in(bytes);
  std::vector<Chunk> chunks;
  while (in.ok() && !in.at_end()) {
    chunks.push_back(take_chunk(in));
    if (!in.ok() || !is_well_made(chunks.back())) return std::nullopt;
  }
  return chunks;
}

}  // namespace flowgauge
