// The kernel programs of a run where they belong: attached to each interface and direction, and attached again where
// somebody detached them. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/host/capture_method.h"
#include "core/live/ebpf/attachment.h"
#include "core/live/ebpf/clsact_attachment.h"

namespace flowgauge {

struct ProgramPlace {
  AttachPoint point;
  int program_fd = -1;
};

// How long at most packets of a place were not seen, since its program was detached.
struct BlindTime {
  std::uint32_t place = 0;  // position among the places
  std::int64_t ns = 0;

  bool operator==(const BlindTime&) const = default;
};

// Whoever has them detaches them when it is destroyed.
class AttachmentHolder {
 public:
  AttachmentHolder() = default;
  AttachmentHolder(const AttachmentHolder&) = delete;
  AttachmentHolder& operator=(const AttachmentHolder&) = delete;
  virtual ~AttachmentHolder() = default;

  // Asks the kernel for each, attaches again what was detached and says so. The error: one cannot be.
  [[nodiscard]] virtual Result<std::vector<BlindTime>> look() = 0;
};

class Attachments final : public AttachmentHolder {
 public:
  // kAuto: what the first attachment shows of this kernel holds for all.
  [[nodiscard]] static Result<std::unique_ptr<Attachments>> attach(std::vector<ProgramPlace> places,
                                                                   AttachMethod method);

  [[nodiscard]] Result<std::vector<BlindTime>> look() override;

  [[nodiscard]] std::string_view method() const { return method_ == AttachMethod::kTcx ? "TCX" : "clsact"; }

  // As Attachment::leave, of all.
  void leave() noexcept;

 private:
  struct Held {
    ProgramPlace place;
    std::unique_ptr<Attachment> attachment;
    std::int64_t seen_ns = 0;  // boot time: attached then
  };

  explicit Attachments(std::vector<ProgramPlace> places);
  Result<bool> attach_all_tcx();
  Result<void> attach_all_clsact();
  Result<void> attach(Held& held);
  Result<BlindTime> attach_again(std::uint32_t place);

  std::vector<Held> held_;
  std::map<unsigned, std::shared_ptr<ClsactQdisc>> qdiscs_;  // by interface
  AttachMethod method_ = AttachMethod::kTcx;
};

}  // namespace flowgauge
