#include "tests/engine/fake_live_source.h"

#include <chrono>
#include <thread>
#include <utility>

namespace flowgauge::test {

FakeLiveSource::FakeLiveSource(std::vector<std::vector<FakeBlock>> lanes) : busy_lanes_(lanes.size()) {
  for (std::vector<FakeBlock>& blocks : lanes) lanes_.push_back({std::move(blocks)});
}

SourceState FakeLiveSource::read(std::uint32_t lane, EventBlock& block) {
  Lane& from = lanes_[lane];
  block = {};
  block.ring_drops = ring_full;
  if (from.next < from.blocks.size()) {
    const FakeBlock& next = from.blocks[from.next++];
    block.events = next.events;
    for (std::size_t i = 0; i < next.events.size(); ++i) block.frames.push_back(from.frames++);
    block.clock_ns = next.clock_ns;
    block.step_ns = next.step_ns;
    given_ += next.events.size();
    return SourceState::kMore;
  }
  if (from.next == from.blocks.size()) {
    ++from.next;
    if (--busy_lanes_ == 0 && when_quiet) when_quiet();
  }
  if (ends_by_itself || stopped_.load()) return SourceState::kEnd;
  std::this_thread::sleep_for(std::chrono::milliseconds(1));  // as a lane that is found empty
  return SourceState::kMore;
}

std::vector<LiveCounters> FakeLiveSource::counters() const {
  LiveCounters counters;
  counters.interface = "fake0";
  counters.by_reason[PACKET_ACCEPTED] = given_.load();
  counters.ring_full = ring_full;
  counters.lost_before = lost_before;
  counters.seen = given_.load() + ring_full;
  return {counters};
}

}  // namespace flowgauge::test
