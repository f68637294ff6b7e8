// What became of one output of a run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/plugin/sink_conditions.h"

namespace flowgauge {

// Of the files that one output of a run has in turn.
struct FilePart {
  std::uint64_t number = 1;  // from 1
  bool is_last = false;
};

struct OutputReport {
  std::string schema;
  std::string schema_version;
  std::string location;    // where the rows are
  std::uint64_t rows = 0;  // whole ones that are there (RowSink::rows)
  bool complete = false;
  std::vector<std::string> left_out;        // entries whose contamination classes are excluded
  std::string path;                         // where they belong
  std::string metadata;                     // where the table's metadata is; empty: it has none
  std::uint64_t files = 0;                  // of a series: how many got their names; then rows are those of all of them
  std::uint64_t files_deleted = 0;          // by 'keep'
  std::optional<FilePart> part{};           // of the metadata of a file of a series
  std::vector<SinkCondition> conditions{};  // that its sink told while the run lasted
  bool is_written = true;                   // false: the table is still open, and its size not known
};

}  // namespace flowgauge
