// End reasons as they stand in the columns `flow.end_reason` and `flow.end_reason_text` (docs/semantics.md, section 3).
#include "core/flow/flow_columns.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/flow/flow_table.h"
#include "tests/flow/two_hosts.h"

namespace flowgauge::test {
namespace {

using namespace literals;

using Reason = std::pair<std::uint64_t, std::string>;

// Place of a column of `flow`; columns are stepped by stride.
std::size_t place_of(const fg_feature& feature, std::string_view name) {
  const auto* bytes = static_cast<const unsigned char*>(feature.columns.items);
  std::size_t place = 0;
  while (name != reinterpret_cast<const fg_column*>(bytes + place * feature.columns.stride)->name) ++place;
  return place;
}

// What the columns say of one record.
Reason reason_in_columns(const unsigned char* record) {
  const fg_feature& feature = flow_feature();
  std::vector<fg_vector> vectors(feature.columns.count);
  std::uint64_t number = 0;
  fg_string text{};
  vectors[place_of(feature, "end_reason")].cells = &number;
  vectors[place_of(feature, "end_reason_text")].cells = &text;
  const fg_emit emit{.struct_size = sizeof(fg_emit), .row_count = 1, .records = &record, .columns = vectors.data()};
  EXPECT_EQ(feature.emit(nullptr, &emit), FG_OK);
  return {number, {text.data, text.size_bytes}};
}

// The reason of the row that is released first.
Reason first_reason(const LifeCycle& rules, const std::vector<packet_event>& events) {
  FlowTable table({.rules = rules});
  EventBlock block;
  block.events = events;
  for (std::size_t i = 0; i < events.size(); ++i) block.frames.push_back(i);
  assign_partitions(block, rules.flow_key);
  std::vector<Reason> reasons;
  const auto take = [&](const PacketBatch& batch) {
    for (const Release& release : batch.releases) reasons.push_back(reason_in_columns(release.record));
    table.recycle(batch.releases);
  };
  table.process(block, take);
  table.drain(take);
  return reasons.at(0);
}

// "frame cause deadline creation" of each row; no frame at the end of input.
std::vector<std::string> order_in_columns(std::span<const Release> releases) {
  const fg_feature& feature = flow_feature();
  std::vector<std::string> rows;
  for (const Release& release : releases) {
    const unsigned char* record = release.record;
    std::vector<fg_vector> vectors(feature.columns.count);
    std::uint64_t frame = 0, valid = 0, creation = 0;
    std::int64_t deadline = 0;
    fg_string cause{};
    vectors[place_of(feature, "release_frame")] = {.cells = &frame, .validity = &valid};
    vectors[place_of(feature, "release_cause")].cells = &cause;
    vectors[place_of(feature, "release_deadline")].cells = &deadline;
    vectors[place_of(feature, "release_creation")].cells = &creation;
    HostEmit emit{};
    emit.struct_size = sizeof(fg_emit);
    emit.row_count = 1;
    emit.records = &record;
    emit.columns = vectors.data();
    emit.releases = &release;
    EXPECT_EQ(feature.emit(nullptr, &emit), FG_OK);
    rows.push_back(fmt::format("{} {} {} {}", valid == 0 ? "-" : std::to_string(frame),
                               std::string_view(cause.data, cause.size_bytes), deadline, creation));
  }
  return rows;
}

EventBuilder udp(std::uint16_t port = 1000) { return event().udp("10.0.0.1", port, "10.0.0.2", 53); }

// Another port whose flow lies in the partition of port 1000's.
std::uint16_t neighbour_port() {
  const auto partition = [](std::uint16_t port) { return partition_of(key_of(udp(port), KeyRule::kFull).key); };
  std::uint16_t port = 1001;
  while (partition(port) != partition(1000)) ++port;
  return port;
}

struct ReasonCase {
  std::string name;
  LifeCycle rules;
  std::vector<packet_event> events;
  Reason reason;
};

TEST(FlowColumns, EveryEndReasonHasItsIpfixNumberAndTheReferencesText) {
  const std::vector<ReasonCase> cases = {
      {"idle timeout", {}, {udp().at(0), udp().at(121_s)}, {1, "Idle Timeout"}},
      {"active timeout", {.active_timeout_ns = 10_s}, {udp().at(0), udp().at(11_s)}, {2, "Active Timeout"}},
      {"a snapshot", {.early_export_ns = 10_s}, {udp().at(0), udp().at(11_s)}, {2, "Active Timeout"}},
      {"FINs",
       {},
       {client("FA", 100, 500), server("FA", 500, 101), client("A", 101, 501)},
       {3, "TCP Normal Termination"}},
      {"RST", {}, {client("S", 1, 0), server("RA", 0, 2)}, {3, "TCP Reset"}},
      {"port reuse", {}, {client("S", 1, 0), client("S", 9, 0)}, {3, "TCP Port Reuse"}},
      {"end of input", {}, {udp()}, {4, "Exporter Shutdown"}},
      {"eviction", {.max_flows = kPartitions}, {udp().at(0), udp(neighbour_port()).at(1_s)}, {5, "Resource Limit"}},
  };
  for (const ReasonCase& one : cases) EXPECT_EQ(first_reason(one.rules, one.events), one.reason) << one.name;
}

TEST(FlowColumns, TellWhatRowsAreSortedBy) {
  FlowTable table({.rules = {.early_export_ns = 50_s}});
  EventBlock block;
  block.events = {udp().at(0), udp().at(60_s), client("S", 1, 0).at(61_s), client("S", 9, 0).at(62_s),
                  udp(2).at(200_s)};
  block.frames = {0, 3, 4, 5, 9};
  std::vector<std::string> rows;
  const auto take = [&](const PacketBatch& batch) {
    for (std::string& row : order_in_columns(batch.releases)) rows.push_back(std::move(row));
    table.recycle(batch.releases);
  };
  table.process(block, take);
  table.drain(take);
  EXPECT_EQ(rows, (std::vector<std::string>{
                      "3 snapshot 50000000000 0",
                      "5 touched 62000000000 4",
                      "9 sweep 180000000000 0",
                      "9 sweep 182000000000 5",
                      "- end_of_input 0 9",
                  }));
}

}  // namespace
}  // namespace flowgauge::test
