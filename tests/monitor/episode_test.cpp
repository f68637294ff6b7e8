#include "core/monitor/episode.h"

#include <gtest/gtest.h>

#include <string>

namespace flowgauge {
namespace {

using namespace std::chrono_literals;
using Change = Episode::Change;

Moment at(std::chrono::nanoseconds elapsed) { return {elapsed, 1000 + elapsed.count()}; }

std::string name_of(Change change) {
  switch (change) {
    case Change::kBegan:
      return "began";
    case Change::kGoesOn:
      return "goes on";
    case Change::kEnded:
      return "ended";
    case Change::kNone:
      break;
  }
  return "";
}

// "0 began, 5 ended": looks at each second; in `bad` an 'x' is a second in which it was bad.
std::string changes(Episode& episode, std::string_view bad, std::chrono::seconds first = 0s) {
  std::string text;
  for (std::size_t i = 0; i < bad.size(); ++i) {
    const std::string change = name_of(episode.look(bad[i] == 'x', at(first + std::chrono::seconds(i))));
    if (!change.empty()) text += (text.empty() ? "" : ", ") + std::to_string(i) + " " + change;
  }
  return text;
}

TEST(Episode, BeginsAtOnceAndEndsWhenItIsQuietLongEnough) {
  Episode episode(0s, 5s);
  EXPECT_EQ(changes(episode, "..x......"), "2 began, 7 ended");
  EXPECT_EQ(episode.began().elapsed, 2s);
  EXPECT_EQ(episode.last_bad().elapsed, 2s);
  EXPECT_EQ(episode.began().time_ns, 1000 + 2'000'000'000);
  EXPECT_FALSE(episode.is_active());
}

TEST(Episode, WhatComesAgainBeforeThatIsTheSameOne) {
  Episode episode(0s, 5s);
  EXPECT_EQ(changes(episode, "x...x....x......"), "0 began, 14 ended");
  EXPECT_EQ(episode.began().elapsed, 0s);
  EXPECT_EQ(episode.last_bad().elapsed, 9s);
}

TEST(Episode, ALevelMustStayBadToBegin) {
  Episode episode(2s, 3s);
  EXPECT_EQ(changes(episode, "xx.xx.xxx..."), "8 began, 11 ended");
  EXPECT_EQ(episode.began().elapsed, 6s) << "when it became bad";
}

TEST(Episode, ThatGoesOnIsSaidSeldom) {
  Episode episode(0s, 5s);
  EXPECT_EQ(changes(episode, std::string(1300, 'x')), "0 began, 60 goes on, 660 goes on, 1260 goes on");
}

TEST(Episode, ThatComesAgainSoonEndsLater) {
  Episode episode(0s, 5s);
  EXPECT_EQ(changes(episode, "x.....x......."), "0 began, 5 ended, 6 began")
      << "ten seconds of quiet are asked for now";
  EXPECT_EQ(changes(episode, "....x", 14s), "2 ended, 4 began");
  EXPECT_EQ(changes(episode, std::string(30, '.'), 19s), "19 ended") << "and then twenty";
  EXPECT_EQ(changes(episode, "x.....", 500s), "0 began, 5 ended") << "long after that it is as at first";
}

TEST(Episode, EndsWithTheRun) {
  Episode episode(0s, 5s);
  EXPECT_EQ(episode.finish(), Change::kNone);
  EXPECT_EQ(changes(episode, "x"), "0 began");
  EXPECT_EQ(episode.finish(), Change::kEnded);
  EXPECT_EQ(episode.finish(), Change::kNone);
}

}  // namespace
}  // namespace flowgauge
