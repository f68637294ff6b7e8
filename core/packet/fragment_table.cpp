#include "core/packet/fragment_table.h"

#include <bit>
#include <cstring>

namespace flowgauge {

namespace {

constexpr std::uint32_t kNone = 0xffffffff;

}  // namespace

FragmentTable::FragmentTable(std::uint8_t scope, std::uint32_t capacity)
    : scope_(scope),
      capacity_(capacity < 1 ? 1 : capacity),
      oldest_(kNone),
      newest_(kNone),
      buckets_(std::bit_ceil(capacity_ * 2), kNone) {
  entries_.reserve(capacity_);  // memory is touched as fragments come, and never moved
}

FragmentTable::Key FragmentTable::key_of(const packet_event& event) const {
  Key key{};
  std::memcpy(key.src_address.data(), event.src_address, sizeof event.src_address);
  std::memcpy(key.dst_address.data(), event.dst_address, sizeof event.dst_address);
  key.fragment_id = event.fragment_id;
  key.fragment_protocol = event.fragment_protocol;
  key.ip_version = event.ip_version;
  if (scope_ == PACKET_FRAGMENTS_OF_ADDRESSES) return key;
  key.tunnel_id = event.tunnel_id;
  key.has_tunnel_id = (event.marks & PACKET_HAS_TUNNEL_ID) != 0;
  key.tunnel_type = event.tunnel_type;
  if (scope_ == PACKET_FRAGMENTS_OF_TUNNEL) return key;
  key.vlan_id = event.outer_vlan_id;
  key.has_vlan = event.vlan_count > 0;
  return key;
}

std::uint32_t FragmentTable::bucket_of(const Key& key) const {
  static_assert(sizeof(Key) == 48, "hashed as 6 words without padding");
  std::array<std::uint64_t, 6> words;
  std::memcpy(words.data(), &key, sizeof key);
  std::uint64_t hash = 0;
  for (const std::uint64_t word : words) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 29;
  }
  return static_cast<std::uint32_t>(hash) & static_cast<std::uint32_t>(buckets_.size() - 1);
}

void FragmentTable::join_fragment(packet_event& event, std::int64_t clock_ns) {
  const Key key = key_of(event);
  const std::uint32_t bucket = bucket_of(key);
  std::uint32_t index = find(key, bucket);
  if (event.marks & PACKET_FIRST_FRAGMENT) {
    if (index == kNone) {
      index = add(key, bucket);
    } else {  // the host uses the number again
      unlink_by_age(index);
    }
    append_newest(index);
    Entry& entry = entries_[index];
    entry.arrived_ns = clock_ns;
    entry.src_port = event.src_port;
    entry.dst_port = event.dst_port;
    entry.ip_protocol = event.ip_protocol;
  } else if (index != kNone && clock_ns - entries_[index].arrived_ns <= kFragmentMemoryNs) {
    const Entry& entry = entries_[index];
    event.src_port = entry.src_port;
    event.dst_port = entry.dst_port;
    event.ip_protocol = entry.ip_protocol;
  }
}

void FragmentTable::shift(std::int64_t step_ns) {
  for (Entry& entry : entries_) entry.arrived_ns += step_ns;
}

std::uint32_t FragmentTable::find(const Key& key, std::uint32_t bucket) const {
  std::uint32_t index = buckets_[bucket];
  while (index != kNone && entries_[index].key != key) index = entries_[index].next_in_bucket;
  return index;
}

std::uint32_t FragmentTable::add(const Key& key, std::uint32_t bucket) {
  const std::uint32_t index = take_slot();
  entries_[index].key = key;
  entries_[index].next_in_bucket = buckets_[bucket];  // after take_slot, which may change this bucket
  buckets_[bucket] = index;
  return index;
}

std::uint32_t FragmentTable::take_slot() {
  if (size_ < capacity_) {
    entries_.emplace_back();
    return size_++;
  }
  const std::uint32_t index = oldest_;
  unlink_from_bucket(index);
  unlink_by_age(index);
  return index;
}

void FragmentTable::unlink_from_bucket(std::uint32_t index) {
  std::uint32_t* link = &buckets_[bucket_of(entries_[index].key)];
  while (*link != index) link = &entries_[*link].next_in_bucket;
  *link = entries_[index].next_in_bucket;
}

void FragmentTable::unlink_by_age(std::uint32_t index) {
  const Entry& entry = entries_[index];
  (entry.older == kNone ? oldest_ : entries_[entry.older].newer) = entry.newer;
  (entry.newer == kNone ? newest_ : entries_[entry.newer].older) = entry.older;
}

void FragmentTable::append_newest(std::uint32_t index) {
  Entry& entry = entries_[index];
  entry.older = newest_;
  entry.newer = kNone;
  (newest_ == kNone ? oldest_ : entries_[newest_].newer) = index;
  newest_ = index;
}

}  // namespace flowgauge
