#include "core/live/pcap/pcap_live_source.h"

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>

#include "core/base/log.h"
#include "core/base/nanoseconds.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/host/interface_watch.h"
#include "core/host/privileges.h"
#include "core/ingest/frame_event.h"
#include "core/live/interface_news.h"
#include "core/live/live_clock.h"
#include "core/live/passing_traffic.h"
#include "core/live/pcap/pcap_port.h"
#include "core/packet/fragment_table.h"

namespace flowgauge {
namespace {

constexpr std::uint64_t kDefaultBufferBytes = std::uint64_t{32} << 20;
constexpr std::size_t kFramesPerRead = 4 * kBlockEvents;  // bounds the time until the next look at the clock
constexpr std::int64_t kLateFramesNs = 5 * kPcapBatchNs;  // after stop(): until the kernel has shown what it gathered

class PcapLiveSource final : public LiveSource {
 public:
  PcapLiveSource(const LiveOptions& options, std::uint64_t buffer_bytes, InterfaceWatch interfaces)
      : options_(options),
        buffer_bytes_(buffer_bytes),
        is_numbered_(interfaces.most() > 1 && !options.merge_interfaces),
        others_may_come_(options.wait || std::ranges::any_of(options.interfaces, is_pattern)),
        interfaces_(std::move(interfaces)),
        wanted_(interfaces_.interfaces().begin(), interfaces_.interfaces().end()),
        fragments_(options.parse.fragment_scope),
        clock_(CaptureClock::kWall, sample_clocks(CaptureClock::kWall)) {}

  // Of what is there; errors end it where nothing else may come.
  Result<void> open_ports();

  [[nodiscard]] std::uint32_t lanes() const override { return 1; }
  SourceState read(std::uint32_t lane, EventBlock& block) override;
  void stop() noexcept override {
    if (stop_.load(std::memory_order_relaxed)) return;
    stopped_at_ = sample_clocks(CaptureClock::kWall);
    stop_.store(true, std::memory_order_release);
  }
  [[nodiscard]] Result<Sight> watch() override;
  [[nodiscard]] CapabilitySet still_needed() const override {
    return others_may_come_ ? kPcapCapabilities : CapabilitySet{};
  }
  [[nodiscard]] std::vector<LiveCounters> counters() const override;
  [[nodiscard]] std::string description() const override {
    return fmt::format("libpcap, a buffer of {} for each interface", human_bytes(buffer_bytes_));
  }

 private:
  enum class Found { kEvents, kEmpty };
  void follow_interfaces();
  void add_port(const FollowedInterface& followed);
  Found drain(EventBlock& block);
  PcapPort* earliest();
  bool take(PcapPort& port, packet_event& event, EventBlock& block);
  void follow_clock(EventBlock& block, std::int64_t wall_ns, bool is_empty);
  void count_drops(EventBlock& block);
  void wait(std::int64_t until_ns);
  static void note_loss(PcapPort& port);

  const LiveOptions options_;
  const std::uint64_t buffer_bytes_;
  const bool is_numbered_;
  const bool others_may_come_;
  InterfaceWatch interfaces_;  // of watch()
  PassingTraffic passing_;
  std::int64_t compared_at_ns_ = 0;
  std::mutex wanted_mutex_;
  std::vector<FollowedInterface> wanted_;  // by watch(), for read()
  bool wants_change_ = true;
  mutable std::mutex ports_mutex_;  // of their number
  std::vector<std::unique_ptr<PcapPort>> ports_;
  FragmentTable fragments_;
  LiveClock clock_;
  std::int64_t newest_ns_ = std::numeric_limits<std::int64_t>::min();
  std::uint64_t frames_ = 0;
  std::vector<pollfd> polls_;

  std::atomic<bool> stop_{false};
  ClockSample stopped_at_{};  // published by stop_
};

SourceState PcapLiveSource::read(std::uint32_t /*lane*/, EventBlock& block) {
  follow_interfaces();
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
    const bool is_over = stopping && found == Found::kEmpty && boot_time_ns() - stopped_at_.boot_ns > kLateFramesNs;
    if (stopping && !is_over && block.events.empty()) wait(boot_time_ns() + kPcapBatchNs);
    return is_over ? SourceState::kEnd : SourceState::kMore;
  }
}

// Takes frames until the block is full, or no interface shows any, after stop() any from before it (kEmpty).
PcapLiveSource::Found PcapLiveSource::drain(EventBlock& block) {
  const bool stopping = stop_.load(std::memory_order_acquire);
  std::size_t count = 0;
  for (std::size_t frames = 0; count < kBlockEvents && frames < kFramesPerRead; ++frames) {
    PcapPort* port = earliest();
    if (port == nullptr) return Found::kEmpty;
    if (stopping && port->next.timestamp_ns > stopped_at_.wall_ns()) return Found::kEmpty;
    if (take(*port, block.events[count], block)) ++count;
  }
  return Found::kEvents;
}

// The interface whose next frame is the oldest; null if none shows a frame.
PcapPort* PcapLiveSource::earliest() {
  PcapPort* first = nullptr;
  for (const auto& port : ports_) {
    if (!port->has_next && !port->lost) {
      const auto state = port->interface->next(port->next);
      port->has_next = state == PcapInterface::ReadState::kFrame;
      if (state == PcapInterface::ReadState::kLost) note_loss(*port);
    }
    if (port->has_next && (first == nullptr || port->next.timestamp_ns < first->next.timestamp_ns)) first = port.get();
  }
  return first;
}

bool PcapLiveSource::take(PcapPort& port, packet_event& event, EventBlock& block) {
  port.has_next = false;
  port.seen.add(1);
  const packet_reason reason = judge_frame(options_.parse, port.filter.get(), port.next, event);
  port.by_reason[reason].add(1);
  if (reason != PACKET_ACCEPTED) return false;
  event.interface = port.number;
  event.key_interface = is_numbered_ ? port.number : 0;
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
    if (!port->lost) port->dropped.set(port->interface->dropped());
    block.ring_drops += port->dropped.get();
  }
}

// Until an interface shows a frame, or until this boot time.
void PcapLiveSource::wait(std::int64_t until_ns) {
  polls_.clear();
  bool all_can_be_polled = true;
  for (const auto& port : ports_) {
    if (port->lost) continue;
    polls_.push_back({port->interface->descriptor(), POLLIN, 0});
    all_can_be_polled = all_can_be_polled && polls_.back().fd >= 0;
  }
  std::int64_t wait_ns = std::max<std::int64_t>(0, until_ns - boot_time_ns());
  if (!all_can_be_polled || stop_.load(std::memory_order_relaxed)) wait_ns = std::min(wait_ns, kPcapBatchNs);
  // What poll() says does not matter: the interfaces are asked in any case.
  (void)::poll(polls_.data(), polls_.size(), static_cast<int>((wait_ns + 999'999) / 1'000'000));
}

// That it is gone, InterfaceWatch tells.
void PcapLiveSource::note_loss(PcapPort& port) {
  port.lost = true;
  if (is_there(port.kernel_index))
    log_warning("interface {}: cannot be read any more: {}", port.name, port.interface->problem());
}

Result<Sight> PcapLiveSource::watch() {
  const bool has_news = tell_changes(interfaces_);
  if (has_news) {
    const std::lock_guard lock(wanted_mutex_);
    wanted_.assign(interfaces_.interfaces().begin(), interfaces_.interfaces().end());
    wants_change_ = true;
  }
  const std::int64_t now_ns = boot_time_ns();
  if (!has_news && now_ns - compared_at_ns_ >= kNsPerSecond) {
    compared_at_ns_ = now_ns;
    passing_.compare(counters(), traffic_by_first_name(interfaces_));
  }
  return interfaces_.all_lost() ? Sight::kAllLost : Sight::kSees;
}

// On the thread that reads.
void PcapLiveSource::follow_interfaces() {
  std::vector<FollowedInterface> wanted;
  {
    const std::lock_guard lock(wanted_mutex_);
    if (!std::exchange(wants_change_, false)) return;
    wanted = wanted_;
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (i == ports_.size()) add_port(wanted[i]);
    PcapPort& port = *ports_[i];
    const bool is_read = port.kernel_index == wanted[i].now.index && !port.lost;
    if (wanted[i].state != InterfaceState::kUp || is_read) continue;
    if (const auto read = port.read_from(wanted[i], options_, buffer_bytes_); !read && is_there(wanted[i].now.index))
      log_warning("{}", read.error().message);
  }
}

void PcapLiveSource::add_port(const FollowedInterface& followed) {
  const auto number = static_cast<std::uint16_t>(ports_.size() + 1);
  if (options_.names != nullptr) options_.names->add(followed.name);
  auto port = std::make_unique<PcapPort>(followed.name, number, options_.ingress_only || followed.name == "lo");
  const std::lock_guard lock(ports_mutex_);
  ports_.push_back(std::move(port));
}

Result<void> PcapLiveSource::open_ports() {
  for (const FollowedInterface& followed : interfaces_.interfaces()) {
    add_port(followed);
    if (followed.state != InterfaceState::kUp) continue;
    if (auto read = ports_.back()->read_from(followed, options_, buffer_bytes_); !read) {
      if (!others_may_come_) return read;
      log_warning("{}", read.error().message);
    }
  }
  wants_change_ = false;
  return {};
}

std::vector<LiveCounters> PcapLiveSource::counters() const {
  const std::lock_guard lock(ports_mutex_);
  std::vector<LiveCounters> all;
  for (const auto& port : ports_) {
    LiveCounters& counters = all.emplace_back();
    counters.interface = port->name;
    counters.direction = port->is_one_way ? TrafficDirection::kIngress : TrafficDirection::kBoth;
    counters.seen = port->seen.get();
    for (std::size_t reason = 0; reason < PACKET_REASON_COUNT; ++reason)
      counters.by_reason[reason] = port->by_reason[reason].get();
    counters.lost_before = port->dropped.get();
  }
  return all;
}

}  // namespace

std::uint64_t pcap_buffer_bytes(const CaptureChoices& choices) {
  return choices.ring_bytes == 0 ? kDefaultBufferBytes : choices.ring_bytes;
}

Result<std::unique_ptr<LiveSource>> open_pcap_live_source(const LiveOptions& options) {
  auto interfaces = TRY(
      InterfaceWatch::open(options.interfaces, options.wait ? MissingInterfaces::kAwait : MissingInterfaces::kRefuse));
  auto source = std::make_unique<PcapLiveSource>(options, pcap_buffer_bytes(options), std::move(interfaces));
  TRY(source->open_ports());
  return source;
}

}  // namespace flowgauge
