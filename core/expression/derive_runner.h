// Runs one derive, of a schema or a derived feature: gives it its inputs and judges what it makes. One worker owns one.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/expression/program.h"
#include "core/plugin/arena.h"
#include "core/plugin/cell_notes.h"
#include "core/plugin/known_texts.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge::expression {

// Where the cells of a column lie, the same in every run; NULL validity: none is ever null.
using VectorOf = std::function<fg_vector(const CatalogColumn&)>;

class DeriveRunner {
 public:
  // What it makes is kept here.
  DeriveRunner(const ProgramDerive& derive, std::uint32_t capacity, const VectorOf& vector_of);
  // What it makes lies elsewhere, zeroed before each run; cells are NULL where nobody wants the output.
  DeriveRunner(const Derive& derive, std::vector<fg_vector> inputs, std::vector<fg_vector> outputs,
               std::uint32_t capacity);

  // False: it failed, see last_plugin_error(). Notes are by "OUTPUT'".
  [[nodiscard]] bool run(std::uint32_t rows, Arena& arena, CellNotes& notes);

  // The same in every run; cells are NULL where nobody wants the output.
  [[nodiscard]] const fg_vector& output(std::uint32_t index) const { return outputs_[index]; }

 private:
  [[nodiscard]] bool settle(std::uint32_t rows, Arena& arena, CellNotes& notes);

  const Derive& derive_;
  std::vector<fg_vector> inputs_;
  std::vector<fg_vector> outputs_;
  std::vector<std::vector<std::uint64_t>> memory_;  // of outputs that are kept here
  std::vector<std::int64_t> no_starts_;             // for settle_cells
  KnownTexts known_;
};

}  // namespace flowgauge::expression
