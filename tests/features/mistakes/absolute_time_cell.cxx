// expect: an FG_TIME column takes fg::Moment
#include <flowgauge/sdk.hpp>

struct F {
  static constexpr fg::About kAbout{.name = "f", .version = "1", .doc = "A mistake."};
  static constexpr fg::Column kColumns[] = {{"n", "Time.", FG_TIME, FG_UNIT_NS, FG_REVEALS_TIME}};
  std::int64_t n;
  void update(const fg::Packet&, fg::Direction) { ++n; }
  void emit(fg::Row<F>& row, const fg::Flow&) const { row.set<"n">(n); }
};
FG_MODULE("f", "1", "Apache-2.0", fg::Features<F>, fg::Schemas<>);
