#include "core/text/address_text.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/support/address.h"

namespace flowgauge::test {
namespace {

std::string round_trip(const char* text) {
  const Address parsed = address(text);
  std::array<char, kAddressTextBytes> out;
  return {out.data(), write_address(out.data(), parsed.bytes.data(), parsed.version)};
}

TEST(AddressText, IsRfc5952) {
  for (const char* text :
       {"0.0.0.0", "255.255.255.255", "10.0.20.199", "::", "::1", "1::", "2001:db8::1", "2001:db8:0:1:1:1:1:1",
        "2001:0:0:1::1", "2001:db8::1:0:0:1", "fe80::1:2:3:4", "1:2:3:4:5:6:7:8",
        "abcd:ef01:2345:6789:abcd:ef01:2345:6789", "::ffff:1.2.3.4", "::102:304", "64:ff9b::102:304", "0:1::"})
    EXPECT_EQ(round_trip(text), text);
}

TEST(AddressText, Mac) {
  const std::array<std::uint8_t, 6> mac = {0x00, 0x1b, 0xFF, 0xa0, 0x09, 0x90};
  std::array<char, kMacTextBytes> out;
  EXPECT_EQ(std::string(out.data(), write_mac(out.data(), mac.data())), "00:1b:ff:a0:09:90");
}

}  // namespace
}  // namespace flowgauge::test
