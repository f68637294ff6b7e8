// What binding makes of a part of an expression, or why it cannot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <initializer_list>
#include <string>
#include <utility>

#include "core/base/result.h"
#include "core/expression/program.h"
#include "core/expression/syntax.h"

namespace flowgauge::expression {

struct Bound {
  std::uint32_t node = kNoNode;
  ValueType type = ValueType::kU64;
  fg_contamination reveals = FG_REVEALS_NOTHING;
  const Feature* withheld = nullptr;  // a feature it reads from that has no columns under the excluded classes
};

struct BindError {
  ExitCode code = ExitCode::kPlugin;
  std::size_t position = 0;  // in the expression, from 1
  std::string message;
};

template <class T>
using BindResult = std::expected<T, BindError>;

// Adds what one more part reveals.
inline void take_over(Bound& out, const Bound& part) {
  out.reveals |= part.reveals;
  if (part.withheld != nullptr) out.withheld = part.withheld;
}

// The result of one that was made of `parts`: reveals what they reveal.
inline Bound made_of(std::initializer_list<const Bound*> parts, std::uint32_t node, ValueType type) {
  Bound out{node, type, FG_REVEALS_NOTHING, nullptr};
  for (const Bound* part : parts) take_over(out, *part);
  return out;
}

inline std::int64_t signed_value(const IntegerLiteral& literal) {
  return static_cast<std::int64_t>(literal.negative ? 0 - literal.magnitude : literal.magnitude);
}

inline std::pair<Literal, ValueType> literal_of(const LiteralValue& value) {
  if (const auto* integer = std::get_if<IntegerLiteral>(&value)) {
    if (integer->negative) return {Literal{signed_value(*integer)}, ValueType::kI64};
    return {Literal{integer->magnitude}, ValueType::kU64};
  }
  if (const auto* real = std::get_if<double>(&value)) return {Literal{Real{*real}}, ValueType::kReal};
  return {Literal{std::get<std::string>(value)}, ValueType::kString};
}

}  // namespace flowgauge::expression
