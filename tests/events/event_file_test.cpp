// One event file: back as it was; cut or damaged, it is refused with its name.
#include "core/events/event_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "core/base/try.h"
#include "core/events/event_file_reader.h"
#include "core/events/event_file_writer.h"
#include "core/flow/flow_key.h"
#include "tests/events/event_files.h"
#include "tests/support/event_builder.h"
#include "tests/support/file_text.h"

namespace flowgauge::test {
namespace {

using testing::StartsWith;

packet_event small_event(std::uint16_t port, std::int64_t timestamp_ns) {
  return EventBuilder().udp("10.0.0.1", port, "10.0.0.2", 53).at(timestamp_ns);
}

StagedCapture some_packets(std::size_t count) {
  StagedCapture capture;
  for (std::size_t i = 0; i < count; ++i) {
    const auto port = static_cast<std::uint16_t>(i % 50);
    capture.events.push_back({capture.frames, small_event(port, static_cast<std::int64_t>(i))});
    capture.events.back().bytes.assign(i % 3, static_cast<std::uint8_t>(i));
    if (i % 10 == 3) capture.events.back().event.marks = PACKET_FIRST_FRAGMENT;
    capture.frames += 1 + i % 2;
  }
  return capture;
}

void overwrite(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

TEST(EventFile, HasEachEventInItsPartition) {
  const TempFolder folder;
  const StagedCapture capture = some_packets(1000);
  auto reader =
      EventFileReader::open(write_events(folder, {.number = 2, .count = 3, .interfaces = {"eth0", "a, b"}}, capture));
  ASSERT_TRUE(reader.has_value()) << reader.error().message;
  EXPECT_EQ(reader->about().number, 2U);
  EXPECT_EQ(reader->about().count, 3U);
  EXPECT_EQ(reader->about().capture, "capture-2");
  EXPECT_EQ(reader->about().settings, kSettings);
  EXPECT_EQ(reader->about().interfaces, (std::vector<std::string>{"eth0", "a, b"}));
  EXPECT_EQ(reader->about().ledger.frames_read, capture.frames);
  EXPECT_EQ(reader->about().ledger.by_reason[PACKET_NOT_IP], capture.frames - 1000);
  const auto chunks = reader->chunks();
  ASSERT_TRUE(chunks.has_value());
  ASSERT_EQ(chunks->size(), 1U);
  EXPECT_EQ(chunks->front().fragments.packets, 100U);
  std::size_t found = 0;
  for (const auto& [partition, piece] : chunks->front().partitions) {
    PieceEvents events;
    ASSERT_TRUE(reader->append(piece, "events", events).has_value());
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < events.events.size(); ++i, ++found) {
      EXPECT_EQ(events.events[i].partition, partition);
      EXPECT_EQ(partition_of(key_of(events.events[i], KeyRule::kFull).key), partition);
      const auto at = static_cast<std::size_t>(events.events[i].timestamp_ns);
      EXPECT_EQ(events.frames[i], capture.events[at].frame);
      EXPECT_EQ(events.events[i].payload_captured_bytes, at % 3);
      for (std::size_t byte = 0; byte < at % 3; ++byte) EXPECT_EQ(events.bytes[bytes++], static_cast<std::uint8_t>(at));
    }
    EXPECT_EQ(bytes, events.bytes.size());
  }
  EXPECT_EQ(found, 900U);
}

TEST(EventFile, ACaptureWithoutPacketsHasOne) {
  const TempFolder folder;
  auto reader = EventFileReader::open(write_events(folder, {}, {.events = {}, .frames = 5}));
  ASSERT_TRUE(reader.has_value());
  EXPECT_TRUE(reader->chunks()->empty());
  EXPECT_EQ(reader->about().ledger.frames_read, 5U);
}

TEST(EventFile, ChunksAreCutByPacketsAndByFrames) {
  const TempFolder folder;
  StagedCapture capture;
  for (std::uint64_t i = 0; i < kChunkPackets + 1; ++i) capture.events.push_back({i, small_event(7, 0)});
  capture.events.push_back({kChunkPackets + std::uint64_t{kChunkFrames} - 1, small_event(7, 0)});
  capture.events.push_back({kChunkPackets + std::uint64_t{kChunkFrames}, small_event(7, 0)});
  capture.frames = kChunkPackets + std::uint64_t{kChunkFrames} + 1;
  auto reader = EventFileReader::open(write_events(folder, {}, capture));
  const auto chunks = reader->chunks();
  ASSERT_EQ(chunks->size(), 3U);
  EXPECT_EQ((*chunks)[0].packets(), kChunkPackets);
  EXPECT_EQ((*chunks)[1].packets(), 2U);
  EXPECT_EQ((*chunks)[2].first_frame, kChunkPackets + std::uint64_t{kChunkFrames});
}

TEST(EventFile, TheSameEventsAreTheSameBytes) {
  const TempFolder folder;
  const std::string first = file_text(write_events(folder, {}, some_packets(300)));
  EXPECT_EQ(file_text(write_events(folder, {}, some_packets(300))), first);
}

TEST(EventFile, AWriterThatDoesNotFinishLeavesNothing) {
  const TempFolder folder;
  const std::string path = write_events(folder, {}, some_packets(3));
  const std::string before = file_text(path);
  {
    auto writer = EventFileWriter::open(folder.path(), {}, KeyRule::kFull);
    EventBlock block;
    block.events = {small_event(1, 0)};
    block.add_frame(0, block.events[0]);
    ASSERT_TRUE((*writer)->add(block).has_value());
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 2);
  }
  EXPECT_EQ(file_text(path), before);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(EventFile, AFolderThatIsNotThereIsNamed) {
  const auto writer = EventFileWriter::open("/nowhere/at/all", {}, KeyRule::kFull);
  ASSERT_FALSE(writer.has_value());
  EXPECT_EQ(writer.error().code, ExitCode::kOutput);
  EXPECT_THAT(writer.error().message, StartsWith("/nowhere/at/all/000001.events: cannot be written: "));
}

// All that can be read of it.
Result<std::string> read_all(const std::string& path) {
  auto reader = TRY(EventFileReader::open(path));
  const auto chunks = TRY(reader.chunks());
  std::string content = bytes_of_about(reader.about()) + bytes_of_chunks(chunks);
  for (const Chunk& chunk : chunks) {
    content += TRY(reader.track(chunk));
    PieceEvents events;
    TRY(reader.append(chunk.fragments, "its fragments", events));
    for (const auto& [partition, piece] : chunk.partitions) TRY(reader.append(piece, "its events", events));
    content += events.packed();
  }
  return content;
}

TEST(EventFile, CutAnywhereItIsRefused) {
  const TempFolder folder;
  const std::string path = write_events(folder, {}, some_packets(60));
  const std::string good = file_text(path);
  ASSERT_TRUE(read_all(path).has_value());
  for (std::size_t end = 0; end < good.size(); end += end + 200 < good.size() ? 37 : 1) {
    overwrite(path, good.substr(0, end));
    const auto read = read_all(path);
    ASSERT_FALSE(read.has_value()) << end;
    ASSERT_EQ(read.error().code, ExitCode::kInput);
    ASSERT_EQ(read.error().message,
              path + ": is no whole event file (its end is missing); run flowgauge events for its capture again");
  }
}

TEST(EventFile, AChangedByteIsFound) {
  const TempFolder folder;
  const std::string path = write_events(folder, {}, some_packets(60));
  const std::string good = file_text(path);
  const std::string content = *read_all(path);
  std::mt19937_64 random(3);
  std::size_t changes = 0;
  std::size_t refused = 0;
  for (std::size_t at = 0; at < good.size(); at += at + 800 < good.size() ? 31 : 1, ++changes) {
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ (1 + random() % 255));
    overwrite(path, changed);
    const auto read = read_all(path);
    if (read) {  // a frame of zstd has bits without a meaning
      ASSERT_EQ(*read, content) << at;
      continue;
    }
    ASSERT_EQ(read.error().code, ExitCode::kInput);
    ASSERT_THAT(read.error().message, StartsWith(path + ": is "));
    ++refused;
  }
  EXPECT_GT(refused, changes * 9 / 10);
}

TEST(EventFile, AnotherFormatIsNamed) {
  const TempFolder folder;
  const std::string path = write_events(folder, {}, some_packets(6));
  std::string bytes = file_text(path);
  bytes[bytes.size() - 16] = 9;
  overwrite(path, bytes);
  EXPECT_EQ(read_all(path).error().message,
            path + ": is of another version of flowgauge (format 9, here 2); run flowgauge events with this one");
}

// What checksums do not protect: a table that was made with intent, or by a fault, is read as far as it makes sense.
TEST(EventFile, AnyBytesAreATableOrNone) {
  ClockTrack track;
  for (std::uint32_t i = 0; i < 3000; ++i) track.add(i, i * 100'000'000LL);
  const Chunk chunk{
      .first_frame = 5, .fragments = {.packets = 3000}, .spans = track.spans(), .seconds = track.seconds()};
  const std::string good = bytes_of_chunks(std::vector{chunk, chunk});
  ASSERT_TRUE(read_chunks(good).has_value());
  ASSERT_EQ(bytes_of_chunks(*read_chunks(good)), good);
  std::mt19937_64 random(4);
  for (int i = 0; i < 3000; ++i) {
    std::string changed = good.substr(0, random() % 3 == 0 ? random() % good.size() : good.size());
    for (int byte = 0; byte < 3 && !changed.empty(); ++byte)
      changed[random() % changed.size()] = static_cast<char>(random());
    if (const auto chunks = read_chunks(changed)) {
      EXPECT_EQ(bytes_of_chunks(*chunks).size(), changed.size());
    }
    (void)read_about(changed);
  }
}

// Numbers by which others look things up: a file that was made to deceive has whole checksums.
TEST(PieceEvents, HavePacketsThatTheParserCouldHaveMade) {
  const auto is_taken = [](std::uint8_t ip_version, std::uint8_t tunnel_type) {
    PieceEvents piece;
    piece.frames = {0};
    piece.behind_ns = {0};
    piece.events = {packet_event{.timestamp_ns = 1, .ip_version = ip_version, .tunnel_type = tunnel_type}};
    return PieceEvents().append(piece.packed(), 1);
  };
  EXPECT_TRUE(is_taken(4, PACKET_TUNNEL_NONE));
  EXPECT_TRUE(is_taken(6, PACKET_TUNNEL_COUNT - 1));
  EXPECT_FALSE(is_taken(6, PACKET_TUNNEL_COUNT));
  EXPECT_FALSE(is_taken(4, 128));
  EXPECT_FALSE(is_taken(0, PACKET_TUNNEL_NONE));
  EXPECT_FALSE(is_taken(5, PACKET_TUNNEL_NONE));
}

}  // namespace
}  // namespace flowgauge::test
