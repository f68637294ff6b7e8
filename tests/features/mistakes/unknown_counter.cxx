// expect: the feature has no counter of this name in kCounters
#define FG_TARGET_MINOR 1
#include <flowgauge/sdk.hpp>

struct F {
  static constexpr fg::About kAbout{.name = "f", .version = "1", .doc = "A mistake."};
  static constexpr fg::Column kColumns[] = {{"n", "Packets.", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING}};
  static constexpr fg::Counter kCounters[] = {{"packets", "Packets.", FG_UNIT_PACKETS}, {"bytes", "Bytes.", FG_UNIT_BYTES}};
  std::uint64_t n;
  void update(const fg::PacketOf<F>& packet, fg::Direction) {
    ++n;
    packet.count<"packts">();
  }
  void emit(fg::Row<F>& row, const fg::Flow&) const { row.set<"n">(n); }
};
FG_MODULE("f", "1", "Apache-2.0", fg::Features<F>, fg::Schemas<>);
