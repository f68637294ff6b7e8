// What became of one output of a run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace flowgauge {

struct OutputReport {
  std::string schema;
  std::string schema_version;
  std::string location;    // where the rows are
  std::uint64_t rows = 0;  // whole ones that are there (RowSink::rows)
  bool complete = false;
  std::vector<std::string> left_out;  // entries whose contamination classes are excluded
  std::string path;                   // where they belong
  std::string metadata;               // where the table's metadata is; empty: it has none
  bool is_written = true;             // false: the table is still open, and its size not known
};

}  // namespace flowgauge
