// A kernel program that is attached to one direction of one interface, until this is destroyed.
#pragma once

#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/live/live_source.h"

namespace flowgauge {

class Attachment {
 public:
  Attachment() = default;
  Attachment(const Attachment&) = delete;
  Attachment& operator=(const Attachment&) = delete;
  virtual ~Attachment() = default;  // detaches

  // As the kernel says it; true where it does not say.
  [[nodiscard]] virtual bool is_attached() const = 0;

  // Another process has it from now on: destroying this detaches nothing.
  virtual void leave() noexcept {}
};

struct AttachPoint {
  std::string interface;
  unsigned interface_index;
  TrafficDirection direction;
};

// Linux 6.6 and newer have it.
[[nodiscard]] bool kernel_has_tcx(int program_fd);

// Through TCX: the kernel detaches when the process is gone, in whatever way.
[[nodiscard]] Result<std::unique_ptr<Attachment>> attach_tcx(const AttachPoint& point, int program_fd);

}  // namespace flowgauge
