#include "core/text/json_text.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

#include "core/text/json_string.h"
#include "core/text/number_text.h"

namespace flowgauge {

void JsonText::break_line() {
  if (layout_ == JsonLayout::kOneLine) return;
  text_ += '\n';
  text_.append(static_cast<std::size_t>(depth_) * 2, ' ');
}

void JsonText::begin_member(std::string_view key) {
  if (depth_ > 0) {
    if (!first_) text_ += ',';
    break_line();
  }
  first_ = false;
  if (key.empty()) return;
  append_json_string(text_, key);
  text_ += layout_ == JsonLayout::kIndented ? ": " : ":";
}

JsonText& JsonText::open(std::string_view key, char bracket) {
  begin_member(key);
  text_ += bracket;
  ++depth_;
  first_ = true;
  return *this;
}

JsonText& JsonText::close(char bracket) {
  --depth_;
  if (!first_) break_line();
  text_ += bracket;
  first_ = false;
  return *this;
}

JsonText& JsonText::text(std::string_view key, std::string_view value) {
  begin_member(key);
  append_json_string(text_, value);
  return *this;
}

JsonText& JsonText::number(std::string_view key, std::uint64_t value) {
  begin_member(key);
  fmt::format_to(std::back_inserter(text_), "{}", value);
  return *this;
}

JsonText& JsonText::real(std::string_view key, double value) {
  begin_member(key);
  std::array<char, kRealTextBytes> digits;
  text_.append(digits.data(), write_real(digits.data(), value));
  return *this;
}

JsonText& JsonText::integer(std::string_view key, std::int64_t value) {
  begin_member(key);
  fmt::format_to(std::back_inserter(text_), "{}", value);
  return *this;
}

JsonText& JsonText::seconds(std::string_view key, double value) {
  begin_member(key);
  fmt::format_to(std::back_inserter(text_), "{:.6f}", value);
  return *this;
}

JsonText& JsonText::null(std::string_view key) {
  begin_member(key);
  text_ += "null";
  return *this;
}

JsonText& JsonText::boolean(std::string_view key, bool value) {
  begin_member(key);
  text_ += value ? "true" : "false";
  return *this;
}

}  // namespace flowgauge
