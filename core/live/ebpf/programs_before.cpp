#include "core/live/ebpf/programs_before.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "core/host/tc_query.h"
#include "core/live/ebpf/clsact_places.h"
#include "core/live/ebpf/tcx_places.h"

namespace flowgauge {
namespace {

// As Linux 6.6 has it.
constexpr int kProgramQuery = 16;

struct ProgramQuery {
  std::uint32_t interface_index = 0;
  std::uint32_t attach_type = 0;
  std::uint32_t query_flags = 0;
  std::uint32_t attach_flags = 0;
  std::uint64_t program_ids = 0;
  std::uint32_t count = 0;
  std::uint32_t padding = 0;
  std::uint64_t program_attach_flags = 0;
  std::uint64_t link_ids = 0;
  std::uint64_t link_attach_flags = 0;
  std::uint64_t revision = 0;
};

// 0 where there is no TCX, or it does not say.
std::uint32_t programs_of_tcx(std::uint32_t interface_index, TrafficDirection direction) {
  ProgramQuery query;
  query.interface_index = interface_index;
  query.attach_type = tcx_attach_type(direction);
  return ::syscall(SYS_bpf, kProgramQuery, &query, sizeof query) == 0 ? query.count : 0;
}

std::uint32_t filters_before(std::uint32_t interface_index, TrafficDirection direction) {
  const auto filters = query_tc_filters(interface_index, direction);
  if (!filters) return 0;
  return static_cast<std::uint32_t>(std::ranges::count_if(
      *filters, [&](const TcFilter& filter) { return filter.priority < clsact_priority(direction); }));
}

}  // namespace

// TCX runs before the filters of clsact; a run is the first there at ingress, the last at egress.
std::uint32_t programs_before(std::uint32_t interface_index, TrafficDirection direction, AttachMethod method) {
  const std::uint32_t of_tcx = programs_of_tcx(interface_index, direction);
  if (method == AttachMethod::kTcx) return direction == TrafficDirection::kIngress ? 0 : of_tcx;
  return of_tcx + filters_before(interface_index, direction);
}

}  // namespace flowgauge
