// Makes the output columns of one schema from the cells that the features emitted. One worker owns one of these for
// each schema; no allocation after construction.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/base/validity.h"
#include "core/plugin/arena.h"
#include "core/plugin/cell_notes.h"
#include "core/plugin/column_batch.h"
#include "core/table/schema.h"

namespace flowgauge {

struct OutputVector {
  fg_type type = FG_F64;
  const void* cells = nullptr;
  const std::uint64_t* validity = nullptr;  // NULL: no cell is null

  [[nodiscard]] bool is_null(std::uint32_t row) const { return flowgauge::is_null(validity, row); }
};

// A view: valid until the next evaluate, or begin of the column batch, or reset of the arena.
struct OutputBatch {
  std::uint32_t rows = 0;
  std::span<const OutputVector> columns;  // as BoundSchema::columns
};

namespace expression {
class Interpreter;
}

class SchemaEvaluator {
 public:
  // Both must outlive the evaluator. `batch` must have all columns that the schema needs.
  SchemaEvaluator(const BoundSchema& schema, const ColumnBatch& batch);
  ~SchemaEvaluator();

  // The rows that `batch` holds now. Derives write their strings into `arena`. The error (kPlugin) is a derive's.
  [[nodiscard]] Result<OutputBatch> evaluate(Arena& arena);

  // Of its derives so far.
  [[nodiscard]] CellNotes cell_notes() const;

 private:
  const BoundSchema& schema_;
  const ColumnBatch& batch_;
  std::unique_ptr<expression::Interpreter> interpreter_;
  std::vector<OutputVector> outputs_;
};

}  // namespace flowgauge
