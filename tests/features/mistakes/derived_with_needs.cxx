// expect: a derived feature sees no packet: leave needs out of kAbout
#define FG_TARGET_MINOR 1
#include <flowgauge/sdk.hpp>

struct D {
  static constexpr fg::About kAbout{.name = "d", .version = "1", .doc = "A mistake.", .needs = FG_NEEDS_KEY};
  static constexpr fg::Input kInputs[] = {{"tcp_flags.fwd_syn", FG_U64}};
  static constexpr fg::Column kOutputs[] = {{"n", "Count.", FG_U64, FG_UNIT_COUNT, FG_REVEALS_NOTHING}};
  static void derive(fg::DeriveRow<D>& row) { row.set<"n">(row.get<"tcp_flags.fwd_syn">()); }
};
FG_MODULE("d", "1", "Apache-2.0", fg::Features<>, fg::Schemas<>, fg::Derived<D>);
