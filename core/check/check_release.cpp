// release: what a state owns is freed with its flow, once; what an instance owns, in destroy.
#include <fmt/format.h>

#include <array>
#include <thread>

#include "core/check/checks.h"
#include "core/check/heap_in_use.h"

namespace flowgauge {
namespace {

constexpr int kWarmUp = 4;   // rounds in which caches may still fill
constexpr int kWindows = 4;  // a leak grows in each of them
constexpr int kRoundsOfWindow = kMemoryIsCounted ? 16 : 4;
// What is leaked in each round takes 32 bytes or more; what the allocator keeps for this thread moves by 200 at random.
constexpr std::size_t kLeastGrowth = std::size_t{16} * kRoundsOfWindow;

// On a thread of its own: what that keeps of freed memory, which counts as in use, it gives back when it ends.
template <class Round>
Finding run_round(const Round& round) {
  Finding wrong;
  std::jthread([&] { wrong = round(); }).join();
  return wrong;
}

// The bytes by which the heap grows in every window, 0 if it does not in one.
template <class Round>
Finding growth(const Round& round, std::size_t& bytes) {
  std::array<std::size_t, kWindows + 1> in_use{};
  for (int i = 0; i < kWarmUp; ++i) {
    if (Finding wrong = run_round(round); !wrong.empty()) return wrong;
  }
  in_use[0] = heap_in_use_bytes();
  for (int window = 1; window <= kWindows; ++window) {
    for (int i = 0; i < kRoundsOfWindow; ++i) {
      if (Finding wrong = run_round(round); !wrong.empty()) return wrong;
    }
    in_use[window] = heap_in_use_bytes();
  }
  bytes = in_use[kWindows] - in_use[0];
  for (int window = 1; window <= kWindows; ++window) {
    if (in_use[window] < in_use[window - 1] + kLeastGrowth) bytes = 0;
  }
  return {};
}

// Generations of flows in one instance; records are used again, and begin as zero bytes.
Finding ask_flows(const Tested& tested, const MadeFlows& made, const Rows& usual) {
  Rig rig(tested.feature, tested.options, made);
  if (Finding wrong = rig.create(); !wrong.empty()) return wrong;
  rig.release_all();  // of flows without packets
  Rows rows;
  const auto round = [&]() -> Finding {
    if (Finding wrong = rig.update_all(); !wrong.empty()) return wrong;
    if (Finding wrong = rig.emit_all(rows); !wrong.empty()) return wrong;
    rig.release_all();
    return first_difference(tested.feature, usual, rows);
  };
  std::size_t bytes = 0;
  if (Finding wrong = growth(round, bytes); !wrong.empty()) return in_case("after other flows were released", wrong);
  if (bytes == 0) return {};
  const char* advice = tested.feature.table.release == nullptr ? "free in a release function what update allocates"
                                                               : "free in release all that update allocates";
  return fmt::format("feature '{}': {} flows leave {} bytes behind that are never freed; {}", tested.feature.name,
                     made.flows.size() * kWindows * kRoundsOfWindow, bytes, advice);
}

Finding ask_release(const Tested& tested) {
  const MadeFlows made = make_flows({}, {.seed = tested.seed, .filters = tested.feature.packet_filters});
  Rows usual;
  Rig first(tested.feature, tested.options, made);
  if (Finding wrong = drive(first, usual); !wrong.empty()) return wrong;
  if (!first.end_failure().empty()) return first.end_failure();
  if (Finding wrong = ask_flows(tested, made, usual); !wrong.empty()) return wrong;
  std::size_t bytes = 0;
  const auto life = [&]() -> Finding {
    Rows rows;
    Rig rig(tested.feature, tested.options, made);
    return drive(rig, rows);
  };
  if (Finding wrong = growth(life, bytes); !wrong.empty()) return wrong;
  if (bytes == 0) return {};
  return fmt::format("feature '{}': {} instances leave {} bytes behind that are never freed; free them in destroy",
                     tested.feature.name, kWindows * kRoundsOfWindow, bytes);
}

}  // namespace

Verdict check_release(const Subject& subject) { return each_feature(subject, ask_release); }

}  // namespace flowgauge
