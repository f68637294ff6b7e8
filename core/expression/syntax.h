// A schema's expression as a tree: what was written, nothing looked up yet. Grammar, the loosest binding first:
//
//   expression = sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum ]
//   sum        = term { ("+" | "-") term }
//   term       = factor { ("*" | "/" | "%") factor }
//   factor     = "-" factor | "(" expression ")" | number | text | name | call | map
//   name       = word { "." word }                     flow.src_port, iat.fwd.mean
//   call       = word "(" expression { "," expression } ")"
//   map        = "map" "(" expression ")" "{" { key ":" expression ";" } "else" expression [ ";" ] "}"
//   key        = [ "-" ] integer | text
//   number     = digits [ "." digits ]
//   text       = "'" { any character, "''" for one "'" } "'"
//   word       = a letter or "_", then letters, digits, "_"
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace flowgauge::expression {

// An integer literal is a magnitude with a sign: -9223372036854775808 is one.
struct IntegerLiteral {
  std::uint64_t magnitude = 0;
  bool negative = false;
};

using LiteralValue = std::variant<IntegerLiteral, double, std::string>;

struct Expression {
  enum class Kind : std::uint8_t {
    kLiteral,
    kName,
    kNegate,
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kRemainder,
    kEqual,
    kNotEqual,
    kLess,
    kLessOrEqual,
    kGreater,
    kGreaterOrEqual,
    kCall,
    kMap
  };

  Kind kind = Kind::kLiteral;
  std::size_t position = 0;          // of its first character (an operator's own) in the text, from 1
  LiteralValue literal;              // kLiteral
  std::string name;                  // kName: all of it; kCall: the function
  std::vector<Expression> children;  // kMap: what is looked up, the results of its keys, that of `else`
  std::vector<LiteralValue> keys;    // kMap; never a double
};

}  // namespace flowgauge::expression
