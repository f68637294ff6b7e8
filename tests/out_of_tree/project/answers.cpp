// answers: a table of who answers how fast. Most columns are expressions; a derive says what an expression
// cannot.
#include <flowgauge/sdk.hpp>

namespace {

// "quick" below 100 ms, "slow" above, null where nobody answered.
struct Speed {
  static constexpr fg::Input kInputs[] = {{"handshake.server", FG_U64}};
  static constexpr fg::Column kOutputs[] = {
      fg::Column{"speed", "How fast the server is", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING}.nullable(),
  };
  static constexpr std::uint64_t kQuickNs = 100'000'000;

  static void derive(fg::DeriveRow<Speed>& row) {
    if (row.is_null<"handshake.server">()) return;
    const bool quick = row.get<"handshake.server">() < kQuickNs;
    row.set<"speed">(quick ? fg::literal("quick") : fg::literal("slow"));
  }
};

struct Answers {
  static constexpr fg::About kAbout{
      .name = "answers", .version = "1.0", .doc = "Who answers how fast while TCP connections open."};
  static constexpr fg::SchemaColumn kColumns[] = {
      {"source", "flow.src_ip", FG_STRING, FG_UNIT_NONE},
      {"server", "flow.dst_ip", FG_STRING, FG_UNIT_NONE},
      {"port", "flow.dst_port", FG_U64, FG_UNIT_NONE},
      {"protocol", "map(flow.protocol){6: 'tcp'; 17: 'udp'; else 'other'}", FG_STRING, FG_UNIT_NONE},
      {"packets", "packet_length.flow.count", FG_U64, FG_UNIT_PACKETS},
      {"syns", "handshake.syns", FG_U64, FG_UNIT_PACKETS},
      {"server_us", "us(handshake.server)", FG_F64, FG_UNIT_US},
      {"client_us", "us(handshake.client)", FG_F64, FG_UNIT_US},
      {"speed", "answers.speed", FG_STRING, FG_UNIT_NONE},
  };
  using Derives = fg::Derives<Speed>;
};

}  // namespace

FG_MODULE("answers", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<Answers>);
