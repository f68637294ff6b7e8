#include "core/packet/fragment_table.h"

#include <array>
#include <bit>
#include <cstring>

namespace flowgauge {

namespace {

constexpr std::uint32_t kNone = 0xffffffff;

bool is_same(const packet_fragment_key& a, const packet_fragment_key& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

}  // namespace

FragmentTable::FragmentTable(std::uint8_t scope, std::uint32_t capacity)
    : scope_(scope),
      capacity_(capacity < 1 ? 1 : capacity),
      oldest_(kNone),
      newest_(kNone),
      buckets_(std::bit_ceil(capacity_ * 2), kNone) {
  entries_.reserve(capacity_);  // memory is touched as fragments come, and never moved
}

std::uint32_t FragmentTable::bucket_of(const packet_fragment_key& key) const {
  static_assert(sizeof key == 6 * sizeof(std::uint64_t));
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
  packet_fragment_key key;
  packet_fragment_key_of(&event, scope_, &key);
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

std::uint32_t FragmentTable::find(const packet_fragment_key& key, std::uint32_t bucket) const {
  std::uint32_t index = buckets_[bucket];
  while (index != kNone && !is_same(entries_[index].key, key)) index = entries_[index].next_in_bucket;
  return index;
}

std::uint32_t FragmentTable::add(const packet_fragment_key& key, std::uint32_t bucket) {
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
