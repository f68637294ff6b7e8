#include "core/live/pcap/pcap_live_source.h"

#include <net/if.h>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <utility>

#include "core/base/log.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/ingest/frame_event.h"
#include "core/live/live_clock.h"
#include "core/live/passing_traffic.h"
#include "core/live/pcap/pcap_interface.h"
#include "core/packet/fragment_table.h"

namespace flowgauge {
namespace {

constexpr std::uint64_t kDefaultBufferBytes = std::uint64_t{32} << 20;
constexpr std::size_t kFramesPerRead = 4 * kBlockEvents;  // bounds the time until the next look at the clock
constexpr std::int64_t kLateFramesNs = 5 * kPcapBatchNs;  // after stop(): until the kernel has shown what it gathered

// Written by the reading thread alone, read by any.
class Count {
 public:
  void add(std::uint64_t number) { value_.store(get() + number, std::memory_order_relaxed); }
  void set(std::uint64_t number) { value_.store(number, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct Port {
  PcapInterface interface;
  std::uint32_t index;  // for the events
  std::unique_ptr<FrameFilter> filter;
  Frame next{};           // valid with has_next
  bool has_next = false;  // a frame is shown but not taken
  bool lost = false;
  Count seen;
  std::array<Count, PACKET_REASON_COUNT> by_reason;
  Count dropped;

  Port(PcapInterface of, std::uint32_t at, std::unique_ptr<FrameFilter> by)
      : interface(std::move(of)), index(at), filter(std::move(by)) {}
};

class PcapLiveSource final : public LiveSource {
 public:
  PcapLiveSource(const LiveOptions& options, std::uint64_t buffer_bytes, std::vector<std::unique_ptr<Port>> ports)
      : options_(options),
        buffer_bytes_(buffer_bytes),
        ports_(std::move(ports)),
        fragments_(options.parse.fragment_scope),
        clock_(CaptureClock::kWall, sample_clocks(CaptureClock::kWall)) {}

  [[nodiscard]] std::uint32_t lanes() const override { return 1; }
  SourceState read(std::uint32_t lane, EventBlock& block) override;
  void stop() noexcept override {
    if (stop_.load(std::memory_order_relaxed)) return;
    stopped_at_ = sample_clocks(CaptureClock::kWall);
    stop_.store(true, std::memory_order_release);
  }
  [[nodiscard]] Result<void> watch() override {
    passing_.compare(counters());
    return {};
  }
  [[nodiscard]] std::vector<LiveCounters> counters() const override;
  [[nodiscard]] std::string description() const override {
    return fmt::format("libpcap, a buffer of {} for each interface", human_bytes(buffer_bytes_));
  }

 private:
  enum class Found { kEvents, kEmpty, kEnd };
  Found drain(EventBlock& block);
  Port* earliest();
  bool take(Port& port, packet_event& event, EventBlock& block);
  void follow_clock(EventBlock& block, std::int64_t wall_ns, bool is_empty);
  void count_drops(EventBlock& block);
  void wait(std::int64_t until_ns);
  static void note_loss(Port& port);

  const LiveOptions options_;
  const std::uint64_t buffer_bytes_;
  std::vector<std::unique_ptr<Port>> ports_;
  FragmentTable fragments_;
  LiveClock clock_;
  std::int64_t newest_ns_ = std::numeric_limits<std::int64_t>::min();
  std::uint64_t frames_ = 0;
  std::vector<pollfd> polls_;
  PassingTraffic passing_;

  std::atomic<bool> stop_{false};
  ClockSample stopped_at_{};  // published by stop_
};

SourceState PcapLiveSource::read(std::uint32_t /*lane*/, EventBlock& block) {
  block.begin();
  block.make_room(kBlockEvents);
  const std::int64_t until_ns = boot_time_ns() + kLiveWaitNs;
  for (;;) {
    const bool stopping = stop_.load(std::memory_order_acquire);
    const std::int64_t wall_ns = wall_time_ns();
    const Found found = drain(block);
    block.cut(block.frames.size());
    follow_clock(block, wall_ns, found != Found::kEvents);
    const bool is_waiting = found == Found::kEmpty && block.events.empty() && boot_time_ns() < until_ns;
    if (is_waiting && !stopping && block.step_ns == 0) {
      wait(until_ns);
      block.make_room(kBlockEvents);
      continue;
    }
    count_drops(block);
    if (found == Found::kEnd) return SourceState::kEnd;
    const bool is_over = stopping && found == Found::kEmpty && boot_time_ns() - stopped_at_.boot_ns > kLateFramesNs;
    if (stopping && !is_over && block.events.empty()) wait(boot_time_ns() + kPcapBatchNs);
    return is_over ? SourceState::kEnd : SourceState::kMore;
  }
}

// Takes frames until the block is full, or no interface shows any, after stop() any from before it (kEmpty). kEnd: nor
// ever will.
PcapLiveSource::Found PcapLiveSource::drain(EventBlock& block) {
  const bool stopping = stop_.load(std::memory_order_acquire);
  std::size_t count = 0;
  for (std::size_t frames = 0; count < kBlockEvents && frames < kFramesPerRead; ++frames) {
    Port* port = earliest();
    if (port == nullptr) {
      const bool all_lost = std::ranges::all_of(ports_, [](const auto& one) { return one->lost; });
      return all_lost ? Found::kEnd : Found::kEmpty;
    }
    if (stopping && port->next.timestamp_ns > stopped_at_.wall_ns()) return Found::kEmpty;
    if (take(*port, block.events[count], block)) ++count;
  }
  return Found::kEvents;
}

// The interface whose next frame is the oldest; null if none shows a frame.
Port* PcapLiveSource::earliest() {
  Port* first = nullptr;
  for (const auto& port : ports_) {
    if (!port->has_next && !port->lost) {
      const auto state = port->interface.next(port->next);
      port->has_next = state == PcapInterface::ReadState::kFrame;
      if (state == PcapInterface::ReadState::kLost) note_loss(*port);
    }
    if (port->has_next && (first == nullptr || port->next.timestamp_ns < first->next.timestamp_ns)) first = port.get();
  }
  return first;
}

bool PcapLiveSource::take(Port& port, packet_event& event, EventBlock& block) {
  port.has_next = false;
  port.seen.add(1);
  const packet_reason reason = judge_frame(options_.parse, port.filter.get(), port.next, event);
  port.by_reason[reason].add(1);
  if (reason != PACKET_ACCEPTED) return false;
  event.interface_index = port.index;
  newest_ns_ = std::max(newest_ns_, event.timestamp_ns);
  fragments_.join(event, newest_ns_);
  add_bytes(port.next, options_.bytes, event, block);
  block.add_frame(frames_++, event);
  return true;
}

// The clocks are read behind the events: whatever the block holds from after a step, the step is known.
void PcapLiveSource::follow_clock(EventBlock& block, std::int64_t wall_ns, bool is_empty) {
  const ClockSample now = sample_clocks(CaptureClock::kWall);
  const std::int64_t step_ns = clock_.update(now);
  for (packet_event& event : block.events) event.timestamp_ns = clock_.wall_ns(event.timestamp_ns);
  if (step_ns != 0) {
    log_text(LogLevel::kWarning, step_message(step_ns));
    block.step_ns = step_ns;
    fragments_.shift(step_ns);
    // Some packets of this block may be from after the step and others from before: the greatest is found anew.
    newest_ns_ = now.wall_ns() - kLiveClockLagNs;
  }
  if (is_empty) block.clock_ns = clock_.wall_ns(wall_ns) - kLiveClockLagNs;
}

void PcapLiveSource::count_drops(EventBlock& block) {
  block.ring_drops = 0;
  for (const auto& port : ports_) {
    if (!port->lost) port->dropped.set(port->interface.dropped());
    block.ring_drops += port->dropped.get();
  }
}

// Until an interface shows a frame, or until this boot time.
void PcapLiveSource::wait(std::int64_t until_ns) {
  polls_.clear();
  bool all_can_be_polled = true;
  for (const auto& port : ports_) {
    if (port->lost) continue;
    polls_.push_back({port->interface.descriptor(), POLLIN, 0});
    all_can_be_polled = all_can_be_polled && polls_.back().fd >= 0;
  }
  std::int64_t wait_ns = std::max<std::int64_t>(0, until_ns - boot_time_ns());
  if (!all_can_be_polled || stop_.load(std::memory_order_relaxed)) wait_ns = std::min(wait_ns, kPcapBatchNs);
  // What poll() says does not matter: the interfaces are asked in any case.
  (void)::poll(polls_.data(), polls_.size(), static_cast<int>((wait_ns + 999'999) / 1'000'000));
}

// That it is gone, InterfaceWatch tells.
void PcapLiveSource::note_loss(Port& port) {
  port.lost = true;
  if (::if_nametoindex(port.interface.name().c_str()) != 0)
    log_warning("interface {}: cannot be read any more: {}", port.interface.name(), port.interface.problem());
}

std::vector<LiveCounters> PcapLiveSource::counters() const {
  std::vector<LiveCounters> all;
  for (const auto& port : ports_) {
    LiveCounters& counters = all.emplace_back();
    counters.interface = port->interface.name();
    const bool one_way = options_.ingress_only || counters.interface == "lo";
    counters.direction = one_way ? TrafficDirection::kIngress : TrafficDirection::kBoth;
    counters.seen = port->seen.get();
    for (std::size_t reason = 0; reason < PACKET_REASON_COUNT; ++reason)
      counters.by_reason[reason] = port->by_reason[reason].get();
    counters.lost_before = port->dropped.get();
  }
  return all;
}

}  // namespace

Result<std::unique_ptr<LiveSource>> open_pcap_live_source(const LiveOptions& options) {
  const std::uint64_t buffer_bytes = options.ring_bytes == 0 ? kDefaultBufferBytes : options.ring_bytes;
  const bool keyed = options.interfaces.size() > 1 && !options.merge_interfaces;
  std::vector<std::unique_ptr<Port>> ports;
  for (const std::string& name : options.interfaces) {
    auto interface = TRY(PcapInterface::open({name, options.ingress_only, options.promiscuous, buffer_bytes}));
    std::unique_ptr<FrameFilter> filter;
    if (!options.filter.empty()) {
      auto compiled = TRY(FrameFilter::compile(options.filter, interface.link_type()));
      filter = std::make_unique<FrameFilter>(std::move(compiled));
    }
    const auto index = static_cast<std::uint32_t>(keyed ? ports.size() + 1 : 0);
    ports.push_back(std::make_unique<Port>(std::move(interface), index, std::move(filter)));
  }
  return std::unique_ptr<LiveSource>(std::make_unique<PcapLiveSource>(options, buffer_bytes, std::move(ports)));
}

}  // namespace flowgauge
