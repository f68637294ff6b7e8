// By which means packets are taken from an interface, and which of them. Plain data.
#pragma once

#include <cstdint>
#include <string_view>

namespace flowgauge {

enum class CaptureMethod { kAuto, kEbpf, kPcap };  // kAuto: eBPF where it may load, else libpcap
enum class AttachMethod { kAuto, kTcx, kClsact };  // of kEbpf; kAuto: TCX where the kernel has it, else clsact
enum class TrafficDirection : std::uint8_t { kIngress, kEgress, kBoth };  // kBoth: libpcap does not tell them apart

// "ingress", "egress", "both"
[[nodiscard]] constexpr std::string_view direction_name(TrafficDirection direction) {
  switch (direction) {
    case TrafficDirection::kIngress:
      return "ingress";
    case TrafficDirection::kEgress:
      return "egress";
    case TrafficDirection::kBoth:
      break;
  }
  return "both";
}

}  // namespace flowgauge
