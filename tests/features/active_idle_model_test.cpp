// The active_idle feature against its definition, applied to the whole list of a flow's times at once.
#include <gtest/gtest.h>

#include "tests/features/random_packets.h"
#include "tests/features/slow_series.h"

namespace flowgauge::test {
namespace {

TestRow by_definition(const std::vector<std::int64_t>& times_ns) {
  std::vector<std::int64_t> newest_ns;  // up to and with each packet
  std::vector<std::size_t> beginnings = {0};
  std::vector<std::int64_t> idle_ns;
  for (std::size_t i = 0; i < times_ns.size(); ++i) {
    if (i > 0 && times_ns[i] - newest_ns[i - 1] > 5 * kSecond) {
      beginnings.push_back(i);
      idle_ns.push_back(times_ns[i] - newest_ns[i - 1]);
    }
    newest_ns.push_back(*std::max_element(times_ns.begin(), times_ns.begin() + static_cast<std::ptrdiff_t>(i) + 1));
  }
  beginnings.push_back(times_ns.size());
  std::vector<std::int64_t> active_ns;
  for (std::size_t period = 0; period + 1 < beginnings.size(); ++period) {
    const auto first = times_ns.begin() + static_cast<std::ptrdiff_t>(beginnings[period]);
    const auto end = times_ns.begin() + static_cast<std::ptrdiff_t>(beginnings[period + 1]);
    std::int64_t begin_ns = *std::min_element(first, end);
    if (period > 0) begin_ns = std::max(begin_ns, newest_ns[beginnings[period] - 1]);  // periods do not overlap
    const std::int64_t length_ns = newest_ns[beginnings[period + 1] - 1] - begin_ns;
    if (length_ns > 0) active_ns.push_back(length_ns);
  }
  return {{"active", series_of(active_ns)}, {"idle", series_of(idle_ns)}};
}

TEST(ActiveIdleModel, RandomFlowsAgree) {
  constexpr std::size_t flows = 3'000;
  Chance chance(5);
  std::vector<std::vector<std::int64_t>> times_ns(flows);
  for (auto& times : times_ns) {
    times.push_back(0);
    for (std::uint64_t left = chance.below(20); left > 0; --left) times.push_back(next_time(chance, times.back()));
  }
  FeatureHost host(built_feature("active_idle"));
  FeatureHost subflows(built_feature("subflow"));
  std::vector<TestPacket> arrivals;
  for (std::size_t i = 0; i < 20; ++i) {
    for (std::size_t flow = 0; flow < flows; ++flow) {
      if (i >= times_ns[flow].size()) continue;
      arrivals.push_back((chance.one_in(2) ? forward() : backward()).at(times_ns[flow][i]).of(flow));
    }
  }
  ASSERT_EQ(host.update(arrivals), FG_OK);
  ASSERT_EQ(subflows.update(arrivals), FG_OK);
  const std::vector<TestRow> rows = host.emit();
  const std::vector<TestRow> counts = subflows.emit();
  std::uint64_t gaps = 0;
  for (std::size_t flow = 0; flow < flows; ++flow) {
    const TestRow expected = by_definition(times_ns[flow]);
    ASSERT_EQ(rows[flow], expected) << "flow " << flow;
    gaps += std::get<SeriesCell>(expected.at("idle")).count;
    // subflow, by the way: 1 + the times more than 1 s after all before them
    std::uint64_t count = 1;
    for (std::size_t i = 1; i < times_ns[flow].size(); ++i) {
      const auto before = times_ns[flow].begin() + static_cast<std::ptrdiff_t>(i);
      if (times_ns[flow][i] - *std::max_element(times_ns[flow].begin(), before) > kSecond) ++count;
    }
    ASSERT_EQ(counts[flow], (TestRow{{"count", count}})) << "flow " << flow;
  }
  EXPECT_GT(gaps, flows / 2) << "the lists hold idle gaps at all";
}

}  // namespace
}  // namespace flowgauge::test
