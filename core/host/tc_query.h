// What is attached to an interface through tc, as the kernel tells by rtnetlink. No privilege needed. Stateless.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/host/capture_method.h"

namespace flowgauge {

struct TcFilter {
  std::string kind;  // "bpf", "flower", ...
  std::string name;  // of a bpf filter
  std::uint32_t priority = 0;
  std::uint32_t handle = 0;
  std::uint32_t program_id = 0;  // of a bpf filter

  bool operator==(const TcFilter&) const = default;
};

// Filters at clsact's ingress or egress; none where there is no such qdisc.
[[nodiscard]] Result<std::vector<TcFilter>> query_tc_filters(unsigned interface_index, TrafficDirection direction);

// The kind of the qdisc that holds these filters: "clsact", "ingress" (without egress), or empty where there is none.
[[nodiscard]] Result<std::string> query_tc_hooks(unsigned interface_index);

}  // namespace flowgauge
