#include "core/expression/interpreter.h"

#include <algorithm>
#include <cassert>

#include "core/expression/cells.h"
#include "core/plugin/guarded.h"
#include "core/plugin/host_services.h"

namespace flowgauge::expression {
namespace {

std::size_t cell_words(ValueType type) {
  switch (type) {
    case ValueType::kInteger:
    case ValueType::kString:
    case ValueType::kList:
      return 2;
    case ValueType::kSeries:
      return sizeof(fg_series) / 8;
    default:
      return 1;  // booleans too: eight times their size, and nobody minds
  }
}

}  // namespace

Interpreter::Interpreter(const Program& program, std::uint32_t capacity, const VectorOf& vector_of)
    : program_(program),
      capacity_(capacity),
      may_be_null_(program.nodes.size()),
      is_constant_(program.nodes.size()),
      vectors_(program.nodes.size()),
      own_cells_(program.nodes.size()),
      own_validity_(program.nodes.size()),
      own_text_(program.nodes.size()),
      map_texts_(program.nodes.size()),
      series_parts_(program.nodes.size()),
      no_starts_(capacity, 0) {
  for (auto& numbers : widened_) numbers.resize(capacity);
  for (const ProgramDerive& derive : program.derives) {
    DeriveBuffers& buffers = derives_.emplace_back();
    for (const CatalogColumn* input : derive.inputs) buffers.inputs.push_back(vector_of(*input));
    for (std::size_t o = 0; o < derive.wanted.size(); ++o) {
      fg_vector& vector = buffers.outputs.emplace_back();
      if (!derive.wanted[o]) continue;
      const fg_column& column = derive.derive->outputs[o];
      const std::size_t words = (cell_bytes(column.type) * capacity + 7) / 8;
      vector.cells = buffers.memory.emplace_back(words).data();
      if ((column.flags & FG_NULLABLE) != 0) {
        vector.validity = buffers.memory.emplace_back(bitmap_words(capacity)).data();
      }
    }
  }
  for (std::size_t i = 0; i < program.nodes.size(); ++i) {
    const Node& node = program.nodes[i];
    if (node.operation == Operation::kColumn) {
      const fg_vector vector = vector_of(*node.column);
      assert(vector.cells != nullptr);
      vectors_[i] = {vector.cells, vector.validity};
      may_be_null_[i] = vector.validity != nullptr;
      if (node.type == ValueType::kSeries) {
        own_cells_[i] = std::make_unique<std::uint64_t[]>(std::size_t{4} * capacity);
        std::uint64_t* const parts = own_cells_[i].get();
        series_parts_[i] = {parts, parts + capacity, parts + 2 * capacity, parts + 3 * capacity};
        series_columns_.push_back(i);
      }
      continue;
    }
    if (show_part(i)) continue;
    if (node.operation == Operation::kDerived) {
      const fg_vector& vector = derives_[node.derive].outputs[node.output];
      vectors_[i] = {vector.cells, vector.validity};
      may_be_null_[i] = vector.validity != nullptr;
      continue;
    }
    may_be_null_[i] = node.operation == Operation::kToU64 || node.operation == Operation::kToI64;
    for (const std::uint32_t operand : node.operands) {
      if (operand != kNoNode && may_be_null_[operand]) may_be_null_[i] = true;
    }
    own_cells_[i] = std::make_unique<std::uint64_t[]>(cell_words(node.type) * capacity);
    own_validity_[i] = std::make_unique<std::uint64_t[]>(bitmap_words(capacity));
    vectors_[i].cells = own_cells_[i].get();
    if (node.operation == Operation::kTimeText) own_text_[i] = std::make_unique<char[]>(kTimeTextBytes * capacity);
    if (node.operation == Operation::kLiteral) fill_literal(i);
    if (node.operation == Operation::kMap && node.type == ValueType::kString) {
      map_texts_[i] = std::make_unique<fg_string[]>(node.cases.size());
      for (std::size_t c = 0; c < node.cases.size(); ++c) {
        map_texts_[i][c] = string_cell(std::get<std::string>(node.cases[c].result));
      }
    }
  }
  run_constants();
}

// The numbers that a series holds are there already, side by side; false for other nodes.
bool Interpreter::show_part(std::size_t node) {
  const std::uint32_t series = program_.nodes[node].operands[0];
  const auto show = [&](const std::uint64_t* part) {
    vectors_[node] = {part, vectors_[series].validity};
    may_be_null_[node] = may_be_null_[series];
    return true;
  };
  switch (program_.nodes[node].operation) {
    case Operation::kCount:
      return show(series_parts_[series].counts);
    case Operation::kTotal:
      return show(series_parts_[series].sums);
    case Operation::kMin:
      return show(series_parts_[series].minima);
    case Operation::kMax:
      return show(series_parts_[series].maxima);
    default:
      return false;
  }
}

// Nodes of literals alone run here, for all rows that there can be.
void Interpreter::run_constants() {
  rows_ = capacity_;
  for (std::size_t i = 0; i < program_.nodes.size(); ++i) {
    const bool runs = own_cells_[i] != nullptr && program_.nodes[i].operation != Operation::kColumn;
    is_constant_[i] = runs;
    for (const std::uint32_t operand : program_.nodes[i].operands) {
      if (operand != kNoNode && !is_constant_[operand]) is_constant_[i] = false;
    }
    if (is_constant_[i]) {
      run_node(i);
    } else if (runs) {
      changing_.push_back(i);
    }
  }
}

void Interpreter::fill_literal(std::size_t node) {
  const Literal& literal = program_.nodes[node].literal;
  void* const out = own_cells_[node].get();
  const std::uint32_t rows = capacity_;
  if (const auto* natural = std::get_if<std::uint64_t>(&literal)) {
    fill<std::uint64_t>(out, rows, [&](std::uint32_t) { return *natural; });
  } else if (const auto* integer = std::get_if<std::int64_t>(&literal)) {
    fill<std::int64_t>(out, rows, [&](std::uint32_t) { return *integer; });
  } else if (const auto* real = std::get_if<double>(&literal)) {
    fill<double>(out, rows, [&](std::uint32_t) { return *real; });
  } else {
    fill<fg_string>(out, rows, [&](std::uint32_t) { return string_cell(std::get<std::string>(literal)); });
  }
}

bool Interpreter::run(std::uint32_t rows, Arena& arena) {
  rows_ = rows;
  if (rows_ == 0) return true;
  for (std::size_t i = 0; i < derives_.size(); ++i) {
    if (!run_derive(i, arena)) return false;
  }
  for (const std::size_t column : series_columns_) {
    split_series(static_cast<const fg_series*>(vectors_[column].cells), rows_, series_parts_[column]);
  }
  for (const std::size_t node : changing_) run_node(node);
  return true;
}

bool Interpreter::run_derive(std::size_t derive, Arena& arena) {
  DeriveBuffers& buffers = derives_[derive];
  for (auto& memory : buffers.memory) std::fill(memory.begin(), memory.end(), 0);
  arena.begin_call(rows_);
  const Derive& declared = *program_.derives[derive].derive;
  fg_derive_call call{};
  call.struct_size = sizeof call;
  call.row_count = rows_;
  call.inputs = buffers.inputs.data();
  call.outputs = buffers.outputs.data();
  call.arena = &arena;
  call.host = &plugin_host();
  if (caught([&] { return declared.table.derive(&call); }) != FG_OK) return false;
  for (std::size_t o = 0; o < buffers.outputs.size(); ++o) {
    // No output is of type FG_TIME: the starts only say how many rows there are.
    if (buffers.outputs[o].cells == nullptr) continue;
    const std::size_t cells = settle_cells(declared.outputs[o], buffers.outputs[o], std::span(no_starts_).first(rows_));
    if (cells > 0) not_finite_[declared.outputs[o].name] += cells;
  }
  return true;
}

void Interpreter::propagate_nulls(std::size_t node) {
  const std::uint64_t* shared = nullptr;
  std::uint64_t* const own = own_validity_[node].get();
  // The start of the flow, elapsed()'s third operand, is never null; it is no reason for a null either.
  for (const std::uint32_t operand : program_.nodes[node].operands) {
    if (operand == kNoNode) continue;
    const std::uint64_t* const next = vectors_[operand].validity;
    if (next == nullptr || next == shared) continue;
    if (shared == nullptr) {
      shared = next;
      continue;
    }
    for (std::size_t word = 0; word < bitmap_words(rows_); ++word) own[word] = shared[word] & next[word];
    shared = own;
  }
  vectors_[node].validity = shared;
}

}  // namespace flowgauge::expression
