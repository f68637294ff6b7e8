#include "core/base/json_text.h"

#include <gtest/gtest.h>

#include <string>

namespace flowgauge {
namespace {

std::string quoted(std::string_view text) {
  std::string json;
  append_json_string(json, text);
  return json;
}

TEST(JsonString, EscapesWhatMustBe) {
  EXPECT_EQ(quoted(""), R"("")");
  EXPECT_EQ(quoted("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(quoted(std::string_view("\n\t\0\x1f\x7f", 5)), "\"\\n\\t\\u0000\\u001f\x7f\"");
}

TEST(JsonString, KeepsUtf8) { EXPECT_EQ(quoted("\u00fc\u20ac\U0001F600"), "\"\u00fc\u20ac\U0001F600\""); }

TEST(JsonString, ReplacesWhatIsNoUtf8) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(quoted("a\xFFz"), "\"a" + bad + "z\"");
  EXPECT_EQ(quoted("\xC0\x80"), "\"" + bad + bad + "\"");                      // overlong
  EXPECT_EQ(quoted("\xED\xA0\x80"), "\"" + bad + bad + bad + "\"");            // surrogate
  EXPECT_EQ(quoted("\xF4\x90\x80\x80"), "\"" + bad + bad + bad + bad + "\"");  // beyond U+10FFFF
  EXPECT_EQ(quoted("\xE2\x82"), "\"" + bad + bad + "\"");                      // cut
}

TEST(JsonText, Document) {
  JsonText json;
  json.begin_object()
      .member("name", "x\"y")
      .member("count", std::uint64_t{18446744073709551615U})
      .member("below", -1)
      .member("ratio", 0.5)
      .member("yes", true)
      .key("nothing")
      .null()
      .key("list")
      .begin_array()
      .value(1)
      .begin_object()
      .end_object()
      .end_array()
      .key("empty")
      .begin_array()
      .end_array()
      .end_object();
  EXPECT_EQ(json.text(),
            "{\n  \"name\": \"x\\\"y\",\n  \"count\": 18446744073709551615,\n  \"below\": -1,\n  \"ratio\": 0.5,\n  "
            "\"yes\": true,\n"
            "  \"nothing\": null,\n  \"list\": [\n    1,\n    {}\n  ],\n  \"empty\": []\n}\n");
}

}  // namespace
}  // namespace flowgauge
