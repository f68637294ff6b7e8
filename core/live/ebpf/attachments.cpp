#include "core/live/ebpf/attachments.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <utility>

#include "core/base/log.h"
#include "core/base/try.h"
#include "core/base/utc_text.h"
#include "core/host/interfaces.h"
#include "core/live/live_clock.h"

namespace flowgauge {

Result<std::unique_ptr<Attachments>> Attachments::open(std::vector<ProgramHandles> programs, AttachMethod method) {
  if (method != AttachMethod::kClsact) {
    const bool has_tcx = !programs.empty() && kernel_has_tcx(programs.front().ingress_fd);
    if (!has_tcx && method == AttachMethod::kTcx)
      return fail(ExitCode::kInput, "this kernel has no TCX (Linux 6.6 and newer have it); use --attach clsact");
    if (!has_tcx) log_debug("this kernel has no TCX; attaching through clsact");
    method = has_tcx ? AttachMethod::kTcx : AttachMethod::kClsact;
  }
  return std::unique_ptr<Attachments>(new Attachments(std::move(programs), method));
}

const ProgramHandles* Attachments::program_of(const WantedInterface& wanted) const {
  const auto found = std::ranges::find(programs_, wanted.link_type, &ProgramHandles::link_type);
  return found == programs_.end() ? nullptr : &*found;
}

Result<std::vector<BlindTime>> Attachments::look(std::span<const WantedInterface> wanted) {
  std::vector<BlindTime> blind;
  for (const WantedInterface& one : wanted) {
    Place& place = places_[one.slot];
    if (place.index != one.index) move(place, one);
    if (one.index == 0) continue;
    TRY(look_at(place, one, TrafficDirection::kIngress, blind));
    if (one.ingress_only == 0) TRY(look_at(place, one, TrafficDirection::kEgress, blind));
  }
  return blind;
}

// The slot is another interface's from now on, of the same name most often.
void Attachments::move(Place& place, const WantedInterface& wanted) {
  const std::uint32_t before = std::exchange(place.index, wanted.index);
  place.ingress = {};
  place.egress = {};
  place.qdisc.reset();
  for (const ProgramHandles& program : programs_)
    if (before != 0 && program.interfaces_fd >= 0) (void)bpf_map_delete_elem(program.interfaces_fd, &before);
  if (method_ == AttachMethod::kTcx && wanted.index != 0) remove_clsact_leftovers(wanted.name.data(), wanted.index);
}

Result<void> Attachments::look_at(Place& place, const WantedInterface& wanted, TrafficDirection direction,
                                  std::vector<BlindTime>& blind) {
  Held& held = direction == TrafficDirection::kIngress ? place.ingress : place.egress;
  if (held.attachment && held.attachment->is_attached()) {
    held.seen_ns = boot_time_ns();
    return {};
  }
  if (!is_there(wanted.index)) return {};  // gone since: that is announced
  const bool was_attached = held.attachment != nullptr;
  const std::int64_t seen_ns = held.seen_ns;
  held.attachment.reset();
  const std::string what = fmt::format("interface {}: the kernel program at {} was detached by somebody",
                                       wanted.name.data(), direction_name(direction));
  if (auto attached = attach(place, wanted, direction); !attached) {
    if (!is_there(wanted.index)) return {};
    if (!was_attached) return attached;
    return fail(ExitCode::kInput, "{}, and cannot be attached again: {}", what, attached.error().message);
  }
  if (!was_attached) return {};
  blind.push_back({wanted.slot, direction, held.seen_ns - seen_ns});
  log_warning("{}; it is attached again since {}, and up to {:.2f} s of packets before are in no row", what,
              utc_text(std::chrono::system_clock::now()), static_cast<double>(blind.back().ns) / 1e9);
  return {};
}

Result<void> Attachments::attach(Place& place, const WantedInterface& wanted, TrafficDirection direction) {
  const ProgramHandles* program = program_of(wanted);
  if (program == nullptr) return fail(ExitCode::kInput, "no program is loaded for {}", wanted.name.data());
  if (program->interfaces_fd >= 0 &&
      bpf_map_update_elem(program->interfaces_fd, &wanted.index, &wanted.slot, BPF_ANY) != 0)
    return fail(ExitCode::kInput, "cannot give {} a place among the interfaces: {}", wanted.name.data(),
                std::strerror(errno));
  const AttachPoint point{wanted.name.data(), wanted.index, direction};
  const bool is_ingress = direction == TrafficDirection::kIngress;
  const int program_fd = is_ingress ? program->ingress_fd : program->egress_fd;
  Held& held = is_ingress ? place.ingress : place.egress;
  if (method_ == AttachMethod::kTcx) {
    held.attachment = TRY(attach_tcx(point, program_fd));
  } else {
    if (place.qdisc) {
      TRY(place.qdisc->renew());
    } else {
      place.qdisc = TRY(ClsactQdisc::open(point.interface, point.interface_index));
    }
    held.attachment = TRY(attach_clsact(place.qdisc, point, program_fd));
  }
  held.seen_ns = boot_time_ns();
  return {};
}

void Attachments::leave() noexcept {
  for (auto& [slot, place] : places_)
    for (const Held* held : {&place.ingress, &place.egress})
      if (held->attachment) held->attachment->leave();
}

}  // namespace flowgauge
