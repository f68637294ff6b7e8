// What is one node of a program and what is two; and the table of functions.
#include "core/expression/binder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "core/expression/functions.h"
#include "tests/table/lab.h"

namespace flowgauge::expression {
namespace {

std::size_t nodes_of(const Lab& lab, std::initializer_list<const char*> expressions) {
  Binder binder(lab.catalog(), "tried", {}, FG_REVEALS_NOTHING, ExitCode::kPlugin, TimeDecimals::kFixed);
  std::vector<std::uint32_t> outputs;
  for (const char* expression : expressions) {
    const auto bound = binder.compile(expression);
    EXPECT_TRUE(bound) << expression;
    if (bound) outputs.push_back(bound->node);
  }
  return binder.finish(outputs).nodes.size();
}

TEST(Binder, EqualPartsAreOneNode) {
  const Lab lab;
  // The first reads, widens and divides by a widened number.
  EXPECT_EQ(nodes_of(lab, {"us(misc.u)"}), 5U);
  EXPECT_EQ(nodes_of(lab, {"us(misc.u)", "misc.u / 1000"}), 5U);
  EXPECT_EQ(nodes_of(lab, {"us(misc.u)", "us(misc.u) + us(misc.u)"}), 6U);
  EXPECT_EQ(nodes_of(lab, {"map(misc.t){'a': 1; else 0}", "map(misc.t){'a': 1; else 0}"}), 2U);
  EXPECT_EQ(nodes_of(lab, {"stats.s.mean", "stats.s.mean", "stats.s.std"}), 3U);
}

// One thing differs in each pair, and nothing else.
TEST(Binder, DifferentPartsAreTwoNodes) {
  const Lab lab;
  const std::pair<const char*, const char*> pairs[] = {
      {"misc.u", "misc.v"},
      {"1", "2"},
      {"1", "'1'"},
      {"0.0", "-0.0"},
      {"'a'", "'b'"},
      {"floor(misc.u, us)", "floor(misc.u, ms)"},
      {"prefix(misc.t, 1)", "prefix(misc.t, 2)"},
      {"stats.s.min", "stats.s.max"},
      {"misc.d + 1", "misc.d - 1"},
      {"map(misc.t){'a': 1; else 0}", "map(misc.t){'b': 1; else 0}"},
      {"map(misc.t){'a': 1; else 0}", "map(misc.t){'a': 2; else 0}"},
      {"map(misc.t){'a': 1; else 0}", "map(misc.t){'a': 1; else 1}"},
      {"map(misc.t){'a': 0.0; else 1}", "map(misc.t){'a': -0.0; else 1}"},
      {"misc.u < misc.v", "misc.u > misc.v"},
      {"misc.u == misc.v", "misc.u % misc.v"},
      {"if(misc.b, misc.u, misc.v)", "if(misc.b, misc.v, misc.u)"},
      {"coalesce(misc.u, misc.v)", "min(misc.u, misc.v)"},
      {"map(misc.u){1: misc.u; else 0}", "map(misc.u){2: misc.u; else 0}"},
      {"elapsed(timing.fwd_first, flow.last_seen, us)", "elapsed(timing.bwd_first, flow.last_seen, us)"},
      {"elapsed(timing.fwd_first, flow.last_seen, us)", "elapsed(flow.last_seen, timing.fwd_first, us)"},
  };
  for (const auto& [one, other] : pairs) {
    EXPECT_GT(nodes_of(lab, {one, other}), nodes_of(lab, {one})) << one << "   " << other;
    EXPECT_GT(nodes_of(lab, {one, other}), nodes_of(lab, {other})) << one << "   " << other;
  }
}

TEST(Binder, WhatNoOutputUsesIsLeftOut) {
  const Lab lab;
  Binder binder(lab.catalog(), "tried", {}, FG_REVEALS_NOTHING, ExitCode::kPlugin, TimeDecimals::kFixed);
  ASSERT_TRUE(binder.compile("misc.v * 7"));
  const auto bound = binder.compile("misc.u");
  ASSERT_TRUE(bound);
  const Program program = binder.finish({{bound->node}});
  ASSERT_EQ(program.nodes.size(), 1U);
  EXPECT_EQ(program.nodes[0].column, lab.catalog().find("misc.u"));
}

// A row's usage is what messages tell the user to write: the name, and as many arguments as the function takes.
TEST(Functions, UsageIsAsTheRowSays) {
  for (const Function& function : functions()) {
    const std::string_view usage = function.usage;
    EXPECT_TRUE(usage.starts_with(std::string(function.name) + "("));
    const auto takes =
        function.takes.size() - static_cast<std::size_t>(std::ranges::count(function.takes, Takes::kNothing));
    const bool is_nested = function.name == "time_text";  // its usage shows how a time is cut
    const auto commas = static_cast<std::size_t>(std::ranges::count(usage, ','));
    EXPECT_EQ(commas + 1 - (is_nested ? 1 : 0), takes) << function.name;
    EXPECT_TRUE(function.operation.kernel != nullptr || function.complete != nullptr) << function.name;
  }
}

}  // namespace
}  // namespace flowgauge::expression
