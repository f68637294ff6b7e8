// Who moves most: the addresses and services with the most bytes, by a sample of the packets, in memory that does not
// grow. For whoever watches a run; no row depends on it.
//
// Of a large batch two packets stand for all of it; small ones are counted whole. The table is that of
// "Space-Saving" (Metwally, Agrawal, El Abbadi, 2005), in buckets of four: who comes new takes the place of the
// smallest, and is not credited with what was counted there.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <vector>

#include "core/packet/batch.h"

namespace flowgauge {

// An address, or a service: the protocol and, where it has ports, the one that the flow's destination has.
struct TrafficKey {
  std::array<std::uint8_t, 16> address{};  // network order; a service has none
  std::uint16_t port = 0;
  std::uint8_t protocol = 0;
  std::uint8_t ip_version = 0;  // of an address 4 or 6; of a service 0
  std::array<std::uint8_t, 4> reserved{};

  [[nodiscard]] bool is_service() const { return ip_version == 0; }
  auto operator<=>(const TrafficKey&) const = default;
};

struct TrafficShare {
  TrafficKey key;
  std::uint64_t bytes = 0;  // IP lengths, in packets from or to it; estimated, too small rather than too great
};

struct Traffic {
  std::vector<TrafficShare> shares;  // in no order

  Traffic& operator+=(const Traffic& other);
};

// One thread adds, another one takes.
class TrafficSample {
 public:
  void add(const PacketBatch& batch);
  // What was added since the last call.
  [[nodiscard]] Traffic take();

 private:
  static constexpr std::size_t kBuckets = 256;
  static constexpr std::size_t kWays = 4;
  struct Entry {
    TrafficKey key;
    std::uint64_t bytes = 0;      // 0: empty
    std::uint64_t inherited = 0;  // of them from those that were there before
  };
  using Bucket = std::array<Entry, kWays>;

  void count(const TrafficKey& key, std::uint64_t bytes);

  std::mutex mutex_;
  std::vector<Bucket> buckets_ = std::vector<Bucket>(kBuckets);
  std::uint32_t turn_ = 0;  // which packets of a batch are looked at
};

}  // namespace flowgauge
