#include "core/summary/summarize.h"

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "core/base/host_path.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/summary/column_summary.h"
#include "core/summary/findings.h"
#include "core/summary/row_watch.h"
#include "core/summary/table_account.h"
#include "core/summary/table_reader.h"

namespace flowgauge {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostShown = 12;  // protocols, services, reasons, labels
constexpr std::chrono::milliseconds kBetweenProgress{200};
constexpr std::string_view kBesideSuffix = ".meta.json";

std::uint64_t stored_bytes(const std::vector<std::string>& tables) {
  std::uint64_t sum = 0;
  for (const std::string& table : tables) {
    struct stat status {};
    if (table != "-" && ::stat(host_path(table).c_str(), &status) == 0 && S_ISREG(status.st_mode))
      sum += static_cast<std::uint64_t>(status.st_size);
  }
  return sum;
}

void add_counts(TableAccount& sum, const TableAccount& more) {
  sum.frames_read += more.frames_read;
  sum.untimed_frames += more.untimed_frames;
  sum.cut_cells += more.cut_cells;
  for (const auto& [reason, frames] : more.ignored) {
    const auto same = std::ranges::find(sum.ignored, reason, &std::pair<std::string, std::uint64_t>::first);
    if (same == sum.ignored.end())
      sum.ignored.emplace_back(reason, frames);
    else
      same->second += frames;
  }
  if (more.complete && !*more.complete) sum.complete = false;
  if (sum.rows && more.rows) *sum.rows += *more.rows;
}

class Summarizing {
 public:
  Summarizing(const SummaryRequest& request, const StopRequest& stop)
      : request_(request),
        stop_(stop),
        bytes_total_(stored_bytes(request.tables)),
        due_(Clock::now() + kBetweenProgress) {}

  Result<Summary> run() {
    std::optional<TableAccount> report;
    if (request_.report) report = TRY(read_account_file(*request_.report));
    for (const std::string& table : request_.tables) {
      auto read = read_table(table);
      if (read) continue;
      if (columns_.empty() || summary_.rows == 0) return std::unexpected(read.error());
      summary_.fault = read.error();
      break;
    }
    take_report(std::move(report));
    finish();
    return std::move(summary_);
  }

 private:
  Result<void> read_table(const std::string& table) {
    const auto reader = TRY(open_table(
        table,
        {.stop = stop_, .bytes_read = &bytes_read_, .parquet_rows = request_.parquet_rows, .known_columns = names_}));
    TRY(check_names(*reader, table));
    take_account(*reader, table);
    SummarizedFile& file =
        summary_.files.emplace_back(SummarizedFile{.name = table == "-" ? "standard input" : table,
                                                   .format = std::string(reader->format()),
                                                   .compression = std::string(reader->compression())});
    take_columns(*reader);
    for (CellBlock block;;) {
      const auto more = reader->read(block);
      file.left_out = reader->left_out();
      if (!more) return std::unexpected(more.error());
      if (!*more) return {};
      if (stop_.requested()) return fail(ExitCode::kInterrupted, "interrupted");
      take_columns(*reader);
      for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i].add(block, i);
      watch_.add(block, columns_);
      file.rows += block.rows;
      summary_.rows += block.rows;
      tell();
    }
  }

  // A table without names yet is JSON.
  Result<void> check_names(const TableReader& reader, const std::string& table) const {
    if (columns_.empty() || reader.format() == "JSONL" || reader.names() == names_) return {};
    return fail(ExitCode::kInput, "{}: has other columns than {}; summarise them one by one", table,
                request_.tables.front());
  }

  void take_columns(const TableReader& reader) {
    for (std::size_t i = columns_.size(); i < reader.names().size(); ++i) {
      const std::string& name = reader.names()[i];
      names_.push_back(name);
      columns_.emplace_back(name, meaning_of(name, account_ ? account_->note_of(name) : nullptr))
          .add_missing(summary_.rows);
    }
  }

  // What the table brings with it, or has beside it.
  void take_account(const TableReader& reader, const std::string& table) {
    std::string json = reader.account();
    const std::string beside = table + std::string(kBesideSuffix);
    struct stat status {};
    Result<TableAccount> account = std::unexpected(Error{});
    if (!json.empty())
      account = read_account(json, table);
    else if (table != "-" && ::stat(host_path(beside).c_str(), &status) == 0)
      account = read_account_file(beside);
    else
      return;
    if (!account) return log_warning("{}; it is left aside", account.error().message);
    if (account_)
      add_counts(*account_, *account);
    else
      account_ = std::move(*account);
  }

  // The report knows of the run what metadata of one table does not; of columns it knows nothing.
  void take_report(std::optional<TableAccount> report) {
    if (!report) return;
    if (account_) {
      report->columns = std::move(account_->columns);
      report->complete = account_->complete;
      report->rows = account_->rows;
      report->schema = account_->schema;
    }
    account_ = std::move(report);
  }

  void finish() {
    for (const ColumnSummary& column : columns_) summary_.columns.push_back(column.report());
    summary_.start_column = start_column();
    summary_.protocols = watch_.protocols(kMostShown);
    summary_.services = watch_.services(kMostShown);
    summary_.services_are = "by protocol and destination port";
    if (summary_.services.empty()) {
      summary_.services = top_of(Role::kService);
      summary_.services_are = "as the table names them";
    }
    summary_.end_reasons = top_of(Role::kEndReason);
    summary_.labels = top_of(Role::kLabel);
    if (const std::size_t label = column_of(Role::kLabel); label < columns_.size())
      summary_.label_column = names_[label];
    summary_.facts = watch_.facts();
    if (account_) {
      summary_.account = account_->from;
      if (!account_->schema.empty()) summary_.schema = account_->schema;
    }
    const bool has_start = summary_.start_column < columns_.size();
    summary_.findings = findings_of(summary_, account_, has_start ? columns_[summary_.start_column].times() : nullptr);
  }

  [[nodiscard]] std::size_t column_of(Role role) const {
    const auto found = std::ranges::find(columns_, role, [](const ColumnSummary& one) { return one.meaning().role; });
    return static_cast<std::size_t>(found - columns_.begin());
  }
  [[nodiscard]] std::vector<ValueShare> top_of(Role role) const {
    const std::size_t column = column_of(role);
    return column < columns_.size() ? columns_[column].greatest(kMostShown) : std::vector<ValueShare>{};
  }
  [[nodiscard]] std::size_t start_column() const {
    const auto has_times = [&](std::size_t column) {
      return column < columns_.size() && summary_.columns[column].type == ColumnReport::Type::kTime;
    };
    for (const Role role : {Role::kStart, Role::kEnd})
      if (const std::size_t column = column_of(role); has_times(column)) return column;
    for (std::size_t column = 0; column < columns_.size(); ++column)
      if (has_times(column)) return column;
    return SIZE_MAX;
  }

  void tell() {
    if (!request_.on_progress) return;
    const auto now = Clock::now();
    if (now < due_) return;
    due_ = now + kBetweenProgress;
    request_.on_progress({bytes_read_.load(std::memory_order_relaxed), bytes_total_, summary_.rows, now - began_});
  }

  const SummaryRequest& request_;
  const StopRequest& stop_;
  std::atomic<std::uint64_t> bytes_read_{0};
  std::uint64_t bytes_total_;
  Clock::time_point began_ = Clock::now();
  Clock::time_point due_;
  std::optional<TableAccount> account_;
  std::vector<std::string> names_;
  std::vector<ColumnSummary> columns_;
  RowWatch watch_;
  Summary summary_;
};

}  // namespace

Result<Summary> summarize(const SummaryRequest& request, const StopRequest& stop) {
  return Summarizing(request, stop).run();
}

}  // namespace flowgauge
