// Attaching through clsact, the way of kernels before TCX (6.6). The kernel does not detach when a process is killed,
// so what is ours must be known again: by priority, handle and name. A filter of a killed run is replaced; nothing
// foreign is touched. Threads: as LiveSource, one at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/host/tc_query.h"
#include "core/live/ebpf/attachment.h"

namespace flowgauge {

// The qdisc of one interface and both its hooks: what all filters of a run on that interface share. The last to go
// removes the qdisc, if flowgauge made it and nothing else has come to use it.
class ClsactQdisc {
 public:
  // Makes the qdisc where there is none; removes what a killed run left. Fails where another flowgauge is at work here.
  [[nodiscard]] static Result<std::shared_ptr<ClsactQdisc>> open(const std::string& interface,
                                                                 unsigned interface_index);
  ClsactQdisc(const ClsactQdisc&) = delete;
  ClsactQdisc& operator=(const ClsactQdisc&) = delete;
  ~ClsactQdisc();

  // Makes the qdisc again if somebody removed it.
  [[nodiscard]] Result<void> renew();

  // As Attachment::leave.
  void leave() noexcept;

  // Of a filter, with the mark whether flowgauge made the qdisc: so a run that finds the filter of a killed one knows.
  [[nodiscard]] std::uint32_t handle() const;

 private:
  ClsactQdisc(std::string interface, unsigned interface_index, FileDescriptor lock)
      : interface_(std::move(interface)), interface_index_(interface_index), lock_(std::move(lock)) {}
  // False: it was there.
  Result<bool> make_if_missing();
  Result<void> remove_leftovers(TrafficDirection direction);

  std::string interface_;
  unsigned interface_index_;
  FileDescriptor lock_;
  bool is_ours_ = false;
  bool is_left_ = false;
};

[[nodiscard]] Result<std::unique_ptr<Attachment>> attach_clsact(std::shared_ptr<ClsactQdisc> qdisc,
                                                                const AttachPoint& point, int program_fd);

// For runs that attach in another way: removes what a killed run left, if there is any.
void remove_clsact_leftovers(const std::string& interface, unsigned interface_index);

}  // namespace flowgauge
