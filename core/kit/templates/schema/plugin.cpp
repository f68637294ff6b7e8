// @NAME@: a table with the lengths of a flow's packets.
#include <flowgauge/sdk.hpp>

namespace {

// What an expression cannot say is code over declared inputs: a name for flows by the length of their packets.
struct @TYPE@Kind {
  static constexpr fg::Input kInputs[] = {{"packet_length.flow", FG_SERIES}};
  static constexpr fg::Column kOutputs[] = {
      {"kind", "equal, small or mixed", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING},
  };
  static constexpr std::int64_t kSmallBytes = 100;

  static void derive(fg::DeriveRow<@TYPE@Kind>& row) {
    const fg_series lengths = row.get<"packet_length.flow">();
    if (lengths.min == lengths.max) {
      row.set<"kind">(fg::literal("equal"));
    } else {
      row.set<"kind">(lengths.max <= kSmallBytes ? fg::literal("small") : fg::literal("mixed"));
    }
  }
};

struct @TYPE@ {
  static constexpr fg::About kAbout{.name = "@NAME@", .version = "0.1", .doc = "Lengths of a flow's packets."};

  // Name in the header, expression, type, unit. New columns are added at the end.
  static constexpr fg::SchemaColumn kColumns[] = {
      {"protocol", "flow.protocol", FG_U64, FG_UNIT_NONE},
      {"packets", "packet_length.flow.count", FG_U64, FG_UNIT_PACKETS},
      {"bytes", "packet_length.flow.total", FG_U64, FG_UNIT_BYTES},
      {"mean_bytes", "packet_length.flow.mean", FG_F64, FG_UNIT_BYTES},
      {"kind", "@NAME@.kind", FG_STRING, FG_UNIT_NONE},
  };
  using Derives = fg::Derives<@TYPE@Kind>;
};

}  // namespace

FG_MODULE("@NAME@", "0.1", "@LICENCE@", fg::Features<>, fg::Schemas<@TYPE@>);
