// Tables, as `flowgauge summary` reads them: CSV, JSON lines, compressed or not; and all that is told of them.
#include "core/summary/summarize.h"
#include "tests/fuzz/summary_checks.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using flowgauge::test::must_hold;
  static flowgauge::test::InputFile file;
  static const flowgauge::StopRequest stop;
  const auto summary = flowgauge::summarize({.tables = {file.holding(data, size)}}, stop);
  if (!summary) {
    must_hold(flowgauge::test::is_one_line(summary.error().message), "an error is one line");
    return 0;
  }
  if (summary->fault) must_hold(flowgauge::test::is_one_line(summary->fault->message), "a fault is one line");
  flowgauge::test::check_summary(*summary);
  if (!summary->fault && summary->rows > 0) flowgauge::test::note_taken();
  return 0;
}
