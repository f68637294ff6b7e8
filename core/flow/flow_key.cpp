#include "core/flow/flow_key.h"

#include <bit>
#include <cstddef>

namespace flowgauge {
namespace {

// Tunnels whose id is the same in both directions. The receiver chooses those of GTP-U, PPTP and L2TP for what it is
// sent, so that they cannot be part of a bidirectional key.
constexpr std::uint32_t kTunnelsOfOneId = 1U << PACKET_TUNNEL_VXLAN | 1U << PACKET_TUNNEL_GENEVE |
                                          1U << PACKET_TUNNEL_GRE | 1U << PACKET_TUNNEL_ERSPAN |
                                          1U << PACKET_TUNNEL_VXLAN_GPE | 1U << PACKET_TUNNEL_LISP;
static_assert(PACKET_TUNNEL_COUNT <= 32, "a bit for each");

// An address as it lies in memory, and as the number that it is.
struct Words {
  std::array<std::uint64_t, 2> raw;

  [[nodiscard]] unsigned __int128 number() const {
    static_assert(std::endian::native == std::endian::little);
    return static_cast<unsigned __int128>(__builtin_bswap64(raw[0])) << 64 | __builtin_bswap64(raw[1]);
  }
};

Words words(const std::uint8_t* address) {
  Words result{};
  std::memcpy(&result, address, sizeof result);
  return result;
}

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// The tunnel's fields are filled in where there is one.
std::uint64_t last_word(const packet_event& event) { return std::uint64_t{event.key_interface} << 48; }

// Ports, protocol, version and VLAN as they stand in a FlowKey, which is hashed by words: a word that is stored at once
// is read back at once.
std::uint64_t last_but_one_word(std::uint16_t port0, std::uint16_t port1, const packet_event& event,
                                std::uint16_t vlan_id) {
  static_assert(std::endian::native == std::endian::little);
  return port0 | std::uint64_t{port1} << 16 | std::uint64_t{event.ip_protocol} << 32 |
         std::uint64_t{event.ip_version} << 40 | std::uint64_t{vlan_id} << 48;
}
static_assert(offsetof(FlowKey, port) == 32 && offsetof(FlowKey, protocol) == 36 && offsetof(FlowKey, vlan_id) == 38);
static_assert(offsetof(FlowKey, tunnel_id) == 40 && offsetof(FlowKey, interface_index) == 46);

}  // namespace

void find_key(const packet_event& event, KeyRule rule, KeyOfPacket& out) {
  FlowKey& key = out.key;
  const Words source = words(event.src_address);
  const Words destination = words(event.dst_address);
  const unsigned __int128 from = source.number();
  const unsigned __int128 to = destination.number();
  // No branches: which way a packet goes, nobody can foresee.
  const auto swap =
      static_cast<std::uint64_t>(from > to) |
      (static_cast<std::uint64_t>(from == to) & static_cast<std::uint64_t>(event.src_port > event.dst_port));
  out.sender = static_cast<Endpoint>(swap);
  out.same_endpoints = from == to && event.src_port == event.dst_port;
  const std::uint64_t mask = 0 - swap;
  std::array<std::uint64_t, 4> addresses;
  for (std::size_t i = 0; i < 2; ++i) {
    const std::uint64_t exchanged = (source.raw[i] ^ destination.raw[i]) & mask;
    addresses[i] = source.raw[i] ^ exchanged;
    addresses[2 + i] = destination.raw[i] ^ exchanged;
  }
  std::memcpy(key.address.data(), addresses.data(), sizeof addresses);
  const auto ports = static_cast<std::uint16_t>((event.src_port ^ event.dst_port) & mask);
  const bool tagged = rule == KeyRule::kFull && event.vlan_count > 0;
  const std::uint64_t word = last_but_one_word(event.src_port ^ ports, event.dst_port ^ ports, event,
                                               tagged ? event.outer_vlan_id : FlowKey::kNoVlan);
  std::memcpy(&key.port, &word, sizeof word);
  const std::uint64_t without_tunnel = last_word(event);
  std::memcpy(&key.tunnel_id, &without_tunnel, sizeof without_tunnel);
  if (rule != KeyRule::kFiveTuple && event.tunnel_type != PACKET_TUNNEL_NONE) {
    key.tunnel_type = event.tunnel_type;
    const bool keyed = (kTunnelsOfOneId >> event.tunnel_type & 1) != 0;
    if (keyed && (event.marks & PACKET_HAS_TUNNEL_ID) != 0) {
      key.tunnel_id = event.tunnel_id;
      key.has_tunnel_id = 1;
    }
  }
}

KeyOfPacket key_of(const packet_event& event, KeyRule rule) {
  KeyOfPacket result;
  find_key(event, rule, result);
  return result;
}

std::uint64_t hash_key(const FlowKey& key, std::uint64_t seed) {
  // One by one: of all words at once the compiler makes loads that are wider than the stores before them.
  const auto word = [&key](std::size_t index) {
    std::uint64_t value = 0;
    std::memcpy(&value, reinterpret_cast<const char*>(&key) + index * sizeof value, sizeof value);
    return value;
  };
  std::uint64_t hash = mix(word(0) ^ 0x9e3779b97f4a7c15, word(1) ^ seed);
  hash = mix(word(2) ^ 0xe7037ed1a0b428db, word(3) ^ hash);
  hash = mix(word(4) ^ 0x8ebc6af09c88c6e3, word(5) ^ hash);
  return mix(hash ^ seed, 0x589965cc75374cc3);
}

std::uint8_t partition_of(const FlowKey& key, std::uint64_t seed) {
  return static_cast<std::uint8_t>(hash_key(key, seed) >> 56);
}

packet_fragment_scope fragment_scope_of(KeyRule rule) {
  switch (rule) {
    case KeyRule::kNoVlan:
      return PACKET_FRAGMENTS_OF_TUNNEL;
    case KeyRule::kFiveTuple:
      return PACKET_FRAGMENTS_OF_ADDRESSES;
    case KeyRule::kFull:
      break;
  }
  return PACKET_FRAGMENTS_OF_VLAN;
}

void assign_partitions(EventBlock& block, KeyRule rule, std::uint64_t seed) {
  for (packet_event& event : block.events) event.partition = partition_of(key_of(event, rule).key, seed);
}

}  // namespace flowgauge
