// Made-up tables for sinks: columns of all types that a sink takes, and record batches of their rows as a run hands
// them over. Deterministic: the seed decides.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/check/lent_memory.h"
#include "core/output/arrow_abi.h"
#include "core/output/arrow_column.h"
#include "core/plugin/module.h"
#include "core/table/schema.h"

namespace flowgauge {

struct MadeTable {
  std::string name;                       // "one row"
  std::vector<std::uint32_t> batch_rows;  // of each batch
  bool is_live = false;                   // flushed behind each batch
  bool all_null = false;
};

// From an empty one to one of many batches.
[[nodiscard]] std::vector<MadeTable> made_tables(const Sink& sink);
[[nodiscard]] std::uint64_t rows_of(const MadeTable& table);

// The columns of all made tables, as the sink takes them.
class MadeSchema {
 public:
  explicit MadeSchema(fg_takes takes);
  MadeSchema(const MadeSchema&) = delete;
  MadeSchema& operator=(const MadeSchema&) = delete;
  ~MadeSchema() { schema_.release(&schema_); }

  [[nodiscard]] const ArrowSchema& arrow() const { return schema_; }
  [[nodiscard]] const std::vector<OutputColumn>& columns() const { return columns_; }
  [[nodiscard]] UnsignedAs unsigned_as() const { return unsigned_as_; }

 private:
  UnsignedAs unsigned_as_;
  std::vector<OutputColumn> columns_;
  ArrowSchema schema_;
};

// Hands out batches of one table, one after the other. Outlives them: what the sink does with them later is seen.
class MadeBatches {
 public:
  MadeBatches(const MadeSchema& schema, const MadeTable& table, std::uint64_t seed, Traps traps = Traps::kNone);
  MadeBatches(const MadeBatches&) = delete;
  MadeBatches& operator=(const MadeBatches&) = delete;
  ~MadeBatches();

  [[nodiscard]] ArrowArray next(std::uint32_t rows);
  // Batches that were not released so far.
  [[nodiscard]] std::size_t kept() const { return kept_.load(); }

 private:
  struct Node;
  struct Cells;
  // Cells of a column, or items of a list.
  [[nodiscard]] Cells cells_of(fg_type type, std::uint64_t column, std::uint64_t first, std::uint64_t count) const;
  void make_array(const Cells& cells, ArrowArray& array);
  [[nodiscard]] bool is_null(std::uint64_t column, std::uint64_t row) const;
  static void release(ArrowArray* array);

  const MadeSchema& schema_;
  const MadeTable& table_;
  std::uint64_t seed_;
  LentMemory memory_;
  std::uint64_t rows_ = 0;  // handed out so far
  std::vector<std::unique_ptr<Node>> nodes_;
  std::atomic<std::size_t> kept_{0};
};

}  // namespace flowgauge
