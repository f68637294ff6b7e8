// The form of an event file: what a capture file gives to runs on other machines (docs/cluster.md). Format alone: who
// writes and who reads are event_file_writer.h and event_file_reader.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/events/clock_track.h"
#include "core/packet/event.h"
#include "core/packet/event_block.h"
#include "core/packet/ledger.h"

namespace flowgauge {

inline constexpr std::uint32_t kEventFileFormat = 2;
inline constexpr std::uint32_t kChunkPackets = 256 * kSpanPackets;
inline constexpr std::uint64_t kChunkBytes = 64ULL << 20;   // about, of events and their bytes
inline constexpr std::uint32_t kChunkFrames = 1U << 31;     // frames of a chunk, ignored ones too
inline constexpr std::uint64_t kPieceBytes = 256ULL << 20;  // at most, unpacked

// A piece of the file, one frame of zstd.
struct Piece {
  std::uint64_t offset = 0;
  std::uint32_t packed_bytes = 0;
  std::uint32_t bytes = 0;
};

// Packets of one partition, or all fragments, of a chunk.
struct EventPiece {
  std::uint32_t packets = 0;
  Piece piece;
};

// Up to kChunkPackets packets that follow each other.
struct Chunk {
  std::uint64_t first_frame = 0;  // of the capture: those of the chunk are counted from it
  Piece track;
  EventPiece fragments;  // first and later ones: their partitions are not known
  std::vector<std::pair<std::uint8_t, EventPiece>> partitions;
  std::vector<ClockSpan> spans;
  std::vector<SecondBegin> seconds;  // of one span after the other

  [[nodiscard]] std::uint64_t packets() const;
};

// What is told of a file without looking at its packets.
struct EventFileAbout {
  std::uint32_t number = 1;  // of the capture in the job, from 1: their order
  std::uint32_t count = 1;   // captures of the job
  std::string capture;       // as it was named
  std::string settings;      // what decides parsing: lines of text, the same in all files of a job
  std::string problem;       // of a damaged capture: a whole message
  Ledger ledger;
  std::uint64_t first_tagged = kNoFrame;     // the first frame that has a VLAN
  std::vector<std::string> interfaces = {};  // names, by the numbers that its events have, from 1
};

// The events of a piece. Unpacked: frames, then behind_ns, then events, then bytes.
struct PieceEvents {
  std::vector<std::uint32_t> frames;    // of the chunk, ascending
  std::vector<std::int64_t> behind_ns;  // how much older than the newest before it in its span
  std::vector<packet_event> events;
  std::vector<std::uint8_t> bytes;  // of all events, as EventBlock::payload

  void clear();
  [[nodiscard]] std::string packed() const;
  // Appends what packed() made of `packets` events. False: these are not its bytes.
  [[nodiscard]] bool append(std::string_view bytes, std::uint32_t packets);
};

// The file ends with: about, the table of chunks, and the tail that says where they are.
struct EventFileTail {
  Piece about;
  Piece chunks;
  std::uint32_t format = kEventFileFormat;
  char magic[12] = {'f', 'l', 'o', 'w', ' ', 'e', 'v', 'e', 'n', 't', 's', '\n'};

  [[nodiscard]] bool has_magic() const;
};
static_assert(sizeof(EventFileTail) == 48);

[[nodiscard]] std::string bytes_of_about(const EventFileAbout& about);
[[nodiscard]] std::optional<EventFileAbout> read_about(std::string_view bytes);
[[nodiscard]] std::string bytes_of_chunks(std::span<const Chunk> chunks);
[[nodiscard]] std::optional<std::vector<Chunk>> read_chunks(std::string_view bytes);

// "000003.events"
[[nodiscard]] std::string event_file_name(std::uint32_t number);

}  // namespace flowgauge
