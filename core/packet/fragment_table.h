// Remembers first fragments, so that later ones, which carry no transport header, find their flow.
// Owner: the source, which sees all packets in arrival order. Single-threaded. All memory is taken at construction.
// Invariants: (1) at most kFragmentCapacity datagrams are known; the one that arrived longest ago leaves first.
// (2) what arrived more than kFragmentMemoryNs of clock ago is not used.
#pragma once

#include <cstdint>
#include <vector>

#include "core/packet/event.h"
#include "core/packet/fragment_key.h"
#include "core/packet/parse/parse.h"

namespace flowgauge {

inline constexpr std::uint32_t kFragmentCapacity = 65536;
inline constexpr std::int64_t kFragmentMemoryNs = PACKET_FRAGMENT_MEMORY_NS;

class FragmentTable {
 public:
  // `scope`: a packet_fragment_scope.
  explicit FragmentTable(std::uint8_t scope = PACKET_FRAGMENTS_OF_VLAN, std::uint32_t capacity = kFragmentCapacity);

  // Remembers a first fragment; gives a later one the ports and the protocol of its first, if that is known.
  // `clock_ns` is the run's clock with this packet's time counted in. Packets without a fragment mark pass untouched.
  void join(packet_event& event, std::int64_t clock_ns) {
    if (event.marks & (PACKET_FIRST_FRAGMENT | PACKET_LATER_FRAGMENT)) join_fragment(event, clock_ns);
  }

  // The run's clock was set forward by so much: what is remembered is as old as before.
  void shift(std::int64_t step_ns);

  [[nodiscard]] std::uint32_t size() const { return size_; }

 private:
  struct Entry {
    packet_fragment_key key;
    std::int64_t arrived_ns;
    std::uint16_t src_port;
    std::uint16_t dst_port;
    std::uint8_t ip_protocol;
    std::uint32_t next_in_bucket;
    std::uint32_t older;  // the entries form a list by arrival
    std::uint32_t newer;
  };

  [[nodiscard]] std::uint32_t bucket_of(const packet_fragment_key& key) const;
  void join_fragment(packet_event& event, std::int64_t clock_ns);
  [[nodiscard]] std::uint32_t find(const packet_fragment_key& key, std::uint32_t bucket) const;
  std::uint32_t add(const packet_fragment_key& key, std::uint32_t bucket);
  std::uint32_t take_slot();
  void unlink_from_bucket(std::uint32_t index);
  void unlink_by_age(std::uint32_t index);
  void append_newest(std::uint32_t index);

  std::uint8_t scope_;
  std::uint32_t capacity_;
  std::uint32_t size_ = 0;
  std::uint32_t oldest_;
  std::uint32_t newest_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> buckets_;
};

}  // namespace flowgauge
