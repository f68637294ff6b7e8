// The columns of a table, as the host tells them: what stands in their metadata beside their names and types.
#pragma once

#include <cstdint>
#include <flowgauge/sdk.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ipfix_sinks {

struct Column {
  std::int64_t index;
  std::string name;
  std::string expression;
  std::string unit;
  std::string time;  // how an absolute time is written (ns, us, ms, s, text); else empty
  fg_type type;      // of a list: of its items
  bool is_list;
};

struct Table {
  std::string schema;
  std::vector<Column> columns;
};

[[nodiscard]] Table table_of(const ArrowSchema& schema);

}  // namespace ipfix_sinks
