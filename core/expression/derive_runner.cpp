#include "core/expression/derive_runner.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "core/expression/validity.h"
#include "core/plugin/cells.h"
#include "core/plugin/cut_cells.h"
#include "core/plugin/guarded_call.h"
#include "core/plugin/host_services.h"

namespace flowgauge::expression {
namespace {

#if defined(NDEBUG)
constexpr bool kComparesInputs = false;
#else
constexpr bool kComparesInputs = true;
#endif

constexpr std::size_t kGuardWords = 8;  // behind outputs: they stay zero

// All that the derive may read and must not write. Empty where nobody compares.
std::string input_bytes(const Derive& derive, std::span<const fg_vector> inputs, std::uint32_t rows) {
  std::string bytes;
  for (std::size_t i = 0; kComparesInputs && i < inputs.size(); ++i) {
    bytes.append(static_cast<const char*>(inputs[i].cells), cell_bytes(derive.inputs[i].type) * rows);
    if (inputs[i].validity != nullptr)
      bytes.append(reinterpret_cast<const char*>(inputs[i].validity), validity_words(rows) * sizeof(std::uint64_t));
  }
  return bytes;
}

bool guard_stands(const std::vector<std::uint64_t>& memory) {
  return std::ranges::all_of(memory.end() - kGuardWords, memory.end(), [](std::uint64_t word) { return word == 0; });
}

}  // namespace

DeriveRunner::DeriveRunner(const ProgramDerive& derive, std::uint32_t capacity, const VectorOf& vector_of)
    : derive_(*derive.derive), no_starts_(capacity, 0) {
  for (const CatalogColumn* input : derive.inputs) inputs_.push_back(vector_of(*input));
  for (std::size_t o = 0; o < derive.wanted.size(); ++o) {
    fg_vector& vector = outputs_.emplace_back();
    if (!derive.wanted[o]) continue;
    const fg_column& column = derive_.outputs[o];
    const std::size_t words = (cell_bytes(column.type) * capacity + 7) / 8;
    vector.cells = memory_.emplace_back(words + kGuardWords).data();
    if ((column.flags & FG_NULLABLE) != 0)
      vector.validity = memory_.emplace_back(validity_words(capacity) + kGuardWords).data();
  }
}

DeriveRunner::DeriveRunner(const Derive& derive, std::vector<fg_vector> inputs, std::vector<fg_vector> outputs,
                           std::uint32_t capacity)
    : derive_(derive), inputs_(std::move(inputs)), outputs_(std::move(outputs)), no_starts_(capacity, 0) {}

bool DeriveRunner::run(std::uint32_t rows, Arena& arena, CellNotes& notes) {
  for (auto& memory : memory_) std::fill(memory.begin(), memory.end(), 0);
  arena.begin_call(rows);
  fg_derive_call call{};
  call.struct_size = sizeof call;
  call.row_count = rows;
  call.inputs = inputs_.data();
  call.outputs = outputs_.data();
  call.arena = &arena;
  call.host = &plugin_host();
  const std::string before = input_bytes(derive_, inputs_, rows);
  if (caught([&] { return derive_.table.derive(&call); }) != FG_OK) return false;
  if (input_bytes(derive_, inputs_, rows) != before) {
    keep_plugin_error("it writes into its inputs");
    return false;
  }
  if (!std::ranges::all_of(memory_, guard_stands)) {
    keep_plugin_error("it writes behind its outputs");
    return false;
  }
  return settle(rows, arena, notes);
}

bool DeriveRunner::settle(std::uint32_t rows, Arena& arena, CellNotes& notes) {
  if (!arena.call_cuts().empty()) note_cuts(arena, derive_.outputs, outputs_, "", notes);
  const CellSource source{arena, derive_.module == nullptr ? nullptr : &derive_.module->memory, &known_};
  for (std::size_t o = 0; o < outputs_.size(); ++o) {
    const fg_column& column = derive_.outputs[o];
    if (outputs_[o].cells == nullptr || !is_to_settle(column.type, derive_.module)) continue;
    // No output is of type FG_TIME: the starts only say how many rows there are.
    const Settled settled = settle_cells(column, outputs_[o], std::span(no_starts_).first(rows), source);
    if (settled.fault != CellFault::kNone) {
      keep_plugin_error(fault_text(settled.fault, column));
      return false;
    }
    if (settled.not_finite + settled.repaired > 0)
      notes[std::string(column.name) + "'"] += {.not_finite = settled.not_finite, .repaired = settled.repaired};
  }
  return true;
}

}  // namespace flowgauge::expression
