// The maps that the kernel programs of all interfaces of a run share: the rings, the drops of each, and the memory of
// fragments. Owner: the eBPF source.
#pragma once

#include <cstdint>
#include <vector>

#include "bpf/capture.h"
#include "core/base/handle.h"
#include "core/base/result.h"

namespace flowgauge {

class RingSet {
 public:
  // `count` and `ring_bytes` are powers of 2; rings are whole pages.
  [[nodiscard]] static Result<RingSet> create(std::uint32_t count, std::uint64_t ring_bytes);

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(rings_.size()); }
  [[nodiscard]] std::uint64_t ring_bytes() const { return ring_bytes_; }
  [[nodiscard]] int ring_fd(std::uint32_t ring) const { return rings_[ring].get(); }

  // For the programs.
  [[nodiscard]] int rings_fd() const { return outer_.get(); }
  [[nodiscard]] int drops_fd() const { return drops_.get(); }
  [[nodiscard]] int fragments_fd() const { return fragments_.get(); }

 private:
  RingSet() = default;

  std::uint64_t ring_bytes_ = 0;
  std::vector<FileDescriptor> rings_;
  FileDescriptor outer_;
  FileDescriptor drops_;
  FileDescriptor fragments_;
};

}  // namespace flowgauge
