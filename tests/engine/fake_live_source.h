// Live traffic by script, without interfaces: each lane gives its blocks one after another and is then quiet until the
// source is stopped.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/live/live_source.h"

namespace flowgauge::test {

struct FakeBlock {
  std::vector<packet_event> events;
  std::int64_t clock_ns = kNoClock;
  std::int64_t step_ns = 0;
};

class FakeLiveSource final : public LiveSource {
 public:
  explicit FakeLiveSource(std::vector<std::vector<FakeBlock>> lanes);

  bool ends_by_itself = false;       // as when the interfaces are gone
  std::function<void()> when_quiet;  // once, when every lane has given its last block
  std::function<Result<Sight>()> watched;
  std::uint64_t ring_full = 0;  // beside the packets that are given
  std::uint64_t lost_before = 0;

  [[nodiscard]] std::uint32_t lanes() const override { return static_cast<std::uint32_t>(lanes_.size()); }
  SourceState read(std::uint32_t lane, EventBlock& block) override;
  [[nodiscard]] Result<Sight> watch() override { return watched ? watched() : Sight::kSees; }
  void stop() noexcept override { stopped_.store(true); }
  [[nodiscard]] std::vector<LiveCounters> counters() const override;
  [[nodiscard]] std::string description() const override { return "by script"; }

 private:
  struct Lane {
    std::vector<FakeBlock> blocks;
    std::size_t next = 0;
    std::uint64_t frames = 0;
  };

  std::vector<Lane> lanes_;
  std::atomic<std::size_t> busy_lanes_;
  std::atomic<std::uint64_t> given_{0};
  std::atomic<bool> stopped_{false};
};

}  // namespace flowgauge::test
