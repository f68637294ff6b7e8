#include "core/text/json_string.h"

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

}  // namespace
}  // namespace flowgauge
