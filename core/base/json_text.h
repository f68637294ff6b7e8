// Writes JSON (RFC 8259) for reports and listings. Rows have their own, faster encoder.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flowgauge {

// With its quotes; bytes that are no UTF-8 become U+FFFD, so that every reader takes the text.
void append_json_string(std::string& json, std::string_view text);

// One document, indented by two spaces. Single-threaded. Calls follow the grammar: a key before each value in an
// object; asserted, not reported.
class JsonText {
 public:
  JsonText& begin_object() { return begin('{'); }
  JsonText& end_object() { return end('}'); }
  JsonText& begin_array() { return begin('['); }
  JsonText& end_array() { return end(']'); }
  JsonText& key(std::string_view name);
  JsonText& value(std::string_view text);
  JsonText& value(const char* text) { return value(std::string_view(text)); }
  JsonText& value(bool truth) { return raw(truth ? "true" : "false"); }
  JsonText& value(double number);  // finite
  template <std::integral Integer>
  JsonText& value(Integer number) {
    return raw(std::to_string(number));
  }
  JsonText& null() { return raw("null"); }

  // key and value in one.
  template <class Value>
  JsonText& member(std::string_view name, const Value& content) {
    return key(name).value(content);
  }

  // The document so far, with a newline at its end.
  [[nodiscard]] std::string text() const { return text_ + "\n"; }

 private:
  JsonText& begin(char bracket);
  JsonText& end(char bracket);
  JsonText& raw(std::string_view token);
  void before_value();
  void new_line();

  std::string text_;
  std::vector<bool> filled_;  // of each open bracket: something stands in it
  bool after_key_ = false;
};

}  // namespace flowgauge
