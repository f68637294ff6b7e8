#include "core/packet/endpoint_class.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/address.h"

namespace flowgauge::test {
namespace {

std::string scope_of(std::string_view text) {
  const Address parsed = address(text);
  return std::string(scope_name(address_scope(parsed.bytes.data(), parsed.version)));
}

TEST(EndpointClass, ScopesWithTheirBorders) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"0.0.0.0", "unspecified"},
      {"0.0.0.1", "global"},
      {"9.255.255.255", "global"},
      {"10.0.0.0", "private"},
      {"10.255.255.255", "private"},
      {"11.0.0.0", "global"},
      {"100.63.255.255", "global"},
      {"100.64.0.0", "shared"},
      {"100.127.255.255", "shared"},
      {"100.128.0.0", "global"},
      {"126.255.255.255", "global"},
      {"127.0.0.0", "loopback"},
      {"127.255.255.255", "loopback"},
      {"128.0.0.0", "global"},
      {"169.253.255.255", "global"},
      {"169.254.0.0", "link_local"},
      {"169.254.255.255", "link_local"},
      {"169.255.0.0", "global"},
      {"172.15.255.255", "global"},
      {"172.16.0.0", "private"},
      {"172.31.255.255", "private"},
      {"172.32.0.0", "global"},
      {"192.167.255.255", "global"},
      {"192.168.0.0", "private"},
      {"192.168.255.255", "private"},
      {"192.169.0.0", "global"},
      {"223.255.255.255", "global"},
      {"224.0.0.0", "multicast"},
      {"239.255.255.255", "multicast"},
      {"240.0.0.0", "global"},
      {"255.255.255.254", "global"},
      {"255.255.255.255", "broadcast"},
      {"::", "unspecified"},
      {"::1", "loopback"},
      {"::2", "global"},
      {"1::", "global"},
      {"1::1", "global"},
      {"::ffff:10.0.0.1", "global"},
      {"fbff::", "global"},
      {"fc00::", "private"},
      {"fdff:ffff::1", "private"},
      {"fe00::", "global"},
      {"fe7f::1", "global"},
      {"fe80::", "link_local"},
      {"febf::1", "link_local"},
      {"fec0::", "global"},
      {"feff::1", "global"},
      {"ff00::", "multicast"},
      {"ff02::1", "multicast"},
      {"2001:db8::1", "global"},
  };
  for (const auto& [text, scope] : cases) EXPECT_EQ(scope_of(text), scope) << text;
}

TEST(EndpointClass, PathLocalityOfEveryPair) {
  // Rows: source, columns: destination, in the order unspecified broadcast loopback link_local private shared multicast
  // global. m multicast, l loopback, k link_local, p private, x mixed, g public, o other.
  constexpr std::array<std::string_view, 8> kTable = {
      "ooxxxxmo",  // unspecified
      "ooxxxxmo",  // broadcast
      "xxlpppmx",  // loopback
      "xxpkppmx",  // link_local
      "xxppppmx",  // private
      "xxppppmx",  // shared
      "mmmmmmmm",  // multicast
      "ooxxxxmg",  // global
  };
  constexpr std::array<std::string_view, 7> kNames = {"multicast", "loopback", "link_local", "private",
                                                      "mixed",     "public",   "other"};
  constexpr std::string_view kLetters = "mlkpxgo";
  for (std::size_t source = 0; source < 8; ++source) {
    for (std::size_t destination = 0; destination < 8; ++destination) {
      EXPECT_EQ(path_locality(static_cast<Scope>(source), static_cast<Scope>(destination)),
                kNames[kLetters.find(kTable[source][destination])])
          << scope_name(static_cast<Scope>(source)) << " to " << scope_name(static_cast<Scope>(destination));
    }
  }
}

TEST(EndpointClass, PortClassesWithTheirBorders) {
  EXPECT_EQ(port_class(0), "well-known");
  EXPECT_EQ(port_class(1023), "well-known");
  EXPECT_EQ(port_class(1024), "registered");
  EXPECT_EQ(port_class(49151), "registered");
  EXPECT_EQ(port_class(49152), "dynamic");
  EXPECT_EQ(port_class(65535), "dynamic");
}

}  // namespace
}  // namespace flowgauge::test
