// The JSON that a table has beside it, and the run report, as `flowgauge summary` reads them. An input is a byte that
// says which of the two, and the JSON.
#include <string>

#include "core/summary/summarize.h"
#include "tests/fuzz/own_folder.h"
#include "tests/fuzz/summary_checks.h"
#include "tests/fuzz/target.h"

namespace {

using flowgauge::test::must_hold;

constexpr std::string_view kTable =
    "timestamp,protocol,dst_port,duration,end_reason,label\n"
    "2026-08-03 20:46:40,6,443,5,fin,a\n2026-08-03 20:46:41,17,53,0,,b\n";

struct TableFile {
  TableFile() { flowgauge::test::write_file(path, kTable); }
  flowgauge::test::OwnFolder folder;
  std::string path = folder.path("table.csv");
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const TableFile table;
  static flowgauge::test::InputFile report;
  static const flowgauge::StopRequest stop;
  if (size == 0) return -1;
  flowgauge::SummaryRequest request{.tables = {table.path}};
  if ((data[0] & 1) == 0)
    flowgauge::test::write_file(table.path + ".meta.json", {reinterpret_cast<const char*>(data) + 1, size - 1});
  else
    request.report = report.holding(data + 1, size - 1);
  const auto summary = flowgauge::summarize(request, stop);
  if (!summary) {
    must_hold(flowgauge::test::is_one_line(summary.error().message), "an error is one line");
    return 0;
  }
  flowgauge::test::check_summary(*summary);
  if (summary->account) flowgauge::test::note_taken();
  return 0;
}
