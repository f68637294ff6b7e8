#include "core/live/ebpf/ebpf_source.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "core/base/log.h"
#include "core/base/nanoseconds.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/host/promiscuous.h"
#include "core/live/ebpf/attachment_process.h"
#include "core/live/ebpf/attachments.h"
#include "core/live/ebpf/capture_program.h"
#include "core/live/ebpf/interface_link.h"
#include "core/live/ebpf/ring_defaults.h"
#include "core/live/ebpf/ring_lane.h"
#include "core/live/ebpf/ring_set.h"
#include "core/live/interface_news.h"
#include "core/live/live_clock.h"
#include "core/live/passing_traffic.h"

namespace flowgauge {
namespace {

// A program that is detached may still be at work on another CPU; the kernel waits for all of them in here.
void wait_for_running_programs() {
  if (::syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) == 0) return;
  const timespec pause{0, 20'000'000};  // where the kernel has no such call: far longer than a program runs
  ::clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, nullptr);
}

// The programs by link type.
using Programs = std::map<std::uint32_t, CaptureProgram>;

class EbpfSource final : public LiveSource {
 public:
  EbpfSource(RingSet rings, Programs programs, InterfaceWatch interfaces, const LiveOptions& options)
      : rings_(std::move(rings)),
        programs_(std::move(programs)),
        ingress_only_(options.ingress_only),
        names_(options.names),
        interfaces_(std::move(interfaces)),
        blind_ns_(2 * interfaces_.most()) {}
  ~EbpfSource() override { stop(); }

  Result<void> open_lanes(const RingLaneOptions& options);
  Result<void> attach(AttachMethod method);
  // Without it the run goes on: a warning says what is not seen.
  void be_promiscuous();

  [[nodiscard]] std::uint32_t lanes() const override { return rings_.size(); }
  SourceState read(std::uint32_t lane, EventBlock& block) override;
  void want_clock(std::uint32_t lane, ClockWanted wanted) override { lanes_[lane]->want_clock(wanted); }
  [[nodiscard]] Result<Sight> watch() override;
  [[nodiscard]] Result<void> part_from_privileges() override;
  void stop() noexcept override;
  [[nodiscard]] std::vector<LiveCounters> counters() const override;
  [[nodiscard]] std::vector<RingFill> ring_fill() const override;
  [[nodiscard]] std::uint64_t mapped_twice_bytes() const override { return rings_.size() * rings_.ring_bytes(); }
  [[nodiscard]] std::string description() const override;

 private:
  // Of an interface that is followed.
  struct Slot {
    std::string name;
    bool is_one_way = false;
    std::uint32_t index = 0;      // 0: away
    std::uint32_t link_type = 0;  // 0: it is not captured
  };

  [[nodiscard]] std::vector<WantedInterface> wanted();
  void move(Slot& slot, const FollowedInterface& followed);
  void tell_of_step(std::int64_t step_ns);

  const RingSet rings_;
  const Programs programs_;
  const bool ingress_only_;
  InterfaceNames* const names_;  // a slot's number is that of its event less 1
  std::vector<std::unique_ptr<RingLane>> lanes_;
  std::unique_ptr<IdleLanes> idle_lanes_;
  std::mutex watch_mutex_;  // of all that watch() and stop() change
  InterfaceWatch interfaces_;
  std::unique_ptr<Attachments> attachments_;  // until another process has them
  std::unique_ptr<AttachmentHolder> holder_;
  std::optional<PromiscuousMode> promiscuous_;
  PassingTraffic passing_;
  bool is_stopped_ = false;
  std::int64_t looked_at_ns_ = 0;  // boot time
  mutable std::mutex slots_mutex_;
  std::vector<Slot> slots_;
  std::vector<std::int64_t> blind_ns_;  // by slot and direction
  std::string_view method_;
  std::mutex step_mutex_;  // of the step that was told last
  std::int64_t told_at_ns_ = 0;
  std::int64_t told_step_ns_ = 0;
};

std::size_t side_of(std::uint32_t slot, TrafficDirection direction) {
  return 2 * std::size_t{slot} + (direction == TrafficDirection::kEgress ? 1 : 0);
}

Result<void> EbpfSource::open_lanes(const RingLaneOptions& options) {
  for (std::uint32_t ring = 0; ring < rings_.size(); ++ring) {
    auto reader = TRY(RingReader::open(rings_.ring_fd(ring), rings_.ring_bytes()));
    lanes_.push_back(std::make_unique<RingLane>(std::move(reader), options));
  }
  idle_lanes_ = std::make_unique<IdleLanes>(lanes_.size(), lanes_.front()->look_every(),
                                            [this](std::size_t lane) { return lanes_[lane]->waiting_bytes() != 0; });
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) lanes_[lane]->sleep_among(*idle_lanes_, lane);
  return {};
}

Result<void> EbpfSource::attach(AttachMethod method) {
  std::vector<ProgramHandles> handles;
  for (const auto& [link_type, program] : programs_)
    handles.push_back({link_type, program.fd(TrafficDirection::kIngress), program.fd(TrafficDirection::kEgress),
                       program.interfaces_fd()});
  attachments_ = TRY(Attachments::open(std::move(handles), method));
  method_ = attachments_->method();
  TRY(attachments_->look(wanted()));
  looked_at_ns_ = boot_time_ns();
  return {};
}

// It is another interface from now on; what stands against capturing it is said.
void EbpfSource::move(Slot& slot, const FollowedInterface& followed) {
  slot.index = followed.now.index;
  slot.link_type = 0;
  if (slot.index == 0) return;
  const auto link = link_of(followed.now);
  if (!link) return log_warning("{}", link.error().message);
  if (!programs_.contains(link->link_type))
    return log_warning("interface {} is of another kind than before, and is not captured; start flowgauge again for it",
                       followed.name);
  slot.link_type = link->link_type;
  slot.is_one_way = ingress_only_ || link->is_loopback;
  if (!promiscuous_ || link->is_loopback) return;
  if (const auto asked = promiscuous_->ask(slot.index); !asked && is_there(slot.index))
    log_warning("interface {} is not promiscuous: {}", followed.name, asked.error().message);
}

std::vector<WantedInterface> EbpfSource::wanted() {
  const std::lock_guard lock(slots_mutex_);
  std::vector<WantedInterface> all;
  for (const FollowedInterface& followed : interfaces_.interfaces()) {
    const auto number = static_cast<std::uint32_t>(all.size());
    if (number == slots_.size()) {
      slots_.push_back({followed.name, ingress_only_ || followed.name == "lo"});
      if (names_ != nullptr) names_->add(followed.name);
    }
    Slot& slot = slots_[number];
    if (slot.index != followed.now.index) move(slot, followed);
    WantedInterface& one = all.emplace_back();
    one.slot = number;
    one.index = slot.link_type == 0 ? 0 : slot.index;
    one.link_type = slot.link_type;
    one.ingress_only = slot.is_one_way ? 1 : 0;
    followed.now.name.copy(one.name.data(), one.name.size() - 1);
  }
  return all;
}

void EbpfSource::be_promiscuous() {
  auto mode = PromiscuousMode::open();
  if (mode) {
    promiscuous_ = std::move(*mode);
    return;
  }
  log_warning(
      "packets to other hosts are not seen, unless an interface is already promiscuous: {}; "
      "use --no-promiscuous if that is what you want",
      mode.error().message);
}

Result<void> EbpfSource::part_from_privileges() {
  holder_ = TRY(keep_in_process(std::move(attachments_)));
  return {};
}

Result<Sight> EbpfSource::watch() {
  const std::lock_guard lock(watch_mutex_);
  if (is_stopped_) return Sight::kSees;
  const bool has_news = tell_changes(interfaces_);
  const std::int64_t now_ns = boot_time_ns();
  if (has_news || now_ns - looked_at_ns_ >= kNsPerSecond) {
    looked_at_ns_ = now_ns;
    AttachmentHolder& holder = holder_ ? *holder_ : *attachments_;
    const std::vector<BlindTime> blind = TRY(holder.look(wanted()));
    {
      const std::lock_guard slots_lock(slots_mutex_);
      for (const BlindTime& one : blind) blind_ns_[side_of(one.slot, one.direction)] += one.ns;
    }
    if (!has_news) passing_.compare(counters(), traffic_by_first_name(interfaces_));
  }
  return interfaces_.all_lost() ? Sight::kAllLost : Sight::kSees;
}

SourceState EbpfSource::read(std::uint32_t lane, EventBlock& block) {
  const SourceState state = lanes_[lane]->read(block);
  if (block.step_ns != 0) tell_of_step(block.step_ns);
  return state;
}

// Each lane finds a step for itself, within kLiveWaitNs or little more; the first one says so.
void EbpfSource::tell_of_step(std::int64_t step_ns) {
  const std::lock_guard lock(step_mutex_);
  const std::int64_t now_ns = boot_time_ns();
  const bool is_known =
      told_at_ns_ != 0 && now_ns - told_at_ns_ < kClockStepNs && std::llabs(step_ns - told_step_ns_) < kClockStepNs / 2;
  if (is_known) return;
  told_at_ns_ = now_ns;
  told_step_ns_ = step_ns;
  log_text(LogLevel::kWarning, step_message(step_ns));
}

void EbpfSource::stop() noexcept {
  const std::lock_guard lock(watch_mutex_);
  if (std::exchange(is_stopped_, true)) return;
  holder_.reset();
  attachments_.reset();
  wait_for_running_programs();
  for (const auto& lane : lanes_) lane->stop();
  if (idle_lanes_) idle_lanes_->stop();
}

std::vector<LiveCounters> EbpfSource::counters() const {
  const std::lock_guard lock(slots_mutex_);
  std::vector<LiveCounters> all;
  for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
    for (const TrafficDirection direction : {TrafficDirection::kIngress, TrafficDirection::kEgress}) {
      if (direction == TrafficDirection::kEgress && slots_[slot].is_one_way) continue;
      LiveCounters& sums = all.emplace_back();
      sums.interface = slots_[slot].name;
      sums.direction = direction;
      sums.super_packets.emplace();
      for (const auto& [link_type, program] : programs_) sums += program.counters(direction, slot);
      sums.blind = std::chrono::nanoseconds(blind_ns_[side_of(slot, direction)]);
    }
  }
  return all;
}

std::vector<RingFill> EbpfSource::ring_fill() const {
  std::vector<RingFill> all;
  for (const auto& lane : lanes_) all.push_back({lane->waiting_bytes(), rings_.ring_bytes(), lane->is_at_rest()});
  return all;
}

std::string EbpfSource::description() const {
  return fmt::format("eBPF ({}), {} of {}", method_, counted(rings_.size(), "ring"), human_bytes(rings_.ring_bytes()));
}

// One for each kind of the interfaces that are there; for all where others may come.
Result<Programs> load_programs(const LiveOptions& options, const InterfaceWatch& interfaces, const RingSet& rings) {
  const bool others_may_come = options.wait || std::ranges::any_of(options.interfaces, is_pattern);
  std::set<std::uint32_t> link_types;
  if (others_may_come) link_types = {kEthernetLink, kRawIpLink};
  bool all_are_loopback = !others_may_come;
  for (const FollowedInterface& followed : interfaces.interfaces()) {
    if (followed.now.index == 0) continue;
    const auto link = link_of(followed.now);
    if (!link && !others_may_come) return std::unexpected(link.error());
    if (!link) continue;
    link_types.insert(link->link_type);
    all_are_loopback = all_are_loopback && link->is_loopback;
  }
  capture_settings settings{};
  settings.parse = options.parse;
  settings.slots = static_cast<std::uint32_t>(interfaces.most());
  settings.numbered = options.merge_interfaces || interfaces.most() == 1 ? 0 : 1;
  settings.event_bytes = options.event_bytes;
  settings.payload_bytes = options.bytes.payload_bytes;
  settings.headers = options.bytes.headers;
  settings.ring_seed = options.ring_seed;
  Programs programs;
  for (const std::uint32_t link_type : link_types) {
    settings.link_type = link_type;
    const Hooks hooks = options.ingress_only || all_are_loopback ? Hooks::kIngress : Hooks::kBoth;
    programs.emplace(link_type, TRY(CaptureProgram::load(settings, rings, hooks)));
  }
  return programs;
}

// The size of events with what the options ask for.
Result<std::uint32_t> event_bytes_for(const LiveOptions& options) {
  if (options.bytes.payload_bytes > CAPTURE_MAX_PAYLOAD_BYTES) {
    return fail(ExitCode::kUsage,
                "a feature asks for {} bytes of each packet's payload, and eBPF gives at most {}; use --capture pcap",
                options.bytes.payload_bytes, CAPTURE_MAX_PAYLOAD_BYTES);
  }
  if (options.bytes.any()) return static_cast<std::uint32_t>(sizeof(packet_event));
  return options.event_bytes;
}

}  // namespace

Result<std::unique_ptr<LiveSource>> open_ebpf_source(const LiveOptions& options) {
  const auto event_bytes = TRY(event_bytes_for(options));
  const std::uint32_t ring_count = ring_count_of(options);
  const std::uint64_t ring_bytes = ring_bytes_of(options, ring_count);
  auto rings = TRY(RingSet::create(ring_count, ring_bytes));
  auto interfaces = TRY(
      InterfaceWatch::open(options.interfaces, options.wait ? MissingInterfaces::kAwait : MissingInterfaces::kRefuse));
  auto programs = TRY(load_programs(options, interfaces, rings));
  auto source = std::make_unique<EbpfSource>(std::move(rings), std::move(programs), std::move(interfaces), options);
  TRY(source->open_lanes({event_bytes, options.bytes, capture_clock(), options.parse.fragment_scope}));
  if (options.promiscuous) source->be_promiscuous();
  TRY(source->attach(options.attach));
  return source;
}

bool ebpf_is_built() { return true; }

}  // namespace flowgauge
