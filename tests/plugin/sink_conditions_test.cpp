// What a sink tells is wrong with its place, by the call that plugins make: told, ended, and told wrongly.
#include "core/plugin/sink_conditions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "core/base/utf8.h"
#include "core/plugin/host_services.h"

namespace flowgauge::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::StartsWith;

class Lines final : public Log {
 public:
  [[nodiscard]] bool is_enabled(LogLevel) const noexcept override { return true; }
  void write(LogLevel, std::string_view text) noexcept override { all.emplace_back(text); }
  std::vector<std::string> all;
};

class SinkConditionsTest : public testing::Test {
 protected:
  void tell(const char* name, std::string_view text) const {
    plugin_host().condition(voice->number(), name, text.data(), text.size());
  }
  // "name: text" of those that hold.
  [[nodiscard]] std::vector<std::string> holding() const {
    std::vector<std::string> names;
    for (const SinkCondition& one : board->all())
      if (one.holds) names.push_back(one.name + ": " + one.text);
    return names;
  }
  void refused(std::uint64_t times, const std::string& why) {
    const auto refused = voice->take_refused();
    EXPECT_EQ(std::make_pair(refused.times, refused.why), std::make_pair(times, why));
  }

  std::shared_ptr<SinkConditions> board = std::make_shared<SinkConditions>("a place");
  std::optional<SinkVoice> voice{board};
};

TEST_F(SinkConditionsTest, OneBeginsAndIsOver) {
  EXPECT_THAT(board->all(), IsEmpty());
  tell("server_away", "it is gone");
  EXPECT_THAT(holding(), ElementsAre("server_away: it is gone"));
  EXPECT_GT(board->all()[0].since_ns, 1'700'000'000'000'000'000);
  tell("server_away", "nobody listens there");
  tell("disk_full", "no room");
  EXPECT_THAT(holding(), ElementsAre("server_away: nobody listens there", "disk_full: no room"));
  EXPECT_EQ(board->all()[0].times, 1U);
  tell("server_away", "");
  tell("server_away", "");
  EXPECT_THAT(holding(), ElementsAre("disk_full: no room"));
  EXPECT_EQ(board->all()[0].held_for.count(), 0);
  EXPECT_GT(board->all()[0].held.count(), 0);
  tell("server_away", "again");
  EXPECT_EQ(board->all()[0].times, 2U);
  refused(0, "");
}

TEST_F(SinkConditionsTest, AllAreOverWithTheSink) {
  tell("server_away", "it is gone");
  const std::uint64_t number = voice->number();
  voice.reset();
  EXPECT_THAT(holding(), IsEmpty());
  plugin_host().condition(number, "server_away", "a thread that was left behind", 29);
  EXPECT_THAT(holding(), IsEmpty());
  EXPECT_EQ(board->all()[0].times, 1U);
}

TEST_F(SinkConditionsTest, TheNextFileOfAnOutputSpeaksToTheSameBoard) {
  tell("disk_full", "no room");
  voice.reset();
  voice.emplace(board);
  tell("disk_full", "no room again");
  EXPECT_THAT(holding(), ElementsAre("disk_full: no room again"));
  EXPECT_EQ(board->all()[0].times, 2U);
}

TEST_F(SinkConditionsTest, NamesThatAreNone) {
  tell(nullptr, "nobody knows");
  refused(1, "one without a name");
  tell("", "nothing");
  tell("Server away", "a blank");
  refused(2, "'', whose name is not [a-z0-9_]+, of at most 64 letters");
  const std::string giant(1'000'000, 'a');
  tell(giant.c_str(), "long");
  refused(1, "'" + std::string(64, 'a') + "', whose name is not [a-z0-9_]+, of at most 64 letters");
  tell("\x1b[2J\xff", "steers a terminal");
  refused(1, "' [2J\xef\xbf\xbd', whose name is not [a-z0-9_]+, of at most 64 letters");
  EXPECT_THAT(board->all(), IsEmpty());
}

TEST_F(SinkConditionsTest, TextsThatAreNone) {
  plugin_host().condition(voice->number(), "null", nullptr, std::numeric_limits<std::size_t>::max());
  EXPECT_THAT(board->all(), IsEmpty()) << "that is an end";
  tell("steers", "a\nb\x1b[2J\xff");
  EXPECT_THAT(holding(), ElementsAre("steers: a b [2J\xef\xbf\xbd"));
  tell("steers", "");
  std::string giant;
  while (giant.size() < 1'000'000) giant += "\xe2\x82\xac";  // of three bytes: 512 is in the middle of one
  tell("giant", giant);
  const std::string text = board->all()[1].text;
  EXPECT_EQ(text.size(), 510U);
  EXPECT_TRUE(is_utf8(text));
  refused(0, "");
}

TEST_F(SinkConditionsTest, AThousandNames) {
  for (int i = 0; i < 1000; ++i) tell(("name_" + std::to_string(i)).c_str(), "x");
  EXPECT_EQ(board->all().size(), FG_SINK_CONDITIONS);
  tell("name_3", "");
  tell("name_3", "y");
  EXPECT_EQ(board->all()[3].times, 2U) << "what is known goes on";
  refused(984, "'name_16', and 16 others before");
}

TEST_F(SinkConditionsTest, NumbersOfNobody) {
  for (const std::uint64_t number : {std::uint64_t{0}, voice->number() + 1, std::numeric_limits<std::uint64_t>::max()})
    plugin_host().condition(number, "server_away", "x", 1);
  EXPECT_THAT(board->all(), IsEmpty());
  refused(0, "");
}

TEST_F(SinkConditionsTest, ThreadsOfItsOwn) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([number = voice->number(), name = "thread_" + std::to_string(i)] {
      for (int turn = 0; turn < 200; ++turn) {
        plugin_host().condition(number, name.c_str(), "begins", 6);
        plugin_host().condition(number, name.c_str(), nullptr, 0);
      }
    });
  for (int look = 0; look < 200; ++look) EXPECT_LE(board->all().size(), 4U);
  threads.clear();
  EXPECT_THAT(holding(), IsEmpty());
  for (const SinkCondition& one : board->all()) EXPECT_EQ(one.times, 200U);
}

TEST_F(SinkConditionsTest, ARunThatNobodyWatchesHasThemInItsLog) {
  Lines lines;
  {
    const LogScope scope(&lines);
    tell("before", "nobody asked");
    board->say_in_log();
  }
  std::jthread([this] {
    tell("server_away", "it is gone");
    tell("server_away", "the same");
    tell("server_away", "");
  }).join();
  const std::string time = "20[0-9-]+T[0-9:.]+Z";
  EXPECT_THAT(lines.all, ElementsAre(MatchesRegex("a place since " + time + ": it is gone"),
                                     MatchesRegex("a place from " + time + " to " + time + ": the same")));
  for (int i = 0; i < 1000; ++i) {
    tell("flaps", "x");
    tell("flaps", "");
  }
  EXPECT_EQ(lines.all.size(), 100U);
  EXPECT_THAT(lines.all, testing::Each(StartsWith("a place ")));
}

TEST_F(SinkConditionsTest, TheEndOfASinkIsNoWord) {
  Lines lines;
  {
    const LogScope scope(&lines);
    board->say_in_log();
  }
  tell("server_away", "it is gone");
  voice.reset();
  EXPECT_THAT(lines.all, ElementsAre(StartsWith("a place since ")));
}

}  // namespace
}  // namespace flowgauge::test
