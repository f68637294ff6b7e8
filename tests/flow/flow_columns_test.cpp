// Columns of `flow`: end reasons, what rows are sorted by, outer addresses (docs/semantics.md, sections 1 and 3).
#include "core/flow/flow_columns.h"

#include <gtest/gtest.h>

#include <deque>
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

// Memory for texts, for as long as the test program runs.
void* keep_text(fg_arena*, std::uint32_t /*row*/, std::size_t bytes) {
  static std::deque<std::string> kept;
  return kept.emplace_back(bytes, '\0').data();
}

// "outer source > outer destination" of a record, "-" where the cells are null.
std::string outer_in_columns(const unsigned char* record) {
  static constexpr fg_host kHost{.struct_size = sizeof(fg_host),
                                 .minor = FG_ABI_MINOR,
                                 .version = "test",
                                 .log = nullptr,
                                 .arena_alloc = keep_text};
  const fg_feature& feature = flow_feature();
  std::vector<fg_vector> vectors(feature.columns.count);
  fg_string source{}, destination{};
  std::uint64_t source_valid = 0, destination_valid = 0;
  vectors[place_of(feature, "outer_src_ip")] = {.cells = &source, .validity = &source_valid};
  vectors[place_of(feature, "outer_dst_ip")] = {.cells = &destination, .validity = &destination_valid};
  fg_emit emit{.struct_size = sizeof(fg_emit), .row_count = 1, .records = &record, .columns = vectors.data()};
  emit.host = &kHost;
  EXPECT_EQ(feature.emit(nullptr, &emit), FG_OK);
  EXPECT_EQ(source_valid, destination_valid);
  if (source_valid == 0) return "-";
  return fmt::format("{} > {}", std::string_view(source.data, source.size_bytes),
                     std::string_view(destination.data, destination.size_bytes));
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

struct OuterCase {
  std::string name;
  std::vector<packet_event> events;
  std::string outer;
};

TEST(FlowColumns, OuterAddressesAreThoseOfTheFirstPacketByTheFlowsSides) {
  const auto in_tunnel = [](EventBuilder packet, const char* src, const char* dst) {
    return packet.tunnel(PACKET_TUNNEL_GRE).outer(src, dst);
  };
  const std::vector<OuterCase> cases = {
      {"no tunnel", {udp()}, "-"},
      {"IPv4", {in_tunnel(udp(), "192.0.2.1", "192.0.2.2")}, "192.0.2.1 > 192.0.2.2"},
      {"IPv6", {in_tunnel(udp(), "2001:db8::1", "2001:db8::2")}, "2001:db8::1 > 2001:db8::2"},
      {"IPv6 with zeros behind", {in_tunnel(udp(), "2001:db8::", "c000:201::")}, "2001:db8:: > c000:201::"},
      {"a SYN-ACK came first: its receiver is the source",
       {in_tunnel(server("SA", 1, 2), "192.0.2.2", "192.0.2.1"),
        in_tunnel(client("A", 2, 2), "192.0.2.7", "192.0.2.8")},
       "192.0.2.1 > 192.0.2.2"},
      {"later packets come by another way",
       {in_tunnel(udp(), "192.0.2.1", "192.0.2.2"), in_tunnel(udp(), "198.51.100.1", "198.51.100.2")},
       "192.0.2.1 > 192.0.2.2"},
  };
  for (const OuterCase& one : cases) {
    FlowTable table({.record_bytes = 2 * sizeof(BasicFlow), .host = HostRecord::kWithOuter});
    EventBlock block;
    block.events = one.events;
    for (std::size_t i = 0; i < one.events.size(); ++i) block.frames.push_back(i);
    assign_partitions(block, KeyRule::kFull);
    std::vector<std::string> rows;
    const auto take = [&](const PacketBatch& batch) {
      for (const Release& release : batch.releases) rows.push_back(outer_in_columns(release.record));
      table.recycle(batch.releases);
    };
    table.process(block, take);
    table.drain(take);
    EXPECT_EQ(rows, std::vector<std::string>{one.outer}) << one.name;
  }
}

// A record that is used again has nothing of the flow before.
TEST(FlowColumns, AFlowWithoutATunnelHasNoOuterAddressesOfTheOneBefore) {
  FlowTable table({.record_bytes = 2 * sizeof(BasicFlow), .host = HostRecord::kWithOuter});
  EventBlock block;
  block.events = {udp().tunnel(PACKET_TUNNEL_GRE).outer("192.0.2.1", "192.0.2.2").at(0), udp().at(500_s)};
  block.frames = {0, 1};
  assign_partitions(block, KeyRule::kFull);
  std::vector<std::string> rows;
  const auto take = [&](const PacketBatch& batch) {
    for (const Release& release : batch.releases) rows.push_back(outer_in_columns(release.record));
    table.recycle(batch.releases);
  };
  table.process(block, take);
  table.drain(take);
  EXPECT_EQ(rows, (std::vector<std::string>{"192.0.2.1 > 192.0.2.2", "-"}));
}

TEST(FlowColumns, SayWhichPartOfAnEventTheyRead) {
  const fg_feature& feature = flow_feature();
  std::vector<std::string> outer, macs;
  for (std::uint32_t at = 0; at < feature.columns.count; ++at) {
    const auto* bytes = static_cast<const unsigned char*>(feature.columns.items) + at * feature.columns.stride;
    const char* name = reinterpret_cast<const fg_column*>(bytes)->name;
    if (event_part(at) == EventPart::kOuterAddresses) outer.emplace_back(name);
    if (event_part(at) == EventPart::kMacs) macs.emplace_back(name);
  }
  EXPECT_EQ(outer, (std::vector<std::string>{"outer_src_ip", "outer_dst_ip"}));
  EXPECT_EQ(macs, (std::vector<std::string>{"src_mac", "dst_mac"}));
}

}  // namespace
}  // namespace flowgauge::test
