// Writes small JSON documents, members in the order they are given: with two spaces of indentation, or as one line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flowgauge {

enum class JsonLayout { kIndented, kOneLine };

class JsonText {
 public:
  explicit JsonText(JsonLayout layout = JsonLayout::kIndented) : layout_(layout) {}

  JsonText& begin_object(std::string_view key = {}) { return open(key, '{'); }
  JsonText& begin_array(std::string_view key = {}) { return open(key, '['); }
  JsonText& end_object() { return close('}'); }
  JsonText& end_array() { return close(']'); }

  JsonText& text(std::string_view key, std::string_view value);
  JsonText& number(std::string_view key, std::uint64_t value);
  JsonText& real(std::string_view key, double value);  // the shortest that reads back; finite
  JsonText& integer(std::string_view key, std::int64_t value);
  JsonText& seconds(std::string_view key, double value);  // 6 decimals
  JsonText& null(std::string_view key);                   // not known
  JsonText& boolean(std::string_view key, bool value);

  [[nodiscard]] std::string take() { return std::move(text_ += '\n'); }

 private:
  JsonText& open(std::string_view key, char bracket);
  JsonText& close(char bracket);
  void begin_member(std::string_view key);
  void break_line();

  JsonLayout layout_;
  std::string text_;
  int depth_ = 0;
  bool first_ = true;
};

}  // namespace flowgauge
