#include "core/engine/run_output.h"

#include <sys/stat.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "core/base/host_path.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/engine/output_place.h"
#include "core/engine/table_metadata.h"
#include "core/engine/table_notes.h"

namespace flowgauge {
namespace {

constexpr std::uint64_t kLookEvery = 256;  // rows

// A path of the profile or the command line may have fields of time; one that was made for an input has none.
FileSeries::Naming naming_of(const PlannedOutput& planned, const std::string& path) {
  return path == planned.path.value && planned.kind->place == SinkKind::Place::kFile && !is_standard_output(path)
             ? FileSeries::Naming::kFields
             : FileSeries::Naming::kPlain;
}

// Of rows that are added to a table: the metadata of the runs before stay.
std::string free_metadata_path(const std::string& path) {
  const auto exists = [](const std::string& name) {
    struct stat status {};
    return ::lstat(host_path(name).c_str(), &status) == 0;
  };
  std::string name = path + std::string(kMetadataSuffix);
  for (std::uint64_t number = 1; exists(name); ++number) name = fmt::format("{}.{}{}", path, number, kMetadataSuffix);
  return name;
}

}  // namespace

RunOutput::RunOutput(const Plan& plan, const PlannedOutput& planned, std::string path, const Options& options)
    : plan_(&plan),
      planned_(&planned),
      path_(std::move(path)),
      options_(options),
      series_(path_, naming_of(planned, path_), planned.rotate, planned.keep,
              options.force ? ExistingFile::kReplace : planned.existing),
      conditions_(std::make_shared<SinkConditions>(shown_place(path_))) {}

Result<void> RunOutput::open() {
  const auto refused = [&](const Error& error) {
    return std::unexpected(Error{error.code, planned_->path.where() + error.message});
  };
  if (naming_of(*planned_, path_) == FileSeries::Naming::kFields) TRY(check_fields(path_, planned_->path.where()));
  auto sink = planned_->kind->open(
      {.path = path_,
       .columns = planned_->columns,
       .header = planned_->header,
       .existing = appends() || existing() != ExistingFile::kAppend ? existing() : ExistingFile::kRefuse,
       .name_follows = name_follows(),
       .is_live = options_.is_live,
       .stop = options_.stop,
       .mode = planned_->mode,
       .notes = [plan = plan_, planned = planned_] { return table_notes(*plan, *planned); },
       .conditions = conditions_});
  if (!sink) return refused(sink.error());
  sink_ = std::move(*sink);
  is_open_ = true;
  is_counted_ = false;
  is_file_ =
      planned_->kind->place == SinkKind::Place::kFile && !is_standard_output(path_) && sink_->location() != path_;
  complete_ = false;
  rows_taken_ = 0;
  if (series_.rule().any() && !is_file())
    return fail(ExitCode::kOutput, "{}: is a device or a pipe, which cannot be rotated; name a file", path_);
  if (!planned_->metadata) return {};
  if (auto opened = open_metadata(); !opened) return refused(opened.error());
  return {};
}

Result<void> RunOutput::open_metadata() {
  if (!is_file())
    return fail(ExitCode::kOutput, "{}: is a device or a pipe, which no metadata can lie beside; name a file", path_);
  const auto name = name_follows() || appends() ? Destination::Name::kFollows : Destination::Name::kIsPath;
  metadata_ = TRY(Destination::open(path_ + std::string(kMetadataSuffix),
                                    appends() ? ExistingFile::kRefuse : existing(), nullptr, name, planned_->mode));
  return {};
}

Result<SinkState> RunOutput::write(std::span<const RowRun> runs, std::uint64_t rows) {
  auto written = sink_->write(runs);
  if (written && *written == SinkState::kOpen) rows_taken_ += rows;
  return written;
}

std::size_t RunOutput::rows_until_look() const { return kLookEvery - rows_taken_ % kLookEvery; }

bool RunOutput::is_full() const { return rows_taken_ % kLookEvery == 0 && series_.is_full(sink_->bytes()); }

void RunOutput::rotate(const Counted& all, std::int64_t now_ns, const Metadata& metadata, const Note& note) {
  if (!series_.has_begun()) series_.begin(now_ns);
  close(Finish::kComplete, Next::kFollows, all, metadata, note);
  if (!complete_) return;
  ++files_;
  files_deleted_ += series_.delete_oldest(sink_->location());
  log_debug("{}: {}, complete", sink_->location(), counted(sink_->rows(), "row"));
  rows_before_ += sink_->rows();
  rows_taken_ = 0;
  is_counted_ = true;
  counted_before_ = all;
  series_.begin(now_ns);
  metadata_ = nullptr;
  if (auto opened = open(); !opened) note(std::unexpected(opened.error()));
}

void RunOutput::finish(Finish how, const Counted& all, const Metadata& metadata, const Note& note) {
  if (!is_open_) return;  // it failed between two files
  close(how, Next::kNone, all, metadata, note);
  if (complete_ && name_follows()) {
    ++files_;
    files_deleted_ += series_.delete_oldest(sink_->location());
  }
}

void RunOutput::close(Finish how, Next next, const Counted& all, const Metadata& metadata, const Note& note) {
  is_open_ = false;
  std::string name = path_;
  if (is_file() && how == Finish::kComplete) {
    name = series_.name(next);
    sink_->set_name(name);
    if (metadata_ != nullptr)
      metadata_->set_name(appends() ? free_metadata_path(name) : name + std::string(kMetadataSuffix));
  }
  const Counted counted = counted_since(counted_before_, all);
  const auto described = [&](OutputReport report) {
    if (name_follows() || next == Next::kFollows) report.part = {.number = files_ + 1, .is_last = next == Next::kNone};
    return metadata ? metadata(*planned_, report, counted) : std::string();
  };
  const auto account = [&] {
    OutputReport expected = report_of_file();
    expected.rows = rows_taken_;
    expected.complete = how == Finish::kComplete;
    expected.is_written = false;
    if (expected.complete && !is_standard_output(path_)) expected.location = name;
    return described(std::move(expected));
  };
  const auto finished = sink_->finish(how, account);
  note(finished);
  complete_ = how == Finish::kComplete && finished && *finished == SinkState::kOpen;
  if (metadata_ != nullptr) close_metadata(described(report_of_file()), note);
  // What an earlier run wrote there is of a table that is no more.
  std::error_code error;
  if (metadata_ == nullptr && existing() == ExistingFile::kReplace && complete_ && name == path_)
    std::filesystem::remove(host_path(path_ + std::string(kMetadataSuffix)), error);
}

// Like the table itself: under its own name if the table is whole, as PATH.part if not.
void RunOutput::close_metadata(const std::string& text, const Note& note) {
  note(metadata_->write(text));
  note(metadata_->finish(complete_ ? Finish::kComplete : Finish::kKeepPartial));
}

void RunOutput::discard(const Note& note) {
  if (sink_ != nullptr) note(sink_->finish(Finish::kDiscard, nullptr));
  if (metadata_ != nullptr) note(metadata_->finish(Finish::kDiscard));
}

OutputReport RunOutput::report_of_file() const {
  const BoundSchema& schema = planned_->schema;
  return {schema.name,
          schema.version,
          sink_->location(),
          sink_->rows(),
          complete_,
          schema.left_out,
          path_,
          metadata_ == nullptr ? "" : metadata_->location()};
}

OutputReport RunOutput::report() const {
  OutputReport report = report_of_file();
  report.rows = rows_before_ + (is_counted_ ? 0 : report.rows);
  report.files = files_;
  report.files_deleted = files_deleted_;
  report.conditions = conditions_->all();
  return report;
}

}  // namespace flowgauge
