#include "core/base/suggest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace flowgauge {
namespace {

TEST(EditDistance, CountsTheFewestEdits) {
  struct Row {
    std::string left, right;
    std::size_t distance;
  };
  const Row rows[] = {
      {"", "", 0},      {"", "abc", 3},           {"iat", "iat", 0}, {"iatt", "iat", 1}, {"ait", "iat", 1},
      {"ca", "abc", 3}, {"kitten", "sitting", 3}, {"a", "b", 1},     {"ab", "ba", 1},    {"abcd", "badc", 2},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(edit_distance(row.left, row.right), row.distance) << row.left << " " << row.right;
    EXPECT_EQ(edit_distance(row.right, row.left), row.distance) << row.right << " " << row.left;
  }
}

const std::vector<std::string> kNames = {"iat", "timing", "tcp_flags", "packet_length", "idle_timeout", "os"};

TEST(Suggest, FindsTheNameThatIsMeant) {
  const std::pair<std::string, std::string> rows[] = {
      {"iatt", "iat"},
      {"ait", "iat"},
      {"IAT", "iat"},
      {"timeing", "timing"},
      {"tcp-flags", "tcp_flags"},
      {"tcpflags", "tcp_flags"},
      {"packetlen", "packet_length"},
      {"pktlen", ""},
      {"packet_lenght", "packet_length"},
      {"idle_time", "idle_timeout"},
      {"ox", ""},
      {"zzz", ""},
      {"", ""},
  };
  for (const auto& [wrong, meant] : rows) EXPECT_EQ(suggest(wrong, kNames).value_or(""), meant) << wrong;
}

TEST(Suggest, TakesTheNearestAndOfEqualsTheFirst) {
  const std::vector<std::string> names = {"abcdxx", "abcdez", "abcdey"};
  EXPECT_EQ(suggest("abcdef", names), "abcdez");
  EXPECT_EQ(suggest("abcdey", names), "abcdey");
}

TEST(Suggest, HasNothingToSayWithoutNames) {
  EXPECT_EQ(suggest("iat", {}), std::nullopt);
  EXPECT_EQ(suggest("iat", std::vector<std::string>{""}), std::nullopt);
}

TEST(Suggest, DoesNotWorkOnWhatIsNoName) {
  const std::string huge(100'000, 'a');
  EXPECT_EQ(suggest(huge, std::vector<std::string>{huge}), std::nullopt);
  EXPECT_EQ(suggest("iat", std::vector<std::string>{huge, "iat"}), "iat");
}

TEST(DidYouMean, EndsAMessage) {
  EXPECT_EQ(did_you_mean("iatt", kNames), "; did you mean 'iat'?");
  EXPECT_EQ(did_you_mean("quantum", kNames), "");
}

}  // namespace
}  // namespace flowgauge
