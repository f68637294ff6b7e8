// sides: a derived feature, a column made of other features' columns.
#define FG_TARGET_MINOR 1
#include <flowgauge/sdk.hpp>

namespace {

struct Sides {
  static constexpr fg::About kAbout{.name = "sides", .version = "1.0", .doc = "The two sides of a flow, compared."};
  static constexpr fg::Input kInputs[] = {{"packet_length.fwd", FG_SERIES}, {"packet_length.bwd", FG_SERIES}};
  static constexpr fg::Column kOutputs[] = {
      fg::Column{"packet_ratio", "Bytes per packet, forward / backward; null where one side sent nothing", FG_F64,
                 FG_UNIT_NONE, FG_REVEALS_NOTHING}
          .nullable(),
  };

  static double mean(const fg_series& series) {
    return static_cast<double>(series.sum) / static_cast<double>(series.count);
  }
  static void derive(fg::DeriveRow<Sides>& row) {
    const fg_series fwd = row.get<"packet_length.fwd">();
    const fg_series bwd = row.get<"packet_length.bwd">();
    if (fwd.count == 0 || bwd.count == 0) return;
    row.set<"packet_ratio">(mean(fwd) / mean(bwd));
  }
};

}  // namespace

FG_MODULE("sides", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<>, fg::Derived<Sides>);
