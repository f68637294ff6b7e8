// Memory of the batches that a sink is handed. Where it traps, pages see what the sink does with it: it ends where
// going on crashes, buffers cannot be written to, and what was released is no longer there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace flowgauge {

enum class Traps : std::uint8_t { kNone, kMisuse };

class LentMemory {
 public:
  enum class Access : std::uint8_t { kReadOnly, kWritable };

  explicit LentMemory(Traps traps) : traps_(traps) {}
  LentMemory(const LentMemory&) = delete;
  LentMemory& operator=(const LentMemory&) = delete;
  ~LentMemory();

  struct Piece {
    std::byte* pages = nullptr;  // where it traps
    std::size_t page_bytes = 0;  // of all of them, but the one that traps
    std::size_t number = 0;      // among those known to the handler of crashes
    std::byte* begin = nullptr;
  };
  // A copy of them, with zeros up to the next 64 bytes, as the host's own buffers have. One thread.
  [[nodiscard]] Piece put(std::span<const std::byte> bytes, Access access);
  // It was released. Any thread, once for each.
  void take_back(const Piece& piece) const;

 private:
  static constexpr std::size_t kPadding = 64;
  struct alignas(kPadding) Line {
    std::byte bytes[kPadding];
  };
  Traps traps_;
  std::vector<Piece> pieces_;             // that trap
  std::vector<std::vector<Line>> plain_;  // those that do not
};

// For the sentence about a crash: what an access to this address was, or nullptr. Async-signal-safe.
[[nodiscard]] const char* misuse_of_lent_memory(const void* address);

}  // namespace flowgauge
