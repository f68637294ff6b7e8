// A small catalog with cells of every type, for the tests of schemas and their expressions.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/output/encoder.h"
#include "core/plugin/column_batch.h"
#include "core/table/schema.h"
#include "core/table/schema_evaluator.h"

namespace flowgauge {

struct Null {};
using Cell =
    std::variant<Null, std::uint64_t, std::int64_t, double, bool, std::string, fg_series, std::vector<std::uint64_t>>;
// Cells by column, by row. What is not given is 0, empty or null.
using Cells = std::map<std::string, std::vector<Cell>>;

// Features (a column's type and classes are in lab.cpp):
//   flow    the host's: id, src_ip, src_port, dst_port, protocol, first_seen, last_seen, end_reason_text, handshake
//   timing  fwd_first, fwd_last, bwd_first, bwd_last of type FG_TIME
//   misc    u v (u64), i j (i64), d e (f64), b (bool), t (string), l (list), nu ni nt (null if not given)
//   stats   s, and h with extremes of class os
//   sniffer x; it needs the key
class Lab {
 public:
  Lab();
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;

  [[nodiscard]] const Catalog& catalog() const { return catalog_; }
  // One more, which outlives this: a derived feature.
  [[nodiscard]] Result<void> add(const Feature& feature) { return catalog_.add(feature); }

  [[nodiscard]] static SchemaDefinition schema(std::vector<SchemaEntry> entries);
  [[nodiscard]] Result<BoundSchema> bind(const SchemaDefinition& definition,
                                         fg_contamination excluded = FG_REVEALS_NOTHING) const;
  // The rows of the schema as text, without the header line.
  [[nodiscard]] std::string rows(const BoundSchema& schema, const Cells& cells, TableFormat format = TableFormat::kCsv,
                                 std::uint32_t capacity = 256) const;
  // The cells of one expression, separated by '|', or its error.
  [[nodiscard]] std::string value(const std::string& expression, fg_type type, const Cells& cells = {}) const;
  [[nodiscard]] std::string error(const std::string& expression, fg_type type = FG_F64) const;

 private:
  void add(std::string name, std::vector<fg_column> columns, bool is_host, fg_needs needs = FG_NEEDS_NOTHING);

  Module module_;
  std::deque<Feature> features_;
  Catalog catalog_;
};

// The message of a refusal, with "" for none.
template <class T>
std::string message_of(const Result<T>& result) {
  return result ? "" : result.error().message;
}

}  // namespace flowgauge
