// Finds the first rule of a label file that a flow meets. Built once; then read by any thread.
//
// Rules are dealt into buckets by an address or network that they cannot do without, and each bucket is a tree of time
// windows: a flow looks into the buckets of its two addresses, one for each length of prefix that there is, and into
// that of the rules for everybody, and there only at windows that hold its time. So a list of a hundred thousand
// attackers, or of as many short windows, costs little more than a short one.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/labels/label_rule.h"

namespace flowgauge {

struct LabelQuery {
  std::int64_t first_ns = 0;                     // of the flow's first packet, since the epoch
  std::array<const std::uint8_t*, 2> address{};  // of source and destination, network order: 4 or 16 bytes
  std::array<std::uint16_t, 2> port{};           // 0 where the protocol has none
  std::uint8_t ip_version = 4;                   // 4 or 6
  std::uint8_t protocol = 0;
};

class LabelMatcher {
 public:
  static constexpr std::uint32_t kNoRule = UINT32_MAX;

  explicit LabelMatcher(std::span<const LabelRule> rules);

  // The index of the rule, or kNoRule.
  [[nodiscard]] std::uint32_t match(const LabelQuery& query) const;

 private:
  // An address as two numbers that masks apply to; IPv4 in the upper half of the first.
  struct Address {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::uint8_t ip_version = 4;
  };
  struct Network {
    std::uint64_t high = 0;  // bits beyond `bits` are 0
    std::uint64_t low = 0;
    std::uint8_t ip_version = 4;
    std::uint8_t bits = 0;
    bool operator==(const Network&) const = default;
    [[nodiscard]] bool holds(const Address& address) const {
      return address.ip_version == ip_version && network_of(address, bits) == *this;
    }
  };
  struct NetworkHash {
    std::size_t operator()(const Network& network) const {
      constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15U;  // spreads the bits that networks of one length share
      return (network.high ^ network.low * kOdd) * kOdd >> 16 ^ network.bits;
    }
  };
  struct End {
    std::vector<Network> networks;
    std::vector<PortRange> ports;
    [[nodiscard]] bool holds(const Address& address, std::uint16_t port) const;
    [[nodiscard]] bool holds_address(const Address& address) const;
    [[nodiscard]] bool holds_port(std::uint16_t port) const;
  };
  struct Rule {
    End source, destination, any;
    std::bitset<256> protocols;
    bool either = true;
  };
  // A window in a bucket: the middle one of a range of them, sorted by begin, is the root of the range's tree.
  struct Window {
    std::int64_t begin_ns;
    std::int64_t end_ns;
    std::int64_t latest_end_ns;  // of the range
    std::uint32_t rule;
    std::uint32_t first_rule;  // of the range
  };
  using Bucket = std::vector<Window>;

  static Address address_of(const std::uint8_t* bytes, std::uint8_t ip_version);
  static Network network_of(const Address& address, std::uint8_t bits);
  static Network network_of(const Prefix& prefix);
  static End end_of(const EndConditions& conditions);
  static void finish(std::span<Window> range);
  [[nodiscard]] bool holds(const Rule& rule, const std::array<Address, 2>& address, const LabelQuery& query) const;
  void search(std::span<const Window> range, const std::array<Address, 2>& address, const LabelQuery& query,
              std::uint32_t& best) const;

  std::vector<Rule> rules_;
  std::unordered_map<Network, Bucket, NetworkHash> by_network_;
  std::array<std::vector<std::uint8_t>, 2> lengths_;  // of its prefixes, each once: of IPv4 and of IPv6
  Bucket everybody_;                                  // rules without an address
};

}  // namespace flowgauge
