#include "core/expression/choice.h"

#include <algorithm>

#include "core/base/validity.h"
#include "core/expression/integer_kernel.h"

namespace flowgauge::expression {
namespace {

struct ByCondition {
  static constexpr std::size_t kFirst = 1;
  const std::uint8_t* conditions;
  const std::uint64_t* validity;
  explicit ByCondition(const Call& call) : conditions(call.in<std::uint8_t>(0)), validity(call.operands[0]->validity) {}
  bool takes_first(std::uint32_t row) const { return conditions[row] != 0; }
  bool is_null(std::uint32_t row) const { return flowgauge::is_null(validity, row); }
};

struct NotNull {
  static constexpr std::size_t kFirst = 0;
  const std::uint64_t* validity;
  explicit NotNull(const Call& call) : validity(call.operands[0]->validity) {}
  bool takes_first(std::uint32_t row) const { return !flowgauge::is_null(validity, row); }
  bool is_null(std::uint32_t /*row*/) const { return false; }
};

template <class Choice>
void mark_nulls(const Call& call, const Choice& choice) {
  if (call.validity == nullptr) return;
  const std::uint64_t* const first = call.operands[Choice::kFirst]->validity;
  const std::uint64_t* const second = call.operands[Choice::kFirst + 1]->validity;
  std::fill_n(call.validity, validity_words(call.rows), 0);
  for (std::uint32_t row = 0; row < call.rows; ++row) {
    if (choice.is_null(row) || is_null(choice.takes_first(row) ? first : second, row)) continue;
    call.validity[row / 64] |= std::uint64_t{1} << row % 64;
  }
  call.out->validity = call.validity;
}

template <class Cell, class Choice>
void choose(const Call& call, const Choice& choice, const Cell* first, const Cell* second) {
  fill<Cell>(call, [&](std::uint32_t row) { return choice.takes_first(row) ? first[row] : second[row]; });
}

template <class Choice, class Cell>
void choose_cells(Call& call) {
  const Choice choice(call);
  choose(call, choice, call.in<Cell>(Choice::kFirst), call.in<Cell>(Choice::kFirst + 1));
  mark_nulls(call, choice);
}

template <class Choice>
void choose_integers(Call& call) {
  constexpr std::size_t kFirst = Choice::kFirst;
  const Choice choice(call);
  const bool is_plain = call.operands[kFirst]->form == Form::kPlain && call.operands[kFirst + 1]->form == Form::kPlain;
  if (is_plain) {
    choose(call, choice, call.in<std::int64_t>(kFirst), call.in<std::int64_t>(kFirst + 1));
  } else {
    choose(call, choice, numbers(call, kFirst), numbers(call, kFirst + 1));
  }
  call.out->form = is_plain ? Form::kPlain : Form::kExact;
  mark_nulls(call, choice);
}

template <class Choice>
const Operation& operation(ValueType type) {
  static constexpr Operation kBools{choose_cells<Choice, std::uint8_t>, Operation::Nulls::kOwn};
  static constexpr Operation kWords{choose_cells<Choice, std::uint64_t>, Operation::Nulls::kOwn};
  static constexpr Operation kReals{choose_cells<Choice, double>, Operation::Nulls::kOwn};
  static constexpr Operation kIntegers{choose_integers<Choice>, Operation::Nulls::kOwn};
  static constexpr Operation kTexts{choose_cells<Choice, fg_string>, Operation::Nulls::kOwn};
  static constexpr Operation kLists{choose_cells<Choice, fg_list_u64>, Operation::Nulls::kOwn};
  switch (type) {
    case ValueType::kBool:
      return kBools;
    case ValueType::kReal:
      return kReals;
    case ValueType::kInteger:
      return kIntegers;
    case ValueType::kString:
      return kTexts;
    case ValueType::kList:
    case ValueType::kListI64:
    case ValueType::kListF64:
    case ValueType::kListString:
      return kLists;
    default:
      return kWords;
  }
}

}  // namespace

const Operation& choice_by_condition(ValueType type) { return operation<ByCondition>(type); }
const Operation& choice_of_not_null(ValueType type) { return operation<NotNull>(type); }

}  // namespace flowgauge::expression
