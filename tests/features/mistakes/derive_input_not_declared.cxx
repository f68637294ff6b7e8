// expect: the derive has no input of this name in kInputs: it gets those alone
#include <flowgauge/sdk.hpp>

struct D {
  static constexpr fg::Input kInputs[] = {{"tcp_flags.fwd_syn", FG_U64}};
  static constexpr fg::Column kOutputs[] = {{"n", "Count.", FG_U64, FG_UNIT_COUNT, FG_REVEALS_NOTHING}};
  static void derive(fg::DeriveRow<D>& row) { row.set<"n">(row.get<"tcp_flags.bwd_syn">()); }
};
struct S {
  static constexpr fg::About kAbout{.name = "s", .version = "1", .doc = "A mistake."};
  static constexpr fg::SchemaColumn kColumns[] = {{"N", "s.n", FG_U64, FG_UNIT_COUNT}};
  using Derives = fg::Derives<D>;
};
FG_MODULE("s", "1", "Apache-2.0", fg::Features<>, fg::Schemas<S>);
