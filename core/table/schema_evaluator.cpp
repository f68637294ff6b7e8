#include "core/table/schema_evaluator.h"

#include <string>

#include "core/expression/interpreter.h"
#include "core/plugin/current_call.h"

namespace flowgauge {

SchemaEvaluator::SchemaEvaluator(const BoundSchema& schema, const ColumnBatch& batch)
    : schema_(schema),
      batch_(batch),
      interpreter_(std::make_unique<expression::Interpreter>(
          schema.program, batch.capacity(), [&](const CatalogColumn& column) { return batch.vector(column); })) {
  for (const OutputColumn& column : schema.columns) outputs_.push_back({column.type, nullptr, nullptr});
}

SchemaEvaluator::~SchemaEvaluator() = default;

Result<OutputBatch> SchemaEvaluator::evaluate(Arena& arena) {
  const RunningCall call{schema_.origin.c_str(), schema_.name.c_str(), "derive"};
  {
    const RunningScope running(&call);
    if (!interpreter_->run(batch_.rows(), arena)) {
      const std::string_view reason = last_plugin_error();
      return fail(ExitCode::kPlugin, "{}: derive of schema '{}' failed: {}; rows so far are kept", schema_.origin,
                  schema_.name, reason.empty() ? "it gave no reason" : reason);
    }
  }
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const expression::Vector& vector = interpreter_->output(i);
    outputs_[i].cells = vector.cells;
    outputs_[i].validity = vector.validity;
  }
  return OutputBatch{batch_.rows(), outputs_};
}

CellNotes SchemaEvaluator::cell_notes() const {
  CellNotes named;
  for (const auto& [output, note] : interpreter_->cell_notes())
    named[fmt::format("{}: column '{}.{}", schema_.origin, schema_.name, output)] = note;
  return named;
}

}  // namespace flowgauge
