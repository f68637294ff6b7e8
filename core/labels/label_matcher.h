// Finds the first rule of a label file that a flow meets. Built once; then read by any thread.
//
// Rules are dealt into buckets by an address that they cannot do without, and each bucket is a tree of time windows:
// a flow looks into the buckets of its two addresses and into that of the rules for networks, and there only at windows
// that hold its time. So a list of a hundred thousand attackers, or of as many short windows, costs no more than a short one.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
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
    bool operator==(const Address&) const = default;
  };
  struct AddressHash {
    std::size_t operator()(const Address& address) const {
      return std::hash<std::uint64_t>()((address.high ^ address.low * 0x9e3779b97f4a7c15U) + address.ip_version);
    }
  };
  struct Network {
    Address base;
    Address mask;
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
  static Network network_of(const Prefix& prefix);
  static End end_of(const EndConditions& conditions);
  static void finish(std::span<Window> range);
  [[nodiscard]] bool holds(const Rule& rule, const std::array<Address, 2>& address, const LabelQuery& query) const;
  void search(std::span<const Window> range, const std::array<Address, 2>& address, const LabelQuery& query,
              std::uint32_t& best) const;

  std::vector<Rule> rules_;
  std::unordered_map<Address, Bucket, AddressHash> by_host_;
  Bucket others_;
};

}  // namespace flowgauge
