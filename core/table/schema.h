// A schema: output columns made from feature columns by expressions (docs/writing-a-schema.md). The definition
// is plain data from a module or a profile; binding it to a catalog and a set of excluded classes decides which columns
// there are, checks every type, and compiles the expressions. Set-up only; what comes out is immutable and shared
// by all workers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/expression/program.h"
#include "core/plugin/catalog.h"
#include "core/sdk/flowgauge/plugin.h"
#include "core/text/time_decimals.h"

namespace flowgauge {

inline constexpr fg_type kOwnType = 0;  // of an entry: the type that the expression has by itself

struct SchemaEntry {
  std::string name;  // in the output's header
  std::string expression;
  fg_type type = FG_F64;  // or kOwnType; not FG_SERIES, not FG_TIME
  fg_unit unit = FG_UNIT_NONE;
  fg_when when = FG_WHEN_BOTH;
  bool required = false;
  std::string where{};  // "FILE:LINE" if it has a place of its own
};

struct SchemaDefinition {
  std::string name;
  std::string version;                 // empty for a profile's own
  std::string origin;                  // where it was written, for messages: a module's path or "FILE:LINE"
  ExitCode fault = ExitCode::kPlugin;  // of an error in the definition itself; kUsage for a profile's own
  std::vector<SchemaEntry> entries;    // in output order
  std::vector<const Derive*> derives;  // outlive all that is bound
};

// With the entries that `options`, the values of the schema's options, ask for.
[[nodiscard]] SchemaDefinition schema_definition(const Schema& schema, std::span<const fg_value> options);

// "FILE: schema 'x', column 'y': "iat.fwd", character 5": the beginning of a message about an entry.
[[nodiscard]] std::string place_in(const SchemaDefinition& definition, const SchemaEntry& entry, std::size_t position);

struct OutputColumn {
  std::string name;
  fg_type type = FG_F64;
  fg_unit unit = FG_UNIT_NONE;
  fg_contamination reveals = FG_REVEALS_NOTHING;

  bool operator==(const OutputColumn&) const = default;
};

struct BoundSchema {
  std::string name;
  std::string version;
  std::string origin;
  std::vector<OutputColumn> columns;         // at least one, in output order
  std::vector<const CatalogColumn*> needed;  // to emit: each once
  std::vector<std::string> left_out;         // names of entries whose classes are excluded
  std::vector<std::string> expressions;      // of the columns, as they were written
  expression::Program program;               // its outputs are the columns
};

// `catalog` and the definition's derives must outlive the result. Errors: what is wrong in the definition has its
// `fault`; a feature that is not loaded, or a required column that is excluded, is kUsage.
[[nodiscard]] Result<BoundSchema> bind_schema(const SchemaDefinition& definition, const Catalog& catalog,
                                              fg_contamination excluded,
                                              TimeDecimals time_decimals = TimeDecimals::kFixed);

}  // namespace flowgauge
