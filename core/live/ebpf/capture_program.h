// The kernel program of all interfaces of one link type, loaded: two entries, for ingress and egress, and counters for
// each slot.
// Owner: the eBPF source. counters() may be called from any thread.
#pragma once

#include <cstdint>
#include <memory>

#include "bpf/capture.h"
#include "core/base/result.h"
#include "core/live/ebpf/memory_map.h"
#include "core/live/ebpf/ring_set.h"
#include "core/live/live_clock.h"
#include "core/live/live_source.h"

struct flowgauge_capture;  // of the skeleton, NOLINT(readability-identifier-naming)

namespace flowgauge {

enum class Hooks { kIngress, kBoth };

class CaptureProgram {
 public:
  // The programs submit to the rings of the set. ring_mask and uses_tai of the settings are set here; no slots are one.
  [[nodiscard]] static Result<CaptureProgram> load(capture_settings settings, const RingSet& rings, Hooks hooks);
  CaptureProgram(CaptureProgram&&) noexcept;
  CaptureProgram& operator=(CaptureProgram&&) noexcept;
  ~CaptureProgram();

  [[nodiscard]] int fd(TrafficDirection direction) const;

  // Where an interface's index leads to its slot; -1: there is one slot, and nothing is looked up.
  [[nodiscard]] int interfaces_fd() const;

  // Sums over the CPUs; the interface's name is left to the caller.
  [[nodiscard]] LiveCounters counters(TrafficDirection direction, std::uint32_t slot = 0) const;

 private:
  struct Destroy {
    void operator()(flowgauge_capture* skeleton) const noexcept;
  };

  CaptureProgram() = default;
  [[nodiscard]] std::uint32_t entries() const { return cpus_ * slots_ * CAPTURE_DIRECTIONS; }

  std::unique_ptr<flowgauge_capture, Destroy> skeleton_;
  MemoryMap counters_;
  std::uint32_t cpus_ = 0;
  std::uint32_t slots_ = 1;
};

// The best clock that this kernel lets programs read.
[[nodiscard]] CaptureClock capture_clock();

}  // namespace flowgauge
