#include "core/expression/bind_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/expression/binder.h"
#include "core/expression/functions.h"
#include "core/expression/time_units.h"

namespace flowgauge::expression {
namespace {

// Binds the arguments of one call, each into the node: as its next operand, or as its number.
class CallBinder {
 public:
  CallBinder(Binder& binder, const Expression& call) : binder_(binder), call_(call) {}

  BindResult<Bound> bind(const Function& function) {
    node_.source = Source::kOperation;
    node_.operation = &function.operation;
    for (std::size_t i = 0; i < call_.children.size(); ++i) {
      TRY(argument(call_.children[i], function.takes[i]));
    }
    node_.type = function.gives.value_or(binder_.nodes().type(node_.operands[0]));
    if (function.complete != nullptr) TRY(function.complete(binder_, node_, call_));
    whole_.reveals &= ~function.hides;
    whole_.type = node_.type;
    whole_.node = binder_.nodes().add(std::move(node_));
    return whole_;
  }

 private:
  BindResult<void> argument(const Expression& argument, Takes takes) {
    switch (takes) {
      case Takes::kNothing:
        break;
      case Takes::kUnit:
        return number(argument, unit(argument), "a unit here: ns, us, ms or s");
      case Takes::kLength:
        return number(argument, length(argument), fmt::format("a number of characters here, 0 to {}", FG_ROW_BYTES));
      case Takes::kIntegerColumn:
        return column(argument, &CallBinder::is_integer_column, "the name of an integer column and nothing else",
                      ValueType::kU64);
      case Takes::kTimeColumn:
        return column(argument, is_absolute_time, "columns of absolute time here, such as flow.first_seen",
                      ValueType::kI64);
      case Takes::kNumber:
        return value(argument, is_number, "a number of ns", {});
      case Takes::kAnyNumber:
        return value(argument, is_number, "a number here", {});
      case Takes::kReal:
        return value(argument, is_number, "a number here", ValueType::kReal);
      case Takes::kCondition:
        return value(argument, is_integer, "a condition here: a comparison, or an integer", ValueType::kBool);
      case Takes::kAny:
        return any(argument);
      case Takes::kText:
        return value(argument, is_text, "a text", {});
      case Takes::kTextOrList:
        return value(argument, [](ValueType type) { return is_text(type) || expression::is_list(type); },
                     "a text or a list", {});
      case Takes::kList:
        return value(argument, expression::is_list, "a list", {});
      case Takes::kIndex:
        return value(argument, is_integer, "an integer here, 0 for the first item", ValueType::kI64);
      case Takes::kInteger:
        return value(argument, is_integer, "an integer here", {});
      case Takes::kExact:
        return value(argument, is_integer, "an integer here", ValueType::kInteger);
      case Takes::kMoment:
        return moment(argument);
    }
    return {};
  }

  // ---- operands

  BindResult<void> value(const Expression& argument, bool (*is_right)(ValueType), std::string_view wanted,
                         std::optional<ValueType> as) {
    auto bound = TRY(binder_.compile(argument));
    if (!is_right(bound.type)) {
      return refuse(argument, fmt::format("{}, and this is {}", wanted, type_text(bound.type)));
    }
    add_operand(bound, as);
    return {};
  }

  BindResult<void> any(const Expression& argument) {
    auto bound = TRY(binder_.compile(argument));
    if (bound.type == ValueType::kSeries) return refuse(argument, "no series: take .mean, .total, ... of it");
    node_.operands[operands_++] = bound.node;
    take_over(whole_, bound);
    return {};
  }

  // The host's abstractions lower what a result reveals. They take columns alone: through port_class(port - 1000) and
  // its like a schema could ask for the port bit by bit.
  BindResult<void> column(const Expression& argument, bool (*is_right)(const CatalogColumn&), std::string_view wanted,
                          ValueType as) {
    const bool is_name = argument.kind == Expression::Kind::kName;
    const CatalogColumn* const column = is_name ? binder_.catalog().find(argument.name) : nullptr;
    if (column != nullptr && column->derive != nullptr)
      return refuse(argument, fmt::format("columns of features that see packets, and '{}' is derived", argument.name));
    if (column != nullptr && is_right(*column)) {
      add_operand(binder_.column(*column), as);
      return {};
    }
    // What is wrong with the name, if anything is.
    if (is_name && column == nullptr) TRY(binder_.compile(argument));
    return refuse(argument, wanted);
  }

  // A time cut to a unit is a number of that unit; any other is one of ns.
  BindResult<void> moment(const Expression& argument) {
    auto bound = value(argument, is_integer, "an integer here", ValueType::kI64);
    const bool is_cut = bound && argument.kind == Expression::Kind::kCall && argument.name == "floor";
    node_.number = is_cut ? unit(argument.children[1]).value_or(1) : 1;
    return bound;
  }

  void add_operand(const Bound& bound, std::optional<ValueType> as) {
    const bool is_bool = bound.type == ValueType::kBool;
    if (!as && is_bool) as = ValueType::kInteger;
    node_.operands[operands_++] = as ? binder_.nodes().converted(bound.node, *as) : bound.node;
    take_over(whole_, bound);
  }

  // ---- numbers

  BindResult<void> number(const Expression& argument, std::optional<std::int64_t> value, std::string_view wanted) {
    if (!value) return refuse(argument, wanted);
    node_.number = *value;
    return {};
  }

  static std::optional<std::int64_t> unit(const Expression& argument) {
    return argument.kind == Expression::Kind::kName ? time_unit_ns(argument.name) : std::nullopt;
  }

  static std::optional<std::int64_t> length(const Expression& argument) {
    const auto* const integer = std::get_if<IntegerLiteral>(&argument.literal);
    if (argument.kind != Expression::Kind::kLiteral || integer == nullptr || integer->negative ||
        integer->magnitude > FG_ROW_BYTES) {
      return std::nullopt;
    }
    return static_cast<std::int64_t>(integer->magnitude);
  }

  static bool is_text(ValueType type) { return type == ValueType::kString; }

  // ---- columns

  static bool is_integer_column(const CatalogColumn& column) {
    return column.column().type == FG_U64 || column.column().type == FG_I64;
  }

  [[nodiscard]] std::unexpected<BindError> refuse(const Expression& where, std::string_view wanted) const {
    return binder_.refuse(where, fmt::format("{}() takes {}", call_.name, wanted));
  }

  Binder& binder_;
  const Expression& call_;
  Node node_;
  std::size_t operands_ = 0;
  Bound whole_;
};

std::size_t arguments(const Function& function) {
  return static_cast<std::size_t>(std::ranges::find(function.takes, Takes::kNothing) - function.takes.begin());
}

}  // namespace

BindResult<Bound> bind_call(Binder& binder, const Expression& call) {
  static constexpr std::string_view kMap = "map";  // with braces it is no call
  const auto table = functions();
  const auto found = std::ranges::find(table, std::string_view(call.name), &Function::name);
  if (found == table.end()) {
    std::vector<std::string> names;
    for (const Function& function : table) names.emplace_back(function.name);
    names.emplace_back(kMap);
    const std::string hint = did_you_mean(call.name, names);
    return binder.refuse(call, fmt::format("there is no function '{}'{}", call.name,
                                           hint.empty() ? "; there are " + join(names) : hint));
  }
  const std::size_t wanted = arguments(*found);
  if (call.children.size() != wanted) {
    return binder.refuse(call, fmt::format("write {}: it takes {}, not {}", found->usage, counted(wanted, "argument"),
                                           call.children.size()));
  }
  return CallBinder(binder, call).bind(*found);
}

}  // namespace flowgauge::expression
