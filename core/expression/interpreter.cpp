#include "core/expression/interpreter.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <variant>

#include "core/expression/validity.h"

namespace flowgauge::expression {
namespace {

std::size_t cell_words(ValueType type) {
  switch (type) {
    case ValueType::kInteger:
    case ValueType::kString:
    case ValueType::kList:
    case ValueType::kListI64:
    case ValueType::kListF64:
    case ValueType::kListString:
      return 2;
    default:
      return 1;  // booleans too: eight times their size, and nobody minds
  }
}

}  // namespace

Interpreter::Interpreter(const Program& program, std::uint32_t capacity, const VectorOf& vector_of)
    : program_(program), capacity_(capacity), vectors_(program.nodes.size()), may_be_null_(program.nodes.size()) {
  for (auto& numbers : scratch_.widened) numbers.resize(capacity);
  scratch_.time_decimals = program.time_decimals;
  for (const ProgramDerive& derive : program.derives) derives_.emplace_back(derive, capacity, vector_of);
  for (std::size_t i = 0; i < program.nodes.size(); ++i) {
    const Node& node = program.nodes[i];
    switch (node.source) {
      case Source::kColumn:
        add_column(i, vector_of(*node.column));
        break;
      case Source::kDerived:
        add_column(i, derives_[node.derive].output(node.output));
        break;
      case Source::kLiteral:
        add_literal(i);
        break;
      case Source::kOperation:
        add_operation(i);
        break;
    }
  }
}

std::uint64_t* Interpreter::memory(std::size_t words) {
  return memory_.emplace_back(std::make_unique<std::uint64_t[]>(words)).get();
}

void Interpreter::add_column(std::size_t node, const fg_vector& vector) {
  assert(vector.cells != nullptr);
  vectors_[node].cells = vector.cells;
  vectors_[node].validity = vector.validity;
  may_be_null_[node] = vector.validity != nullptr;
  if (program_.nodes[node].type != ValueType::kSeries) return;
  std::uint64_t* const parts = memory(std::size_t{4} * capacity_);
  vectors_[node].cells = &series_.emplace_back(
      SeriesCells{static_cast<const fg_series*>(vector.cells),
                  {parts, parts + capacity_, parts + std::size_t{2} * capacity_, parts + std::size_t{3} * capacity_}});
}

void Interpreter::add_literal(std::size_t node) {
  const auto fill_all = [&](auto cell) {
    std::uint64_t* const cells = memory((sizeof cell + 7) / 8 * capacity_);
    std::fill_n(reinterpret_cast<decltype(cell)*>(cells), capacity_, cell);
    vectors_[node].cells = cells;
  };
  vectors_[node].is_constant = true;
  const Literal& literal = program_.nodes[node].literal;
  if (const auto* const natural = std::get_if<std::uint64_t>(&literal)) {
    fill_all(*natural);
  } else if (const auto* const integer = std::get_if<std::int64_t>(&literal)) {
    fill_all(*integer);
  } else if (const auto* const real = std::get_if<Real>(&literal)) {
    fill_all(real->value);
  } else {
    fill_all(string_cell(std::get<std::string>(literal)));
  }
}

void Interpreter::add_operation(std::size_t index) {
  const Node& node = program_.nodes[index];
  const Operation& operation = *node.operation;
  Vector& out = vectors_[index];
  Call call;
  call.node = &node;
  call.kernel = operation.kernel;
  call.out = &out;
  call.scratch = &scratch_;
  bool may_be_null = operation.nulls == Operation::Nulls::kMore;
  out.is_constant = operation.runs != Operation::Runs::kWithArena;
  for (std::size_t i = 0; i < node.operands.size(); ++i) {
    if (node.operands[i] == kNoNode) continue;
    call.operands[i] = &vectors_[node.operands[i]];
    may_be_null = may_be_null || may_be_null_[node.operands[i]];
    out.is_constant = out.is_constant && call.operands[i]->is_constant;
  }
  may_be_null = may_be_null && operation.nulls != Operation::Nulls::kNever;
  may_be_null_[index] = may_be_null;
  if (may_be_null) call.validity = memory(validity_words(capacity_));
  if (operation.runs == Operation::Runs::kOnce) return run(call, capacity_);
  call.memory = memory(cell_words(node.type) * capacity_);
  out.cells = call.memory;
  if (operation.text_bytes != 0) {
    call.text = reinterpret_cast<char*>(memory((std::size_t{operation.text_bytes} * capacity_ + 7) / 8));
  }
  // Nodes of literals alone run here, for all rows that there can be.
  if (out.is_constant) return run(call, capacity_);
  calls_.push_back(call);
}

bool Interpreter::run(std::uint32_t rows, Arena& arena) {
  if (rows == 0) return true;
  scratch_.arena = &arena;
  for (DeriveRunner& derive : derives_) {
    if (!derive.run(rows, arena, cell_notes_)) return false;
  }
  for (const SeriesCells& series : series_) split_series(series.whole, rows, series.parts);
  for (Call& call : calls_) run(call, rows);
  return true;
}

void Interpreter::run(Call& call, std::uint32_t rows) {
  call.rows = rows;
  if (call.validity != nullptr) {
    const std::uint64_t* shared = nullptr;
    const bool is_own = call.node->operation->nulls == Operation::Nulls::kOwn;
    // The start of the flow, elapsed()'s third operand, is never null; it is no reason for a null either.
    for (const Vector* operand : call.operands) {
      if (operand != nullptr && !is_own) shared = valid_in_both(shared, operand->validity, rows, call.validity);
    }
    call.out->validity = shared;
  }
  call.kernel(call);
}

}  // namespace flowgauge::expression
