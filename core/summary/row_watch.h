// What only several cells of a row tell together: services, flows of one direction, flows of no time, jumps of the
// clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/summary/cell_block.h"
#include "core/summary/column_summary.h"
#include "core/summary/summary.h"
#include "core/summary/value_counts.h"

namespace flowgauge {

class RowWatch {
 public:
  // `columns`: of the table, as they are now; the first of each role counts.
  void add(const CellBlock& block, const std::vector<ColumnSummary>& columns);

  [[nodiscard]] std::vector<ValueShare> protocols(std::size_t most) const;
  // "tcp/443 web", by protocol and destination port; of protocols without ports their name.
  [[nodiscard]] std::vector<ValueShare> services(std::size_t most) const;
  [[nodiscard]] const RowFacts& facts() const { return facts_; }

 private:
  static constexpr std::size_t kNowhere = SIZE_MAX;
  static constexpr std::size_t kMostServices = std::size_t{1} << 18;  // of four protocols with 65,536 ports each

  [[nodiscard]] static std::size_t column_of(Role role, const std::vector<ColumnSummary>& columns);
  void add_service(const CellBlock& block, std::size_t row);
  void add_life(const CellBlock& block, std::size_t row, const std::vector<ColumnSummary>& columns);
  void add_time(std::int64_t end_ns, std::int64_t explained_ns);

  std::size_t protocol_ = kNowhere, port_ = kNowhere, start_ = kNowhere, end_ = kNowhere, duration_ = kNowhere,
              forward_ = kNowhere, backward_ = kNowhere, packets_ = kNowhere;
  std::size_t known_columns_ = 0;
  std::unordered_map<std::uint64_t, std::uint64_t> services_;       // by protocol << 16 | port
  std::unordered_map<std::string, std::uint64_t> other_protocols_;  // by name, those without a number
  std::string last_protocol_;
  std::optional<std::uint8_t> last_number_;
  RowFacts facts_;
  std::optional<std::int64_t> greatest_ns_;
};

}  // namespace flowgauge
