// Memory that nobody vouches for is read up to where it ends.
#include "core/plugin/memory_reader.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstring>

#include "core/base/shown_text.h"

namespace flowgauge {
namespace {

// Two pages, and behind them one that cannot be read.
class Pages {
 public:
  Pages()
      : begin_(
            static_cast<char*>(::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
    ::mprotect(end(), kReadPageBytes, PROT_NONE);
  }
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  ~Pages() { ::munmap(begin_, kBytes); }
  [[nodiscard]] char* end() const { return begin_ + 2 * kReadPageBytes; }

 private:
  static constexpr std::size_t kBytes = 3 * kReadPageBytes;
  char* begin_;
};

std::uintptr_t address(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

TEST(MemoryReader, ReadsUpToTheEndAndNoFurther) {
  const Pages pages;
  char* const at = pages.end() - kReadPageBytes - 3;
  std::memcpy(at, "abcdef", 7);
  MemoryReader reader(pages_of_this_process());
  char copy[7] = {};
  ASSERT_TRUE(reader.read(address(at), copy, sizeof copy));
  EXPECT_STREQ(copy, "abcdef");
  EXPECT_EQ(reader.read_text(address(at), 100), "abcdef");
  EXPECT_EQ(reader.read_text(address(at), 4), "abcd");
  EXPECT_FALSE(reader.read(address(pages.end() - 3), copy, sizeof copy));
  EXPECT_FALSE(reader.read(0, copy, 1));
  EXPECT_FALSE(reader.read(UINTPTR_MAX - 2, copy, sizeof copy));
}

TEST(MemoryReader, ATextWithoutAnEndIsNone) {
  const Pages pages;
  std::memset(pages.end() - 5, 'x', 5);
  MemoryReader reader(pages_of_this_process());
  EXPECT_EQ(reader.read_text(address(pages.end() - 5), 100), std::nullopt);
  EXPECT_EQ(reader.read_text(address(pages.end() - 5), 5), "xxxxx");
}

TEST(ShownText, LosesWhatSteersATerminal) {
  EXPECT_EQ(shown_text("caf\xc3\xa9 \xe2\x82\xac"), "caf\xc3\xa9 \xe2\x82\xac");
  EXPECT_EQ(shown_text("a\nb\x1b[2J\x7f"), "a b [2J ");
  EXPECT_EQ(shown_text("\xc2\x9b"
                       "31m"),
            " 31m")
      << "C1: CSI in one character";
  EXPECT_EQ(shown_text("a\xff\xc3"), "a\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(shown_text(""), "");
}

}  // namespace
}  // namespace flowgauge
