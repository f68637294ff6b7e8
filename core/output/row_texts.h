// Text buffers of some rows, filled column by column. Consecutive writes go to different rows, so no write depends on
// where the one before it ended. One worker owns one. It allocates only for rows longer than any before.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace flowgauge {

class RowTexts {
 public:
  static constexpr std::uint32_t kRows = 16;

  // The cells of one column, each behind the text of its row. Copy it before a loop: what a copy knows stays in
  // registers while texts are stored.
  class Cells {
   public:
    // Where the text of a row's cell begins.
    [[nodiscard]] char* begin(std::uint32_t row) const {
      char* const out = ends_[row];
      *out = separator_;
      return out + lead_;
    }

    // `end`: of the text that was written at begin(row).
    void end(std::uint32_t row, char* end) const { ends_[row] = end; }
    [[nodiscard]] char* end(std::uint32_t row) const { return ends_[row]; }

    // Both in one, of a text of up to six characters (see ReadyText). Returns its end.
    char* put(std::uint32_t row, std::uint64_t ready) const {
      char* const out = ends_[row];
      const std::uint64_t word = ready | static_cast<std::uint8_t>(separator_);
      std::memcpy(out, &word, sizeof word);
      return ends_[row] = out + (ready >> kReadySizeShift);
    }

    [[nodiscard]] bool has_separator() const { return lead_ == 1; }

   private:
    friend RowTexts;
    Cells(char** ends, char separator) : ends_(ends), lead_(separator == '\0' ? 0 : 1), separator_(separator) {}

    char** ends_;
    std::size_t lead_;  // bytes of the separator
    char separator_;
  };

  // A ready text is a 64-bit word. Byte 7 is its size, the bytes below are its characters, the first in byte 0. If
  // there is a separator, byte 0 is left 0 for it.
  static constexpr int kReadySizeShift = 56;

  // Makes all rows empty.
  void begin() {
    for (std::uint32_t row = 0; row < kRows; ++row) ends_[row] = begin_of(row);
    room_bytes_ = row_bytes_;
  }

  // The next column. `separator`: what stands before each cell; '\0': nothing. `most_bytes`: what may be stored behind
  // any row, separator and all.
  [[nodiscard]] Cells column(char separator, std::size_t most_bytes) {
    if (room_bytes_ < most_bytes) make_room(most_bytes);
    room_bytes_ -= most_bytes;
    return {ends_.data(), separator};
  }

  [[nodiscard]] std::string_view row(std::uint32_t row) const { return {begin_of(row), ends_[row]}; }

 private:
  [[nodiscard]] char* begin_of(std::uint32_t row) const { return texts_.get() + row * row_bytes_; }
  void make_room(std::size_t bytes);

  std::unique_ptr<char[]> texts_;
  std::size_t row_bytes_ = 0;
  std::size_t room_bytes_ = 0;  // at least so much is behind each row
  std::array<char*, kRows> ends_{};
};

}  // namespace flowgauge
