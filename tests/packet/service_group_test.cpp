#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "core/packet/endpoint_class.h"

namespace flowgauge::test {
namespace {

constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kSctp = 132;

TEST(ServiceGroup, OneServiceOfEachGroup) {
  struct Case {
    std::uint16_t port;
    std::uint8_t protocol;
    std::string group;
  };
  const std::vector<Case> cases = {
      {443, kTcp, "web"},           {443, kUdp, "web"},        {53, kUdp, "dns"},         {25, kTcp, "mail"},
      {445, kTcp, "file"},          {22, kTcp, "shell"},       {3389, kTcp, "desktop"},   {5432, kTcp, "database"},
      {389, kTcp, "directory"},     {161, kUdp, "management"}, {123, kUdp, "time"},       {5060, kUdp, "voip"},
      {51820, kUdp, "tunnel"},      {1883, kTcp, "iot"},       {502, kTcp, "industrial"}, {5672, kTcp, "queue"},
      {6881, kTcp, "peer_to_peer"}, {5353, kUdp, "discovery"}, {40000, kTcp, "other"},    {0, kTcp, "other"},
      {65535, kUdp, "other"},       {20, kTcp, "file"},
  };
  std::set<std::string> groups;
  for (const Case& service : cases) {
    EXPECT_EQ(service_group(service.port, service.protocol), service.group) << service.port;
    groups.insert(service.group);
  }
  EXPECT_EQ(groups.size(), 18U);
}

TEST(ServiceGroup, TransportMatters) {
  EXPECT_EQ(service_group(25, kUdp), "other");
  EXPECT_EQ(service_group(123, kTcp), "other");
  EXPECT_EQ(service_group(5060, kSctp), "voip");
  EXPECT_EQ(service_group(25, kSctp), "other");
  EXPECT_EQ(service_group(0, 1), "other") << "ICMP has no ports";
  EXPECT_EQ(service_group(443, 50), "other");
}

TEST(ServiceGroup, EveryPortHasOneOfTheKnownGroups) {
  const std::set<std::string_view> known = {
      "web",  "dns",  "mail",   "file", "shell",      "desktop", "database",     "directory", "management",
      "time", "voip", "tunnel", "iot",  "industrial", "queue",   "peer_to_peer", "discovery", "other"};
  std::set<std::string_view> seen;
  for (unsigned port = 0; port <= 65535; ++port) {
    for (const std::uint8_t protocol : {kTcp, kUdp, kSctp}) {
      const std::string_view group = service_group(static_cast<std::uint16_t>(port), protocol);
      ASSERT_TRUE(known.contains(group)) << port << " " << group;
      seen.insert(group);
    }
  }
  EXPECT_EQ(seen, known);
}

// Rows name the table by version and digest: who changes the table, raises kServiceGroupVersion with this test.
TEST(ServiceGroup, TheVersionNamesThisTable) {
  EXPECT_EQ(kServiceGroupVersion, 1);
  EXPECT_EQ(service_group_sha256(), "9ff574a9f5093469057feee184c54b1e34645d2ff538869ee1e21055b50cb673");
}

TEST(ServiceGroup, TheTableForPeopleHasEveryPort) {
  std::size_t shown = 0;
  for (const ServiceGroupPorts& group : service_group_table()) {
    EXPECT_NE(group.name, "other");
    shown += static_cast<std::size_t>(std::ranges::count(group.ports, '/'));
    if (group.name == "dns") {
      EXPECT_EQ(group.ports, "53/tcp+udp, 853/tcp+udp");
    }
  }
  std::size_t grouped = 0;
  for (unsigned port = 0; port <= 65535; ++port) {
    bool any = false;
    for (const std::uint8_t protocol : {kTcp, kUdp, kSctp})
      any = any || service_group(static_cast<std::uint16_t>(port), protocol) != "other";
    grouped += any ? 1 : 0;
  }
  EXPECT_EQ(shown, grouped);
}

}  // namespace
}  // namespace flowgauge::test
