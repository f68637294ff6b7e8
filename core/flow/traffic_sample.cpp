#include "core/flow/traffic_sample.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "core/flow/flow_record.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kSmallBatch = 4;  // is looked at whole
constexpr std::uint32_t kLooks = 2;       // at a larger one

std::size_t hash_of(const TrafficKey& key) {
  std::array<std::uint64_t, sizeof(TrafficKey) / sizeof(std::uint64_t)> words;
  static_assert(sizeof words == sizeof key);
  std::memcpy(words.data(), &key, sizeof key);
  std::uint64_t hash = 0;
  for (const std::uint64_t word : words) {
    hash = (hash ^ word) * 0x9E3779B97F4A7C15U;
    hash ^= hash >> 32U;
  }
  return hash;
}

TrafficKey address_of(const FlowKey& key, unsigned endpoint) {
  return {.address = key.address[endpoint], .ip_version = key.ip_version};
}

TrafficKey service_of(const BasicFlow& flow) {
  return {.port = flow.key.port[1U - flow.source], .protocol = flow.key.protocol};
}

}  // namespace

Traffic& Traffic::operator+=(const Traffic& other) {
  if (shares.empty()) {
    shares = other.shares;
    return *this;
  }
  std::map<TrafficKey, std::uint64_t> all;
  for (const TrafficShare& share : shares) all[share.key] += share.bytes;
  for (const TrafficShare& share : other.shares) all[share.key] += share.bytes;
  shares.clear();
  for (const auto& [key, share] : all) shares.push_back({key, share});
  return *this;
}

void TrafficSample::add(const PacketBatch& batch) {
  if (batch.count == 0) return;
  const std::scoped_lock lock(mutex_);
  // Of a large batch one packet stands for each half; which one of it moves on from batch to batch.
  const std::uint32_t looks = batch.count <= kSmallBatch ? batch.count : kLooks;
  ++turn_;
  for (std::uint32_t look = 0; look < looks; ++look) {
    const std::uint32_t begin = batch.count * look / looks;
    const std::uint32_t size = batch.count * (look + 1) / looks - begin;
    const std::uint32_t at = begin + turn_ % size;
    const BasicFlow& flow = basic_flow(batch.records[at]);
    const std::uint64_t bytes = std::uint64_t{batch.packets[at].ip_length_bytes} * size;
    count(address_of(flow.key, 0), bytes);
    if (flow.key.address[0] != flow.key.address[1]) count(address_of(flow.key, 1), bytes);
    count(service_of(flow), bytes);
  }
}

void TrafficSample::count(const TrafficKey& key, std::uint64_t bytes) {
  Bucket& bucket = buckets_[hash_of(key) % kBuckets];
  const auto found =
      std::ranges::find_if(bucket, [&](const Entry& entry) { return entry.bytes != 0 && entry.key == key; });
  if (found != bucket.end()) {
    found->bytes += bytes;
    return;
  }
  Entry& smallest = *std::ranges::min_element(bucket, {}, &Entry::bytes);
  smallest = {.key = key, .bytes = smallest.bytes + bytes, .inherited = smallest.bytes};
}

Traffic TrafficSample::take() {
  Traffic traffic;
  std::vector<Bucket> buckets(kBuckets);
  {
    const std::scoped_lock lock(mutex_);
    buckets_.swap(buckets);
  }
  for (const Bucket& bucket : buckets)
    for (const Entry& entry : bucket)
      if (entry.bytes > entry.inherited) traffic.shares.push_back({entry.key, entry.bytes - entry.inherited});
  return traffic;
}

}  // namespace flowgauge
