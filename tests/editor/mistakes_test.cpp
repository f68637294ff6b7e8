// Each mistake of a draft stands under its key.
#include "core/editor/mistakes.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowgauge {
namespace {

using testing::ElementsAre;

std::vector<Mistake> mistakes_in(const std::string& text) {
  const Result<Draft> draft = Draft::read(text, "mine.yaml");
  return mistakes_of(*draft, "mine.yaml");
}

TEST(Mistakes, AreNoneOfARightDraft) {
  EXPECT_THAT(mistakes_of(Draft(), "profile"), ElementsAre());
  EXPECT_THAT(mistakes_in("extends: basic\nflow: {linger: 1s}\nexporters: [{schema: basic, path: a.csv}, cic]\n"),
              ElementsAre());
}

TEST(Mistakes, AreAllFoundAtOnce) {
  EXPECT_THAT(
      mistakes_in(
          "flow:\n  linger: 1x\n  idle_timout: 3\nthreads: 0\nexporters:\n  - schema: basic\n    header: maybe\n"
          "  - schema: cic\n    path: ''\n"),
      ElementsAre(Mistake{"flow.linger",
                          "'linger': '1x' is not a duration; write seconds (120, 0.5) or a number with one of ns, us, "
                          "ms, s, m, h, d"},
                  Mistake{"flow.idle_timout", "unknown key 'idle_timout' in 'flow'; did you mean 'idle_timeout'?"},
                  Mistake{"threads", "'threads' must be 'auto' or a whole number from 1 to 256"},
                  Mistake{"exporters[0].header", "'maybe' is not a value of 'header' (true, false)"},
                  Mistake{"exporters[1].path", "'path' is empty; standard output is '-'"}));
}

TEST(Mistakes, OfTheWholeHaveTheirKeysToo) {
  EXPECT_THAT(mistakes_in("exporters: [{schema: basic, path: a}, {schema: cic, path: ./a}]\n"),
              ElementsAre(Mistake{
                  "exporters[1].schema",
                  "schema 'cic' writes to './a', as schema 'basic' in line 3 does; give one of them another 'path'"}));
  EXPECT_THAT(mistakes_in("extends: basik\n"),
              ElementsAre(Mistake{"extends", "'extends': profile 'basik' not found; did you mean 'basic'?"}));
}

// A column of one's own stands on one line, whatever is wrong with it.
TEST(Mistakes, OfAColumnOfOnesOwnAreOfItsKey) {
  const auto key_of = [](const std::string& column) {
    const auto mistakes = mistakes_in("exporters:\n  - columns:\n      - flow.protocol\n      - " + column + "\n");
    return mistakes.size() == 1 ? mistakes[0].key : fmt::format("{} mistakes", mistakes.size());
  };
  EXPECT_EQ(key_of("{name: a, expression: '', unit: ms}"), "exporters[0].columns[1].expression");
  EXPECT_EQ(key_of("{name: a, unit: ms}"), "exporters[0].columns[1].expression");
  EXPECT_EQ(key_of("{name: '', expression: x}"), "exporters[0].columns[1].name");
  EXPECT_EQ(key_of("{name: flow.protocol, expression: x}"), "exporters[0].columns[1].name");
  EXPECT_EQ(key_of("{name: a, expression: x, unit: parsec, when: full}"), "exporters[0].columns[1].unit");
  EXPECT_EQ(key_of("{name: a, expression: x, type: u65, unit: ms}"), "exporters[0].columns[1].type");
  const Result<Draft> draft =
      Draft::read("exporters: [{columns: [{name: unit, expression: x, unit: ms}]}]", "mine.yaml");
  const Error error{ExitCode::kUsage, "mine.yaml:4: column 'unit': \"x\", character 1: x: no such column"};
  EXPECT_EQ(mistake_of(error, *draft, "mine.yaml").key, "exporters[0].columns[0].expression");
}

TEST(Mistakes, ThatPluginsFindAreOfTheirLine) {
  const Result<Draft> draft = Draft::read("extends: basic\nexporters: [{columns: [flow.nothing]}]\n", "mine.yaml");
  EXPECT_EQ(mistake_of({ExitCode::kUsage, "mine.yaml:4: flow.nothing: no such column"}, *draft, "mine.yaml"),
            (Mistake{"exporters[0].columns", "flow.nothing: no such column"}));
  EXPECT_EQ(mistake_of({ExitCode::kPlugin, "/plugins/x.so: broken"}, *draft, "mine.yaml"),
            (Mistake{"", "/plugins/x.so: broken"}));
}

}  // namespace
}  // namespace flowgauge
