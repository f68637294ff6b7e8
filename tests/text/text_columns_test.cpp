// Text in columns: characters and not bytes are counted, and none is cut in two.
#include "core/text/text_columns.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace flowgauge {
namespace {

constexpr std::size_t kNoEnd = std::numeric_limits<std::size_t>::max();

TEST(TextColumns, CountsCharacters) {
  EXPECT_EQ(columns_of(""), 0U);
  EXPECT_EQ(columns_of("abc"), 3U);
  EXPECT_EQ(columns_of("Köln"), 4U);
  EXPECT_EQ(columns_of("█░"), 2U);
  EXPECT_EQ(columns_of("\xF0\x9F\x90\x9D"), 1U);
}

TEST(TextColumns, Fits) {
  struct Case {
    const char* text;
    std::size_t columns;
    const char* cut;
    const char* padded;
    const char* fitted;
    const char* right_aligned;
  };
  for (const Case& one : {
           Case{"", 0, "", "", "", ""},
           Case{"", 2, "", "  ", "  ", "  "},
           Case{"ab", 0, "", "", "", "ab"},
           Case{"ab", 1, "a", "a", "~", "ab"},
           Case{"ab", 2, "ab", "ab", "ab", "ab"},
           Case{"ab", 4, "ab", "ab  ", "ab  ", "  ab"},
           Case{"äöü", 1, "ä", "ä", "~", "äöü"},
           Case{"äöü", 2, "äö", "äö", "ä~", "äöü"},
           Case{"äöü", 3, "äöü", "äöü", "äöü", "äöü"},
           Case{"äöü", 4, "äöü", "äöü ", "äöü ", " äöü"},
       }) {
    EXPECT_EQ(cut(one.text, one.columns), one.cut) << one.text << " in " << one.columns;
    EXPECT_EQ(padded(one.text, one.columns), one.padded) << one.text << " in " << one.columns;
    EXPECT_EQ(fitted(one.text, one.columns), one.fitted) << one.text << " in " << one.columns;
    EXPECT_EQ(right_aligned(one.text, one.columns), one.right_aligned) << one.text << " in " << one.columns;
  }
  EXPECT_EQ(cut("äöü", kNoEnd), "äöü");
}

TEST(TextColumns, Wraps) {
  using Lines = std::vector<std::string>;
  struct Case {
    const char* text;
    std::size_t columns;
    Lines cut;
    Lines whole;
  };
  for (const Case& one : {
           Case{"", 5, {}, {}},
           Case{"one two", 7, {"one two"}, {"one two"}},
           Case{"one two", 6, {"one", "two"}, {"one", "two"}},
           Case{"one two", 3, {"one", "two"}, {"one", "two"}},
           Case{"one two", 2, {"on", "e", "tw", "o"}, {"one", "two"}},
           Case{"a longer b", 4, {"a", "long", "er b"}, {"a", "longer", "b"}},
           Case{"ä ö ü", 3, {"ä ö", "ü"}, {"ä ö", "ü"}},
           Case{"äöü", 2, {"äö", "ü"}, {"äöü"}},
           Case{"ab", 0, {"a", "b"}, {"ab"}},
           Case{"ab ", 2, {"ab"}, {"ab"}},
       }) {
    EXPECT_EQ(wrapped(one.text, one.columns), one.cut) << one.text << " in " << one.columns;
    EXPECT_EQ(wrapped(one.text, one.columns, LongWord::kWhole), one.whole) << one.text << " in " << one.columns;
  }
}

}  // namespace
}  // namespace flowgauge
