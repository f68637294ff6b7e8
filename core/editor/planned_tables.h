// What a draft amounts to with the plugins that it names. Plain data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace flowgauge {

struct PlannedTables {
  struct Table {
    std::string schema;
    std::vector<std::string> columns;

    bool operator==(const Table&) const = default;
  };
  std::vector<Table> tables;
  std::optional<Error> error;  // then there are no tables
};

}  // namespace flowgauge
