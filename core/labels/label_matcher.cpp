#include "core/labels/label_matcher.h"

#include <algorithm>

namespace flowgauge {
namespace {

std::uint64_t load(const std::uint8_t* bytes, int count) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | (i < count ? bytes[i] : 0);
  return value;
}

// The upper `bits` of 64, 0 to 64.
std::uint64_t upper_bits(int bits) { return bits <= 0 ? 0 : ~std::uint64_t{0} << (64 - std::min(bits, 64)); }

}  // namespace

LabelMatcher::Address LabelMatcher::address_of(const std::uint8_t* bytes, std::uint8_t ip_version) {
  if (ip_version == 4) return {load(bytes, 4), 0, 4};
  return {load(bytes, 8), load(bytes + 8, 8), 6};
}

LabelMatcher::Network LabelMatcher::network_of(const Address& address, std::uint8_t bits) {
  return {address.high & upper_bits(bits), address.low & upper_bits(bits - 64), address.ip_version, bits};
}

LabelMatcher::Network LabelMatcher::network_of(const Prefix& prefix) {
  return network_of(address_of(prefix.address.data(), prefix.ip_version), prefix.bits);
}

LabelMatcher::End LabelMatcher::end_of(const EndConditions& conditions) {
  End end;
  for (const Prefix& prefix : conditions.addresses) end.networks.push_back(network_of(prefix));
  end.ports = conditions.ports;
  return end;
}

bool LabelMatcher::End::holds_address(const Address& address) const {
  return networks.empty() || std::ranges::any_of(networks, [&](const Network& one) { return one.holds(address); });
}

bool LabelMatcher::End::holds_port(std::uint16_t port) const {
  return ports.empty() || std::ranges::any_of(ports, [port](const PortRange& range) {
           return port >= range.first && port <= range.last;
         });
}

bool LabelMatcher::End::holds(const Address& address, std::uint16_t port) const {
  return holds_address(address) && holds_port(port);
}

LabelMatcher::LabelMatcher(std::span<const LabelRule> rules) {
  for (std::uint32_t i = 0; i < rules.size(); ++i) {
    const LabelRule& rule = rules[i];
    const bool either = rule.direction == LabelRule::Direction::kEither;
    rules_.push_back({end_of(rule.source), end_of(rule.destination), end_of(rule.any),
                      rule.protocols.none() ? ~rule.protocols : rule.protocols, either});
    const Window window{rule.begin_ns, rule.end_ns, rule.end_ns, i, i};
    const std::vector<Prefix>* named = &rule.source.addresses;
    if (named->empty()) named = &rule.destination.addresses;
    if (named->empty()) named = &rule.any.addresses;
    if (named->empty()) everybody_.push_back(window);
    for (const Prefix& prefix : *named) {
      Bucket& bucket = by_network_[network_of(prefix)];
      if (bucket.empty() || bucket.back().rule != i) bucket.push_back(window);
      std::vector<std::uint8_t>& lengths = lengths_[prefix.ip_version == 4 ? 0 : 1];
      if (std::ranges::find(lengths, prefix.bits) == lengths.end()) lengths.push_back(prefix.bits);
    }
  }
  finish(everybody_);
  for (auto& [network, bucket] : by_network_) finish(bucket);
}

// Sorts the windows and tells every root what lies below it.
void LabelMatcher::finish(std::span<Window> range) {
  std::ranges::sort(range, [](const Window& left, const Window& right) {
    return left.begin_ns != right.begin_ns ? left.begin_ns < right.begin_ns : left.rule < right.rule;
  });
  const auto settle = [](auto& self, std::span<Window> below) -> void {
    if (below.empty()) return;
    Window& root = below[below.size() / 2];
    for (const std::span<Window> part : {below.first(below.size() / 2), below.subspan(below.size() / 2 + 1)}) {
      if (part.empty()) continue;
      self(self, part);
      const Window& child = part[part.size() / 2];
      root.latest_end_ns = std::max(root.latest_end_ns, child.latest_end_ns);
      root.first_rule = std::min(root.first_rule, child.first_rule);
    }
  };
  settle(settle, range);
}

bool LabelMatcher::holds(const Rule& rule, const std::array<Address, 2>& address, const LabelQuery& query) const {
  if (!rule.protocols[query.protocol]) return false;
  const bool as_sent =
      rule.source.holds(address[0], query.port[0]) && rule.destination.holds(address[1], query.port[1]);
  const bool swapped = !as_sent && rule.either && rule.source.holds(address[1], query.port[1]) &&
                       rule.destination.holds(address[0], query.port[0]);
  return (as_sent || swapped) && (rule.any.holds_address(address[0]) || rule.any.holds_address(address[1])) &&
         (rule.any.holds_port(query.port[0]) || rule.any.holds_port(query.port[1]));
}

// Depth: the logarithm of the number of windows.
void LabelMatcher::search(std::span<const Window> range, const std::array<Address, 2>& address, const LabelQuery& query,
                          std::uint32_t& best) const {
  while (!range.empty()) {
    const std::size_t middle = range.size() / 2;
    const Window& root = range[middle];
    if (root.first_rule >= best || root.latest_end_ns <= query.first_ns) return;
    search(range.first(middle), address, query, best);
    if (root.begin_ns > query.first_ns) return;  // and so do all behind it
    if (root.rule < best && query.first_ns < root.end_ns && holds(rules_[root.rule], address, query)) best = root.rule;
    range = range.subspan(middle + 1);
  }
}

std::uint32_t LabelMatcher::match(const LabelQuery& query) const {
  const std::array<Address, 2> address = {address_of(query.address[0], query.ip_version),
                                          address_of(query.address[1], query.ip_version)};
  std::uint32_t best = kNoRule;
  search(everybody_, address, query, best);
  for (const std::uint8_t bits : lengths_[query.ip_version == 4 ? 0 : 1]) {
    for (const Address& one : address) {
      const auto bucket = by_network_.find(network_of(one, bits));
      if (bucket != by_network_.end()) search(bucket->second, address, query, best);
    }
  }
  return best;
}

}  // namespace flowgauge
