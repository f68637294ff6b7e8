#include "core/table/time_cells.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <variant>

#include "core/expression/parser.h"
#include "core/expression/time_units.h"

namespace flowgauge {
namespace {

using expression::Expression;

// Empty: it is none.
std::string_view name_of(std::int64_t unit_ns) {
  const auto* const found = std::ranges::find(expression::kTimeUnits, unit_ns, &expression::TimeUnit::ns);
  return found == expression::kTimeUnits.end() ? std::string_view() : found->name;
}

std::optional<std::int64_t> integer(const Expression& part) {
  const auto* const literal = std::get_if<expression::IntegerLiteral>(&part.literal);
  if (part.kind != Expression::Kind::kLiteral || literal == nullptr || literal->negative) return std::nullopt;
  return static_cast<std::int64_t>(std::min<std::uint64_t>(literal->magnitude, INT64_MAX));
}

// The unit in ns of a time that is a number.
std::optional<std::int64_t> unit_of(const Expression& part, const Catalog& catalog) {
  if (part.kind == Expression::Kind::kName) {
    const CatalogColumn* const column = catalog.find(part.name);
    return column != nullptr && is_absolute_time(*column) ? std::optional<std::int64_t>(1) : std::nullopt;
  }
  const bool is_call = part.kind == Expression::Kind::kCall;
  if (is_call && part.children.size() == 1 && unit_of(part.children[0], catalog) == 1)
    return expression::time_unit_ns(part.name);  // us(x)
  if (is_call && part.name == "floor" && unit_of(part.children[0], catalog) == 1)
    return expression::time_unit_ns(part.children[1].name);
  if (part.kind != Expression::Kind::kDivide && !(is_call && part.name == "trunc_div")) return std::nullopt;
  const auto unit = unit_of(part.children[0], catalog);
  const auto divisor = integer(part.children[1]);
  std::int64_t larger = 0;
  if (!unit || !divisor || __builtin_mul_overflow(*unit, *divisor, &larger) || name_of(larger).empty())
    return std::nullopt;
  return larger;
}

}  // namespace

std::string_view time_cells(std::string_view expression, const Catalog& catalog) {
  const auto parsed = expression::parse_expression(expression);
  if (!parsed) return {};
  if (parsed->kind == Expression::Kind::kCall && parsed->name == "time_text")
    return unit_of(parsed->children[0], catalog) ? "text" : "";
  return name_of(unit_of(*parsed, catalog).value_or(0));
}

}  // namespace flowgauge
