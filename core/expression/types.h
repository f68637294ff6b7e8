// What binding and functions share: types and classes of parts of an expression, in code and in words. Internal to this
// folder.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/expression/binder.h"

namespace flowgauge::expression {

inline std::string_view type_text(ValueType type) {
  switch (type) {
    case ValueType::kU64:
    case ValueType::kI64:
    case ValueType::kInteger:
      return "an integer";
    case ValueType::kReal:
      return "a double";
    case ValueType::kBool:
      return "a boolean";
    case ValueType::kString:
      return "a text";
    case ValueType::kList:
      return "a list";
    case ValueType::kSeries:
      return "a series";
  }
  return "";
}

inline bool is_integer(ValueType type) {
  return type == ValueType::kU64 || type == ValueType::kI64 || type == ValueType::kInteger || type == ValueType::kBool;
}

inline bool is_number(ValueType type) { return is_integer(type) || type == ValueType::kReal; }

// The result of one that was made of `parts`: reveals what they reveal.
inline Bound made_of(std::initializer_list<const Bound*> parts, std::uint32_t node, ValueType type) {
  Bound out{node, type, FG_REVEALS_NOTHING, nullptr};
  for (const Bound* part : parts) {
    out.reveals |= part->reveals;
    if (part->withheld != nullptr) out.withheld = part->withheld;
  }
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
  if (const auto* real = std::get_if<double>(&value)) return {Literal{*real}, ValueType::kReal};
  return {Literal{std::get<std::string>(value)}, ValueType::kString};
}

template <class Items>
std::vector<std::string> names_of(const Items& items) {
  std::vector<std::string> names;
  names.reserve(items.size());
  for (const auto& item : items) names.emplace_back(item.name);
  return names;
}

}  // namespace flowgauge::expression
