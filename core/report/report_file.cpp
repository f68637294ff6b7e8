#include "core/report/report_file.h"

#include <utility>

#include "core/base/log.h"
#include "core/base/try.h"

namespace flowgauge {

Result<ReportFile> ReportFile::open(const std::optional<std::string>& path, bool force, const StopRequest& stop) {
  ReportFile report;
  if (!path) return report;
  report.file_ = TRY(Destination::open(*path, force, &stop));
  return report;
}

ReportFile::~ReportFile() {
  if (file_ == nullptr) return;
  if (const auto discarded = file_->finish(Finish::kDiscard); !discarded) log_debug("{}", discarded.error().message);
}

Result<RunReport> ReportFile::write(Result<RunReport> report) {
  if (file_ == nullptr || !report) return report;
  if (auto written = write_text(report_json(*report)); !written) report->not_written = written.error();
  return report;
}

Result<void> ReportFile::write_text(const std::string& text) {
  const std::unique_ptr<Destination> file = std::move(file_);
  const auto written = file->write(text);
  const auto finished = file->finish(written ? Finish::kComplete : Finish::kKeepPartial);
  if (!written) return std::unexpected(written.error());
  if (!finished) return std::unexpected(finished.error());
  return {};
}

}  // namespace flowgauge
