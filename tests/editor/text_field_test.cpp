#include "core/editor/text_field.h"

#include <gtest/gtest.h>

#include "core/screen/screen.h"

namespace flowgauge {
namespace {

void type(TextField& field, std::string_view text) {
  for (const char letter : text) EXPECT_TRUE(field.press(static_cast<unsigned char>(letter)));
}

TEST(TextField, TypesAndErasesWholeCharacters) {
  TextField field;
  type(field, "aüb");
  EXPECT_EQ(field.shown(10), "aüb_");
  field.press(kKeyLeft);
  field.press('\b');
  EXPECT_EQ(field.text(), "ab");
  type(field, "x");
  EXPECT_EQ(field.shown(10), "ax_b");
  field.press(kKeyDelete);
  field.press(kKeyHome);
  field.press(kKeyDelete);
  field.press('\b');
  field.press(kKeyRight);
  field.press(kKeyRight);
  type(field, "é");
  EXPECT_EQ(field.text(), "xé");
  field.press(21);  // Ctrl-U
  EXPECT_EQ(field.shown(10), "_");
  EXPECT_FALSE(field.press(kKeyUp));
  EXPECT_FALSE(field.press('\t'));
}

TEST(TextField, ShowsWhereTheCursorIs) {
  TextField field("0123456789");
  EXPECT_EQ(field.shown(5), "6789_");
  field.press(kKeyHome);
  EXPECT_EQ(field.shown(5), "_0123");
}

}  // namespace
}  // namespace flowgauge
