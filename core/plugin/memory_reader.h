// Reads memory that nobody vouches for, page by page, through the kernel: where there is none, that is an answer and no
// trap. Each page is read once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace flowgauge {

inline constexpr std::size_t kReadPageBytes = 4096;
using ReadPage = std::array<unsigned char, kReadPageBytes>;

class MemoryReader {
 public:
  // Fills in the page at an address that is a multiple of its size; false: there is none that could be read.
  using Fetch = std::function<bool(std::uintptr_t address, ReadPage& page)>;
  explicit MemoryReader(Fetch fetch) : fetch_(std::move(fetch)) {}

  // False: not all of it is there.
  [[nodiscard]] bool read(std::uintptr_t from, void* to, std::size_t size_bytes);
  // Up to the zero byte, without it, or `most` bytes.
  [[nodiscard]] std::optional<std::string> read_text(std::uintptr_t from, std::size_t most);

 private:
  const ReadPage* page_at(std::uintptr_t address);  // null: there is none

  Fetch fetch_;
  std::map<std::uintptr_t, std::unique_ptr<ReadPage>> pages_;
};

// Of this process.
[[nodiscard]] MemoryReader::Fetch pages_of_this_process();

}  // namespace flowgauge
