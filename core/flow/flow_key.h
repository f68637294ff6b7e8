// A flow's identity: both endpoints in canonical order, so that either direction finds it in one lookup.
// docs/semantics.md, section 2.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "core/flow/life_cycle.h"
#include "core/packet/event.h"
#include "core/packet/event_block.h"
#include "core/packet/parse/parse.h"

namespace flowgauge {

struct FlowKey {
  std::array<std::array<std::uint8_t, 16>, 2> address;  // the smaller endpoint first; network order, IPv4 in 4 bytes
  std::array<std::uint16_t, 2> port;
  std::uint8_t protocol;
  std::uint8_t ip_version;
  std::uint16_t vlan_id;     // kNoVlan: untagged, or not part of the key
  std::uint32_t tunnel_id;   // where it is the same in both directions; else 0
  std::uint8_t tunnel_type;  // packet_tunnel
  std::uint8_t has_tunnel_id;
  std::uint16_t interface_index;  // live, of several interfaces that are not merged; else 0

  static constexpr std::uint16_t kNoVlan = 0xFFFF;

  bool operator==(const FlowKey& other) const { return std::memcmp(this, &other, sizeof *this) == 0; }
};
static_assert(sizeof(FlowKey) == 48, "hashed and compared as 6 words");

// Fragments are told apart by what tells flows apart.
[[nodiscard]] packet_fragment_scope fragment_scope_of(KeyRule rule);

// Which of a key's two endpoints, 0 or 1.
using Endpoint = std::uint8_t;

struct KeyOfPacket {
  FlowKey key;
  Endpoint sender;      // who sent the packet
  bool same_endpoints;  // both are one: then every packet counts as sent by the source
};

// `out` is written by whole words, so that hashing it at once waits for no store.
void find_key(const packet_event& event, KeyRule rule, KeyOfPacket& out);
KeyOfPacket key_of(const packet_event& event, KeyRule rule);

// Seeded 64-bit hash of a key: two 64 x 64 -> 128 bit multiplications a 16 bytes.
std::uint64_t hash_key(const FlowKey& key, std::uint64_t seed);

// With the fixed seed the same for every run and machine, so that limits act alike whatever the number of threads.
std::uint8_t partition_of(const FlowKey& key, std::uint64_t seed = kPartitionSeed);

// Fills in event.partition for a whole block, once, before shards share it. One shard alone does without.
void assign_partitions(EventBlock& block, KeyRule rule, std::uint64_t seed = kPartitionSeed);

}  // namespace flowgauge
