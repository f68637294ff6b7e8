#include "core/live/ebpf/capture_program.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

#include <capture.skel.h>
#include "core/base/try.h"
#include "core/host/privileges.h"
#include "core/live/ebpf/libbpf_messages.h"

namespace flowgauge {
namespace {

Error load_error(int error) {
  const std::string what = fmt::format("load the kernel program: {}", std::strerror(error));
  // The verifier, too, answers EACCES; where CAP_PERFMON is missing it is for that reason.
  if (error == EPERM || (error == EACCES && !check_privileges(CaptureMethod::kEbpf))) {
    return privilege_error(CaptureMethod::kEbpf, what);
  }
  return {ExitCode::kInput,
          fmt::format("cannot {}; eBPF capture needs Linux 5.8 or newer (--log-level debug shows what "
                      "the kernel says, --capture pcap works without)",
                      what)};
}

std::uint64_t read(std::uint64_t& counter) { return std::atomic_ref(counter).load(std::memory_order_relaxed); }

}  // namespace

CaptureProgram::CaptureProgram(CaptureProgram&&) noexcept = default;
CaptureProgram& CaptureProgram::operator=(CaptureProgram&&) noexcept = default;
CaptureProgram::~CaptureProgram() = default;

void CaptureProgram::Destroy::operator()(flowgauge_capture* skeleton) const noexcept {
  flowgauge_capture__destroy(skeleton);
}

CaptureClock capture_clock() {
  static const bool kHasTai = libbpf_probe_bpf_helper(BPF_PROG_TYPE_SCHED_CLS, BPF_FUNC_ktime_get_tai_ns, nullptr) == 1;
  return kHasTai ? CaptureClock::kTai : CaptureClock::kBoottime;
}

Result<CaptureProgram> CaptureProgram::load(capture_settings settings, const RingSet& rings, Hooks hooks) {
  redirect_libbpf_messages();
  CaptureProgram program;
  program.skeleton_.reset(flowgauge_capture__open());
  if (!program.skeleton_) return std::unexpected(load_error(errno));
  flowgauge_capture& skeleton = *program.skeleton_;
  settings.ring_mask = rings.size() - 1;
  settings.slots = std::max(settings.slots, 1U);
  program.slots_ = settings.slots;
  settings.uses_tai = capture_clock() == CaptureClock::kTai;
  // The skeleton's member is volatile for the program's sake; nothing reads it before it is loaded.
  std::memcpy(const_cast<capture_settings*>(&skeleton.rodata->settings), &settings, sizeof settings);
  const int cpus = libbpf_num_possible_cpus();
  if (cpus < 1) return fail(ExitCode::kInput, "cannot count this machine's CPUs: {}", std::strerror(-cpus));
  program.cpus_ = static_cast<std::uint32_t>(cpus);
  if (hooks == Hooks::kIngress) bpf_program__set_autoload(skeleton.progs.flowgauge_out, false);
  int error = bpf_map__set_max_entries(skeleton.maps.counters, program.entries());
  if (error == 0) error = bpf_map__set_max_entries(skeleton.maps.interfaces, 2 * program.slots_);
  if (error == 0) error = bpf_map__reuse_fd(skeleton.maps.rings, rings.rings_fd());
  if (error == 0) error = bpf_map__reuse_fd(skeleton.maps.ring_drops, rings.drops_fd());
  if (error == 0) error = bpf_map__reuse_fd(skeleton.maps.fragments, rings.fragments_fd());
  if (error == 0) error = flowgauge_capture__load(&skeleton);
  if (error != 0) return std::unexpected(load_error(-error));
  program.counters_ =
      TRY(MemoryMap::of(bpf_map__fd(skeleton.maps.counters), program.entries() * sizeof(capture_counters), 0,
                        MemoryMap::Access::kRead, "the packet counters"));
  return program;
}

int CaptureProgram::fd(TrafficDirection direction) const {
  return bpf_program__fd(direction == TrafficDirection::kIngress ? skeleton_->progs.flowgauge_in
                                                                 : skeleton_->progs.flowgauge_out);
}

int CaptureProgram::interfaces_fd() const { return slots_ == 1 ? -1 : bpf_map__fd(skeleton_->maps.interfaces); }

LiveCounters CaptureProgram::counters(TrafficDirection direction, std::uint32_t slot) const {
  LiveCounters sums;
  sums.direction = direction;
  SuperPackets& super_packets = sums.super_packets.emplace();
  const std::uint32_t row = direction == TrafficDirection::kIngress ? CAPTURE_INGRESS : CAPTURE_EGRESS;
  for (std::uint32_t cpu = 0; cpu < cpus_; ++cpu) {
    capture_counters& counters = counters_.as<capture_counters>()[(cpu * slots_ + slot) * CAPTURE_DIRECTIONS + row];
    sums.seen += read(counters.seen);
    for (std::size_t reason = 0; reason < sums.by_reason.size(); ++reason) {
      sums.by_reason[reason] += read(counters.by_reason[reason]);
    }
    sums.ring_full += read(counters.ring_full);
    super_packets.packets += read(counters.gso_packets);
    super_packets.segments += read(counters.gso_segments);
  }
  return sums;
}

}  // namespace flowgauge
