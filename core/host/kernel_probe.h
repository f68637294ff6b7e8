// Tries out what the kernel allows of eBPF, with system calls alone: nothing that is there is changed, nothing stays.
// clsact is tried in a child process with a network namespace of its own. Call it while there is one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace flowgauge {

enum class Answer : std::uint8_t { kYes, kNo, kUnknown };

struct Probe {
  Answer answer = Answer::kUnknown;
  int error = 0;  // errno of the call that was refused

  [[nodiscard]] bool yes() const { return answer == Answer::kYes; }
  bool operator==(const Probe&) const = default;
};

struct KernelSupport {
  Probe program;        // the smallest program for packets may be loaded
  Probe tcx;            // since Linux 6.6
  Probe clsact;         // unknown where no network namespace may be made
  Probe ring_buffer;    // since Linux 5.8
  Probe mapped_maps;    // arrays that user space maps, since Linux 5.5
  Probe tai_clock;      // bpf_ktime_get_tai_ns, since Linux 6.1
  Probe packet_socket;  // what libpcap captures with

  bool operator==(const KernelSupport&) const = default;
};

[[nodiscard]] KernelSupport probe_kernel();

// kernel.unprivileged_bpf_disabled; nothing where it cannot be read.
[[nodiscard]] std::optional<int> unprivileged_bpf_disabled();

// "6.1.0-18-amd64"
[[nodiscard]] std::string kernel_release();

}  // namespace flowgauge
