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

// Each of them is one address: then a flow without one of these cannot meet the rule.
bool names_hosts(const EndConditions& end) {
  return !end.addresses.empty() && std::ranges::all_of(end.addresses, &Prefix::is_host);
}

}  // namespace

LabelMatcher::Address LabelMatcher::address_of(const std::uint8_t* bytes, std::uint8_t ip_version) {
  if (ip_version == 4) return {load(bytes, 4), 0, 4};
  return {load(bytes, 8), load(bytes + 8, 8), 6};
}

LabelMatcher::Network LabelMatcher::network_of(const Prefix& prefix) {
  return {address_of(prefix.address.data(), prefix.ip_version),
          {upper_bits(prefix.bits), upper_bits(prefix.bits - 64), prefix.ip_version}};
}

LabelMatcher::End LabelMatcher::end_of(const EndConditions& conditions) {
  End end;
  for (const Prefix& prefix : conditions.addresses) end.networks.push_back(network_of(prefix));
  end.ports = conditions.ports;
  return end;
}

bool LabelMatcher::End::holds_address(const Address& address) const {
  return networks.empty() || std::ranges::any_of(networks, [&](const Network& network) {
           return network.base.ip_version == address.ip_version &&
                  (address.high & network.mask.high) == network.base.high &&
                  (address.low & network.mask.low) == network.base.low;
         });
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
    const auto ends = {&rule.source, &rule.destination, &rule.any};
    const auto* const named = std::ranges::find_if(ends, [](const EndConditions* end) { return names_hosts(*end); });
    if (named == ends.end()) {
      others_.push_back(window);
      continue;
    }
    for (const Prefix& prefix : (*named)->addresses) {
      Bucket& bucket = by_host_[address_of(prefix.address.data(), prefix.ip_version)];
      if (bucket.empty() || bucket.back().rule != i) bucket.push_back(window);
    }
  }
  finish(others_);
  for (auto& [host, bucket] : by_host_) finish(bucket);
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
  search(others_, address, query, best);
  if (by_host_.empty()) return best;
  for (const Address& one : address) {
    if (const auto bucket = by_host_.find(one); bucket != by_host_.end()) search(bucket->second, address, query, best);
  }
  return best;
}

}  // namespace flowgauge
