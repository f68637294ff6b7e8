#include "tests/flow/table_driver.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <span>

#include "core/packet/event_block.h"
#include "core/text/address_text.h"
#include "tests/support/clock_readings.h"

namespace flowgauge::test {
namespace {

constexpr std::array<std::string_view, kEndReasons> kEnds = {
    "idle_timeout", "active_timeout", "fin", "rst", "reuse", "forced_end", "lack_of_resources", "feature"};
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
  std::string text = fmt::format("{}>{} {}+{} {}/{} {} {} {} seg{}", endpoint_text(flow, flow.source),
                                 endpoint_text(flow, flow.source ^ 1U), time_text(flow.first_ns()),
                                 time_text(flow.last_ns() - flow.first_ns()), flow.packets[0], flow.packets[1],
                                 flow.is_snapshot ? "live" : kEnds[static_cast<std::size_t>(flow.end_reason)],
                                 flow.is_tcp() ? kStyles[static_cast<std::size_t>(flow.tcp.close_style())] : kStyles[0],
                                 kBases[static_cast<std::size_t>(flow.direction_basis)], flow.segment);
  if (flow.is_tcp() && flow.tcp.handshake_completed) text += " hs";
  if (flow.is_tcp() && flow.tcp.reset_before_handshake) text += " reset_before_hs";
  if (flow.is_tcp() && flow.tcp.reset_after_handshake) text += " reset_after_hs";
  if (flow.out_of_order_packets != 0) text += fmt::format(" ooo={}", flow.out_of_order_packets);
  if (flow.fragment_packets != 0) text += fmt::format(" frag={}", flow.fragment_packets);
  if (flow.is_snapshot) text += " snapshot";
  return text;
}

// A shard that takes in block after block.
class Run {
 public:
  Run(const LifeCycle& rules, std::uint32_t shard, std::uint32_t shards)
      : rules_(rules),
        table_({.rules = rules, .partitions = PartitionSet::all().share(shard, shards), .hash_seed = 42 + shard}) {}

  void take_in(const LiveBlock& part) {
    EventBlock block;
    block.events = part.events;
    for (std::size_t i = 0; i < part.events.size(); ++i) block.frames.push_back(next_frame_++);
    block.clock_ns = part.clock_ns;
    block.step_ns = part.step_ns;
    block.clocks = part.clocks;
    assign_partitions(block, rules_.flow_key);
    table_.process(block, take_);
  }

  std::vector<Row> end() {
    table_.drain(take_);
    EXPECT_EQ(table_.size(), 0U);
    const auto earlier = [](const Row& a, const Row& b) { return a.order < b.order; };
    EXPECT_TRUE(std::is_sorted(rows_.begin(), rows_.end(), earlier));
    return std::move(rows_);
  }

 private:
  LifeCycle rules_;
  FlowTable table_;
  const FlowTable::UseBatch take_ = [this](const PacketBatch& batch) {
    for (const Release& release : batch.releases) rows_.push_back({release.order, line(basic_flow(release.record))});
    table_.recycle(batch.releases);
  };
  std::uint64_t next_frame_ = 0;
  std::vector<Row> rows_;
};

// One shard over all events, `block_events` at a time.
std::vector<Row> run_shard(const LifeCycle& rules, std::span<const packet_event> events, std::size_t block_events,
                           std::uint32_t shard, std::uint32_t shards) {
  const std::vector<std::int64_t> clocks = clock_readings(rules, events);
  Run run(rules, shard, shards);
  for (std::size_t begin = 0; begin < events.size(); begin += block_events) {
    const std::size_t count = std::min(block_events, events.size() - begin);
    const auto part = events.subspan(begin, count);
    const auto at = clocks.begin() + static_cast<std::ptrdiff_t>(begin);
    run.take_in({.events = {part.begin(), part.end()}, .clocks = {at, at + static_cast<std::ptrdiff_t>(count)}});
  }
  return run.end();
}

Rows with_places(const std::vector<Row>& rows) {
  Rows result;
  for (const Row& row : rows) {
    const std::string place =
        row.order.cause == ReleaseCause::kEndOfInput
            ? "end"
            : fmt::format("frame {} {} {}", row.order.frame, kCauses[static_cast<std::size_t>(row.order.cause)],
                          time_text(row.order.deadline_ns));
    result.push_back(place + ": " + row.text);
  }
  return result;
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
  return with_places(run_shard(rules, events, events.size() + 1, 0, 1));
}

Rows releases_of(const LifeCycle& rules, const std::vector<LiveBlock>& blocks) {
  Run run(rules, 0, 1);
  for (const LiveBlock& block : blocks) run.take_in(block);
  return with_places(run.end());
}

Rows brief(const LifeCycle& rules, const std::vector<packet_event>& events) {
  Rows result;
  for (const std::string& row : rows_of(rules, events)) {
    const std::string rest = row.substr(row.find(' ', row.find(' ') + 1));
    result.push_back((row.starts_with("10.0.0.1:") ? "client" : "server") + rest);
  }
  return result;
}

std::string name_of_case(const testing::TestParamInfo<LifeCase>& info) { return info.param.name; }

}  // namespace flowgauge::test
