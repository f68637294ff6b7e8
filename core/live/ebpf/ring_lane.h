// One lane of the eBPF source: turns the records of a ring into blocks of events, with fragments joined and wall clock
// times. Events of one block have the same drops of the ring before them. It reads what is there, then naps: a reader
// that polls without pause slows the kernel down, since both write to the cache line of the ring's position.
// Owner: the eBPF source. One thread reads; stop() may come from any.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "core/base/result.h"
#include "core/ingest/source.h"
#include "core/live/ebpf/idle_lanes.h"
#include "core/live/ebpf/ring_reader.h"
#include "core/live/live_clock.h"
#include "core/live/live_source.h"
#include "core/packet/event_block.h"
#include "core/packet/fragment_table.h"

namespace flowgauge {

struct RingLaneOptions {
  std::uint32_t event_bytes = 0;  // of each record (bpf/capture.h says what may follow)
  BytesWanted bytes;              // of each packet
  CaptureClock clock = CaptureClock::kTai;
  std::uint8_t fragment_scope = PACKET_FRAGMENTS_OF_VLAN;  // packet_fragment_scope
};

class RingLane {
 public:
  RingLane(RingReader reader, RingLaneOptions options);

  // Where it sleeps when nothing comes; it outlives all reads. Without it the lane naps.
  void sleep_among(IdleLanes& lanes, std::size_t number) {
    idle_lanes_ = &lanes;
    number_ = number;
  }

  // As LiveSource::read and LiveSource::want_clock.
  SourceState read(EventBlock& block);
  void want_clock(ClockWanted wanted) { clock_wanted_ = wanted; }

  // From any thread.
  [[nodiscard]] std::uint64_t waiting_bytes() const { return reader_.waiting_bytes(); }
  // It sleeps since nothing comes, or what it woke up for is not worked off yet: it is not behind.
  [[nodiscard]] bool is_at_rest() const { return is_at_rest_.load(std::memory_order_relaxed); }

  // No program writes to the ring any more: read() ends once it is empty.
  // How often somebody shall look at the ring while the lane sleeps.
  [[nodiscard]] std::chrono::nanoseconds look_every() const { return nap_.longest_idle(); }

  void stop() noexcept { stopped_.store(true, std::memory_order_release); }

 private:
  // How long to sleep before the next look: so that about kGoodCatch events come together.
  class Nap {
   public:
    // `ring_events`: how many the ring holds. It shall not fill up within a nap.
    explicit Nap(std::uint64_t ring_events);
    void take();
    void adapt(std::size_t events);
    // Nothing has come for a second.
    [[nodiscard]] bool is_idle() const { return idle_naps_ == kIdleNaps; }
    [[nodiscard]] std::chrono::nanoseconds longest_idle() const { return std::chrono::nanoseconds(longest_idle_); }

   private:
    static constexpr std::int64_t kShortest = 1'000'000;
    static constexpr std::int64_t kLongest = 5'000'000;
    static constexpr std::int64_t kLongestIdle = 100'000'000;  // where nothing comes
    static constexpr int kIdleNaps = 200;  // without an event, before naps become longer than kLongest
    static constexpr std::size_t kGoodCatch = 1024;

    std::int64_t longest_idle_;
    std::int64_t ns_ = kShortest;
    int idle_naps_ = 0;
  };

  void wait_for_events();
  bool drain(EventBlock& block);
  [[nodiscard]] std::uint64_t drops_before(const std::byte* record, std::uint32_t bytes) const;
  void add(EventBlock& block, std::size_t index, const std::byte* record, std::uint32_t bytes);
  void add_bytes(EventBlock& block, packet_event& event, const std::byte* record, std::uint32_t bytes) const;

  RingReader reader_;
  const RingLaneOptions options_;
  Nap nap_;
  LiveClock clock_;
  FragmentTable fragments_;
  std::int64_t fragment_clock_ns_;  // greatest time of an event so far
  std::uint64_t frames_ = 0;
  std::uint64_t ring_drops_ = 0;  // before the newest event
  std::size_t caught_ = 0;        // events since the last nap
  bool ran_dry_ = true;
  IdleLanes* idle_lanes_ = nullptr;
  std::size_t number_ = 0;  // among them
  ClockWanted clock_wanted_ = ClockWanted::kYes;
  std::atomic<bool> is_at_rest_ = false;
  std::atomic<bool> stopped_ = false;
};

}  // namespace flowgauge
