// Where metrics are asked for: an address of this host and a port.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace flowgauge {

struct ListenAddress {
  enum class Family : std::uint8_t { kIpv4, kIpv6 };

  Family family = Family::kIpv4;
  std::string host = "127.0.0.1";  // as numbers
  std::uint16_t port = 0;          // 0: any that is free

  // Nobody on another host reaches it.
  [[nodiscard]] bool is_loopback() const;
  // "127.0.0.1:9464", "[::1]:9464"
  [[nodiscard]] std::string text() const;
  bool operator==(const ListenAddress&) const = default;
};

// "9464", "127.0.0.1:9464", "localhost:9464", "[::1]:9464". A port alone is on 127.0.0.1. The error is kUsage.
[[nodiscard]] Result<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace flowgauge
