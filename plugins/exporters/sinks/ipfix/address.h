// Where a collector is: udp://HOST[:PORT], tcp://HOST[:PORT], tls://HOST[:PORT]. An IPv6 address stands in brackets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ipfix_sinks {

enum class Transport : std::uint8_t { kUdp, kTcp, kTls };

struct Address {
  Transport transport;
  std::string host;
  std::string text;  // all of it
  std::string port;  // 4739, of TLS 4740, where none is said
};

// Throws where the text is none.
[[nodiscard]] Address address_of(std::string_view text);

}  // namespace ipfix_sinks
