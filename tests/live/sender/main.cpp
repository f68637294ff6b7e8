// live_sender: the traffic of the live tests that must be exact.
//
//   live_sender replay FAR NEAR CPU CAPTURE... [-- CAPTURE...]...   FAR, NEAR: namespaces; a group of captures per wire
//   live_sender flood NAMESPACE INTERFACE CPU [seconds=S] [rate=R] [flows=F] [packets_per_flow=K] [bytes=B] [bypass=1]
//                     [syn=1]
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/live/sender/flood.h"
#include "tests/live/sender/replay.h"

namespace flowgauge {
namespace {

constexpr std::size_t kFixedWords = 4;

Result<void> run_replay(const std::vector<std::string>& words) {
  ReplayPlan plan{words[1], words[2], {{}}, std::atoi(words[3].c_str())};
  for (std::size_t i = kFixedWords; i < words.size(); ++i) {
    if (words[i] == "--") {
      plan.wires.emplace_back();
    } else {
      plan.wires.back().push_back(words[i]);
    }
  }
  return replay(plan);
}

Result<void> run_flood(const std::vector<std::string>& words) {
  FloodPlan plan;
  plan.name_space = words[1];
  plan.interface = words[2];
  plan.cpu = std::atoi(words[3].c_str());
  for (std::size_t i = kFixedWords; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    const std::string name = words[i].substr(0, equals),
                      value = equals == std::string::npos ? "" : words[i].substr(equals + 1);
    const auto number = std::strtoull(value.c_str(), nullptr, 10);
    if (name == "seconds") {
      plan.seconds = std::strtod(value.c_str(), nullptr);
    } else if (name == "rate") {
      plan.rate = number;
    } else if (name == "flows") {
      plan.flows = number;
    } else if (name == "packets_per_flow") {
      plan.packets_per_flow = static_cast<std::uint32_t>(number);
    } else if (name == "bytes") {
      plan.frame_bytes = static_cast<std::uint32_t>(number);
    } else if (name == "bypass") {
      plan.egress = number != 0 ? Egress::kBypassed : Egress::kThroughHooks;
    } else if (name == "syn") {
      plan.of = number != 0 ? FloodOf::kSyn : FloodOf::kUdp;
    } else {
      return fail(ExitCode::kUsage, "there is no option '{}'", name);
    }
  }
  return flood(plan);
}

Result<void> run(const std::vector<std::string>& words) {
  if (words.size() >= kFixedWords && words[0] == "replay") return run_replay(words);
  if (words.size() >= kFixedWords && words[0] == "flood") return run_flood(words);
  return fail(ExitCode::kUsage, "usage: live_sender replay|flood ...; see its source");
}

}  // namespace
}  // namespace flowgauge

int main(int count, char** arguments) {
  const auto done = flowgauge::run({arguments + 1, arguments + count});
  if (done) return 0;
  fmt::print(stderr, "live_sender: {}\n", done.error().message);
  return static_cast<int>(done.error().code);
}
