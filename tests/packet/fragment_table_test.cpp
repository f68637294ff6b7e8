// Later fragments find the ports of their first one, for as long and as many as is said.
#include "core/packet/fragment_table.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/event_builder.h"
#include "tests/support/event_text.h"

namespace flowgauge::test {
namespace {

using namespace literals;

EventBuilder first(std::uint32_t id, std::uint16_t src_port = 1000) {
  return event().udp("10.0.0.1", src_port, "10.0.0.2", 53).payload(100).first_fragment(id);
}
EventBuilder later(std::uint32_t id) { return event().ip("10.0.0.1", "10.0.0.2", 17).payload(50).later_fragment(id); }

packet_event joined(FragmentTable& table, packet_event event, std::int64_t clock_ns) {
  table.join(event, clock_ns);
  return event;
}

TEST(FragmentTable, LaterFragmentTakesPortsAndProtocolAndNothingElse) {
  FragmentTable table;
  const packet_event start = first(7);
  EXPECT_EQ(event_text(joined(table, start, 0)), event_text(start));

  packet_event expected = later(7);
  expected.src_port = 1000;
  expected.dst_port = 53;
  EXPECT_EQ(event_text(joined(table, later(7), 0)), event_text(expected));
  EXPECT_EQ(event_text(joined(table, later(7), 0)), event_text(expected)) << "any number of them";
}

TEST(FragmentTable, ProtocolBehindExtensionHeadersComesFromTheFirst) {
  FragmentTable table;
  packet_event start = event().tcp("fd00::1", 1, "fd00::2", 2).first_fragment(7).fragment_protocol(60);
  table.join(start, 0);
  const packet_event result = joined(table, event().ip("fd00::1", "fd00::2", 60).later_fragment(7), 0);
  EXPECT_EQ(result.ip_protocol, 6);
  EXPECT_EQ(result.fragment_protocol, 60);
  EXPECT_EQ(result.src_port, 1);
}

TEST(FragmentTable, UnknownFirstChangesNothing) {
  FragmentTable table;
  const packet_event alone = later(7);
  EXPECT_EQ(event_text(joined(table, alone, 0)), event_text(alone));
}

TEST(FragmentTable, WholePacketsPassUntouched) {
  FragmentTable table;
  const packet_event whole = event().udp("10.0.0.1", 1, "10.0.0.2", 2);
  EXPECT_EQ(event_text(joined(table, whole, 0)), event_text(whole));
  EXPECT_EQ(table.size(), 0U);
}

TEST(FragmentTable, EveryPartOfTheKeyTellsDatagramsApart) {
  const std::vector<std::pair<std::string, std::function<void(packet_event&)>>> changes = {
      {"id", [](packet_event& e) { e.fragment_id = 8; }},
      {"source", [](packet_event& e) { e.src_address[3] = 9; }},
      {"destination", [](packet_event& e) { e.dst_address[3] = 9; }},
      {"direction", [](packet_event& e) { std::swap(e.src_address, e.dst_address); }},
      {"protocol", [](packet_event& e) { e.fragment_protocol = 6; }},
      {"version", [](packet_event& e) { e.ip_version = 6; }},
      {"tag 0 against none", [](packet_event& e) { e.vlan_count = 1; }},
      {"tag", [](packet_event& e) { e.vlan_count = 1, e.outer_vlan_id = 5; }},
      {"tunnel type", [](packet_event& e) { e.tunnel_type = PACKET_TUNNEL_GRE; }},
      {"tunnel id 0 against none", [](packet_event& e) { e.marks |= PACKET_HAS_TUNNEL_ID; }},
      {"tunnel id", [](packet_event& e) { e.marks |= PACKET_HAS_TUNNEL_ID, e.tunnel_id = 5; }},
  };
  for (const auto& [name, change] : changes) {
    FragmentTable table;
    packet_event start = first(7);
    table.join(start, 0);
    packet_event other = later(7);
    change(other);
    table.join(other, 0);
    EXPECT_EQ(other.dst_port, 0) << name;

    // With the same change on both sides they belong together.
    packet_event changed_start = first(7, 2000);
    change(changed_start);
    table.join(changed_start, 0);
    table.join(other, 0);
    EXPECT_EQ(other.src_port, 2000) << name;
    EXPECT_EQ(joined(table, later(7), 0).src_port, 1000) << name;
  }
}

TEST(FragmentTable, AScopeLeavesOutVlanOrTunnelToo) {
  const auto joins = [](std::uint8_t scope, const packet_event& start, const packet_event& other) {
    FragmentTable table(scope);
    packet_event begun = start;
    table.join(begun, 0);
    return joined(table, other, 0).src_port == 1000;
  };
  const packet_event tunneled = later(7).tunnel(PACKET_TUNNEL_VXLAN, 5);
  for (const std::uint8_t scope : {PACKET_FRAGMENTS_OF_TUNNEL, PACKET_FRAGMENTS_OF_ADDRESSES}) {
    EXPECT_TRUE(joins(scope, first(7), later(7).vlan(5)));
    EXPECT_TRUE(joins(scope, first(7).vlan(5), later(7)));
    EXPECT_TRUE(joins(scope, first(7).vlan(5), later(7).vlan(6)));
    EXPECT_FALSE(joins(scope, first(7), later(8).vlan(5))) << "another id";
    EXPECT_EQ(joins(scope, first(7), tunneled), scope == PACKET_FRAGMENTS_OF_ADDRESSES);
    EXPECT_EQ(joins(scope, first(7).tunnel(PACKET_TUNNEL_VXLAN, 6), tunneled), scope == PACKET_FRAGMENTS_OF_ADDRESSES);
  }
}

TEST(FragmentTable, InnerTagAndOuterAddressesAreNoPartOfTheKey) {
  FragmentTable table;
  packet_event start = first(7).vlan(3).vlan(4).outer("1.1.1.1", "2.2.2.2");
  table.join(start, 0);
  EXPECT_EQ(joined(table, later(7).vlan(3).vlan(5).vlan(6).outer("3.3.3.3", "4.4.4.4"), 0).src_port, 1000);
}

TEST(FragmentTable, RemembersForSixtySecondsOfClock) {
  FragmentTable table;
  packet_event start = first(7);
  table.join(start, -5_s);
  EXPECT_EQ(joined(table, later(7), 55_s).src_port, 1000);
  EXPECT_EQ(joined(table, later(7), 55_s + 1_ns).src_port, 0);
  EXPECT_EQ(joined(table, later(7), 55_s).src_port, 1000) << "a stale entry is not used, but it is not gone";
}

TEST(FragmentTable, RepeatReplacesAndLivesAnew) {
  FragmentTable table;
  packet_event one = first(7, 1000);
  packet_event two = first(7, 2000);
  table.join(one, 0);
  table.join(two, 50_s);
  EXPECT_EQ(table.size(), 1U);
  EXPECT_EQ(joined(table, later(7), 110_s).src_port, 2000);
  EXPECT_EQ(joined(table, later(7), 110_s + 1_ns).src_port, 0);
}

TEST(FragmentTable, OldestLeavesFirstAndARepeatIsYoung) {
  FragmentTable table(PACKET_FRAGMENTS_OF_VLAN, 3);
  for (const std::uint32_t id : {1, 2, 3, 1}) {  // 1 comes again: 2 is the oldest
    packet_event start = first(id);
    table.join(start, 0);
  }
  packet_event fourth = first(4);
  table.join(fourth, 0);
  EXPECT_EQ(table.size(), 3U);
  EXPECT_EQ(joined(table, later(1), 0).src_port, 1000);
  EXPECT_EQ(joined(table, later(2), 0).src_port, 0);
  EXPECT_EQ(joined(table, later(3), 0).src_port, 1000);
  EXPECT_EQ(joined(table, later(4), 0).src_port, 1000);
}

TEST(FragmentTable, HoldsExactly65536) {
  FragmentTable table;
  for (std::uint32_t id = 0; id <= kFragmentCapacity; ++id) {  // one too many
    packet_event start = first(id, static_cast<std::uint16_t>(id % 60000 + 1));
    table.join(start, id);
  }
  EXPECT_EQ(table.size(), 65536U);
  EXPECT_EQ(joined(table, later(0), kFragmentCapacity).src_port, 0);
  for (std::uint32_t id = 1; id <= kFragmentCapacity; ++id) {
    ASSERT_EQ(joined(table, later(id), kFragmentCapacity).src_port, id % 60000 + 1);
  }
}

TEST(FragmentTable, AgreesWithASlowerOne) {
  // Few ids and a small table, so that repeats, evictions and shared buckets all happen. Fixed numbers.
  struct Known {
    std::uint32_t id;
    std::uint16_t port;
    std::int64_t arrived_ns;
  };
  std::vector<Known> model;
  FragmentTable table(PACKET_FRAGMENTS_OF_VLAN, 8);
  std::uint64_t state = 1;
  const auto next = [&state](std::uint64_t below) {
    state = state * 6364136223846793005 + 1442695040888963407;
    return (state >> 33) % below;
  };
  std::int64_t clock_ns = 0;
  int found = 0;
  for (int step = 0; step < 20000; ++step) {
    clock_ns += static_cast<std::int64_t>(next(8)) * 1_s;
    const auto id = static_cast<std::uint32_t>(next(14));
    if (next(2) == 0) {
      const auto port = static_cast<std::uint16_t>(1 + next(60000));
      packet_event start = first(id, port);
      table.join(start, clock_ns);
      std::erase_if(model, [&](const Known& known) { return known.id == id; });
      if (model.size() == 8) model.erase(model.begin());
      model.push_back({id, port, clock_ns});
    } else {
      std::uint16_t expected = 0;
      for (const Known& known : model) {
        if (known.id == id && clock_ns - known.arrived_ns <= 60_s) expected = known.port;
      }
      ASSERT_EQ(joined(table, later(id), clock_ns).src_port, expected) << "step " << step;
      found += expected != 0;
    }
  }
  EXPECT_GT(found, 2000);
}

TEST(FragmentTable, AStepOfTheClockMakesNothingOlder) {
  for (const std::int64_t step : {3600_s, -3600_s}) {
    FragmentTable table;
    joined(table, first(7), 10_s);
    table.shift(step);
    EXPECT_EQ(joined(table, later(7), 10_s + step + kFragmentMemoryNs).src_port, 1000);
    EXPECT_EQ(joined(table, later(7), 10_s + step + kFragmentMemoryNs + 1).src_port, 0);
  }
}

}  // namespace
}  // namespace flowgauge::test
