// A line that is typed. Pure.
#pragma once

#include <cstddef>
#include <string>

namespace flowgauge {

class TextField {
 public:
  TextField() = default;
  explicit TextField(std::string text) : text_(std::move(text)), at_(text_.size()) {}

  // A byte of a character, or a key of a screen (ScreenKey). False: it is none of a line's.
  bool press(int key);
  void set(std::string text);
  [[nodiscard]] const std::string& text() const { return text_; }
  // With '_' where the next character goes, in at most `columns` characters, which are those around it.
  [[nodiscard]] std::string shown(std::size_t columns) const;

 private:
  void left();
  void right();

  std::string text_;
  std::size_t at_ = 0;  // in bytes
};

}  // namespace flowgauge
