// sink-instances: several of a sink at once, in turn on one thread and on two, write what one alone does; and the same
// rows are the same bytes each time.
#include <fmt/format.h>

#include <array>
#include <thread>

#include "core/check/checks.h"
#include "core/check/sink_drive.h"

namespace flowgauge {
namespace {

constexpr int kRoundsOfSinkThread = 4;

const std::array kTwoTables = {
    MadeTable{.name = "of many batches", .batch_rows = std::vector<std::uint32_t>(24, 9)},
    MadeTable{.name = "without a value", .batch_rows = std::vector<std::uint32_t>(24, 5), .all_null = true}};
using TwoTexts = std::array<std::string, 2>;

Finding compare_bytes(const TestedSink& tested, const std::string& usual, const std::string& now, const char* when) {
  if (usual == now) return {};
  return fmt::format("{}: sink '{}' writes other bytes for the same rows ({} and {} of them)", when, tested.sink.name,
                     usual.size(), now.size());
}

Finding sinks_in_turn(const TestedSink& tested, const TwoTexts& usual) {
  constexpr const char* kWhen = "with two at once";
  const std::array places = {SinkPlace(tested), SinkPlace(tested)};
  std::array batches = {std::make_unique<MadeBatches>(tested.schema, kTwoTables[0], tested.seed),
                        std::make_unique<MadeBatches>(tested.schema, kTwoTables[1], tested.seed)};
  std::array opened = {open_sink(tested, places[0]), open_sink(tested, places[1])};
  for (const OpenedSink& one : opened)
    if (!one) return in_case(kWhen, one.error().message);
  for (std::size_t i = 0; i < kTwoTables[0].batch_rows.size(); ++i)
    for (std::size_t which = 0; which < 2; ++which) {
      const auto written = (*opened[which])->write(batches[which]->next(kTwoTables[which].batch_rows[i]));
      if (!written) return in_case(kWhen, written.error().message);
    }
  for (std::size_t which = 0; which < 2; ++which) {
    const auto finished = (*opened[which])->finish(FG_FINISH_COMPLETE, kMadeAccount);
    if (!finished) return in_case(kWhen, finished.error().message);
    if (Finding wrong = compare_bytes(tested, usual[which], places[which].bytes(), kWhen); !wrong.empty()) return wrong;
  }
  return {};
}

Finding sinks_on_two_threads(const TestedSink& tested, const TwoTexts& usual) {
  constexpr const char* kWhen = "with two on two threads";
  std::array<Finding, 2> found;
  const auto work = [&](std::size_t which) {
    for (int round = 0; round < kRoundsOfSinkThread && found[which].empty(); ++round) {
      const SinkPlace place(tested);
      found[which] = in_case(kWhen, drive_sink(tested, place, kTwoTables[which]));
      if (found[which].empty()) found[which] = compare_bytes(tested, usual[which], place.bytes(), kWhen);
    }
  };
  {
    const std::jthread other(work, 1);
    work(0);
  }
  return found[0].empty() ? found[1] : found[0];
}

Finding ask_sink_instances(const TestedSink& tested) {
  TwoTexts usual;
  for (const char* const when : {"", "once more"})
    for (std::size_t which = 0; which < 2; ++which) {
      const SinkPlace place(tested);
      if (Finding wrong = drive_sink(tested, place, kTwoTables[which]); !wrong.empty()) return wrong;
      if (*when == '\0')
        usual[which] = place.bytes();
      else if (Finding wrong = compare_bytes(tested, usual[which], place.bytes(), when); !wrong.empty())
        return wrong;
    }
  if (Finding wrong = sinks_in_turn(tested, usual); !wrong.empty()) return wrong;
  return sinks_on_two_threads(tested, usual);
}

}  // namespace

Verdict check_sink_instances(const Subject& subject) { return each_sink(subject, ask_sink_instances); }

}  // namespace flowgauge
