// Compiles expressions into a Program: looks up names, gives every part a type, works out which classes a result
// reveals. One builder makes one schema's program. Set-up only.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/expression/program.h"
#include "core/expression/syntax.h"
#include "core/plugin/catalog.h"

namespace flowgauge::expression {

// What an expression turned out to be.
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

class ProgramBuilder {
 public:
  // `schema` is the name before the dot of what the derives make. All arguments outlive the builder. `fault`: the code of
  // errors in the expression itself; a feature that is not loaded is kUsage.
  ProgramBuilder(const Catalog& catalog, std::string_view schema, std::span<const Derive* const> derives,
                 fg_contamination excluded, ExitCode fault, TimeDecimals time_decimals);

  [[nodiscard]] BindResult<Bound> compile(std::string_view text);
  // The node with cells of exactly the declared type, if it can hold the expression's: every number fits FG_F64,
  // integers and booleans fit FG_U64 and FG_I64 (a cell that does not is null), the others fit themselves.
  [[nodiscard]] BindResult<std::uint32_t> as_declared(const Bound& bound, fg_type declared);

  // The program of the given outputs, without what they do not use.
  [[nodiscard]] Program finish(std::span<const std::uint32_t> outputs) const;

 private:
  BindResult<Bound> compile(const Expression& expression);
  BindResult<Bound> compile_name(const Expression& expression);
  BindResult<Bound> compile_column(const CatalogColumn& column);
  BindResult<Bound> compile_member(const Expression& expression, const CatalogColumn& series, std::string_view member);
  BindResult<Bound> compile_derived(const Expression& expression, std::string_view output);
  BindResult<std::uint32_t> use_derive(std::size_t derive, const Expression& expression);
  BindResult<Bound> compile_operator(const Expression& expression);
  BindResult<Bound> compile_call(const Expression& expression);
  BindResult<Bound> compile_in_unit(const Expression& expression);
  BindResult<Bound> compile_floor(const Expression& expression);
  BindResult<Bound> compile_trunc_div(const Expression& expression);
  BindResult<Bound> compile_time_text(const Expression& expression);
  BindResult<Bound> compile_elapsed(const Expression& expression);
  BindResult<Bound> compile_port_class(const Expression& expression);
  BindResult<Bound> compile_service_group(const Expression& expression);
  BindResult<Bound> compile_prefix(const Expression& expression);
  BindResult<Bound> compile_map(const Expression& expression);

  BindResult<Bound> integer_argument(const Expression& call, std::size_t index);
  BindResult<Bound> plain_integer_column(const Expression& call, std::size_t index);
  BindResult<Bound> time_column(const Expression& call, std::size_t index, bool& is_relative);
  BindResult<std::int64_t> unit_argument(const Expression& call, std::size_t index) const;
  [[nodiscard]] std::unexpected<BindError> refuse(const Expression& where, std::string message) const;

  std::uint32_t add(Node node);  // or the equal one that is there already
  std::uint32_t add_literal(Literal literal, ValueType type);
  std::uint32_t convert(std::uint32_t node, Operation operation, ValueType type);
  std::uint32_t to_integer(const Bound& bound);
  std::uint32_t to_real(const Bound& bound);

  const Catalog& catalog_;
  std::string schema_;
  std::span<const Derive* const> derives_;
  fg_contamination excluded_;
  ExitCode fault_;
  TimeDecimals time_decimals_;
  std::vector<Node> nodes_;
  std::map<std::string, std::uint32_t> known_;  // by what makes nodes equal
  std::vector<ProgramDerive> program_derives_;  // as derives_; inputs empty until used
};

}  // namespace flowgauge::expression
