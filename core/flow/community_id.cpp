#include "core/flow/community_id.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <tuple>

#include "core/base/digest.h"

namespace flowgauge {
namespace {

constexpr std::uint8_t kIcmp = 1;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kIcmpV6 = 58;
constexpr std::uint8_t kSctp = 132;

struct Side {
  const std::uint8_t* address;
  std::uint16_t port;
};

// The type that answers an ICMP type, where there is one: such exchanges count as having two directions.
std::optional<std::uint8_t> counterpart(std::uint8_t protocol, std::uint8_t type) {
  using Pair = std::array<std::uint8_t, 2>;
  static constexpr Pair kV4[] = {{0, 8}, {13, 14}, {15, 16}, {10, 9}, {17, 18}};
  static constexpr Pair kV6[] = {{128, 129}, {133, 134}, {135, 136}, {130, 131}, {139, 140}, {144, 145}};
  const auto search = [type](const auto& pairs) -> std::optional<std::uint8_t> {
    for (const Pair& pair : pairs) {
      if (pair[0] == type) return pair[1];
      if (pair[1] == type) return pair[0];
    }
    return std::nullopt;
  };
  return protocol == kIcmp ? search(kV4) : search(kV6);
}

}  // namespace

char* write_community_id(char* out, const BasicFlow& flow) {
  const std::size_t address_bytes = flow.key.ip_version == 4 ? 4 : 16;
  const std::uint8_t protocol = flow.key.protocol;
  const bool is_icmp = protocol == kIcmp || protocol == kIcmpV6;
  bool has_ports = protocol == kTcp || protocol == kUdp || protocol == kSctp;
  bool one_way = false;
  std::array<Side, 2> side = {Side{flow.key.address[0].data(), flow.key.port[0]},
                              Side{flow.key.address[1].data(), flow.key.port[1]}};
  if (is_icmp && flow.has_icmp != 0) {  // type and code stand in for ports, from the sender's side
    has_ports = true;
    const Endpoint sender = flow.icmp_from_source != 0 ? flow.source : flow.source ^ 1U;
    const auto answer = counterpart(protocol, flow.icmp_type);
    one_way = !answer;
    side = {Side{flow.key.address[sender].data(), flow.icmp_type},
            Side{flow.key.address[sender ^ 1U].data(), answer.value_or(flow.icmp_code)}};
  }
  const int order = std::memcmp(side[0].address, side[1].address, address_bytes);
  if (!one_way && (order > 0 || (order == 0 && side[0].port > side[1].port))) std::swap(side[0], side[1]);

  std::array<std::uint8_t, 2 + 32 + 2 + 4> input{};  // seed 0, addresses, protocol, padding, ports
  std::uint8_t* end = input.data() + 2;
  for (const Side& s : side) end = std::copy_n(s.address, address_bytes, end);
  *end++ = protocol;
  *end++ = 0;
  if (has_ports)
    for (const Side& s : side) {
      *end++ = static_cast<std::uint8_t>(s.port >> 8);
      *end++ = static_cast<std::uint8_t>(s.port);
    }
  const auto digest = sha1(Bytes(input.data(), static_cast<std::size_t>(end - input.data())));
  const std::string text = to_base64(digest);
  out = std::copy_n("1:", 2, out);
  return std::copy(text.begin(), text.end(), out);
}

}  // namespace flowgauge
