#include "core/engine/report_file.h"

#include <utility>

#include "core/base/log.h"
#include "core/base/try.h"

namespace flowgauge {

Result<ReportFile> ReportFile::open(const std::optional<std::string>& path, bool force) {
  ReportFile report;
  if (!path) return report;
  report.file_ = TRY(Destination::open(*path, force));
  return report;
}

ReportFile::~ReportFile() {
  if (file_ == nullptr) return;
  if (const auto discarded = file_->finish(Finish::kDiscard); !discarded) log_debug("{}", discarded.error().message);
}

Result<void> ReportFile::write(const RunReport& report) {
  if (file_ == nullptr) return {};
  const std::unique_ptr<Destination> file = std::move(file_);
  const auto written = file->write(report_json(report));
  const auto finished = file->finish(written ? Finish::kComplete : Finish::kKeepPartial);
  if (!written) return std::unexpected(written.error());
  if (!finished) return std::unexpected(finished.error());
  return {};
}

}  // namespace flowgauge
