// What is told of a table: the model that the terminal, JSON and the page show.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/summary/column_report.h"
#include "core/summary/histogram.h"
#include "core/summary/table_reader.h"
#include "core/summary/value_counts.h"

namespace flowgauge {

// Of rows whose columns are known; none: the columns are not there.
struct RowFacts {
  std::optional<std::uint64_t> zero_durations{};
  std::optional<std::uint64_t> zero_durations_of_many{};  // of those, with more than one packet
  std::optional<std::uint64_t> one_sided{};               // all packets in one direction
  // Where the time of a row is so much before that of an earlier row that no timeout explains it; each time once.
  std::uint64_t steps_back = 0;
  std::int64_t longest_step_ns = 0;
  bool has_times = false;
};

// What worries about a table, or is worth knowing.
struct TableFinding {
  enum class Weight : std::uint8_t { kNote, kWarning };
  Weight weight = Weight::kNote;
  std::string kind;        // "constant_columns"; stays what it is
  std::string what;        // "3 columns hold one value alone: a, b, c"
  std::string why;         // why it matters, and what to do: one or two sentences
  std::uint64_t rows = 0;  // that it is about, or cells; 0: of columns
  std::vector<std::string> columns{};
};

struct SummarizedFile {
  std::string name;
  std::string format;
  std::string compression;  // empty: none
  std::uint64_t rows = 0;
  LeftOut left_out{};
};

struct Summary {
  std::vector<SummarizedFile> files;
  std::uint64_t rows = 0;
  std::vector<ColumnReport> columns;
  std::optional<std::string> schema;    // of the metadata, with its version
  std::optional<std::string> account;   // where what is known beside the rows comes from
  std::size_t start_column = SIZE_MAX;  // whose moments are the span's
  std::vector<ValueShare> protocols;
  std::vector<ValueShare> services;
  std::string services_are;  // "by protocol and destination port"
  std::vector<ValueShare> end_reasons;
  std::vector<ValueShare> labels;
  std::string label_column;
  RowFacts facts;
  std::vector<TableFinding> findings;
  std::optional<Error> fault;  // what ended the reading before the end of the table

  [[nodiscard]] const ColumnReport* start() const {
    return start_column < columns.size() ? &columns[start_column] : nullptr;
  }
};

}  // namespace flowgauge
