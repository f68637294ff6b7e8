// What the cells of a part of an expression are, in code and in words.
#pragma once

#include <cstdint>
#include <string_view>

namespace flowgauge::expression {

enum class ValueType : std::uint8_t {
  kU64,
  kI64,
  kInteger,  // Number: the result of integer arithmetic, exact, or a double where it left 64 bits
  kReal,     // double, finite
  kBool,
  kString,
  kList,  // of u64; so are the others named
  kListI64,
  kListF64,
  kListString,
  kSeries,
};

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
    case ValueType::kListI64:
    case ValueType::kListF64:
    case ValueType::kListString:
      return "a list";
    case ValueType::kSeries:
      return "a series";
  }
  return "";
}

inline bool is_integer(ValueType type) {
  return type == ValueType::kU64 || type == ValueType::kI64 || type == ValueType::kInteger || type == ValueType::kBool;
}

inline bool is_list(ValueType type) { return type >= ValueType::kList && type <= ValueType::kListString; }

inline bool is_number(ValueType type) { return is_integer(type) || type == ValueType::kReal; }

}  // namespace flowgauge::expression
