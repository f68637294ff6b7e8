#include "core/plugin/record_layout.h"

#include <gtest/gtest.h>

#include "tests/plugin/memory_feature.h"

namespace flowgauge {
namespace {

struct State {
  std::uint32_t size;
  std::uint32_t align;
};

RecordLayout laid_out(const std::vector<State>& states, std::uint32_t base_bytes) {
  std::vector<Feature> features;
  features.reserve(states.size());
  for (const State& state : states)
    features.push_back(test::made_feature({.state_size = state.size, .state_align = state.align}));
  std::vector<const Feature*> pointers;
  pointers.reserve(states.size());
  for (const Feature& feature : features) pointers.push_back(&feature);
  return lay_out_record(pointers, base_bytes);
}

TEST(RecordLayout, NoFeaturesLeaveTheHostsPart) {
  EXPECT_EQ(laid_out({}, 100).size_bytes, 128u);
  EXPECT_EQ(laid_out({}, 128).size_bytes, 128u);
}

TEST(RecordLayout, StrictAlignmentsComeFirst) {
  const RecordLayout layout = laid_out({{4, 4}, {64, 64}, {8, 8}}, 64);
  EXPECT_EQ(layout.state_offsets, (std::vector<std::uint32_t>{136, 64, 128}));
  EXPECT_EQ(layout.size_bytes, 192u);
}

// After 96 bytes a state of 64 would lie in two lines; the one of 32 fills the first up.
TEST(RecordLayout, AStateTouchesNoMoreLinesThanItMust) {
  const RecordLayout layout = laid_out({{64, 8}, {32, 8}}, 96);
  EXPECT_EQ(layout.state_offsets, (std::vector<std::uint32_t>{128, 96}));
  EXPECT_EQ(layout.size_bytes, 192u);
}

TEST(RecordLayout, AStateMayBeEmpty) {
  const RecordLayout layout = laid_out({{0, 1}, {8, 8}}, 64);
  EXPECT_EQ(layout.state_offsets[1], 64u);
  EXPECT_EQ(layout.size_bytes, 128u);
}

// Behind the others, however large or aligned.
TEST(RecordLayout, StatesOfOthersPluginsComeLastEachBeforeAGuard) {
  Module given;
  given.origin = Origin::kGiven;
  Module installed;
  installed.origin = Origin::kInstalled;
  std::vector<Feature> features = {test::made_feature({.state_size = 200, .state_align = 64}),
                                   test::made_feature({.state_size = 0, .state_align = 1}),
                                   test::made_feature({.state_size = 16, .state_align = 8}),
                                   test::made_feature({.state_size = 8, .state_align = 8})};
  features[0].module = features[1].module = &given;
  features[2].module = &installed;  // and the last is the host's own
  const std::vector<const Feature*> pointers = {&features[0], &features[1], &features[2], &features[3]};
  const RecordLayout layout = lay_out_record(pointers, 64);
  EXPECT_EQ(layout.state_offsets, (std::vector<std::uint32_t>{128, 88, 64, 80}));
  EXPECT_EQ(layout.guard_offsets, (std::vector<std::uint32_t>{328, 88, 0, 0}));
  EXPECT_EQ(layout.size_bytes, 384u);
}

// Every mix of sizes and alignments: aligned, behind the host's part, apart from each other, within the record.
TEST(RecordLayout, StatesNeverOverlap) {
  const std::uint32_t sizes[] = {0, 1, 7, 8, 24, 64, 120, 65'536};
  const std::uint32_t aligns[] = {1, 4, 8, 64};
  std::vector<State> states;
  states.reserve(40);
  for (std::uint32_t i = 0; i < 40; ++i) states.push_back({sizes[i * 5 % 8], aligns[i * 3 % 4]});
  for (std::uint32_t base = 1; base < 300; base += 37) {
    const RecordLayout layout = laid_out(states, base);
    EXPECT_EQ(layout.size_bytes % 64, 0u);
    for (std::size_t i = 0; i < states.size(); ++i) {
      const std::uint32_t begin = layout.state_offsets[i];
      EXPECT_EQ(begin % states[i].align, 0u);
      EXPECT_GE(begin, base);
      EXPECT_LE(begin + states[i].size, layout.size_bytes);
      for (std::size_t j = 0; j < i; ++j) {
        const std::uint32_t other = layout.state_offsets[j];
        EXPECT_TRUE(begin + states[i].size <= other || other + states[j].size <= begin) << i << " " << j;
      }
    }
  }
}

}  // namespace
}  // namespace flowgauge
