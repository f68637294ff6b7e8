// The columns of derived features: made of the columns that features emitted, before any schema reads them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/expression/program.h"
#include "core/plugin/arena.h"
#include "core/plugin/catalog.h"
#include "core/plugin/cell_notes.h"
#include "core/plugin/column_batch.h"
#include "core/plugin/current_call.h"

namespace flowgauge {

namespace expression {
class DeriveRunner;
}

// One derive of a derived feature of which some column is wanted.
struct BoundDerived {
  const Feature* feature = nullptr;
  std::uint32_t first = 0;  // of its outputs, among the feature's columns
  expression::ProgramDerive derive;
};

// What makes those of `columns` that are derived. The columns that this reads are appended to `columns`, each once:
// they must be emitted as well. Set-up only.
[[nodiscard]] Result<std::vector<BoundDerived>> bind_derived(std::vector<const CatalogColumn*>& columns,
                                                             const Catalog& catalog);

// One worker owns one. No allocation after construction.
class DerivedColumns {
 public:
  // Both must outlive it. `batch` has all columns that bind_derived() was given and gave.
  DerivedColumns(std::span<const BoundDerived> derived, const ColumnBatch& batch);
  DerivedColumns(const DerivedColumns&) = delete;
  DerivedColumns& operator=(const DerivedColumns&) = delete;
  ~DerivedColumns();

  // For the rows that the batch holds now, behind FeatureSet::emit(). Texts and lists lie in `arena`. The error
  // (kPlugin) is a derive's.
  [[nodiscard]] Result<void> make(Arena& arena);

  [[nodiscard]] CellNotes cell_notes() const;

 private:
  struct Slot;

  const ColumnBatch& batch_;
  std::vector<Slot> slots_;
};

}  // namespace flowgauge
