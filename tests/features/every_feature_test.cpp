// What holds for every feature in the plugin folder, whatever it computes: batches, snapshots, other flows and columns
// that nobody wants change nothing; what it writes stays in its place and is fit for output.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/features/every_feature.h"

namespace flowgauge::test {
namespace {

class EveryFeature : public testing::TestWithParam<std::string> {
 protected:
  static const fg_feature& feature() {
    const auto named = [](const fg_feature* built) { return built->name == GetParam(); };
    return **std::find_if(built_features().begin(), built_features().end(), named);
  }
  static std::vector<std::string> columns() {
    std::vector<std::string> names;
    for (const fg_column& column : columns_of(feature())) names.emplace_back(column.name);
    return names;
  }
  static std::vector<TestRow> rows_of(const std::vector<TestPacket>& list, std::size_t batch) {
    FeatureHost host(feature());
    EXPECT_EQ(host.update(list, batch), FG_OK);
    std::vector<TestRow> rows = host.emit();
    EXPECT_EQ(host.last_emit(), FG_OK);
    EXPECT_TRUE(host.canaries_alive());
    return rows;
  }
};

TEST_P(EveryFeature, BatchesOfAnySizeGiveTheSame) {
  const std::vector<TestRow> whole = rows_of(packets(), 64);
  for (const std::size_t batch : {1, 7, 63}) EXPECT_EQ(rows_of(packets(), batch), whole) << "batches of " << batch;
}

TEST_P(EveryFeature, OtherFlowsChangeNothing) {
  const std::vector<TestRow> together = rows_of(packets(), 64);
  for (std::size_t flow = 0; flow < kFlows; ++flow) {
    EXPECT_THAT(rows_of(packets_of(flow), 64), testing::ElementsAre(together[flow])) << "flow " << flow;
  }
}

// Emit between any two batches, as snapshots are: no state changes, nor any later row.
TEST_P(EveryFeature, EmitChangesNothing) {
  FeatureHost host(feature());
  const auto states = [&] {
    std::vector<std::vector<unsigned char>> bytes;
    for (std::size_t flow = 0; flow < kFlows; ++flow)
      bytes.emplace_back(host.state(flow).begin(), host.state(flow).end());
    return bytes;
  };
  for (std::size_t begin = 0; begin < packets().size(); begin += 16) {
    const auto first = packets().begin() + static_cast<std::ptrdiff_t>(begin);
    ASSERT_EQ(host.update({first, first + 16}), FG_OK);
    const auto before = states();
    const std::vector<TestRow> rows = host.emit();
    ASSERT_EQ(host.emit(), rows);
    ASSERT_EQ(states(), before);
  }
  EXPECT_EQ(host.emit(), rows_of(packets(), 64));
}

TEST_P(EveryFeature, WritesWantedColumnsAlone) {
  const std::vector<TestRow> all = rows_of(packets(), 64);
  FeatureHost host(feature());
  ASSERT_EQ(host.update(packets()), FG_OK);
  for (const std::string& column : columns()) {
    const std::vector<TestRow> rows = host.emit({column});
    ASSERT_EQ(rows.size(), all.size());
    for (std::size_t flow = 0; flow < rows.size(); ++flow) {
      EXPECT_EQ(rows[flow], (TestRow{{column, all[flow].at(column)}})) << "flow " << flow;
    }
  }
  EXPECT_TRUE(host.canaries_alive());
}

void expect_fit_for_output(const std::string& column, const Cell& cell) {
  if (const auto* number = std::get_if<double>(&cell)) {
    EXPECT_TRUE(std::isfinite(*number)) << column;
    EXPECT_GE(*number, 0) << column;
  }
  const auto* series = std::get_if<SeriesCell>(&cell);
  if (series == nullptr) return;
  if (series->count == 0) {
    EXPECT_EQ(*series, kNoValues) << column;
    return;
  }
  // The mean lies between the extremes, and the mean of squares is not below the square of the mean.
  const auto count = static_cast<__int128>(series->count);
  EXPECT_LE(series->min, series->max) << column << ' ' << *series;
  EXPECT_LE(count * series->min, series->sum) << column << ' ' << *series;
  EXPECT_GE(count * series->max, series->sum) << column << ' ' << *series;
  const auto sum = static_cast<__int128>(series->sum);
  EXPECT_GE(static_cast<__int128>(series->squares) * count, sum * sum) << column << ' ' << *series;
}

TEST_P(EveryFeature, CellsAreFitForOutput) {
  for (const TestRow& row : rows_of(packets(), 64)) {
    EXPECT_EQ(row.size(), columns().size());
    for (const auto& [column, cell] : row) expect_fit_for_output(column, cell);
  }
}

bool is_nothing(const Cell& cell) {
  const auto* list = std::get_if<std::vector<std::uint64_t>>(&cell);  // a histogram of nothing has its bins
  if (list != nullptr) return std::all_of(list->begin(), list->end(), [](std::uint64_t item) { return item == 0; });
  return cell == Cell(kNoValues) || cell == Cell(std::uint64_t{0}) || cell == Cell(0.0) || cell == Cell(Never{});
}

// The third flow's packets all come from the source: the other side is empty whatever the column.
TEST_P(EveryFeature, ASideThatSentNothingHasNoValues) {
  const TestRow row = rows_of(packets(), 64)[2];
  for (const auto& [column, cell] : row) {
    if (!column.starts_with("bwd")) continue;
    EXPECT_TRUE(is_nothing(cell)) << column << testing::PrintToString(cell);
  }
}

// Fields that no parser makes, and times at the ends of what timestamps can be (docs/semantics.md, section 1).
TEST_P(EveryFeature, HostileValuesDoNoHarm) {
  Chance chance(8);
  std::vector<TestPacket> hostile;
  for (int i = 0; i < 2'000; ++i) {
    TestPacket packet = chance.one_in(2) ? backward() : forward();
    fg_packet& fields = packet.of(chance.below(50)).fields;
    fields.ip_length_bytes = static_cast<std::uint32_t>(chance.one_in(2) ? ~std::uint64_t{0} : chance.number());
    fields.payload_length_bytes = static_cast<std::uint32_t>(chance.one_in(2) ? ~std::uint64_t{0} : chance.number());
    fields.tcp_seq = static_cast<std::uint32_t>(chance.number());
    fields.tcp_ack = static_cast<std::uint32_t>(chance.number());
    fields.tcp_window = static_cast<std::uint16_t>(chance.number());
    fields.l4_header_bytes = static_cast<std::uint8_t>(chance.number());
    fields.tcp_flags = static_cast<std::uint8_t>(chance.number());
    fields.marks = static_cast<std::uint8_t>(chance.number());
    fields.ip_protocol = chance.any_of<std::uint8_t>({6, 1, 58, 255, static_cast<std::uint8_t>(chance.number())});
    fields.icmp_type = static_cast<std::uint8_t>(chance.number());
    constexpr std::int64_t end_ns = (std::int64_t{1} << 62) - 1;
    packet.at(chance.any_of<std::int64_t>({0, end_ns, -end_ns, static_cast<std::int64_t>(chance.below(end_ns))}));
    hostile.push_back(packet);
  }
  for (const TestRow& row : rows_of(hostile, 64)) {
    for (const auto& [column, cell] : row) {
      const auto* number = std::get_if<double>(&cell);
      EXPECT_TRUE(number == nullptr || std::isfinite(*number)) << column;
    }
  }
}

// As the host may ask of a flow before its first packet, or of one whose packets the feature passes over.
TEST_P(EveryFeature, AFlowWithoutPacketsHasNoValues) {
  FeatureHost host(feature());
  host.flow(0);
  for (const auto& [column, cell] : host.row()) expect_fit_for_output(column, cell);
  EXPECT_EQ(host.last_emit(), FG_OK);
  EXPECT_TRUE(host.canaries_alive());
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const fg_feature* feature : built_features()) all.emplace_back(feature->name);
  return all;
}
INSTANTIATE_TEST_SUITE_P(Built, EveryFeature, testing::ValuesIn(names()),
                         [](const auto& feature) { return feature.param; });

}  // namespace
}  // namespace flowgauge::test
