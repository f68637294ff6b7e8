// balance: a table of who sends and who receives. Its logarithm and its verdict are more than an expression can say:
// they come from a derive.
#include <flowgauge/sdk.hpp>

#include <cmath>

namespace {

struct Balance {
  static constexpr fg::Input kInputs[] = {{"packet_length.fwd", FG_SERIES}, {"packet_length.bwd", FG_SERIES}};
  static constexpr fg::Column kOutputs[] = {
      {"tilt", "log2 of bytes sent over bytes received, each plus 1", FG_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"verdict", "What the source does", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING},
  };

  static void derive(fg::DeriveRow<Balance>& row) {
    const fg_series sent = row.get<"packet_length.fwd">();
    const fg_series received = row.get<"packet_length.bwd">();
    const double tilt = std::log2((static_cast<double>(sent.sum) + 1) / (static_cast<double>(received.sum) + 1));
    // The last digits of log2 differ from one C library to another; those of a table should not.
    row.set<"tilt">(std::round(tilt * 1e6) / 1e6);
    row.set<"verdict">(verdict(sent, received, tilt));
  }

 private:
  static fg_string verdict(const fg_series& sent, const fg_series& received, double tilt) {
    if (received.count == 0) return fg::literal("unanswered");
    if (sent.count == 0) return fg::literal("listening");
    if (tilt > 1) return fg::literal("uploads");
    return tilt < -1 ? fg::literal("downloads") : fg::literal("talks");
  }
};

struct Table {
  static constexpr fg::About kAbout{.name = "balance", .version = "1.0", .doc = "Who sends and who receives."};
  static constexpr fg::Option kOptions[] = {
      {"bytes", "no, or yes: the byte counts beside the verdict", FG_STRING, FG_UNIT_NONE, "no"},
  };
  static constexpr fg::SchemaColumn kColumns[] = {
      {"source", "flow.src_ip", FG_STRING, FG_UNIT_NONE, FG_WHEN_FULL},
      {"destination", "flow.dst_ip", FG_STRING, FG_UNIT_NONE, FG_WHEN_FULL},
      {"group", "service_group(flow.dst_port, flow.protocol)", FG_STRING, FG_UNIT_NONE},
      {"tilt", "balance.tilt", FG_F64, FG_UNIT_NONE},
      {"verdict", "balance.verdict", FG_STRING, FG_UNIT_NONE},
      fg::SchemaColumn{"sent", "packet_length.fwd.total", FG_U64, FG_UNIT_BYTES}.where("bytes=yes"),
      fg::SchemaColumn{"received", "packet_length.bwd.total", FG_U64, FG_UNIT_BYTES}.where("bytes=yes"),
  };
  using Derives = fg::Derives<Balance>;
};

}  // namespace

FG_MODULE("balance", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<Table>);
