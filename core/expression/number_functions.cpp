#include "core/expression/number_functions.h"

#include <algorithm>
#include <cmath>

#include "core/base/validity.h"
#include "core/expression/integer_kernel.h"
#include "core/expression/validity.h"

namespace flowgauge::expression {
namespace {

// What a loop over plain integers writes.
template <class Work>
bool fill_plain(const Call& call, Work work) {
  fill<std::int64_t>(call, work);
  return true;
}

struct Lesser {
  static bool plain(const Call& call) {
    return fill_plain(call, [a = call.in<std::int64_t>(0), b = call.in<std::int64_t>(1)](std::uint32_t row) {
      return std::min(a[row], b[row]);
    });
  }
  static Number exact(const Number& a, const Number& b) { return compare(b, a) < 0 ? b : a; }
};

struct Greater {
  static bool plain(const Call& call) {
    return fill_plain(call, [a = call.in<std::int64_t>(0), b = call.in<std::int64_t>(1)](std::uint32_t row) {
      return std::max(a[row], b[row]);
    });
  }
  static Number exact(const Number& a, const Number& b) { return compare(b, a) > 0 ? b : a; }
};

struct Absolute {
  static bool plain(const Call& call) {
    const auto* const cells = call.in<std::int64_t>(0);
    if (std::find(cells, cells + call.rows, INT64_MIN) != cells + call.rows) return false;
    return fill_plain(call, [cells](std::uint32_t row) { return cells[row] < 0 ? -cells[row] : cells[row]; });
  }
  static Number exact(const Number& a) { return absolute(a); }
};

}  // namespace

void lesser_integers(Call& call) { integers<Lesser, 2>(call); }
void greater_integers(Call& call) { integers<Greater, 2>(call); }
void absolute_integers(Call& call) { integers<Absolute, 1>(call); }

void lesser_reals(Call& call) {
  fill<double>(
      call, [a = call.in<double>(0), b = call.in<double>(1)](std::uint32_t row) { return std::min(a[row], b[row]); });
}

void greater_reals(Call& call) {
  fill<double>(
      call, [a = call.in<double>(0), b = call.in<double>(1)](std::uint32_t row) { return std::max(a[row], b[row]); });
}

void absolute_reals(Call& call) {
  fill<double>(call, [cells = call.in<double>(0)](std::uint32_t row) { return std::abs(cells[row]); });
}

void rounded_reals(Call& call) {
  fill<Number>(call, [cells = call.in<double>(0)](std::uint32_t row) { return rounded(cells[row]); });
  call.out->form = Form::kExact;
}

void same_integers(Call& call) { call.show(call.operands[0]->cells, call.operands[0]->form); }

void logarithms(Call& call) {
  const auto* const cells = call.in<double>(0);
  NullMarker nulls(call.out->validity, call.validity, call.rows);
  fill<double>(call, [&](std::uint32_t row) {
    if (cells[row] > 0) return std::log2(cells[row]);
    nulls.mark(row);
    return 0.0;
  });
}

void nulls(Call& call) {
  fill<std::uint8_t>(call, [validity = call.operands[0]->validity](std::uint32_t row) {
    return flowgauge::is_null(validity, row) ? 1 : 0;
  });
}

}  // namespace flowgauge::expression
