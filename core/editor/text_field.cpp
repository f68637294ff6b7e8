#include "core/editor/text_field.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/screen/screen.h"
#include "core/text/text_columns.h"

namespace flowgauge {
namespace {

constexpr std::size_t kLongest = 4096;
constexpr int kCtrlA = 1;
constexpr int kCtrlE = 5;
constexpr int kCtrlU = 21;

}  // namespace

void TextField::set(std::string text) {
  text_ = std::move(text);
  at_ = text_.size();
}

void TextField::left() {
  if (at_ == 0) return;
  do --at_;
  while (at_ > 0 && !begins_character(text_[at_]));
}

void TextField::right() {
  if (at_ == text_.size()) return;
  do ++at_;
  while (at_ < text_.size() && !begins_character(text_[at_]));
}

bool TextField::press(int key) {
  const std::size_t before = at_;
  switch (key) {
    case kKeyLeft:
      left();
      return true;
    case kKeyRight:
      right();
      return true;
    case kKeyHome:
    case kCtrlA:
      at_ = 0;
      return true;
    case kKeyEnd:
    case kCtrlE:
      at_ = text_.size();
      return true;
    case '\b':
      left();
      text_.erase(at_, before - at_);
      return true;
    case kKeyDelete:
      right();
      text_.erase(before, at_ - before);
      at_ = before;
      return true;
    case kCtrlU:
      set("");
      return true;
    default:
      break;
  }
  if (key < ' ' || key > 0xFF || text_.size() >= kLongest) return false;
  text_.insert(at_++, 1, static_cast<char>(key));
  return true;
}

std::string TextField::shown(std::size_t columns) const {
  const std::string whole = text_.substr(0, at_) + "_" + text_.substr(at_);
  const std::size_t cursor = columns_of(std::string_view(text_).substr(0, at_));
  if (cursor < columns) return std::string(cut(whole, columns));
  const std::size_t skipped = cut(whole, cursor + 1 - columns).size();
  return std::string(cut(std::string_view(whole).substr(skipped), columns));
}

}  // namespace flowgauge
