// What lies beside a table, or in it: its metadata, or a run report (docs/table-metadata.md, docs/run-report.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/summary/column_meaning.h"

namespace flowgauge {

struct TableAccount {
  std::string from;                 // "flows.csv.meta.json"
  std::string schema;               // "basic 1.0"; empty: not said
  std::vector<ColumnNote> columns;  // of metadata
  std::optional<bool> complete;
  std::optional<std::uint64_t> rows;
  std::uint64_t frames_read = 0;
  std::vector<std::pair<std::string, std::uint64_t>> ignored;  // frames by reason
  std::uint64_t untimed_frames = 0, lost = 0, cut_cells = 0;
  std::uint64_t vlan_halves = 0, clock_steps = 0, older_packets = 0, ahead_packets = 0;
  std::vector<std::string> problems;

  [[nodiscard]] const ColumnNote* note_of(std::string_view column) const;
};

// `from`: for messages. kInput: it is no account.
[[nodiscard]] Result<TableAccount> read_account(const std::string& json, const std::string& from);
[[nodiscard]] Result<TableAccount> read_account_file(const std::string& path);

}  // namespace flowgauge
