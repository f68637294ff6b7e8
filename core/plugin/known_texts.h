// Texts of a plugin's constants that were judged once: they cannot change, and most texts in rows are one of a few of
// them. One worker owns one. Hot.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

class KnownTexts {
 public:
  // Of texts with data.
  [[nodiscard]] bool has(const fg_string& text) const noexcept {
    const fg_string& known = texts_[place_of(text)];
    return known.data == text.data && known.size_bytes == text.size_bytes;
  }

  // May forget another one.
  void add(const fg_string& text) noexcept { texts_[place_of(text)] = text; }

 private:
  static constexpr unsigned kBits = 6;
  static std::size_t place_of(const fg_string& text) noexcept {
    constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;
    return reinterpret_cast<std::uintptr_t>(text.data) * kGolden >> (64 - kBits);
  }
  std::array<fg_string, std::size_t{1} << kBits> texts_{};
};

}  // namespace flowgauge
