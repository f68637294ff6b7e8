#include "core/table/derived_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/try.h"
#include "core/expression/derive_runner.h"
#include "core/plugin/derived_feature.h"

namespace flowgauge {

struct DerivedColumns::Slot {
  const Feature* feature;
  RunningCall call;
  expression::DeriveRunner runner;
  CellNotes notes;
};

Result<std::vector<BoundDerived>> bind_derived(std::vector<const CatalogColumn*>& columns, const Catalog& catalog) {
  std::vector<BoundDerived> bound;
  const std::vector<const CatalogColumn*> wanted = columns;
  for (const CatalogColumn* column : wanted) {
    if (column->derive == nullptr) continue;
    auto known = std::ranges::find(bound, column->derive, [](const BoundDerived& one) { return one.derive.derive; });
    if (known == bound.end()) {
      auto inputs = TRY(made_of(*column, catalog));
      for (const CatalogColumn* input : inputs)
        if (std::ranges::find(columns, input) == columns.end()) columns.push_back(input);
      bound.push_back({column->feature,
                       column->index - column->output,
                       {column->derive, std::move(inputs), std::vector<bool>(column->derive->outputs.size(), false)}});
      known = bound.end() - 1;
    }
    known->derive.wanted[column->output] = true;
  }
  return bound;
}

DerivedColumns::DerivedColumns(std::span<const BoundDerived> derived, const ColumnBatch& batch) : batch_(batch) {
  slots_.reserve(derived.size());
  for (const BoundDerived& one : derived) {
    const Derive& derive = *one.derive.derive;
    std::vector<fg_vector> inputs;
    for (const CatalogColumn* input : one.derive.inputs) inputs.push_back(batch.vector(*input));
    const auto outputs = batch.vectors(*one.feature).subspan(one.first, derive.outputs.size());
    slots_.push_back(
        {one.feature,
         {origin_of(*one.feature).c_str(), one.feature->name.c_str(), "derive"},
         expression::DeriveRunner(derive, std::move(inputs), {outputs.begin(), outputs.end()}, batch.capacity()),
         {}});
  }
}

DerivedColumns::~DerivedColumns() = default;

Result<void> DerivedColumns::make(Arena& arena) {
  for (Slot& slot : slots_) {
    const RunningScope running(&slot.call);
    if (slot.runner.run(batch_.rows(), arena, slot.notes)) continue;
    const std::string_view reason = last_plugin_error();
    return fail(ExitCode::kPlugin, "{}: derived feature '{}' failed: {}; rows so far are kept", slot.call.path,
                slot.feature->name, reason.empty() ? "it gave no reason" : reason);
  }
  return {};
}

CellNotes DerivedColumns::cell_notes() const {
  CellNotes named;
  for (const Slot& slot : slots_)
    for (const auto& [output, note] : slot.notes)
      named[fmt::format("{}: column '{}.{}", slot.call.path, slot.feature->name, output)] += note;
  return named;
}

}  // namespace flowgauge
