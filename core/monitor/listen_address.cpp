#include "core/monitor/listen_address.h"

#include <arpa/inet.h>

#include "core/base/text.h"

namespace flowgauge {

bool ListenAddress::is_loopback() const { return family == Family::kIpv4 ? host.starts_with("127.") : host == "::1"; }

std::string ListenAddress::text() const {
  return family == Family::kIpv4 ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const auto refuse = [&] {
    return fail(
        ExitCode::kUsage,
        "'{}' is no address to listen on; give a port, as 9464, or ADDRESS:PORT, as 127.0.0.1:9464 or [::1]:9464",
        printable(text));
  };
  const std::size_t colon = text.rfind(':');
  const std::string_view port_text = colon == std::string_view::npos ? text : text.substr(colon + 1);
  const auto port = parse_u64(port_text);
  if (!port || *port > UINT16_MAX) return refuse();
  ListenAddress address{.port = static_cast<std::uint16_t>(*port)};
  if (colon == std::string_view::npos) return address;
  std::string host(text.substr(0, colon));
  in6_addr numbers{};
  if (host == "localhost") return address;
  if (::inet_pton(AF_INET, host.c_str(), &numbers) == 1) {
    address.host = host;
    return address;
  }
  if (!host.starts_with('[') || !host.ends_with(']')) return refuse();
  host = host.substr(1, host.size() - 2);
  if (::inet_pton(AF_INET6, host.c_str(), &numbers) != 1) return refuse();
  address.family = ListenAddress::Family::kIpv6;
  address.host = host;
  return address;
}

}  // namespace flowgauge
