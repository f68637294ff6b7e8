#include "core/text/table_text.h"

#include <gtest/gtest.h>

#include <string>

namespace flowgauge {
namespace {

using namespace std::string_literals;

TEST(TableText, Utf8WithoutNulIsTextWhateverItsLength) {
  for (const std::string& text : {""s, "a"s, "1234567"s, "12345678"s, "123456789 and more"s, "Stra\xc3\x9f"s + "e"s})
    EXPECT_TRUE(is_table_text(text)) << text;
}

TEST(TableText, NulAndOtherBytesAreNoText) {
  for (const std::string& text : {"\0"s, "1234567\0"s, "\0"s + "2345678"s, "\xff"s, "12345678\xc3"s,
                                  "123\x80" + "567890"s, "12345678\0\xc3\x9f"s})
    EXPECT_FALSE(is_table_text(text)) << text;
}

TEST(TableText, EachByteThatIsNoneBecomesOneCharacter) {
  EXPECT_EQ(table_text_of("a\0b"s),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(table_text_of("\xf0\x9f\x98"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(table_text_of("\xc3\x9f\xff"), "\xc3\x9f\xef\xbf\xbd");
}

}  // namespace
}  // namespace flowgauge
