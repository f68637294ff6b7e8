#include "core/export/cell_slots.h"

namespace flowgauge {

CellSlots::CellSlots(std::span<const Width> widths, char separator) : long_texts_(std::make_unique<std::string>()) {
  for (const Width width : widths) {
    row_bytes_ += static_cast<std::size_t>(width);
    if (runs_.empty() || (width == Width::kNarrow && runs_.back().wide > 0)) runs_.emplace_back();
    ++(width == Width::kNarrow ? runs_.back().narrow : runs_.back().wide);
  }
  row_bytes_ += kRoomBytes + static_cast<std::size_t>(Width::kWide);  // behind the last slot
  slots_ = std::make_unique<char[]>(kRows * row_bytes_);
  char* first = slots_.get();
  for (const Width width : widths) {
    const std::size_t lead = columns_.empty() || separator == '\0' ? 0 : 1;
    columns_.push_back({long_texts_.get(), first, row_bytes_, width, separator, lead});
    first += static_cast<std::size_t>(width);
  }
}

char* CellSlots::gather(std::uint32_t row, char* out) const {
  const char* slot = &slots_[row * row_bytes_];
  const auto copy_some = [&]<Width SlotWidth>(std::uint32_t columns) {
    for (const char* const end = slot + columns * static_cast<std::size_t>(SlotWidth); slot != end;
         slot += static_cast<std::size_t>(SlotWidth))
      out = copy<SlotWidth>(slot, out);
  };
  for (const Run& run : runs_) {
    copy_some.template operator()<Width::kNarrow>(run.narrow);
    copy_some.template operator()<Width::kWide>(run.wide);
  }
  return out;
}

char* CellSlots::copy_long(const char* slot, char* out) const {
  LongText text{};
  std::memcpy(&text, slot + kLongTextAt, sizeof text);
  std::memcpy(out, long_texts_->data() + text.begin, text.size);
  return out + text.size;
}

void CellSlots::Column::keep_long(std::string& long_texts, char* slot, std::string_view text) {
  const LongText place{static_cast<std::uint32_t>(long_texts.size()), static_cast<std::uint32_t>(text.size())};
  long_texts.append(text);
  *slot = static_cast<char>(kLong);
  std::memcpy(slot + kLongTextAt, &place, sizeof place);
}

}  // namespace flowgauge
