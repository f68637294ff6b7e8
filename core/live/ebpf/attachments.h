// The kernel programs of a run where they belong: attached to each interface and direction, to those that come later
// too, and attached again where somebody detached them. One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/host/capture_method.h"
#include "core/live/ebpf/attachment.h"
#include "core/live/ebpf/clsact_attachment.h"

namespace flowgauge {

// An interface to which programs belong. Plain bytes: it is sent to another process.
struct WantedInterface {
  static constexpr std::size_t kNameBytes = 16;  // IFNAMSIZ

  std::uint32_t slot = 0;
  std::uint32_t index = 0;  // 0: it is away
  std::uint32_t link_type = 0;
  std::uint32_t ingress_only = 0;
  std::array<char, kNameBytes> name{};  // ends with 0

  bool operator==(const WantedInterface&) const = default;
};

// How long at most packets of a slot were not seen, since its program was detached.
struct BlindTime {
  std::uint32_t slot = 0;
  TrafficDirection direction = TrafficDirection::kIngress;
  std::int64_t ns = 0;

  bool operator==(const BlindTime&) const = default;
};

// A loaded program for interfaces of one link type.
struct ProgramHandles {
  std::uint32_t link_type = 0;
  int ingress_fd = -1;
  int egress_fd = -1;
  int interfaces_fd = -1;  // its map from an interface's index to the slot; -1: it has none
};

// Whoever has them detaches them when it is destroyed.
class AttachmentHolder {
 public:
  AttachmentHolder() = default;
  AttachmentHolder(const AttachmentHolder&) = delete;
  AttachmentHolder& operator=(const AttachmentHolder&) = delete;
  virtual ~AttachmentHolder() = default;

  // Asks the kernel for each, attaches what is not there yet or was detached, and says the latter. The error: one
  // cannot be.
  [[nodiscard]] virtual Result<std::vector<BlindTime>> look(std::span<const WantedInterface> wanted) = 0;
};

class Attachments final : public AttachmentHolder {
 public:
  // kAuto: TCX where the kernel has it.
  [[nodiscard]] static Result<std::unique_ptr<Attachments>> open(std::vector<ProgramHandles> programs,
                                                                 AttachMethod method);

  [[nodiscard]] Result<std::vector<BlindTime>> look(std::span<const WantedInterface> wanted) override;

  [[nodiscard]] std::string_view method() const { return method_ == AttachMethod::kTcx ? "TCX" : "clsact"; }

  // As Attachment::leave, of all.
  void leave() noexcept;

 private:
  struct Held {
    std::unique_ptr<Attachment> attachment;
    std::int64_t seen_ns = 0;  // boot time: attached then
  };
  struct Place {
    std::uint32_t index = 0;
    std::shared_ptr<ClsactQdisc> qdisc;
    Held ingress, egress;
  };

  Attachments(std::vector<ProgramHandles> programs, AttachMethod method)
      : programs_(std::move(programs)), method_(method) {}
  [[nodiscard]] const ProgramHandles* program_of(const WantedInterface& wanted) const;
  void move(Place& place, const WantedInterface& wanted);
  Result<void> look_at(Place& place, const WantedInterface& wanted, TrafficDirection direction,
                       std::vector<BlindTime>& blind);
  Result<void> attach(Place& place, const WantedInterface& wanted, TrafficDirection direction);

  std::vector<ProgramHandles> programs_;
  AttachMethod method_;
  std::map<std::uint32_t, Place> places_;  // by slot
};

}  // namespace flowgauge
