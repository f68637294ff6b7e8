// The capture program with rings of its own and no interface: tests run it over frames (BPF_PROG_TEST_RUN) and read
// what it submits.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/live/ebpf/capture_program.h"
#include "core/live/ebpf/ring_lane.h"
#include "core/live/ebpf/ring_set.h"

namespace flowgauge::test {

class LoadedCapture {
 public:
  struct Options {
    Hooks hooks = Hooks::kIngress;
    std::uint32_t rings = 1;
    std::uint64_t ring_bytes = 1024 * 1024;
    std::uint32_t event_bytes = sizeof(packet_event);
    BytesWanted bytes;
    std::uint32_t link_type = 1;
    packet_parse_config parse = packet_parse_defaults();
    std::uint32_t slots = 1;
    std::uint64_t ring_seed = 0;
    bool numbered = true;  // the events of several slots
  };

  // Nothing where it cannot be loaded: why() says then whether this machine forbids it.
  explicit LoadedCapture(const Options& options);

  [[nodiscard]] bool is_loaded() const { return programs_.size() == 1; }
  [[nodiscard]] bool is_forbidden() const { return is_forbidden_; }
  [[nodiscard]] const std::string& why() const { return why_; }

  // Whether the kernel took the frame for a test run.
  [[nodiscard]] bool run(std::span<const std::uint8_t> frame, TrafficDirection direction = TrafficDirection::kIngress,
                         std::uint32_t times = 1) const;

  // As a super-packet that the host's offloads made: of segments of so many bytes, counted or not (0).
  [[nodiscard]] bool run_super_packet(std::span<const std::uint8_t> frame, std::uint32_t segment_bytes,
                                      std::uint32_t segments) const;

  [[nodiscard]] const RingSet& rings() const { return rings_.front(); }
  [[nodiscard]] LiveCounters counters(TrafficDirection direction = TrafficDirection::kIngress,
                                      std::uint32_t slot = 0) const {
    return programs_.front().counters(direction, slot);
  }
  // Gives an interface a slot.
  void place(std::uint32_t interface_index, std::uint32_t slot) const;
  // Packets that this ring had no room for, so far.
  [[nodiscard]] std::uint64_t drops(std::uint32_t ring) const;
  [[nodiscard]] std::unique_ptr<RingLane> lane(std::uint32_t ring) const;

 private:
  Options options_;
  std::vector<RingSet> rings_;  // one, or none
  std::vector<CaptureProgram> programs_;
  bool is_forbidden_ = false;
  std::string why_;
};

}  // namespace flowgauge::test
