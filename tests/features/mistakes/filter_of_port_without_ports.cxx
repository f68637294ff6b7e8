// expect: this_ip_protocol_has_no_ports
#define FG_TARGET_MINOR 1
#include <flowgauge/sdk.hpp>

struct F {
  static constexpr fg::About kAbout{.name = "f", .version = "1", .doc = "A mistake."};
  static constexpr fg::Column kColumns[] = {{"n", "Packets.", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING}};
  static constexpr fg::PacketFilter kPacketFilters[] = {fg::protocol_port(1, 8)};
  std::uint64_t n;
  void update(const fg::Packet&, fg::Direction) { ++n; }
  void emit(fg::Row<F>& row, const fg::Flow&) const { row.set<"n">(n); }
};
FG_MODULE("f", "1", "Apache-2.0", fg::Features<F>, fg::Schemas<>);
