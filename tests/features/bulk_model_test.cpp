// The bulk feature against its definition, applied to the whole list of a flow's packets at once.
#include <gtest/gtest.h>

#include "tests/features/random_packets.h"
#include "tests/features/slow_series.h"

namespace flowgauge::test {
namespace {

// Cuts the payload packets into runs, then takes the runs of 4 and more.
TestRow by_definition(const std::vector<TestPacket>& packets) {
  std::vector<std::vector<TestPacket>> runs;
  std::int64_t newest_ns = 0;
  for (const TestPacket& packet : packets) {
    if (packet.fields.payload_length_bytes == 0) continue;
    const bool goes_on = !runs.empty() && runs.back().back().fields.direction == packet.fields.direction &&
                         packet.fields.time_ns - newest_ns <= kSecond;
    if (!goes_on) runs.emplace_back();
    newest_ns = goes_on ? std::max(newest_ns, packet.fields.time_ns) : packet.fields.time_ns;
    runs.back().push_back(packet);
  }
  TestRow row;
  for (const std::uint8_t direction : {FG_FORWARD, FG_BACKWARD}) {
    std::vector<std::int64_t> sizes;
    std::vector<std::int64_t> bytes;
    std::vector<std::int64_t> durations_ns;
    for (const auto& run : runs) {
      if (run.size() < 4 || run[0].fields.direction != direction) continue;
      std::int64_t last_ns = run[0].fields.time_ns;
      std::int64_t sum = 0;
      for (const TestPacket& packet : run) {
        last_ns = std::max(last_ns, packet.fields.time_ns);
        sum += packet.fields.payload_length_bytes;
      }
      sizes.push_back(static_cast<std::int64_t>(run.size()));
      bytes.push_back(sum);
      durations_ns.push_back(last_ns - run[0].fields.time_ns);
    }
    const std::string side = direction == FG_FORWARD ? "fwd_" : "bwd_";
    const SeriesCell all_bytes = series_of(bytes);
    const SeriesCell all_ns = series_of(durations_ns);
    row[side + "count"] = std::uint64_t{sizes.size()};
    row[side + "packets"] = series_of(sizes);
    row[side + "bytes"] = all_bytes;
    row[side + "duration"] = all_ns;
    row[side + "rate"] =
        all_ns.sum == 0 ? 0 : static_cast<double>(all_bytes.sum) * 1e9 / static_cast<double>(all_ns.sum);
  }
  return row;
}

TEST(BulkModel, RandomFlowsAgree) {
  constexpr std::size_t flows = 3'000;
  Chance chance(4);
  std::vector<std::vector<TestPacket>> lists(flows);
  std::vector<TestPacket> arrivals;
  for (std::size_t flow = 0; flow < flows; ++flow) {
    std::int64_t now_ns = 0;
    std::uint8_t side = FG_FORWARD;
    for (std::uint64_t left = 1 + chance.below(24); left > 0; --left) {
      if (chance.one_in(8)) side ^= 1U;
      const auto payload = static_cast<std::uint32_t>(chance.one_in(5) ? 0 : 1 + chance.below(1'448));
      lists[flow].push_back((side == FG_FORWARD ? forward() : backward()).at(now_ns).payload_length(payload).of(flow));
      now_ns = chance.one_in(3) ? next_time(chance, now_ns) : now_ns + 1'000;
    }
  }
  // Interleaved, so that flows meet in batches.
  for (std::size_t i = 0; i < 24; ++i) {
    for (const auto& list : lists) {
      if (i < list.size()) arrivals.push_back(list[i]);
    }
  }
  FeatureHost host(built_feature("bulk"));
  ASSERT_EQ(host.update(arrivals), FG_OK);
  const std::vector<TestRow> rows = host.emit();
  std::size_t bulks = 0;
  for (std::size_t flow = 0; flow < flows; ++flow) {
    const TestRow expected = by_definition(lists[flow]);
    ASSERT_EQ(rows[flow], expected) << "flow " << flow;
    bulks += std::get<std::uint64_t>(expected.at("fwd_count")) + std::get<std::uint64_t>(expected.at("bwd_count"));
  }
  EXPECT_GT(bulks, flows / 2) << "the lists hold bulks at all";
}

}  // namespace
}  // namespace flowgauge::test
