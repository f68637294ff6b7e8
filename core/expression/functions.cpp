#include "core/expression/functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "core/base/try.h"
#include "core/expression/arithmetic.h"
#include "core/expression/binder.h"
#include "core/expression/choice.h"
#include "core/expression/integer_kernel.h"
#include "core/expression/number_functions.h"
#include "core/expression/text_functions.h"
#include "core/packet/endpoint_class.h"

namespace flowgauge::expression {
namespace {

// ---------------------------------------------------------------- us(x), ms(x), s(x)

// x / Ns: the node that stands there if one writes it so.
template <std::uint64_t Ns>
BindResult<void> divide_by(Binder& binder, Node& node, const Expression& /*call*/) {
  const Operator& divide = operator_of(Expression::Kind::kDivide);
  ProgramBuilder& nodes = binder.nodes();
  const bool is_real = nodes.type(node.operands[0]) == ValueType::kReal;
  const ValueType type = is_real ? ValueType::kReal : ValueType::kInteger;
  const std::uint32_t divisor = nodes.add_literal(Ns, ValueType::kU64);
  node.operands[0] = nodes.converted(node.operands[0], type);
  node.operands[1] = nodes.converted(divisor, type);
  node.operation = is_real ? &divide.reals : &divide.integers;
  return {};
}

// ---------------------------------------------------------------- floor(x, us)

// work(divisor), where a unit's divisor is a constant: the compiler then multiplies instead.
template <class Work>
void by_unit(std::int64_t divisor, Work work) {
  switch (divisor) {
    case 1'000:
      return work(std::integral_constant<std::int64_t, 1'000>());
    case 1'000'000:
      return work(std::integral_constant<std::int64_t, 1'000'000>());
    case 1'000'000'000:
      return work(std::integral_constant<std::int64_t, 1'000'000'000>());
    default:
      return work(divisor);
  }
}

template <class Cell>
void floor_cells(Call& call) {
  const auto* const cells = call.in<Cell>(0);
  by_unit(call.node->number, [&](auto divisor) {
    fill<Cell>(call, [&](std::uint32_t row) { return floor_divide(cells[row], divisor); });
  });
}

void floor_integer(Call& call) {
  call.out->form = call.operands[0]->form;
  call.out->form == Form::kPlain ? floor_cells<std::int64_t>(call) : floor_cells<Number>(call);
}

constexpr Operation kFloorOfU64{floor_cells<std::uint64_t>};
constexpr Operation kFloorOfI64{floor_cells<std::int64_t>};

// The loop of the row is that of kInteger.
BindResult<void> floor_of_type(Binder& /*binder*/, Node& node, const Expression& /*call*/) {
  if (node.type == ValueType::kU64) node.operation = &kFloorOfU64;
  if (node.type == ValueType::kI64) node.operation = &kFloorOfI64;
  return {};
}

// ---------------------------------------------------------------- trunc_div(a, b)

// Towards zero, to an integer; 0 where the divisor is 0.
struct TruncDivide {
  static bool plain(const Call&) { return false; }
  static Number exact(const Number& a, const Number& b) { return trunc_divide(a, b); }
};

// ---------------------------------------------------------------- time_text(floor(x_ns, us))

void time_text(Call& call) {
  const auto* const times = call.in<std::int64_t>(0);
  fill<fg_string>(call, [&](std::uint32_t row) {
    char* const text = call.text + kTimeTextBytes * row;
    char* const end = call.scratch->time_text.write(text, times[row], call.node->number, call.scratch->time_decimals);
    return fg_string{text, static_cast<std::uint64_t>(end - text)};
  });
}

// ---------------------------------------------------------------- elapsed(first, last, us)

enum class Never : std::uint8_t { kNone, kFirst, kLast, kBoth };  // which of the two times may be one that never was

template <Never Which>
void elapsed(Call& call) {
  const auto* const first = call.in<std::int64_t>(0);
  const auto* const last = call.in<std::int64_t>(1);
  const auto* const start = call.operands[2] == nullptr ? nullptr : call.in<std::int64_t>(2);
  constexpr bool kFirstMayBeNever = Which == Never::kFirst || Which == Never::kBoth;
  constexpr bool kLastMayBeNever = Which == Never::kLast || Which == Never::kBoth;
  by_unit(call.node->number, [&](auto divisor) {
    fill<std::int64_t>(call, [&](std::uint32_t row) {
      // A relative time that never was is 0 here. Where the flow begins after the epoch no real time is 0; before it a
      // 0 may be either, and is taken for real.
      const bool is_after_epoch = start == nullptr || start[row] > 0;
      const bool never =
          is_after_epoch && ((kFirstMayBeNever && first[row] == 0) || (kLastMayBeNever && last[row] == 0));
      std::int64_t difference = 0;
      if (!never &&
          __builtin_sub_overflow(floor_divide(last[row], divisor), floor_divide(first[row], divisor), &difference)) {
        difference = last[row] < first[row] ? INT64_MIN : INT64_MAX;
      }
      return difference;
    });
  });
}

constexpr Operation kElapsedSinceAny{elapsed<Never::kFirst>};
constexpr Operation kElapsedToAny{elapsed<Never::kLast>};
constexpr Operation kElapsedBetweenAny{elapsed<Never::kBoth>};

BindResult<void> add_start(Binder& binder, Node& node, const Expression& /*call*/) {
  const auto is_relative = [&](std::size_t operand) {
    return binder.nodes().column(node.operands[operand])->column().type == FG_TIME;
  };
  const bool first = is_relative(0);
  const bool last = is_relative(1);
  if (!first && !last) return {};
  node.operation = first && last ? &kElapsedBetweenAny : (first ? &kElapsedSinceAny : &kElapsedToAny);
  // A time that never was is 0, and 0 to a real time would tell that time; see elapsed().
  const CatalogColumn* const start = binder.catalog().find("flow.first_seen");
  if (start != nullptr && start->column().type == FG_I64) node.operands[2] = binder.column(*start).node;
  return {};
}

// ---------------------------------------------------------------- port_class(port), service_group(port, protocol)

std::uint16_t port_of(std::uint64_t cell) {
  return static_cast<std::uint16_t>(std::min<std::uint64_t>(cell, UINT16_MAX));
}

void port_classes(Call& call) {
  const auto* const ports = call.in<std::uint64_t>(0);
  fill<fg_string>(call, [&](std::uint32_t row) { return string_cell(port_class(port_of(ports[row]))); });
}

void service_groups(Call& call) {
  const auto* const ports = call.in<std::uint64_t>(0);
  const auto* const protocols = call.in<std::uint64_t>(1);
  fill<fg_string>(call, [&](std::uint32_t row) {
    const auto protocol = static_cast<std::uint8_t>(std::min<std::uint64_t>(protocols[row], UINT8_MAX));
    return string_cell(service_group(port_of(ports[row]), protocol));
  });
}

// ---------------------------------------------------------------- functions of several types

// The two operands from `first` on get one type: that which both have, or that of numbers which holds both.
BindResult<ValueType> unify(Binder& binder, Node& node, const Expression& call, std::size_t first) {
  ProgramBuilder& nodes = binder.nodes();
  std::uint32_t& one = node.operands[first];
  std::uint32_t& other = node.operands[first + 1];
  const ValueType type = nodes.type(one);
  if (type == nodes.type(other)) return type;
  if (!is_number(type) || !is_number(nodes.type(other))) {
    return binder.refuse(call.children[first + 1],
                         fmt::format("{}() takes two values of one kind, and these are {} and {}", call.name,
                                     type_text(type), type_text(nodes.type(other))));
  }
  const bool is_real = type == ValueType::kReal || nodes.type(other) == ValueType::kReal;
  const ValueType common = is_real ? ValueType::kReal : ValueType::kInteger;
  one = nodes.converted(one, common);
  other = nodes.converted(other, common);
  return common;
}

BindResult<void> choose(Binder& binder, Node& node, const Expression& call) {
  const ValueType type = TRY(unify(binder, node, call, 1));
  node.type = type;
  node.operation = &choice_by_condition(type);
  return {};
}

BindResult<void> choose_not_null(Binder& binder, Node& node, const Expression& call) {
  const ValueType type = TRY(unify(binder, node, call, 0));
  node.type = type;
  node.operation = &choice_of_not_null(type);
  return {};
}

// Of doubles where an operand is one; else the row's loop, of integers.
template <const Operation& Reals, std::size_t Operands>
BindResult<void> of_numbers(Binder& binder, Node& node, const Expression& /*call*/) {
  ProgramBuilder& nodes = binder.nodes();
  bool is_real = false;
  for (std::size_t i = 0; i < Operands; ++i) is_real = is_real || nodes.type(node.operands[i]) == ValueType::kReal;
  node.type = is_real ? ValueType::kReal : ValueType::kInteger;
  for (std::size_t i = 0; i < Operands; ++i) node.operands[i] = nodes.converted(node.operands[i], node.type);
  if (is_real) node.operation = &Reals;
  return {};
}

constexpr Operation kLesserOfReals{lesser_reals};
constexpr Operation kGreaterOfReals{greater_reals};
constexpr Operation kAbsoluteOfReals{absolute_reals};
constexpr Operation kRoundOfIntegers{same_integers};
constexpr Operation kLengthOfList{list_lengths};

BindResult<void> round_of_type(Binder& binder, Node& node, const Expression& /*call*/) {
  if (binder.nodes().type(node.operands[0]) == ValueType::kReal) return {};
  node.operands[0] = binder.nodes().converted(node.operands[0], ValueType::kInteger);
  node.operation = &kRoundOfIntegers;
  return {};
}

BindResult<void> length_of_type(Binder& binder, Node& node, const Expression& /*call*/) {
  if (is_list(binder.nodes().type(node.operands[0]))) node.operation = &kLengthOfList;
  return {};
}

constexpr Operation kItemOfIntegers{items<fg_list_i64>, Operation::Nulls::kMore};
constexpr Operation kItemOfReals{items<fg_list_f64>, Operation::Nulls::kMore};
constexpr Operation kItemOfTexts{items<fg_list_string>, Operation::Nulls::kMore};

BindResult<void> item_of_type(Binder& binder, Node& node, const Expression& /*call*/) {
  switch (binder.nodes().type(node.operands[0])) {
    case ValueType::kListI64:
      node.type = ValueType::kI64;
      node.operation = &kItemOfIntegers;
      return {};
    case ValueType::kListF64:
      node.type = ValueType::kReal;
      node.operation = &kItemOfReals;
      return {};
    case ValueType::kListString:
      node.type = ValueType::kString;
      node.operation = &kItemOfTexts;
      return {};
    default:
      return {};
  }
}

// ---------------------------------------------------------------- the table

constexpr auto kString = ValueType::kString;
constexpr Operation kTimeText{.kernel = time_text, .text_bytes = kTimeTextBytes};

constexpr std::array kFunctions = {
    Function{"us", "us(x)", {Takes::kNumber}, ValueType::kReal, 0, {}, divide_by<1'000>},
    Function{"ms", "ms(x)", {Takes::kNumber}, ValueType::kReal, 0, {}, divide_by<1'000'000>},
    Function{"s", "s(x)", {Takes::kNumber}, ValueType::kReal, 0, {}, divide_by<1'000'000'000>},
    Function{"floor", "floor(x, us)", {Takes::kInteger, Takes::kUnit}, {}, 0, {floor_integer}, floor_of_type},
    Function{"trunc_div",
             "trunc_div(a, b)",
             {Takes::kExact, Takes::kExact},
             ValueType::kInteger,
             0,
             {integers<TruncDivide, 2>}},
    Function{"time_text", "time_text(floor(x_ns, us))", {Takes::kMoment}, kString, 0, kTimeText},
    Function{"elapsed",
             "elapsed(first, last, us)",
             {Takes::kTimeColumn, Takes::kTimeColumn, Takes::kUnit},
             ValueType::kI64,
             FG_REVEALS_TIME,
             {elapsed<Never::kNone>},
             add_start},
    Function{"port_class", "port_class(port)", {Takes::kIntegerColumn}, kString, FG_REVEALS_PORT, {port_classes}},
    Function{"service_group",
             "service_group(port, protocol)",
             {Takes::kIntegerColumn, Takes::kIntegerColumn},
             kString,
             FG_REVEALS_PORT,
             {service_groups}},
    Function{"prefix", "prefix(text, 8)", {Takes::kText, Takes::kLength}, kString, 0, {prefixes}},
    Function{"if", "if(condition, then, else)", {Takes::kCondition, Takes::kAny, Takes::kAny}, {}, 0, {}, choose},
    Function{"coalesce", "coalesce(a, b)", {Takes::kAny, Takes::kAny}, {}, 0, {}, choose_not_null},
    Function{"is_null", "is_null(x)", {Takes::kAny}, ValueType::kBool, 0, {nulls, Operation::Nulls::kNever}},
    Function{"min",
             "min(a, b)",
             {Takes::kAnyNumber, Takes::kAnyNumber},
             {},
             0,
             {lesser_integers},
             of_numbers<kLesserOfReals, 2>},
    Function{"max",
             "max(a, b)",
             {Takes::kAnyNumber, Takes::kAnyNumber},
             {},
             0,
             {greater_integers},
             of_numbers<kGreaterOfReals, 2>},
    Function{"abs", "abs(x)", {Takes::kAnyNumber}, {}, 0, {absolute_integers}, of_numbers<kAbsoluteOfReals, 1>},
    Function{"round", "round(x)", {Takes::kAnyNumber}, ValueType::kInteger, 0, {rounded_reals}, round_of_type},
    Function{"log2", "log2(x)", {Takes::kReal}, ValueType::kReal, 0, {logarithms, Operation::Nulls::kMore}},
    Function{"length", "length(text)", {Takes::kTextOrList}, ValueType::kU64, 0, {text_lengths}, length_of_type},
    Function{"join",
             "join(a, b)",
             {Takes::kText, Takes::kText},
             kString,
             0,
             {joined_texts, Operation::Nulls::kMore, Operation::Runs::kWithArena}},
    Function{"item",
             "item(list, 0)",
             {Takes::kList, Takes::kIndex},
             ValueType::kU64,
             0,
             {items<fg_list_u64>, Operation::Nulls::kMore},
             item_of_type},
};

}  // namespace

std::span<const Function> functions() { return kFunctions; }

}  // namespace flowgauge::expression
