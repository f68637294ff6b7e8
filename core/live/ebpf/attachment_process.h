// Keeps attachments in a process of its own, which has the capabilities that they need; the process of the run then
// needs none. All that one can ask of it is to look after what it has, and to end. It detaches and ends with the run,
// however that ends.
#pragma once

#include <memory>

#include "core/base/result.h"
#include "core/live/ebpf/attachments.h"

namespace flowgauge {

// Forks. Called while there is one thread.
[[nodiscard]] Result<std::unique_ptr<AttachmentHolder>> keep_in_process(std::unique_ptr<Attachments> attachments);

}  // namespace flowgauge
