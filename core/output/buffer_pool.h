// Memory of column buffers, which wanders: a column fills it, a reader of the record batch keeps it, and the batch's
// release gives it back, on whatever thread. Without the pool each batch of a wide table would pay for fresh pages.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <new>

namespace flowgauge {

class BufferPool {
 public:
  static constexpr std::size_t kAlign = 64;  // as Arrow recommends

  struct FreeAligned {
    void operator()(std::byte* memory) const { ::operator delete[](memory, std::align_val_t{kAlign}); }
  };
  struct Buffer {
    std::unique_ptr<std::byte[], FreeAligned> memory;
    std::size_t capacity = 0;  // a power of two, or 0
  };

  BufferPool() = default;
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;
  ~BufferPool();

  // At least so many bytes, of any content.
  [[nodiscard]] Buffer take(std::size_t bytes);
  // Called by readers' releases, which may not fail: it asks for no memory.
  void give_back(Buffer buffer) noexcept;

  // Buffers that were taken and are not back.
  [[nodiscard]] std::size_t outstanding() const;

 private:
  static constexpr std::size_t kClasses = 48;

  std::byte* take_free(std::size_t which);

  mutable std::mutex mutex_;
  std::array<std::byte*, kClasses>
      free_{};  // lists by the logarithm of the capacity; the next one's address lies in each
  std::size_t outstanding_ = 0;
};

}  // namespace flowgauge
