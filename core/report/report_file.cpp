#include "core/report/report_file.h"

#include <sys/stat.h>

#include <utility>

#include "core/base/host_path.h"
#include "core/base/log.h"
#include "core/base/try.h"
#include "core/output/time_name.h"

namespace flowgauge {
namespace {

std::string free_name(const std::string& path) {
  struct stat status {};
  std::string name = path;
  for (std::uint64_t number = 1; ::lstat(host_path(name).c_str(), &status) == 0; ++number)
    name = with_number(path, number);
  return name;
}

}  // namespace

Result<ReportFile> ReportFile::open(const std::optional<std::string>& path, ExistingFile existing,
                                    const StopRequest& stop) {
  ReportFile report;
  if (!path) return report;
  if (existing != ExistingFile::kAppend) {
    report.file_ = TRY(Destination::open(*path, existing, &stop));
    return report;
  }
  report.path_ = *path;
  report.file_ = TRY(Destination::open(*path, ExistingFile::kRefuse, &stop, Destination::Name::kFollows));
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
  if (!path_.empty()) file->set_name(free_name(path_));
  const auto written = file->write(text);
  const auto finished = file->finish(written ? Finish::kComplete : Finish::kKeepPartial);
  if (!written) return std::unexpected(written.error());
  if (!finished) return std::unexpected(finished.error());
  return {};
}

}  // namespace flowgauge
