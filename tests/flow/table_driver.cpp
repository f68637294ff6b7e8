#include "tests/flow/table_driver.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>

#include "core/flow/address_text.h"
#include "core/packet/event_block.h"

namespace flowgauge::test {
namespace {

constexpr std::array<std::string_view, 6> kEnds = {"idle_timeout", "active_timeout", "fin",
                                                   "rst",          "forced_end",     "lack_of_resources"};
constexpr std::array<std::string_view, 7> kStyles = {
    "not_applicable", "none", "half_close", "bidirectional_fin", "four_way_fin", "simultaneous_fin", "reset"};
constexpr std::array<std::string_view, 4> kBases = {"syn", "syn_ack", "first_packet", "inherited"};
constexpr std::array<std::string_view, 6> kCauses = {"sweep", "snapshot", "eviction", "touched", "close", "end"};

struct Row {
  ReleaseOrder order;
  std::string text;
};

std::string endpoint_text(const BasicFlow& flow, Endpoint endpoint) {
  std::array<char, kAddressTextBytes> text;
  const char* end = write_address(text.data(), flow.key.address[endpoint].data(), flow.key.ip_version);
  return fmt::format("{}:{}", std::string_view(text.data(), end), flow.key.port[endpoint]);
}

std::string line(const BasicFlow& flow) {
  std::string text = fmt::format(
      "{}>{} {}+{} {}/{} {} {} {} seg{}", endpoint_text(flow, flow.source), endpoint_text(flow, flow.source ^ 1U),
      time_text(flow.first_ns), time_text(flow.last_ns - flow.first_ns), flow.packets[0], flow.packets[1],
      flow.is_snapshot ? "live" : kEnds[static_cast<std::size_t>(flow.end_reason)],
      flow.key.protocol == kIpProtocolTcp ? kStyles[static_cast<std::size_t>(flow.tcp.close_style())] : kStyles[0],
      kBases[static_cast<std::size_t>(flow.direction_basis)], flow.segment);
  if (flow.tcp.handshake_completed) text += " hs";
  if (flow.out_of_order_packets != 0) text += fmt::format(" ooo={}", flow.out_of_order_packets);
  if (flow.fragment_packets != 0) text += fmt::format(" frag={}", flow.fragment_packets);
  if (flow.is_snapshot) text += " snapshot";
  return text;
}

void take(FlowTable& table, const PacketBatch& batch, std::vector<Row>& rows) {
  for (const Release& release : batch.releases) rows.push_back({release.order, line(basic_flow(release.record))});
  table.recycle(batch.releases);
}

// One shard over all events, `block_events` at a time.
std::vector<Row> run_shard(const LifeCycle& rules, std::span<const packet_event> events, std::size_t block_events,
                           std::uint32_t shard, std::uint32_t shards) {
  FlowTable table({.rules = rules, .shard = shard, .shards = shards, .record_bytes = sizeof(BasicFlow), .needs = 0});
  const auto batch = std::make_unique<PacketBatch>();
  std::vector<Row> rows;
  for (std::size_t begin = 0; begin < events.size(); begin += block_events) {
    const auto part = events.subspan(begin, std::min(block_events, events.size() - begin));
    EventBlock block;
    block.events.assign(part.begin(), part.end());
    for (std::size_t i = 0; i < part.size(); ++i) block.frames.push_back(begin + i);
    assign_partitions(block, rules.flow_key);
    table.begin(block);
    for (bool more = true; more;) {
      more = table.fill(*batch);
      take(table, *batch, rows);
    }
  }
  for (bool more = true; more;) {
    more = table.drain(*batch);
    take(table, *batch, rows);
  }
  EXPECT_EQ(table.size(), 0U);
  EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.order < b.order; }));
  return rows;
}

Rows texts(const std::vector<Row>& rows) {
  Rows result;
  for (const Row& row : rows) result.push_back(row.text);
  return result;
}

}  // namespace

std::string time_text(std::int64_t ns) {
  if (ns % 1'000'000'000 == 0 && ns != 0) return fmt::format("{}s", ns / 1'000'000'000);
  if (ns % 1'000'000 == 0 && ns != 0) return fmt::format("{}ms", ns / 1'000'000);
  return fmt::format("{}ns", ns);
}

Rows rows_of(const LifeCycle& rules, const std::vector<packet_event>& events) {
  const Rows whole = texts(run_shard(rules, events, events.size() + 1, 0, 1));
  EXPECT_EQ(texts(run_shard(rules, events, 1, 0, 1)), whole) << "blocks of one event";
  std::vector<Row> merged;
  for (std::uint32_t shard = 0; shard < 3; ++shard)
    for (Row& row : run_shard(rules, events, 2, shard, 3)) merged.push_back(std::move(row));
  std::sort(merged.begin(), merged.end(), [](const Row& a, const Row& b) { return a.order < b.order; });
  EXPECT_EQ(texts(merged), whole) << "three shards";
  return whole;
}

Rows releases_of(const LifeCycle& rules, const std::vector<packet_event>& events) {
  Rows result;
  for (const Row& row : run_shard(rules, events, events.size() + 1, 0, 1)) {
    const std::string place =
        row.order.cause == ReleaseCause::kEndOfInput
            ? "end"
            : fmt::format("frame {} {} {}", row.order.frame, kCauses[static_cast<std::size_t>(row.order.cause)],
                          time_text(row.order.deadline_ns));
    result.push_back(place + ": " + row.text);
  }
  return result;
}

}  // namespace flowgauge::test
