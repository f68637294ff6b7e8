// expect: write: void update(const fg::Packet& packet, fg::Direction direction)
#include <flowgauge/sdk.hpp>

struct F {
  static constexpr fg::About kAbout{.name = "f", .version = "1", .doc = "A mistake."};
  static constexpr fg::Column kColumns[] = {{"n", "Count.", FG_U64, FG_UNIT_COUNT, FG_REVEALS_NOTHING}};
  std::uint64_t n;
  void update(const fg::Packet&) { ++n; }
  void emit(fg::Row<F>& row, const fg::Flow&) const { row.set<"n">(n); }
};
FG_MODULE("f", "1", "Apache-2.0", fg::Features<F>, fg::Schemas<>);
