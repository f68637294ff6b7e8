#include "core/engine/json_text.h"

#include <fmt/format.h>

#include <iterator>

namespace flowgauge {

void JsonText::begin_member(std::string_view key) {
  if (depth_ > 0) {
    text_ += first_ ? "\n" : ",\n";
    text_.append(static_cast<std::size_t>(depth_) * 2, ' ');
  }
  first_ = false;
  if (key.empty()) return;
  append_quoted(key);
  text_ += ": ";
}

void JsonText::append_quoted(std::string_view value) {
  text_ += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      text_ += '\\';
      text_ += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(text_), "\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      text_ += c;
    }
  }
  text_ += '"';
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
  if (!first_) {
    text_ += '\n';
    text_.append(static_cast<std::size_t>(depth_) * 2, ' ');
  }
  text_ += bracket;
  first_ = false;
  return *this;
}

JsonText& JsonText::text(std::string_view key, std::string_view value) {
  begin_member(key);
  append_quoted(value);
  return *this;
}

JsonText& JsonText::number(std::string_view key, std::uint64_t value) {
  begin_member(key);
  fmt::format_to(std::back_inserter(text_), "{}", value);
  return *this;
}

JsonText& JsonText::seconds(std::string_view key, double value) {
  begin_member(key);
  fmt::format_to(std::back_inserter(text_), "{:.6f}", value);
  return *this;
}

JsonText& JsonText::boolean(std::string_view key, bool value) {
  begin_member(key);
  text_ += value ? "true" : "false";
  return *this;
}

}  // namespace flowgauge
