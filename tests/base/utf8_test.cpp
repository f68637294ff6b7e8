#include "core/base/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace flowgauge {
namespace {

TEST(Utf8, CharacterAtTheFront) {
  struct Case {
    const char* text;
    std::size_t bytes;
  };
  for (const Case& one :
       {Case{"a", 1}, Case{"\x7f", 1}, Case{"\x80", 0}, Case{"\xc1\xbf", 0}, Case{"\xc2\x80", 2}, Case{"\xdf\xbf", 2},
        Case{"\xe0\x9f\xbf", 0}, Case{"\xe0\xa0\x80", 3}, Case{"\xed\x9f\xbf", 3}, Case{"\xed\xa0\x80", 0},
        Case{"\xef\xbf\xbf", 3}, Case{"\xf0\x8f\xbf\xbf", 0}, Case{"\xf0\x90\x80\x80", 4}, Case{"\xf4\x8f\xbf\xbf", 4},
        Case{"\xf4\x90\x80\x80", 0}, Case{"\xf5\x80\x80\x80", 0}}) {
    EXPECT_EQ(utf8_character(one.text), one.bytes) << testing::PrintToString(one.text);
  }
}

TEST(Utf8, CutCharactersAreNone) {
  for (const std::string_view whole : {"\u00fc", "\u20ac", "\U0001F600"}) {
    EXPECT_TRUE(is_utf8(whole));
    for (std::size_t bytes = 1; bytes < whole.size(); ++bytes) {
      EXPECT_EQ(utf8_character(whole.substr(0, bytes)), 0U) << whole;
      EXPECT_FALSE(is_utf8("a" + std::string(whole.substr(0, bytes)))) << whole;
      EXPECT_FALSE(is_utf8(std::string(whole.substr(0, bytes)) + "a")) << whole;
    }
  }
}

TEST(Utf8, EveryCodePointButSurrogates) {
  const auto encoded = [](std::uint32_t code) {
    std::string text;
    const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
    const auto follow = [&](unsigned shift) { add(0x80 | (code >> shift & 0x3f)); };
    if (code < 0x80) {
      add(code);
    } else if (code < 0x800) {
      add(0xc0 | code >> 6);
      follow(0);
    } else if (code < 0x10000) {
      add(0xe0 | code >> 12);
      follow(6);
      follow(0);
    } else {
      add(0xf0 | code >> 18);
      follow(12);
      follow(6);
      follow(0);
    }
    return text;
  };
  for (std::uint32_t code = 0; code < 0x120000; ++code) {
    const std::string text = encoded(code);
    const bool is_character = code < 0x110000 && (code < 0xd800 || code > 0xdfff);
    ASSERT_EQ(utf8_character(text), is_character ? text.size() : 0) << code;
  }
}

TEST(Utf8, EmptyTextIsFine) { EXPECT_TRUE(is_utf8("")); }

}  // namespace
}  // namespace flowgauge
