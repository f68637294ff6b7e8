#include "core/engine/table_merge.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/base/text.h"
#include "core/base/try.h"
#include "core/engine/file_clash.h"
#include "core/flow/flow_columns.h"
#include "core/output/destination.h"

namespace flowgauge {
namespace {

constexpr std::size_t kWriteBytes = 64UZ * 1024;

using Tables = std::vector<std::unique_ptr<OrderedTable>>;

Result<void> check_files(const TableMerge& merge) {
  std::vector<ReadFile> read;
  for (const std::string& input : merge.inputs) read.push_back({input, fmt::format("the table {}", input)});
  const WrittenFile written{merge.output, fmt::format("the merged table {}", merge.output),
                            fmt::format("the merged table {} would be written over", merge.output), ""};
  return check_for_clash(read, std::span(&written, 1));
}

Result<void> check_names(const OrderedTable& first, const OrderedTable& other) {
  if (first.names() == other.names()) return {};
  const auto [there, here] = std::ranges::mismatch(first.names(), other.names());
  const auto said = [](const auto& at, const auto& names) {
    return at == names.end() ? std::string("missing") : fmt::format("'{}'", printable(*at));
  };
  return fail(ExitCode::kInput, "{}: has other columns than {}: column {} is {} here and {} there", other.path(),
              first.path(), here - other.names().begin() + 1, said(here, other.names()), said(there, first.names()));
}

Result<Tables> open_tables(const std::vector<std::string>& paths, const StopRequest& stop) {
  Tables tables;
  for (const std::string& path : paths) {
    auto table = TRY(OrderedTable::open(path, stop));
    if (!tables.empty()) TRY(check_names(*tables.front(), *table));
    tables.push_back(std::move(table));
  }
  return tables;
}

bool comes_later(const OrderedTable* a, const OrderedTable* b) { return b->order() < a->order(); }

// One merge, from the first row to the last.
class Merging {
 public:
  Merging(const Tables& tables, MergedColumns columns, Destination& out, const StopRequest& stop)
      : tables_(tables), columns_(columns), out_(out), stop_(stop) {}

  Result<void> run() {
    tables_.front()->append(columns_, text_);  // the header
    for (const auto& table : tables_)
      if (auto read = read_next(*table); !read) return read;
    while (!waiting_.empty() && state_ == SinkState::kOpen) {
      if (stop_.requested()) return fail(ExitCode::kInterrupted, "interrupted");
      std::pop_heap(waiting_.begin(), waiting_.end(), comes_later);
      OrderedTable& table = *waiting_.back();
      waiting_.pop_back();
      if (auto checked = check_next(table); !checked) return checked;
      table.append(columns_, text_);
      ++rows_;
      if (text_.size() >= kWriteBytes)
        if (auto written = write(); !written) return written;
      if (auto read = read_next(table); !read) return read;
    }
    return write();
  }

  // What was merged before an error.
  Result<void> write() {
    const auto state = out_.write(text_, 0);
    text_.clear();
    if (!state) return std::unexpected(state.error());
    state_ = *state;
    return {};
  }

  [[nodiscard]] std::uint64_t rows() const { return rows_; }

 private:
  Result<void> read_next(OrderedTable& table) {
    const auto read = TRY(table.next());
    if (!read) return {};
    waiting_.push_back(&table);
    std::push_heap(waiting_.begin(), waiting_.end(), comes_later);
    return {};
  }

  // No two rows of a run have the same place.
  Result<void> check_next(const OrderedTable& table) const {
    if (waiting_.empty() || waiting_.front()->order() != table.order()) return {};
    return fail(ExitCode::kInput,
                "{} and {}: both have a row of the flow that frame {} began, at the same place; merge tables of "
                "different partitions of one capture",
                table.path(), waiting_.front()->path(), table.order().creation);
  }

  const Tables& tables_;
  MergedColumns columns_;
  Destination& out_;
  const StopRequest& stop_;
  std::vector<OrderedTable*> waiting_;  // a heap, the earliest row first
  std::string text_;
  SinkState state_ = SinkState::kOpen;
  std::uint64_t rows_ = 0;
};

}  // namespace

Result<std::uint64_t> merge_tables(const TableMerge& merge, const StopRequest& stop) {
  TRY(check_files(merge));
  const auto tables = TRY(open_tables(merge.inputs, stop));
  if (tables.front()->names().size() == kReleaseColumns.size() && merge.columns == MergedColumns::kWithoutOrder)
    return fail(ExitCode::kInput, "{}: has no columns but those of the order; keep them with --keep-order-columns",
                tables.front()->path());
  const auto out = TRY(Destination::open(merge.output, replaced_if(merge.force), &stop));
  Merging merging(tables, merge.columns, *out, stop);
  if (const auto done = merging.run(); !done) {
    // The error is said already; what these two find adds nothing to it.
    if (done.error().code != ExitCode::kOutput) {
      [[maybe_unused]] const auto written = merging.write();
    }
    [[maybe_unused]] const auto kept = out->finish(Finish::kKeepPartial);
    return fail(done.error().code, "{}; {} has the {} before it", done.error().message, out->location(),
                counted(merging.rows(), "row"));
  }
  TRY(out->finish(Finish::kComplete));
  return merging.rows();
}

}  // namespace flowgauge
