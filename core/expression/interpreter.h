// Runs a Program over the rows of column vectors, one node after the other, each a loop over the rows. Hot: no
// allocation after construction. One worker owns one.
//
// Nulls: a node's cell is null where any operand's is. Integers that a declared type cannot hold become null.
// Integer arithmetic: on plain 64-bit cells as long as all rows of a vector hold, else all of them on Number.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "core/base/result.h"
#include "core/expression/exact_statistics.h"
#include "core/expression/program.h"
#include "core/expression/time_text.h"
#include "core/plugin/arena.h"
#include "core/plugin/cells.h"

namespace flowgauge::expression {

class Interpreter {
 public:
  struct Vector {
    const void* cells = nullptr;
    const std::uint64_t* validity = nullptr;  // NULL: no cell is null
    bool is_plain = false;                    // of a node of type kInteger: the cells are std::int64_t, not Number
  };

  // Where the cells of a column lie, the same in every run; NULL validity: none is ever null.
  using VectorOf = std::function<fg_vector(const CatalogColumn&)>;

  // `capacity`: the most rows of a run. The program outlives the interpreter.
  Interpreter(const Program& program, std::uint32_t capacity, const VectorOf& vector_of);
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  // All nodes, for the first `rows` rows. False: a derive failed.
  [[nodiscard]] bool run(std::uint32_t rows, Arena& arena);

  // Valid until the next run. `output`: index in Program::outputs.
  [[nodiscard]] Vector output(std::size_t output) const { return vectors_[program_.outputs[output]]; }

  // Cells of derives that were NaN or infinite, by the output's name.
  [[nodiscard]] const NotFinite& not_finite() const { return not_finite_; }

 private:
  struct DeriveBuffers {
    std::vector<fg_vector> inputs;
    std::vector<fg_vector> outputs;
    std::vector<std::vector<std::uint64_t>> memory;
  };

  bool run_derive(std::size_t derive, Arena& arena);
  bool show_part(std::size_t node);
  void run_node(std::size_t node);
  void to_integer(std::size_t node);
  void to_real(std::size_t node);
  void calculate(std::size_t node);  // of two integers
  void divide_reals(const Node& node, double* out) const;
  bool calculate_plain(const Node& node, std::uint64_t* out) const;
  bool divide_plain(const std::uint64_t* a, const std::uint64_t* b, bool by_one, double* out) const;
  void floor(std::size_t node);
  void propagate_nulls(std::size_t node);
  void run_constants();
  void fill_literal(std::size_t node);
  void map(const Node& node, void* out);
  void narrow(std::size_t node);
  void elapsed(const Node& node, std::int64_t* out) const;

  // Cells of an operand.
  template <class T>
  const T* in(const Node& node, std::size_t operand) const {
    return static_cast<const T*>(vectors_[node.operands[operand]].cells);
  }
  const Number* numbers(const Node& node, std::size_t operand);  // of type kInteger, however its cells are kept

  const Program& program_;
  std::uint32_t capacity_;
  std::vector<std::size_t> changing_;  // nodes that depend on the rows; the others are computed once
  std::uint32_t rows_ = 0;
  std::vector<bool> may_be_null_;                               // by node
  std::vector<bool> is_constant_;                               // by node: made of literals alone
  std::vector<Vector> vectors_;                                 // by node: its result
  std::vector<std::unique_ptr<std::uint64_t[]>> own_cells_;     // by node: NULL where it only shows others' cells
  std::vector<std::unique_ptr<std::uint64_t[]>> own_validity_;  // by node
  std::vector<std::unique_ptr<char[]>> own_text_;               // by node: kTimeText
  std::vector<std::unique_ptr<fg_string[]>> map_texts_;         // by node: kMap of texts
  std::vector<SeriesParts> series_parts_;                       // by node: of columns of series
  std::vector<std::size_t> series_columns_;                     // nodes
  std::array<std::vector<Number>, 2> widened_;                  // plain integers of one operand each
  std::vector<std::int64_t> no_starts_;                         // for settle_cells
  std::vector<DeriveBuffers> derives_;
  NotFinite not_finite_;
  TimeText time_text_;
};

}  // namespace flowgauge::expression
