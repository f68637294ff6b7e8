// Runs a Program over the rows of column vectors, one node after the other. Hot: no allocation after construction. One
// worker owns one.
//
// Nulls: a node's cell is null where any operand's is. Integers that a declared type cannot hold become null.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "core/expression/derive_runner.h"
#include "core/expression/kernel.h"
#include "core/expression/program.h"
#include "core/plugin/arena.h"
#include "core/plugin/cell_notes.h"

namespace flowgauge::expression {

class Interpreter {
 public:
  // `capacity`: the most rows of a run. The program outlives the interpreter.
  Interpreter(const Program& program, std::uint32_t capacity, const VectorOf& vector_of);
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  // All nodes, for the first `rows` rows. False: a derive failed.
  [[nodiscard]] bool run(std::uint32_t rows, Arena& arena);

  // Valid until the next run. `output`: index in Program::outputs.
  [[nodiscard]] const Vector& output(std::size_t output) const { return vectors_[program_.outputs[output]]; }

  // Cells of derives that were NaN or infinite, by the output's name.
  [[nodiscard]] const CellNotes& cell_notes() const { return cell_notes_; }

 private:
  void add_column(std::size_t node, const fg_vector& vector);
  void add_literal(std::size_t node);
  void add_operation(std::size_t node);
  static void run(Call& call, std::uint32_t rows);
  std::uint64_t* memory(std::size_t words);

  const Program& program_;
  std::uint32_t capacity_;
  std::vector<Vector> vectors_;    // by node
  std::vector<bool> may_be_null_;  // by node
  std::vector<Call> calls_;        // nodes that depend on the rows; the others are computed once
  std::deque<SeriesCells> series_;
  std::vector<DeriveRunner> derives_;
  std::vector<std::unique_ptr<std::uint64_t[]>> memory_;
  Scratch scratch_;
  CellNotes cell_notes_;
};

}  // namespace flowgauge::expression
