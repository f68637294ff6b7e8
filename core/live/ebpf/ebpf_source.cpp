#include "core/live/ebpf/ebpf_source.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <ctime>
#include <mutex>
#include <thread>
#include <utility>

#include "core/base/log.h"
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
#include "core/live/live_clock.h"
#include "core/live/passing_traffic.h"

namespace flowgauge {
namespace {

// One interface with its program.
struct Capture {
  std::string interface;
  InterfaceLink link;
  CaptureProgram program;
  std::vector<TrafficDirection> directions;
};

// A program that is detached may still be at work on another CPU; the kernel waits for all of them in here.
void wait_for_running_programs() {
  if (::syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) == 0) return;
  const timespec pause{0, 20'000'000};  // where the kernel has no such call: far longer than a program runs
  ::clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, nullptr);
}

class EbpfSource final : public LiveSource {
 public:
  EbpfSource(RingSet rings, std::vector<Capture> captures) : rings_(std::move(rings)), captures_(std::move(captures)) {}
  ~EbpfSource() override { stop(); }

  Result<void> open_lanes(const RingLaneOptions& options);
  Result<void> attach(AttachMethod method);
  // Without it the run goes on: a warning says what is not seen.
  void be_promiscuous();

  [[nodiscard]] std::uint32_t lanes() const override { return rings_.size(); }
  SourceState read(std::uint32_t lane, EventBlock& block) override;
  void stop() noexcept override;
  [[nodiscard]] std::vector<LiveCounters> counters() const override;
  [[nodiscard]] Result<void> watch() override;
  [[nodiscard]] Result<void> part_from_privileges() override;
  [[nodiscard]] std::string description() const override;

 private:
  void tell_of_step(std::int64_t step_ns);

  const RingSet rings_;
  const std::vector<Capture> captures_;
  std::vector<std::unique_ptr<RingLane>> lanes_;
  std::mutex attachments_mutex_;
  std::unique_ptr<Attachments> attachments_;  // until another process has them
  std::unique_ptr<AttachmentHolder> holder_;
  bool is_stopped_ = false;
  std::vector<std::atomic<std::int64_t>> blind_ns_;  // in the order of counters()
  std::optional<PromiscuousMode> promiscuous_;
  PassingTraffic passing_;
  std::string_view method_;
  std::mutex step_mutex_;  // of the step that was told last
  std::int64_t told_at_ns_ = 0;
  std::int64_t told_step_ns_ = 0;
};

Result<void> EbpfSource::open_lanes(const RingLaneOptions& options) {
  for (std::uint32_t ring = 0; ring < rings_.size(); ++ring) {
    auto reader = TRY(RingReader::open(rings_.ring_fd(ring), rings_.ring_bytes()));
    lanes_.push_back(std::make_unique<RingLane>(std::move(reader), options));
  }
  return {};
}

Result<void> EbpfSource::attach(AttachMethod method) {
  std::vector<ProgramPlace> places;
  for (const Capture& capture : captures_) {
    for (const TrafficDirection direction : capture.directions)
      places.push_back({{capture.interface, capture.link.index, direction}, capture.program.fd(direction)});
  }
  blind_ns_ = std::vector<std::atomic<std::int64_t>>(places.size());
  attachments_ = TRY(Attachments::attach(std::move(places), method));
  method_ = attachments_->method();
  return {};
}

void EbpfSource::be_promiscuous() {
  auto mode = PromiscuousMode::open();
  if (!mode)
    return log_warning(
        "packets that are addressed to other hosts are not seen, unless an interface is promiscuous already: {}; "
        "--no-promiscuous says that it shall be so",
        mode.error().message);
  for (const Capture& capture : captures_) {
    if (capture.link.is_loopback) continue;
    if (const auto asked = mode->ask(capture.link.index); !asked)
      log_warning("interface {} is not promiscuous: {}", capture.interface, asked.error().message);
  }
  promiscuous_ = std::move(*mode);
}

Result<void> EbpfSource::part_from_privileges() {
  holder_ = TRY(keep_in_process(std::move(attachments_)));
  return {};
}

Result<void> EbpfSource::watch() {
  const std::lock_guard lock(attachments_mutex_);
  if (is_stopped_) return {};
  AttachmentHolder& holder = holder_ ? *holder_ : *attachments_;
  for (const BlindTime& blind : TRY(holder.look())) blind_ns_[blind.place].fetch_add(blind.ns);
  passing_.compare(counters());
  return {};
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
  const std::lock_guard lock(attachments_mutex_);
  if (std::exchange(is_stopped_, true)) return;
  holder_.reset();
  attachments_.reset();
  wait_for_running_programs();
  for (const auto& lane : lanes_) lane->stop();
}

std::vector<LiveCounters> EbpfSource::counters() const {
  std::vector<LiveCounters> all;
  for (const Capture& capture : captures_) {
    for (const TrafficDirection direction : capture.directions) {
      const std::size_t place = all.size();
      all.push_back(capture.program.counters(direction));
      all.back().interface = capture.interface;
      if (place < blind_ns_.size()) all.back().blind = std::chrono::nanoseconds(blind_ns_[place].load());
    }
  }
  return all;
}

std::string EbpfSource::description() const {
  return fmt::format("eBPF ({}), {} ring{} of {}", method_, rings_.size(), rings_.size() == 1 ? "" : "s",
                     human_bytes(rings_.ring_bytes()));
}

Result<Capture> load_capture(const LiveOptions& options, std::size_t position, const RingSet& rings) {
  const std::string& name = options.interfaces[position];
  auto link = TRY(find_interface_link(name));
  const bool numbered = options.interfaces.size() > 1 && !options.merge_interfaces;
  capture_settings settings{};
  settings.parse = options.parse;
  settings.link_type = link.link_type;
  settings.interface_index = numbered ? static_cast<std::uint32_t>(position + 1) : 0;
  settings.event_bytes = options.event_bytes;
  settings.payload_bytes = options.bytes.payload_bytes;
  settings.headers = options.bytes.headers;
  const bool ingress_only = options.ingress_only || link.is_loopback;
  auto program = CaptureProgram::load(settings, rings, ingress_only ? Hooks::kIngress : Hooks::kBoth);
  if (!program) return fail(program.error().code, "{}: {}", name, program.error().message);
  std::vector<TrafficDirection> directions{TrafficDirection::kIngress};
  if (!ingress_only) directions.push_back(TrafficDirection::kEgress);
  return Capture{name, link, std::move(*program), std::move(directions)};
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
  const std::uint32_t ring_count =
      options.rings != 0 ? options.rings : default_ring_count(std::max(std::thread::hardware_concurrency(), 1U));
  const std::uint64_t ring_bytes = options.ring_bytes != 0 ? options.ring_bytes : default_ring_bytes(ring_count);
  auto rings = TRY(RingSet::create(ring_count, ring_bytes));
  std::vector<Capture> captures;
  for (std::size_t position = 0; position < options.interfaces.size(); ++position) {
    captures.push_back(TRY(load_capture(options, position, rings)));
  }
  auto source = std::make_unique<EbpfSource>(std::move(rings), std::move(captures));
  TRY(source->open_lanes({event_bytes, options.bytes, capture_clock(), options.parse.fragment_scope}));
  TRY(source->attach(options.attach));
  if (options.promiscuous) source->be_promiscuous();
  return source;
}

bool ebpf_is_built() { return true; }

}  // namespace flowgauge
