// Conversations whose two directions carry different VLANs: with `flow_key: full` each direction is a flow of its own,
// which is seldom meant. Takes in the one-way flows of a run as they end and counts such pairs. Bounded: looks at a
// sample.
//
// Invariants: (1) the sample holds the flows whose five-tuple's hash, seeded for ever, begins with level() zeros: all
// flows of a five-tuple or none. (2) level() is the lowest that leaves no more than kMostSides sides. Both depend on
// the set of flows alone: not on the order in which they end, nor on how shards share them.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>

#include "core/flow/flow_key.h"
#include "core/flow/flow_record.h"

namespace flowgauge {

// Found in a sample of one five-tuple in `one_in`.
struct VlanHalvesFound {
  std::uint64_t conversations = 0;
  std::uint64_t one_in = 1;

  bool operator==(const VlanHalvesFound&) const = default;
};

class VlanHalves {
 public:
  static constexpr std::size_t kMostSides = 4096;

  // A flow that ended. One that has packets of both sides is no half.
  void add(const BasicFlow& flow) {
    if ((flow.packets[0] == 0) != (flow.packets[1] == 0)) add_one_way(flow);
  }

  void merge(const VlanHalves& other);

  // A five-tuple counts once if two of its sides have opposite directions, different VLANs, and no more than
  // `idle_timeout_ns` (0: any time) between them: without the VLAN they would have been one flow.
  [[nodiscard]] VlanHalvesFound find(std::int64_t idle_timeout_ns) const;

  [[nodiscard]] std::size_t sides() const { return sides_.size(); }
  [[nodiscard]] unsigned level() const { return level_; }

 private:
  // What the one-way flows of a five-tuple in one direction and one VLAN have in common. By hash, then by the key.
  struct Side {
    std::uint64_t hash;  // of the key
    FlowKey key;         // without VLAN
    Endpoint sender;
    std::uint16_t vlan_id;  // or FlowKey::kNoVlan

    [[nodiscard]] bool is_of(const Side& other) const { return hash == other.hash && key == other.key; }
    std::strong_ordering operator<=>(const Side& other) const;
  };
  struct Times {  // of all its flows together
    std::int64_t first_ns;
    std::int64_t last_ns;
  };

  void add_one_way(const BasicFlow& flow);
  void put(const Side& side, const Times& times);
  [[nodiscard]] bool is_sampled(std::uint64_t hash) const;
  void raise_level();

  std::map<Side, Times> sides_;
  unsigned level_ = 0;  // 0 to 64
};

}  // namespace flowgauge
