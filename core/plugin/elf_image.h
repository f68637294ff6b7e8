// The bytes of a shared object, as the dynamic linker would map them. The bytes may be hostile: every read is
// bounds-checked. Pure.
#pragma once

#include <elf.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace flowgauge {

class ElfImage {
 public:
  // A shared object for this machine whose segments lie within the bytes; else a sentence that begins with `path` and
  // ends with `instead`: what to give in its place.
  [[nodiscard]] static Result<ElfImage> read(std::span<const std::uint8_t> bytes, const std::string& path,
                                             std::string_view instead);

  template <class T>
  [[nodiscard]] std::optional<T> at(std::uint64_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof(T));
    return value;
  }

  // What stands at a virtual address, if the file gives its contents.
  template <class T>
  [[nodiscard]] std::optional<T> mapped(std::uint64_t address) const {
    const auto offset = offset_of(address, sizeof(T));
    return offset ? at<T>(*offset) : std::nullopt;
  }
  [[nodiscard]] bool text_is(std::uint64_t address, std::string_view text) const;
  // Up to its NUL; none if that does not come.
  [[nodiscard]] std::optional<std::string> text_at(std::uint64_t address) const;

  // The entries of PT_DYNAMIC up to DT_NULL.
  [[nodiscard]] std::vector<Elf64_Dyn> dynamic() const;

 private:
  explicit ElfImage(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  [[nodiscard]] std::optional<std::uint64_t> offset_of(std::uint64_t address, std::uint64_t size) const;

  std::span<const std::uint8_t> bytes_;
  std::vector<Elf64_Phdr> segments_;  // PT_LOAD
  std::optional<Elf64_Phdr> dynamic_;
};

}  // namespace flowgauge
