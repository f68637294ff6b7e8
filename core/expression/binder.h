// Binds expressions: looks up names, gives every part a type, works out which classes a result reveals, and adds nodes
// to the program of one schema. Functions are in functions.cpp, maps in map.cpp. Set-up only.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/expression/bound.h"
#include "core/expression/program.h"
#include "core/expression/program_builder.h"
#include "core/expression/syntax.h"
#include "core/plugin/catalog.h"

namespace flowgauge::expression {

class Binder {
 public:
  // `schema` is the name before the dot of what the derives make. All arguments outlive the binder. `fault`: the code
  // of errors in the expression itself; a feature that is not loaded is kUsage.
  Binder(const Catalog& catalog, std::string_view schema, std::span<const Derive* const> derives,
         fg_contamination excluded, ExitCode fault, TimeDecimals time_decimals);

  [[nodiscard]] BindResult<Bound> compile(std::string_view text);
  // The node with cells of exactly the declared type, if it can hold the expression's: every number fits FG_F64,
  // integers and booleans fit FG_U64 and FG_I64 (a cell that does not is null), the others fit themselves.
  [[nodiscard]] BindResult<std::uint32_t> as_declared(const Bound& bound, fg_type declared);

  // The program of the given outputs, without what they do not use.
  [[nodiscard]] Program finish(std::span<const std::uint32_t> outputs) const;

  // For functions and maps.
  [[nodiscard]] BindResult<Bound> compile(const Expression& expression);
  [[nodiscard]] Bound column(const CatalogColumn& column);
  [[nodiscard]] std::unexpected<BindError> refuse(const Expression& where, std::string message) const;
  [[nodiscard]] const Catalog& catalog() const { return catalog_; }
  [[nodiscard]] ProgramBuilder& nodes() { return nodes_; }

 private:
  BindResult<Bound> compile_name(const Expression& expression);
  BindResult<Bound> compile_column(const Expression& expression, const CatalogColumn& column);
  BindResult<Bound> compile_member(const Expression& expression, const CatalogColumn& series, std::string_view member);
  BindResult<Bound> compile_derived(const Expression& expression, std::string_view output);
  BindResult<void> use_derive(ProgramDerive& derive, const Expression& expression);
  BindResult<Bound> compile_operator(const Expression& expression);
  void read_whole(Bound& out, const CatalogColumn& input);
  [[nodiscard]] std::unexpected<BindError> refuse_missing(const Expression& where, std::string_view column) const;

  const Catalog& catalog_;
  std::string schema_;
  std::span<const Derive* const> derives_;
  fg_contamination excluded_;
  ExitCode fault_;
  TimeDecimals time_decimals_;
  ProgramBuilder nodes_;
  std::vector<ProgramDerive> program_derives_;  // as derives_; inputs empty until used
};

}  // namespace flowgauge::expression
