// The file of the run report: PATH.part while the run lasts, as every output. Nothing is left of it if it is not
// written: a run that does not begin has no report.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/output/destination.h"
#include "core/report/run_report.h"

namespace flowgauge {

class ReportFile {
 public:
  // Before the run, so that a path that cannot be written costs no hour of work. "-": standard output; no path: no
  // report. kAppend: one that exists stays, and this one gets a numbered name. `stop` ends the wait for a reader of a
  // named pipe.
  [[nodiscard]] static Result<ReportFile> open(const std::optional<std::string>& path, ExistingFile existing,
                                               const StopRequest& stop);
  ReportFile(ReportFile&&) = default;
  ReportFile& operator=(ReportFile&&) = default;
  ReportFile(const ReportFile&) = delete;
  ReportFile& operator=(const ReportFile&) = delete;
  ~ReportFile();

  // Once, at the end of the run. Gives the report back, with what kept it from its file.
  [[nodiscard]] Result<RunReport> write(Result<RunReport> report);

 private:
  ReportFile() = default;
  Result<void> write_text(const std::string& text);

  std::string path_;                   // not empty: of which a numbered name is made at the end
  std::unique_ptr<Destination> file_;  // null: none is wanted, or it is written
};

}  // namespace flowgauge
