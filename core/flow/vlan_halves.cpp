#include "core/flow/vlan_halves.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace flowgauge {
namespace {

constexpr std::uint64_t kSampleSeed = 0x68616c7665730a0a;  // fixed for ever, and not the partitions'

bool are_near(std::int64_t first_ns, std::int64_t last_ns, std::int64_t idle_timeout_ns) {
  return idle_timeout_ns == 0 || first_ns - last_ns <= idle_timeout_ns;
}

}  // namespace

std::strong_ordering VlanHalves::Side::operator<=>(const Side& other) const {
  if (hash != other.hash) return hash <=> other.hash;
  if (const int keys = std::memcmp(&key, &other.key, sizeof key); keys != 0) return keys <=> 0;
  if (sender != other.sender) return sender <=> other.sender;
  return vlan_id <=> other.vlan_id;
}

void VlanHalves::add_one_way(const BasicFlow& flow) {
  Side side{0, flow.key, flow.packets[0] != 0 ? flow.source : static_cast<Endpoint>(flow.source ^ 1U),
            flow.key.vlan_id};
  side.key.vlan_id = FlowKey::kNoVlan;
  side.hash = hash_key(side.key, kSampleSeed);
  if (is_sampled(side.hash)) put(side, {flow.first_ns(), flow.last_ns()});
}

void VlanHalves::put(const Side& side, const Times& times) {
  const auto [at, is_new] = sides_.try_emplace(side, times);
  if (!is_new) {
    at->second.first_ns = std::min(at->second.first_ns, times.first_ns);
    at->second.last_ns = std::max(at->second.last_ns, times.last_ns);
  }
  while (sides_.size() > kMostSides) raise_level();
}

bool VlanHalves::is_sampled(std::uint64_t hash) const { return level_ == 0 || hash >> (64 - level_) == 0; }

// Sides are in the order of their hashes: those that leave stand at the end.
void VlanHalves::raise_level() {
  ++level_;
  while (!sides_.empty() && !is_sampled(std::prev(sides_.end())->first.hash)) sides_.erase(std::prev(sides_.end()));
  if (level_ == 64) sides_.clear();  // nobody has so many flows of one five-tuple in good faith
}

void VlanHalves::merge(const VlanHalves& other) {
  while (level_ < other.level_) raise_level();
  for (const auto& [side, times] : other.sides_) {
    if (is_sampled(side.hash)) put(side, times);
  }
}

VlanHalvesFound VlanHalves::find(std::int64_t idle_timeout_ns) const {
  VlanHalvesFound found{0, level_ < 64 ? std::uint64_t{1} << level_ : 1};
  for (auto begin = sides_.begin(); begin != sides_.end();) {
    auto end = std::next(begin);
    while (end != sides_.end() && end->first.is_of(begin->first)) ++end;
    const auto is_half_of = [&](const auto& one) {  // of which other?
      return std::any_of(begin, end, [&](const auto& other) {
        return one.first.sender != other.first.sender && one.first.vlan_id != other.first.vlan_id &&
               are_near(one.second.first_ns, other.second.last_ns, idle_timeout_ns) &&
               are_near(other.second.first_ns, one.second.last_ns, idle_timeout_ns);
      });
    };
    if (std::any_of(begin, end, is_half_of)) ++found.conversations;
    begin = end;
  }
  return found;
}

}  // namespace flowgauge
