#include "core/export/expression_eval.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string_view>

#include "core/export/exact_statistics.h"
#include "core/export/integer_arithmetic.h"
#include "core/packet/endpoint_class.h"
#include "core/plugin/host_services.h"

namespace flowgauge {
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

std::size_t bitmap_words(std::uint32_t rows) { return (rows + 63) / 64; }

fg_string string_cell(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view(const fg_string& cell) { return {cell.data, cell.size_bytes}; }

// out[row] = make(row) for all rows.
template <class Out, class Make>
void fill(void* out, std::uint32_t rows, Make make) {
  auto* const cells = static_cast<Out*>(out);
  for (std::uint32_t row = 0; row < rows; ++row) cells[row] = make(row);
}

template <class Integer>
bool fits(const Number& number) {
  if (is_real(number)) {
    const double value = to_real(number);
    const double top = std::is_signed_v<Integer> ? 0x1p63 : 0x1p64;
    return value == std::trunc(value) && value < top && value >= (std::is_signed_v<Integer> ? -0x1p63 : 0);
  }
  if (std::is_signed_v<Integer>) return number.kind == Number::Kind::kNegative || number.bits <= INT64_MAX;
  return number.kind == Number::Kind::kNatural;
}

template <class Integer>
Integer narrowed(const Number& number) {
  return is_real(number) ? static_cast<Integer>(to_real(number)) : static_cast<Integer>(number.bits);
}

}  // namespace

Interpreter::Interpreter(const Program& program, const ColumnBatch& batch)
    : program_(program),
      batch_(batch),
      vectors_(program.nodes.size()),
      own_cells_(program.nodes.size()),
      own_validity_(program.nodes.size()),
      own_text_(program.nodes.size()),
      map_texts_(program.nodes.size()) {
  const std::uint32_t capacity = batch.capacity();
  for (const ProgramDerive& derive : program.derives) {
    DeriveBuffers& buffers = derives_.emplace_back();
    for (const CatalogColumn* input : derive.inputs) buffers.inputs.push_back(batch.vector(*input));
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
      const fg_vector vector = batch.vector(*node.column);
      assert(vector.cells != nullptr);
      vectors_[i] = {vector.cells, vector.validity};
      continue;
    }
    if (node.operation == Operation::kDerived) {
      const fg_vector& vector = derives_[node.derive].outputs[node.output];
      vectors_[i] = {vector.cells, vector.validity};
      continue;
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
}

void Interpreter::fill_literal(std::size_t node) {
  const Literal& literal = program_.nodes[node].literal;
  void* const out = own_cells_[node].get();
  const std::uint32_t rows = batch_.capacity();
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

bool Interpreter::run(Arena& arena) {
  rows_ = batch_.rows();
  if (rows_ == 0) return true;
  for (std::size_t i = 0; i < derives_.size(); ++i) {
    if (!run_derive(i, arena)) return false;
  }
  for (std::size_t i = 0; i < program_.nodes.size(); ++i) {
    if (own_cells_[i] != nullptr) run_node(i);
  }
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
  if (declared.table.derive(&call) != FG_OK) return false;
  // What a plugin wrote is made harmless here, as feature columns are where they are emitted.
  for (std::size_t o = 0; o < buffers.outputs.size(); ++o) {
    void* const cells = buffers.outputs[o].cells;
    if (cells == nullptr) continue;
    if (declared.outputs[o].type == FG_F64) {
      fill<double>(cells, rows_, [&](std::uint32_t row) {
        const double value = static_cast<double*>(cells)[row];
        return std::isfinite(value) ? value : 0;
      });
    } else if (declared.outputs[o].type == FG_BOOL) {
      fill<std::uint8_t>(cells, rows_,
                         [&](std::uint32_t row) { return static_cast<std::uint8_t*>(cells)[row] != 0 ? 1 : 0; });
    }
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

void Interpreter::run_node(std::size_t index) {
  const Node& node = program_.nodes[index];
  void* const out = own_cells_[index].get();
  propagate_nulls(index);
  const auto series = [&](auto take) {
    const auto* cells = in<fg_series>(node, 0);
    using Out = decltype(take(*cells));
    fill<Out>(out, rows_, [&](std::uint32_t row) { return take(cells[row]); });
  };
  const auto integers = [&](auto combine) {
    const auto* a = in<Number>(node, 0);
    const auto* b = in<Number>(node, 1);
    using Out = decltype(combine(*a, *b));
    fill<Out>(out, rows_, [&](std::uint32_t row) { return combine(a[row], b[row]); });
  };
  const auto reals = [&](auto combine) {
    const auto* a = in<double>(node, 0);
    const auto* b = in<double>(node, 1);
    fill<double>(out, rows_, [&](std::uint32_t row) { return finite(combine(a[row], b[row])); });
  };
  const ValueType from = node.operands[0] == kNoNode ? node.type : program_.nodes[node.operands[0]].type;
  const bool of_integers = from == ValueType::kInteger;
  // out[row] = convert(the number in the operand), whatever integer type it has.
  const auto from_integer = [&](auto convert) {
    using Out = decltype(convert(Number{}));
    const void* const cells = vectors_[node.operands[0]].cells;
    switch (from) {
      case ValueType::kU64:
        return fill<Out>(out, rows_, [&](auto row) { return convert(to_number(in<std::uint64_t>(node, 0)[row])); });
      case ValueType::kI64:
        return fill<Out>(out, rows_, [&](auto row) { return convert(to_number(in<std::int64_t>(node, 0)[row])); });
      case ValueType::kInteger:
        return fill<Out>(out, rows_, [&](auto row) { return convert(in<Number>(node, 0)[row]); });
      default:
        return fill<Out>(out, rows_, [&](auto row) {
          return convert(to_number(std::uint64_t{static_cast<const std::uint8_t*>(cells)[row]}));
        });
    }
  };

  switch (node.operation) {
    case Operation::kColumn:
    case Operation::kDerived:
      return;
    case Operation::kLiteral:
      return;
    case Operation::kCount:
      return series([](const fg_series& s) { return s.count; });
    case Operation::kTotal:
      return series([](const fg_series& s) { return s.sum; });
    case Operation::kMin:
      return series([](const fg_series& s) { return s.min; });
    case Operation::kMax:
      return series([](const fg_series& s) { return s.max; });
    case Operation::kMean:
      return series([](const fg_series& s) { return series_mean(s); });
    case Operation::kStd:
      return series([](const fg_series& s) { return series_std(s); });
    case Operation::kStdSample:
      return series([](const fg_series& s) { return series_std_sample(s); });
    case Operation::kToInteger:
      return from_integer([](const Number& n) { return n; });
    case Operation::kToReal:
      return from_integer([](const Number& n) { return to_real(n); });
    case Operation::kToU64:
    case Operation::kToI64:
      return narrow(index);
    case Operation::kAdd:
      return of_integers ? integers([](const Number& a, const Number& b) { return add(a, b); })
                         : reals([](double a, double b) { return a + b; });
    case Operation::kSubtract:
      return of_integers ? integers([](const Number& a, const Number& b) { return subtract(a, b); })
                         : reals([](double a, double b) { return a - b; });
    case Operation::kMultiply:
      return of_integers ? integers([](const Number& a, const Number& b) { return multiply(a, b); })
                         : reals([](double a, double b) { return a * b; });
    case Operation::kNegate:
      return of_integers ? from_integer([](const Number& a) { return negate(a); })
                         : fill<double>(out, rows_, [&](std::uint32_t row) { return -in<double>(node, 0)[row]; });
    case Operation::kDivide:
      return of_integers ? integers([](const Number& a, const Number& b) { return divide(a, b); })
                         : reals([](double a, double b) { return b == 0 ? 0 : a / b; });
    case Operation::kTruncDivide:
      return integers([](const Number& a, const Number& b) { return trunc_divide(a, b); });
    case Operation::kFloor:
      if (from == ValueType::kU64) {
        return fill<std::uint64_t>(
            out, rows_, [&](auto row) { return floor_divide(in<std::uint64_t>(node, 0)[row], node.divisor); });
      }
      if (from == ValueType::kI64) {
        return fill<std::int64_t>(out, rows_,
                                  [&](auto row) { return floor_divide(in<std::int64_t>(node, 0)[row], node.divisor); });
      }
      return fill<Number>(out, rows_, [&](auto row) { return floor_divide(in<Number>(node, 0)[row], node.divisor); });
    case Operation::kElapsed:
      return elapsed(node, static_cast<std::int64_t*>(out));
    case Operation::kMap:
      return map(node, out);
    case Operation::kTimeText:
      return fill<fg_string>(out, rows_, [&](std::uint32_t row) {
        char* const text = own_text_[index].get() + kTimeTextBytes * row;
        char* const end = time_text_.write(text, in<std::int64_t>(node, 0)[row]);
        return fg_string{text, static_cast<std::uint64_t>(end - text)};
      });
    case Operation::kPortClass:
      return fill<fg_string>(out, rows_, [&](std::uint32_t row) {
        const std::uint64_t port = std::min<std::uint64_t>(in<std::uint64_t>(node, 0)[row], UINT16_MAX);
        return string_cell(port_class(static_cast<std::uint16_t>(port)));
      });
    case Operation::kServiceGroup:
      return fill<fg_string>(out, rows_, [&](std::uint32_t row) {
        const std::uint64_t port = std::min<std::uint64_t>(in<std::uint64_t>(node, 0)[row], UINT16_MAX);
        const std::uint64_t protocol = std::min<std::uint64_t>(in<std::uint64_t>(node, 1)[row], UINT8_MAX);
        return string_cell(service_group(static_cast<std::uint16_t>(port), static_cast<std::uint8_t>(protocol)));
      });
  }
}

void Interpreter::narrow(std::size_t index) {
  const Node& node = program_.nodes[index];
  const ValueType from = program_.nodes[node.operands[0]].type;
  std::uint64_t* const own = own_validity_[index].get();
  const auto* const given = vectors_[index].validity;
  bool has_misfit = false;
  const auto set_null = [&](std::uint32_t row) {
    if (!has_misfit) {
      for (std::size_t word = 0; word < bitmap_words(rows_); ++word) {
        own[word] = given == nullptr ? ~std::uint64_t{0} : given[word];
      }
      vectors_[index].validity = own;
      has_misfit = true;
    }
    own[row / 64] &= ~(std::uint64_t{1} << (row % 64));
  };
  const void* const cells = vectors_[node.operands[0]].cells;
  if (from == ValueType::kU64 || from == ValueType::kI64) {
    // The same bits, where the highest is 0.
    const auto* const bits = static_cast<const std::uint64_t*>(cells);
    fill<std::uint64_t>(own_cells_[index].get(), rows_, [&](std::uint32_t row) {
      if (bits[row] >> 63 == 0) return bits[row];
      set_null(row);
      return std::uint64_t{0};
    });
    return;
  }
  const auto to = [&]<class Integer>(Integer) {
    fill<Integer>(own_cells_[index].get(), rows_, [&](std::uint32_t row) {
      if (from == ValueType::kBool) return static_cast<Integer>(static_cast<const std::uint8_t*>(cells)[row]);
      const Number& number = static_cast<const Number*>(cells)[row];
      if (fits<Integer>(number)) return narrowed<Integer>(number);
      set_null(row);
      return Integer{0};
    });
  };
  node.operation == Operation::kToU64 ? to(std::uint64_t{}) : to(std::int64_t{});
}

void Interpreter::elapsed(const Node& node, std::int64_t* out) const {
  const auto* const first = in<std::int64_t>(node, 0);
  const auto* const last = in<std::int64_t>(node, 1);
  const auto* const start = node.operands[2] == kNoNode ? nullptr : in<std::int64_t>(node, 2);
  for (std::uint32_t row = 0; row < rows_; ++row) {
    // A relative time that never was is 0 here. Where the flow begins after the epoch no real time is 0; before it
    // a 0 may be either, and is taken for real.
    const bool is_after_epoch = start == nullptr || start[row] > 0;
    const bool never = is_after_epoch && (((node.time_operands & 1U) != 0 && first[row] == 0) ||
                                          ((node.time_operands & 2U) != 0 && last[row] == 0));
    std::int64_t difference = 0;
    if (!never && __builtin_sub_overflow(floor_divide(last[row], node.divisor), floor_divide(first[row], node.divisor),
                                         &difference)) {
      difference = last[row] < first[row] ? INT64_MIN : INT64_MAX;
    }
    out[row] = difference;
  }
}

void Interpreter::map(const Node& node, void* out) {
  const std::size_t last = node.cases.size() - 1;
  const bool of_text = program_.nodes[node.operands[0]].type == ValueType::kString;
  const auto chosen = [&](std::uint32_t row) {
    std::size_t one = 0;
    if (of_text) {
      const std::string_view text = view(in<fg_string>(node, 0)[row]);
      while (one < last && std::get<std::string>(node.cases[one].key) != text) ++one;
    } else {
      const Number& number = in<Number>(node, 0)[row];
      while (one < last && std::get<Number>(node.cases[one].key) != number) ++one;
    }
    return one;
  };
  const auto results = [&]<class Out>(Out) {
    fill<Out>(out, rows_, [&](std::uint32_t row) { return std::get<Out>(node.cases[chosen(row)].result); });
  };
  switch (node.type) {
    case ValueType::kString: {
      const fg_string* const texts = map_texts_[static_cast<std::size_t>(&node - program_.nodes.data())].get();
      return fill<fg_string>(out, rows_, [&](std::uint32_t row) { return texts[chosen(row)]; });
    }
    case ValueType::kReal:
      return results(double{});
    case ValueType::kI64:
      return results(std::int64_t{});
    default:
      return results(std::uint64_t{});
  }
}

}  // namespace flowgauge
