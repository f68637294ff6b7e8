// Reads a BPF ring buffer through its own mapping of it: no system call, no wake-up, and the position of the consumer,
// whose cache line the kernel's CPUs read too, is published rarely.
// Single-threaded: one reader per ring, and nobody else reads it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/base/result.h"
#include "core/live/ebpf/memory_map.h"

namespace flowgauge {

class RingReader {
 public:
  // As in linux/bpf.h, which <pcap/pcap.h> does not bear beside it.
  static constexpr std::uint32_t kBusy = 1U << 31;
  static constexpr std::uint32_t kDiscarded = 1U << 30;
  static constexpr std::uint32_t kHeaderBytes = 8;

  // `ring_bytes` is the map's max_entries: a power of 2, whole pages.
  [[nodiscard]] static Result<RingReader> open(int ring_fd, std::uint64_t ring_bytes);

  // What became of a record: kLeft is given again by the next read().
  enum class Record { kTaken, kLeft };

  // How far the kernel's programs have come: what lies before is there for read(), in as far as it is committed.
  [[nodiscard]] std::uint64_t end() const { return std::atomic_ref(*producer_).load(std::memory_order_acquire); }

  // From any thread: what no reader has given back yet, to some 256 records.
  [[nodiscard]] std::uint64_t waiting_bytes() const {
    const std::uint64_t read = std::atomic_ref(*consumer_).load(std::memory_order_acquire);  // first: it is never ahead
    return end() - read;
  }

  [[nodiscard]] std::uint64_t ring_bytes() const { return mask_ + 1; }
  [[nodiscard]] std::uint64_t bytes_until(std::uint64_t end) const { return end - position_; }

  // Calls take(record, bytes) for each record before `end`, at most `max` times, until one is left. True: nothing is
  // left before `end`.
  template <class Take>
  bool read(std::uint64_t end, std::size_t max, Take&& take) {
    std::size_t taken = 0;
    while (position_ < end && taken < max) {
      std::byte* const header = records_ + (position_ & mask_);
      __builtin_prefetch(header + kAheadBytes);
      __builtin_prefetch(header + kAheadBytes + kCacheLine);
      const std::uint32_t length =
          std::atomic_ref(*reinterpret_cast<std::uint32_t*>(header)).load(std::memory_order_acquire);
      if (length & kBusy) break;
      const std::uint32_t bytes = length & ~kDiscarded;
      if (!(length & kDiscarded)) {
        if (take(header + kHeaderBytes, bytes) == Record::kLeft) break;
        ++taken;
      }
      position_ += (bytes + kHeaderBytes + 7) & ~std::uint64_t{7};
      if (++unpublished_ == kPublishEvery) publish();
    }
    publish();
    return position_ >= end;
  }

 private:
  static constexpr std::uint32_t kPublishEvery = 256;
  // How far in front of a record its successors are fetched: some twenty records. Saves a third of the reading's time.
  static constexpr std::size_t kAheadBytes = 2048;
  static constexpr std::size_t kCacheLine = 64;

  RingReader() = default;

  void publish() {
    if (unpublished_ == 0) return;
    std::atomic_ref(*consumer_).store(position_, std::memory_order_release);
    unpublished_ = 0;
  }

  MemoryMap consumer_page_;
  MemoryMap producer_pages_;  // the producer's position; then the ring twice, so that no record is ever cut
  std::uint64_t* consumer_ = nullptr;
  std::uint64_t* producer_ = nullptr;
  std::byte* records_ = nullptr;
  std::uint64_t mask_ = 0;
  std::uint64_t position_ = 0;
  std::uint32_t unpublished_ = 0;  // records read since the last publish()
};

}  // namespace flowgauge
