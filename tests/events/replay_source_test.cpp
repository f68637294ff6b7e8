// Replayed from event files, packets have the readings, ports and partitions that one run over all captures gives them,
// wherever the captures are cut; and a tick stands wherever another's packet enters a second.
#include "core/events/replay_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core/flow/clock.h"
#include "core/flow/flow_key.h"
#include "tests/events/event_files.h"
#include "tests/support/event_builder.h"

namespace flowgauge::test {
namespace {

using testing::HasSubstr;

// What a packet is in the stream.
struct Seen {
  std::uint64_t frame;
  std::int64_t clock_ns;
  std::uint8_t partition;
  std::uint16_t src_port;
  std::int64_t timestamp_ns;
  std::vector<std::uint8_t> bytes;

  bool operator==(const Seen&) const = default;
};

struct Replayed {
  std::vector<Seen> packets;
  std::vector<std::uint64_t> ticks;  // frames
  std::int64_t last_ns = kNoClock;
  Ledger ledger;
  ClockCounters clock;
  std::vector<Error> problems;
};

Replayed replay(const std::vector<EventFileEntry>& files, const PartitionSet& partitions, const LifeCycle& rules) {
  ReplaySource source({.files = files, .partitions = partitions, .rules = rules, .has_bytes = true});
  Replayed result;
  EventBlock block;
  for (bool more = true; more;) {
    more = source.read(block) == SourceState::kMore;
    EXPECT_LE(block.events.size(), kBlockEvents);
    for (std::size_t i = 0; i < block.events.size(); ++i) {
      const packet_event& event = block.events[i];
      EXPECT_GE(block.clocks[i], result.last_ns);
      result.last_ns = block.clocks[i];
      if (!partitions.contains(event.partition)) {
        result.ticks.push_back(block.frames[i]);
        continue;
      }
      const auto bytes = block.payload.begin() + block.payload_begin[i];
      result.packets.push_back({block.frames[i],
                                block.clocks[i],
                                event.partition,
                                event.src_port,
                                event.timestamp_ns,
                                {bytes, bytes + event.payload_captured_bytes}});
    }
  }
  result.ledger = source.ledger();
  result.clock = source.clock();
  result.problems = source.problems();
  return result;
}

// The same of one stream, packet by packet.
Replayed of_one_run(const std::vector<StagedCapture>& captures, const PartitionSet& partitions,
                    const LifeCycle& rules) {
  Replayed result;
  RunClock clock(clock_rules(rules));
  FragmentTable fragments;
  std::vector<StagedEvent> stream;
  std::uint64_t begin = 0;
  for (const StagedCapture& capture : captures) {
    for (const StagedEvent& event : capture.events) {
      stream.push_back(event);
      stream.back().frame += begin;
    }
    begin += capture.frames;
  }
  std::size_t at = 0;
  const auto settle = [&](std::span<const std::int64_t> readings) {
    for (const std::int64_t reading : readings) {
      StagedEvent& staged = stream[at++];
      fragments.join(staged.event, reading);
      const std::uint8_t partition = partition_of(key_of(staged.event, rules.flow_key).key);
      if (partitions.contains(partition))
        result.packets.push_back(
            {staged.frame, reading, partition, staged.event.src_port, staged.event.timestamp_ns, staged.bytes});
      else if (result.last_ns == kNoClock || second_of(reading) > second_of(result.last_ns))
        result.ticks.push_back(staged.frame);
      result.last_ns = reading;
    }
  };
  for (const StagedEvent& event : stream) settle(clock.take_in(event.event.timestamp_ns));
  settle(clock.finish());
  result.ledger.frames_read = begin;
  result.clock = clock.counters();
  return result;
}

PartitionSet parts(const std::string& text) { return *parse_partitions(text); }

void expect_same(const std::vector<StagedCapture>& captures, const LifeCycle& rules, const std::string& what) {
  const TempFolder folder;
  const auto files = write_job(folder, captures, rules.flow_key);
  std::uint64_t packets = 0;
  for (const std::string text : {"0-255", "0-127", "128-255", "7"}) {
    const PartitionSet partitions = parts(text);
    const Replayed found = replay(files, partitions, rules);
    const Replayed expected = of_one_run(captures, partitions, rules);
    ASSERT_TRUE(found.problems.empty()) << what << ": " << found.problems.front().message;
    ASSERT_EQ(found.packets, expected.packets) << what << ", partitions " << text;
    // The one at the end, behind all frames, tells the last reading.
    std::vector<std::uint64_t> ticks = found.ticks;
    if (!ticks.empty() && ticks.back() == expected.ledger.frames_read) ticks.pop_back();
    ASSERT_EQ(ticks, expected.ticks) << what << ", partitions " << text;
    ASSERT_EQ(found.last_ns, expected.last_ns) << what;
    ASSERT_EQ(found.clock.older_packets, expected.clock.older_packets) << what;
    ASSERT_EQ(found.clock.ahead_packets, expected.clock.ahead_packets) << what;
    ASSERT_EQ(found.clock.steps, expected.clock.steps) << what;
    ASSERT_EQ(found.ledger.frames_read, expected.ledger.frames_read);
    ASSERT_EQ(found.ledger.accepted(), expected.packets.size());
    ASSERT_EQ(found.ledger.accepted() + found.ledger.ignored(), found.ledger.frames_read);
    packets += text == "0-127" || text == "128-255" ? found.ledger.accepted() : 0;
  }
  std::uint64_t all = 0;
  for (const StagedCapture& capture : captures) all += capture.events.size();
  ASSERT_EQ(packets, all);
}

// Of `count` packets at these times; some frames between them are ignored.
StagedCapture capture_at(const std::vector<std::int64_t>& times_ns) {
  StagedCapture capture;
  for (std::size_t i = 0; i < times_ns.size(); ++i) {
    capture.frames += i % 4 == 1 ? 2 : 0;
    const auto port = static_cast<std::uint16_t>(1 + i * 37 % 300);
    capture.events.push_back({capture.frames++, EventBuilder().udp("10.0.0.1", port, "10.0.0.2", 53).at(times_ns[i])});
    capture.events.back().bytes.assign(i % 4, static_cast<std::uint8_t>(i));
  }
  return capture;
}

// Every way to cut a stream into two, and into three.
void expect_same_wherever_cut(const std::vector<std::int64_t>& times, const LifeCycle& rules, const std::string& what) {
  for (std::size_t cut = 0; cut <= times.size(); ++cut) {
    const auto at = [&](std::size_t i) { return times.begin() + static_cast<std::ptrdiff_t>(i); };
    const std::size_t second = std::min(cut + 2, times.size());
    expect_same(
        {capture_at({at(0), at(cut)}), capture_at({at(cut), at(second)}), capture_at({at(second), times.end()})}, rules,
        fmt::format("{}, cut at {}", what, cut));
    if (testing::Test::HasFatalFailure()) return;
  }
}

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kHour = 3600 * kSecond;

TEST(ReplaySource, LeadsTheClockOverBorders) {
  const LifeCycle rules;
  const struct {
    std::string what;
    std::vector<std::int64_t> times;
  } rows[] = {
      {"in order", {0, 1, kSecond, kSecond, 3 * kSecond, 4 * kSecond - 1}},
      {"older", {5 * kSecond, 3 * kSecond, 6 * kSecond, 5 * kSecond, 5 * kSecond}},
      {"one ahead", {0, kHour, 1, 2 * kSecond}},
      {"two ahead", {0, kHour, kHour + 1, 1, 2 * kSecond}},
      {"three ahead", {0, kHour, kHour + 1, kHour + kSecond, 1, kHour + 2 * kSecond}},
      {"ahead at the end", {0, 1, kHour, kHour + kSecond}},
      {"ahead, each from the other", {0, kHour, 2 * kHour, 3 * kHour, 1}},
      {"a step back", {kHour, kHour + 1, 5, 7 * kSecond + 13, 6, 9, 8 * kSecond, 8 * kSecond + 14}},
      {"two back", {kHour, 5, 7, kHour + 1, 6, 8, kHour + kSecond}},
      {"back and forth", {kHour, 3, 2, 1, 2 * kSecond, kHour, kHour + 1, kHour + 2, 1, 2, 3, 4 * kSecond}},
      {"before 1970", {-kHour, -1, 0, -kSecond, kSecond}},
  };
  for (const auto& row : rows) {
    expect_same_wherever_cut(row.times, rules, row.what);
    if (HasFatalFailure()) return;
  }
}

TEST(ReplaySource, WithoutWildPacketsTheClockIsTheGreatest) {
  LifeCycle rules;
  rules.clock_jump_ns = 0;
  expect_same_wherever_cut({0, kHour, 1, 2, 3, 2 * kHour, kHour, kHour + 5}, rules, "no jump");
}

// Long enough for spans that are passed by their summary, others that are unpacked, and several chunks of the clock.
TEST(ReplaySource, LeadsTheClockOverSpans) {
  std::mt19937_64 random(11);
  for (const std::int64_t step_ns : {std::int64_t{200'000}, 20 * std::int64_t{1'000'000}, 2 * kSecond}) {
    for (const std::uint64_t wild_one_of : {400UL, 3000UL, 100'000'000UL}) {
      std::vector<StagedCapture> captures;
      std::int64_t now = 1'600'000'000 * kSecond;
      for (int file = 0; file < 4; ++file) {
        std::vector<std::int64_t> times;
        std::uint64_t wild = 0;
        for (int i = 0; i < 5000; ++i) {
          now += static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(2 * step_ns));
          if (random() % wild_one_of == 0) wild = 1 + random() % 4;
          const std::int64_t late = random() % 50 == 0 ? static_cast<std::int64_t>(random() % (3 * kSecond)) : 0;
          times.push_back(wild > 0 ? now + (random() % 2 == 0 ? 2 * kHour : -kHour) + i : now - late);
          wild -= wild > 0 ? 1 : 0;
        }
        now += file == 1 ? -kHour - 12345 : 0;  // a file in the wrong order
        captures.push_back(capture_at(times));
      }
      expect_same(captures, {}, fmt::format("steps of {} ns, one of {} wild", step_ns, wild_one_of));
      if (HasFatalFailure()) return;
    }
  }
}

// The first one in one capture, later ones in the next; beyond the memory's 60 s; numbers used again.
TEST(ReplaySource, JoinsFragmentsOverBorders) {
  const auto first = [](std::uint32_t id, std::uint16_t port, std::int64_t at) -> packet_event {
    return EventBuilder().udp("10.0.0.1", port, "10.0.0.2", 53).first_fragment(id).at(at);
  };
  const auto later = [](std::uint32_t id, std::int64_t at) -> packet_event {
    return EventBuilder().udp("10.0.0.1", 1, "10.0.0.2", 1).later_fragment(id).at(at);
  };
  const std::vector<packet_event> events = {first(1, 1001, 0),      later(2, 1),
                                            first(2, 1002, 2),      later(1, 3),
                                            first(1, 2001, 4),      later(2, kSecond),
                                            later(1, 2 * kSecond),  later(2, kHour),
                                            later(2, 60 * kSecond), later(1, 61 * kSecond),
                                            later(1, 60 * kSecond), later(3, 61 * kSecond)};
  for (std::size_t cut = 0; cut <= events.size(); ++cut) {
    std::vector<StagedCapture> captures(2);
    for (std::size_t i = 0; i < events.size(); ++i) {
      StagedCapture& capture = captures[i < cut ? 0 : 1];
      capture.events.push_back({capture.frames++, events[i]});
    }
    expect_same(captures, {}, fmt::format("cut at {}", cut));
    if (HasFatalFailure()) return;
  }
}

TEST(ReplaySource, WithSnapshotsEveryMoveOfTheClockIsATick) {
  const TempFolder folder;
  LifeCycle rules;
  rules.early_export_ns = kSecond;
  const auto files = write_job(folder, {capture_at({0, 5, 5, 3, 9, 2 * kSecond})});
  PartitionSet nobody;  // has no flow of these
  for (std::uint8_t partition = 0; partition < 255; ++partition) nobody.add(partition);
  const Replayed all = replay(files, PartitionSet::all(), rules);
  const Replayed found = replay(files, nobody, rules);
  std::vector<std::uint64_t> expected;
  std::int64_t told = kNoClock;
  for (const Seen& packet : all.packets) {
    if (packet.partition == 255 && packet.clock_ns > told) expected.push_back(packet.frame);
    told = packet.clock_ns;
  }
  EXPECT_EQ(found.ticks, expected);
  const Replayed one = replay(files, parts("3"), rules);
  EXPECT_EQ(one.packets.size() + one.ticks.size(), 4U);  // 0, 5, 9, 2 s: so many readings
}

TEST(ReplaySource, TellsWhereTheFirstVlanIs) {
  const TempFolder folder;
  StagedCapture tagged = capture_at({3, 4, 5});
  tagged.events[1].event.vlan_count = 1;
  const auto files = write_job(folder, {capture_at({1, 2}), tagged});
  ReplaySource source({.files = files, .partitions = parts("0")});
  EventBlock block;
  std::uint64_t first_tagged = kNoFrame;
  for (bool more = true; more; first_tagged = std::min(first_tagged, block.first_tagged))
    more = source.read(block) == SourceState::kMore;
  EXPECT_EQ(first_tagged, capture_at({1, 2}).frames + tagged.events[1].frame);
}

TEST(ReplaySource, OfADamagedCaptureThereIsAWarning) {
  const TempFolder folder;
  write_events(folder, {.problem = "capture-1: is cut"}, capture_at({1}));
  ReplaySource source({.files = *list_event_files(folder.path(), kSettings)});
  EXPECT_THAT(source.warnings(), testing::ElementsAre("capture-1: is cut (as flowgauge events found)"));
}

// The ledger is of what was handed over.
TEST(ReplaySource, EndsWithAFileThatIsGone) {
  const TempFolder folder;
  const auto files = write_job(folder, {capture_at({1, 2, 3}), capture_at({4, 5})});
  std::filesystem::remove(files[1].path);
  const Replayed found = replay(files, PartitionSet::all(), {});
  ASSERT_EQ(found.problems.size(), 1U);
  EXPECT_EQ(found.problems[0].message, files[1].path + ": cannot be read: No such file or directory");
  EXPECT_EQ(found.packets.size(), 3U);
  EXPECT_EQ(found.ledger.accepted(), 3U);
  EXPECT_EQ(found.ledger.frames_read, 3 + found.ledger.ignored());
}

TEST(ReplaySource, EndsWhenItIsInterrupted) {
  const TempFolder folder;
  std::vector<std::int64_t> times(20'000);
  for (std::size_t i = 0; i < times.size(); ++i) times[i] = static_cast<std::int64_t>(i);
  const auto files = write_job(folder, {capture_at(times)});
  ReplaySource source({.files = files});
  EventBlock block;
  ASSERT_EQ(source.read(block), SourceState::kMore);
  const std::size_t before = block.events.size();
  source.interrupt();
  EXPECT_EQ(source.read(block), SourceState::kEnd);
  EXPECT_EQ(source.ledger().accepted(), before + block.events.size());
  EXPECT_LT(source.ledger().accepted(), times.size());
}

// Two captures that call the same interfaces by other numbers.
std::vector<EventFileEntry> job_of_interfaces(const TempFolder& folder, std::uint16_t of_last_packet) {
  const auto capture = [](std::initializer_list<std::uint16_t> interfaces) {
    StagedCapture staged;
    for (const std::uint16_t interface : interfaces) {
      packet_event event = EventBuilder().udp("10.0.0.1", 1000, "10.0.0.2", 53);
      event.interface = interface;
      staged.events.push_back({staged.frames++, event});
    }
    return staged;
  };
  write_events(folder, {.number = 1, .count = 2, .interfaces = {"in", "out"}}, capture({2, 0, 1}));
  write_events(folder, {.number = 2, .count = 2, .interfaces = {"out", "else"}}, capture({1, of_last_packet}));
  return *list_event_files(folder.path(), kSettings);
}

TEST(ReplaySource, InterfacesHaveTheirNamesWhateverTheirNumbers) {
  const TempFolder folder;
  InterfaceNames names;
  ReplaySource source({.files = job_of_interfaces(folder, 2), .names = &names});
  EventBlock block;
  std::vector<std::string> seen;
  for (bool more = true; more;) {
    more = source.read(block) == SourceState::kMore;
    for (const packet_event& event : block.events) seen.emplace_back(names.name(event.interface));
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"out", "", "in", "out", "else"}));
  EXPECT_TRUE(source.problems().empty());
}

TEST(ReplaySource, AnInterfaceThatTheFileDoesNotNameIsDamage) {
  const TempFolder folder;
  InterfaceNames names;
  ReplaySource source({.files = job_of_interfaces(folder, 3), .names = &names});
  EventBlock block;
  while (source.read(block) == SourceState::kMore) {
  }
  ASSERT_EQ(source.problems().size(), 1U);
  EXPECT_THAT(source.problems()[0].message, HasSubstr("000002.events: is no whole event file (its events)"));
}

}  // namespace
}  // namespace flowgauge::test
