#include "core/live/ebpf/attachments.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "core/base/log.h"
#include "core/base/try.h"
#include "core/base/utc_text.h"
#include "core/host/interfaces.h"
#include "core/live/live_clock.h"

namespace flowgauge {

Attachments::Attachments(std::vector<ProgramPlace> places) {
  for (ProgramPlace& place : places) held_.push_back({.place = std::move(place), .attachment = nullptr});
}

Result<std::unique_ptr<Attachments>> Attachments::attach(std::vector<ProgramPlace> places, AttachMethod method) {
  std::unique_ptr<Attachments> made(new Attachments(std::move(places)));
  if (method != AttachMethod::kClsact) {
    if (TRY(made->attach_all_tcx())) return made;
    if (method == AttachMethod::kTcx)
      return fail(ExitCode::kInput, "this kernel has no TCX (Linux 6.6 and newer have it); use --attach clsact");
    log_debug("this kernel has no TCX; attaching through clsact");
  }
  TRY(made->attach_all_clsact());
  return made;
}

// False: this kernel has no TCX.
Result<bool> Attachments::attach_all_tcx() {
  for (const Held& held : held_) {
    const AttachPoint& point = held.place.point;
    if (point.direction == TrafficDirection::kIngress) remove_clsact_leftovers(point.interface, point.interface_index);
  }
  for (Held& held : held_) {
    TRY(attach(held));
    if (held.attachment == nullptr) return false;
  }
  return true;
}

Result<void> Attachments::attach_all_clsact() {
  method_ = AttachMethod::kClsact;
  for (Held& held : held_) TRY(attach(held));
  return {};
}

Result<void> Attachments::attach(Held& held) {
  const AttachPoint& point = held.place.point;
  if (method_ == AttachMethod::kTcx) {
    held.attachment = TRY(attach_tcx(point, held.place.program_fd));
  } else {
    std::shared_ptr<ClsactQdisc>& qdisc = qdiscs_[point.interface_index];
    if (qdisc) {
      TRY(qdisc->renew());
    } else {
      qdisc = TRY(ClsactQdisc::open(point.interface, point.interface_index));
    }
    held.attachment = TRY(attach_clsact(qdisc, point, held.place.program_fd));
  }
  held.seen_ns = boot_time_ns();
  return {};
}

Result<std::vector<BlindTime>> Attachments::look() {
  std::vector<BlindTime> blind;
  const std::int64_t now_ns = boot_time_ns();
  for (std::uint32_t place = 0; place < held_.size(); ++place) {
    Held& held = held_[place];
    if (held.attachment->is_attached()) {
      held.seen_ns = now_ns;
    } else if (is_there(held.place.point.interface_index)) {
      blind.push_back(TRY(attach_again(place)));
    }
  }
  return blind;
}

Result<BlindTime> Attachments::attach_again(std::uint32_t place) {
  Held& held = held_[place];
  const AttachPoint& point = held.place.point;
  const std::int64_t seen_ns = held.seen_ns;
  const std::string what = fmt::format("interface {}: the kernel program at {} was detached by somebody",
                                       point.interface, direction_name(point.direction));
  held.attachment.reset();
  if (const auto attached = attach(held); !attached)
    return fail(ExitCode::kInput, "{}, and cannot be attached again: {}", what, attached.error().message);
  if (held.attachment == nullptr) return fail(ExitCode::kInput, "{}, and cannot be attached again", what);
  const std::int64_t blind_ns = held.seen_ns - seen_ns;
  log_warning("{}; it is attached again since {}, and up to {:.2f} s of packets before are in no row", what,
              utc_text(std::chrono::system_clock::now()), static_cast<double>(blind_ns) / 1e9);
  return BlindTime{place, blind_ns};
}

void Attachments::leave() noexcept {
  for (const Held& held : held_) held.attachment->leave();
}

}  // namespace flowgauge
