#include "core/expression/derive_runner.h"

#include <algorithm>
#include <span>

#include "core/expression/validity.h"
#include "core/plugin/guarded_call.h"
#include "core/plugin/host_services.h"

namespace flowgauge::expression {

DeriveRunner::DeriveRunner(const ProgramDerive& derive, std::uint32_t capacity, const VectorOf& vector_of)
    : derive_(*derive.derive), no_starts_(capacity, 0) {
  for (const CatalogColumn* input : derive.inputs) inputs_.push_back(vector_of(*input));
  for (std::size_t o = 0; o < derive.wanted.size(); ++o) {
    fg_vector& vector = outputs_.emplace_back();
    if (!derive.wanted[o]) continue;
    const fg_column& column = derive_.outputs[o];
    const std::size_t words = (cell_bytes(column.type) * capacity + 7) / 8;
    vector.cells = memory_.emplace_back(words).data();
    if ((column.flags & FG_NULLABLE) != 0) vector.validity = memory_.emplace_back(validity_words(capacity)).data();
  }
}

bool DeriveRunner::run(std::uint32_t rows, Arena& arena, NotFinite& not_finite) {
  for (auto& memory : memory_) std::fill(memory.begin(), memory.end(), 0);
  arena.begin_call(rows);
  fg_derive_call call{};
  call.struct_size = sizeof call;
  call.row_count = rows;
  call.inputs = inputs_.data();
  call.outputs = outputs_.data();
  call.arena = &arena;
  call.host = &plugin_host();
  if (caught([&] { return derive_.table.derive(&call); }) != FG_OK) return false;
  for (std::size_t o = 0; o < outputs_.size(); ++o) {
    // No output is of type FG_TIME: the starts only say how many rows there are.
    if (outputs_[o].cells == nullptr) continue;
    const std::size_t cells = settle_cells(derive_.outputs[o], outputs_[o], std::span(no_starts_).first(rows));
    if (cells > 0) not_finite[derive_.outputs[o].name] += cells;
  }
  return true;
}

}  // namespace flowgauge::expression
