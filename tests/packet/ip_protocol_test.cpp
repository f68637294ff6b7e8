// Names and ports of IP protocols; ports as the parser reads them.
#include "core/packet/ip_protocol.h"

#include <algorithm>

#include "tests/packet/parse_case.h"

namespace flowgauge::test {
namespace {

TEST(IpProtocol, HasPortsWhereTheParserReadsSome) {
  int with_ports = 0;
  for (int number = 0; number < 256; ++number) {
    const auto protocol = static_cast<std::uint8_t>(number);
    const FrameBuilder frame = eth4().other(protocol).data(Bytes(24, 0x55));
    const Parsed parsed = parse(frame.bytes(), frame.link_type());
    const bool reads = parsed.reason == PACKET_ACCEPTED && parsed.event.src_port == 0x5555;
    EXPECT_EQ(has_ports(protocol), reads) << number;
    with_ports += reads ? 1 : 0;
  }
  EXPECT_EQ(with_ports, 5);
}

TEST(IpProtocol, NamesLeadBack) {
  EXPECT_TRUE(std::ranges::is_sorted(kIpProtocols, std::ranges::less_equal{}, &IpProtocol::number));
  for (const IpProtocol& one : kIpProtocols) {
    EXPECT_EQ(ip_protocol_text(one.number), one.name);
    EXPECT_EQ(ip_protocol_of_name(one.name), one.number) << one.name;
  }
  EXPECT_EQ(ip_protocol_text(253), "protocol 253");
  EXPECT_EQ(ip_protocol_of_name("tpc"), std::nullopt);
  EXPECT_EQ(ip_protocol_of_name("TCP"), std::nullopt);
}

}  // namespace
}  // namespace flowgauge::test
