// expect: two_outputs_of_the_derived_feature_have_the_same_name
#define FG_TARGET_MINOR 1
#include <flowgauge/sdk.hpp>

template <int kNumber>
struct D {
  static constexpr fg::Input kInputs[] = {{"tcp_flags.fwd_syn", FG_U64}};
  static constexpr fg::Column kOutputs[] = {{"n", "Count.", FG_U64, FG_UNIT_COUNT, FG_REVEALS_NOTHING}};
  static void derive(fg::DeriveRow<D>& row) { row.template set<"n">(kNumber); }
};
struct F {
  static constexpr fg::About kAbout{.name = "d", .version = "1", .doc = "A mistake."};
  using Derives = fg::Derives<D<0>, D<1>>;
};
FG_MODULE("d", "1", "Apache-2.0", fg::Features<>, fg::Schemas<>, fg::Derived<F>);
