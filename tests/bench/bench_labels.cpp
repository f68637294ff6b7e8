// What a label costs per row: ns for one match, by the kind of rules and their number.
#include <benchmark/benchmark.h>

#include <array>
#include <random>
#include <vector>

#include "core/labels/label_matcher.h"

namespace flowgauge {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

enum Kind {
  kSchedule,  // a window each, attacker and victim named, as of the published data sets
  kNetworks,  // no window, prefixes alone: nothing that a bucket or a tree could leave out
  kHosts,     // no window, an attacker each: a list of addresses
};

Prefix prefix_of(std::uint32_t address, std::uint8_t bits) {
  Prefix prefix;
  prefix.bits = bits;
  if (bits < 32) address &= ~(~std::uint32_t{0} >> bits);
  for (int i = 0; i < 4; ++i)
    prefix.address[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(address >> (24 - 8 * i));
  return prefix;
}

std::vector<LabelRule> rules_of(Kind kind, std::int64_t count) {
  std::vector<LabelRule> rules(static_cast<std::size_t>(count));
  for (std::uint32_t i = 0; i < rules.size(); ++i) {
    LabelRule& rule = rules[i];
    rule.texts = {"attack"};
    if (kind == kSchedule) {
      rule.begin_ns = i * (kDay / count);
      rule.end_ns = rule.begin_ns + kDay / count * 3;
      rule.source.addresses = {prefix_of(0xAC100001 + i % 4, 32)};
      rule.destination.addresses = {prefix_of(0xC0A80A32 + i % 8, 32)};
      rule.protocols.set(6);
    } else if (kind == kNetworks) {
      rule.source.addresses = {prefix_of(0x0A000000 + (i << 8), 24)};
    } else {
      rule.any.addresses = {prefix_of(0x0A000000 + i * 77, 32)};
    }
  }
  return rules;
}

void match(benchmark::State& state) {
  const auto kind = static_cast<Kind>(state.range(0));
  const LabelMatcher matcher(rules_of(kind, state.range(1)));
  struct Flow {
    std::array<std::uint8_t, 4> source, destination;
    LabelQuery query;
  };
  std::vector<Flow> flows(1 << 12);
  std::mt19937_64 random(7);
  for (Flow& flow : flows) {
    const bool attacks = random() % 4 == 0;
    flow.source =
        attacks ? std::array<std::uint8_t, 4>{172, 16, 0, static_cast<std::uint8_t>(1 + random() % 4)}
                : std::array<std::uint8_t, 4>{10, static_cast<std::uint8_t>(random()),
                                              static_cast<std::uint8_t>(random()), static_cast<std::uint8_t>(random())};
    flow.destination = {192, 168, 10, static_cast<std::uint8_t>(50 + random() % 8)};
    flow.query = {static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(kDay)),
                  {flow.source.data(), flow.destination.data()},
                  {static_cast<std::uint16_t>(random()), 80},
                  4,
                  6};
  }
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(matcher.match(flows[next++ % flows.size()].query));
}
BENCHMARK(match)->ArgNames({"kind", "rules"})->ArgsProduct({{kSchedule, kNetworks, kHosts}, {1, 100, 10'000}});

}  // namespace
}  // namespace flowgauge
