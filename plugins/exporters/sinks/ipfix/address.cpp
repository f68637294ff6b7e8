#include "address.h"

#include <algorithm>
#include <stdexcept>

namespace ipfix_sinks {
namespace {

[[noreturn]] void refuse() {
  throw std::runtime_error("is no address of a collector; write udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT");
}

Transport transport_of(std::string_view name) {
  if (name == "udp") return Transport::kUdp;
  if (name == "tcp") return Transport::kTcp;
  if (name == "tls") return Transport::kTls;
  refuse();
}

}  // namespace

Address address_of(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) refuse();
  Address address{.transport = transport_of(text.substr(0, scheme)), .host = {}, .text = std::string(text), .port = {}};
  std::string_view rest = text.substr(scheme + 3);
  if (rest.starts_with('[')) {
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) refuse();
    address.host = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
  } else {
    address.host = rest.substr(0, rest.find(':'));
    rest.remove_prefix(address.host.size());
  }
  if (rest.starts_with(':'))
    address.port = rest.substr(1);
  else if (rest.empty())
    address.port = address.transport == Transport::kTls ? "4740" : "4739";
  const bool is_number = !address.port.empty() && address.port.size() <= 5 &&
                         std::ranges::all_of(address.port, [](char one) { return one >= '0' && one <= '9'; });
  if (address.host.empty() || !is_number || std::stoul(address.port) - 1 >= 65535) refuse();
  return address;
}

}  // namespace ipfix_sinks
