// Payloads that end where reading on traps, one for each packet of a batch. Owns its memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

class TrappedPayloads {
 public:
  explicit TrappedPayloads(std::size_t count);
  TrappedPayloads(const TrappedPayloads&) = delete;
  TrappedPayloads& operator=(const TrappedPayloads&) = delete;
  ~TrappedPayloads();

  // A copy of the bytes, at most a page; void when the next one is put there.
  [[nodiscard]] fg_payload put(std::size_t index, std::span<const std::uint8_t> bytes);

 private:
  std::size_t page_bytes_;
  std::size_t count_;
  std::uint8_t* pages_;  // of each two: the second is not there
};

}  // namespace flowgauge
