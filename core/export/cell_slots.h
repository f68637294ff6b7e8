// The texts of the cells of some rows, each in a slot of its own: written column by column, where one cell is like the
// next, and read row by row in steps of a fixed size. One worker owns one; no allocation but for texts that outgrow their slots.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/export/number_text.h"

namespace flowgauge {

class CellSlots {
 public:
  static constexpr std::uint32_t kRows = 16;
  // Of a slot: a byte for the size of the text, the separator, the text. A longer text lies elsewhere.
  enum class Width : std::uint8_t { kNarrow = 16, kWide = 32 };
  // What a writer may store at Column::begin(), however little of it is text.
  static constexpr std::size_t kRoomBytes = kRealTextBytes;

  // The slots of one column. Copy it before a loop: what a copy knows stays in registers while texts are stored.
  class Column {
   public:
    // Where the text of a row begins.
    [[nodiscard]] char* begin(std::uint32_t row) const {
      char* const slot = slot_of(row);
      slot[1] = separator_;
      return slot + 1 + lead_;
    }

    // `end`: of the text that was written at begin(row).
    void end(std::uint32_t row, const char* end) const {
      char* const slot = slot_of(row);
      const auto size = static_cast<std::size_t>(end - (slot + 1));
      if (size < width_) [[likely]] {
        *slot = static_cast<char>(size);
      } else {
        keep_long(*long_texts_, slot, {slot + 1, size});
      }
    }

    // The same for a text that fits into any slot.
    void end_short(std::uint32_t row, const char* end) const {
      char* const slot = slot_of(row);
      *slot = static_cast<char>(end - (slot + 1));
    }

    // A slot's first 8 bytes as one word: size and text, with a zero in place of the separator. Returns the end of the text.
    char* put_ready(std::uint32_t row, std::uint64_t slot_begin) const {
      char* const slot = slot_of(row);
      const std::uint64_t word =
          slot_begin | (lead_ == 1 ? std::uint64_t{static_cast<std::uint8_t>(separator_)} << 8 : 0);
      std::memcpy(slot, &word, sizeof word);
      return slot + 1 + static_cast<std::uint8_t>(slot_begin);
    }

    // A text that takes at most `most_bytes`: end = write(begin).
    template <class Write>
    void put(std::uint32_t row, std::size_t most_bytes, const Write& write) const {
      if (most_bytes <= kRoomBytes) {
        end(row, write(begin(row)));
        return;
      }
      const auto text = std::make_unique_for_overwrite<char[]>(most_bytes + 1);
      text[0] = separator_;
      const char* const end = write(text.get() + lead_);
      keep_long(*long_texts_, slot_of(row), {text.get(), end});
    }

    [[nodiscard]] bool has_separator() const { return lead_ == 1; }

   private:
    friend CellSlots;
    Column(std::string* long_texts, char* first, std::size_t row_bytes, Width width, char separator, std::size_t lead)
        : long_texts_(long_texts),
          first_(first),
          row_bytes_(row_bytes),
          width_(static_cast<std::size_t>(width)),
          lead_(lead),
          separator_(separator) {}
    // Static: the address of a copy that leaves the loop would force it into memory.
    static void keep_long(std::string& long_texts, char* slot, std::string_view text);
    [[nodiscard]] char* slot_of(std::uint32_t row) const { return first_ + row * row_bytes_; }

    std::string* long_texts_;
    char* first_;
    std::size_t row_bytes_;
    std::size_t width_;
    std::size_t lead_;  // bytes of the separator
    char separator_;
  };

  // `separator`: what stands between the texts; '\0': nothing.
  CellSlots(std::span<const Width> widths, char separator);

  [[nodiscard]] std::size_t columns() const { return columns_.size(); }

  // Forgets all texts. Then the columns are to be written in their order: what is stored beyond a text may reach into the
  // next slot.
  void begin() { long_texts_->clear(); }
  [[nodiscard]] const Column& column(std::size_t index) { return columns_[index]; }

  // More than what gather() of all rows stores, also beyond the texts.
  [[nodiscard]] std::size_t most_bytes() const {
    return kRows * row_bytes_ + long_texts_->size() + sizeof(std::uint64_t);
  }
  // Writes the texts of a row at `out`; returns their end.
  [[nodiscard]] char* gather(std::uint32_t row, char* out) const;
  // The same for one cell.
  [[nodiscard]] char* gather(std::uint32_t row, std::size_t column, char* out) const {
    return copy<Width::kWide>(columns_[column].slot_of(row), out);
  }

 private:
  static constexpr std::uint8_t kLong = UINT8_MAX;  // in place of a size: LongText follows, at kLongTextAt
  static constexpr std::size_t kLongTextAt = 8;
  struct Run {  // of columns side by side: some with narrow slots, then some with wide ones
    std::uint32_t narrow = 0;
    std::uint32_t wide = 0;
  };
  struct LongText {
    std::uint32_t begin;
    std::uint32_t size;
  };

  template <Width SlotWidth>
  [[nodiscard]] char* copy(const char* slot, char* out) const {
    constexpr std::size_t kStep = 16;
    std::memcpy(out, slot + 1, kStep);  // what is too much is overwritten
    if constexpr (SlotWidth == Width::kWide) std::memcpy(out + kStep, slot + 1 + kStep, kStep);
    const auto size = static_cast<std::uint8_t>(*slot);
    if (size == kLong) [[unlikely]]
      return copy_long(slot, out);
    return out + size;
  }
  [[nodiscard]] char* copy_long(const char* slot, char* out) const;

  std::vector<Run> runs_;
  std::size_t row_bytes_ = 0;
  std::unique_ptr<char[]> slots_;
  std::unique_ptr<std::string> long_texts_;  // stays where it is when this is moved
  std::vector<Column> columns_;
};

}  // namespace flowgauge
