// What runs: kernels, each a loop over the rows of its operands' vectors. Binding chooses one for each node, by the
// types of its operands. So the interpreter knows no operation, and a kernel asks for no type.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/expression/exact_statistics.h"
#include "core/expression/number.h"
#include "core/plugin/arena.h"
#include "core/sdk/flowgauge/plugin.h"
#include "core/text/time_text.h"

namespace flowgauge::expression {

struct Node;
struct Call;

using Kernel = void (*)(Call&);

// A row for each operation: its loop, and what it needs beside.
struct Operation {
  enum class Nulls : std::uint8_t {
    kOfOperands,
    kMore,  // also where no operand's cell is null
    kOwn,   // not where every operand's is: the kernel says which cells are null
    kNever,
  };
  enum class Runs : std::uint8_t {
    kEachTime,
    kOnce,       // it only shows cells that stay where they are
    kWithArena,  // each time, even if all operands are literals: it writes into the arena of the run
  };

  Kernel kernel = nullptr;
  Nulls nulls = Nulls::kOfOperands;
  Runs runs = Runs::kEachTime;
  std::uint32_t text_bytes = 0;  // for each row
};

enum class Form : std::uint8_t {
  kCells,  // as the node's type says
  kPlain,  // of an integer node all of whose rows are std::int64_t
  kExact,  // of an integer node: Number
};

struct Vector {
  const void* cells = nullptr;
  const std::uint64_t* validity = nullptr;  // NULL: no cell is null
  Form form = Form::kCells;
  bool is_constant = false;  // made of literals alone: all rows alike, computed once
};

// The one cell of a column of series: what all its rows hold.
struct SeriesCells {
  const fg_series* whole = nullptr;
  SeriesParts parts{};
};

// Shared by the kernels of one interpreter, which run one after the other.
struct Scratch {
  std::array<std::vector<Number>, 3> widened;  // plain integers of one operand each
  Arena* arena = nullptr;                      // of the run
  TimeText time_text;
  TimeDecimals time_decimals = TimeDecimals::kFixed;
};

// One node, ready to run. Unless the kernel says otherwise, the cells of its vector are `memory`, the nulls its
// operands'.
struct Call {
  Kernel kernel = nullptr;
  const Node* node = nullptr;
  std::array<const Vector*, 3> operands{};
  Vector* out = nullptr;
  void* memory = nullptr;             // for cells of the node's type
  std::uint64_t* validity = nullptr;  // for a bitmap; NULL: no cell can be null
  char* text = nullptr;               // Operation::text_bytes for each row
  Scratch* scratch = nullptr;
  std::uint32_t rows = 0;

  template <class Cell>
  [[nodiscard]] const Cell* in(std::size_t operand) const {
    return static_cast<const Cell*>(operands[operand]->cells);
  }
  template <class Cell>
  [[nodiscard]] Cell* own() const {
    return static_cast<Cell*>(memory);
  }
  void show(const void* cells, Form form) const {
    out->cells = cells;
    out->form = form;
  }
};

inline fg_string string_cell(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view text_of(const fg_string& cell) { return {cell.data, cell.size_bytes}; }

// out[row] = make(row) for all rows.
template <class Out, class Make>
void fill(const Call& call, Make make) {
  auto* const cells = call.own<Out>();
  const std::uint32_t rows = call.rows;
  for (std::uint32_t row = 0; row < rows; ++row) cells[row] = make(row);
}

}  // namespace flowgauge::expression
