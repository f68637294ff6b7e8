// expect: two_choices_are_the_same
#define FG_TARGET_MINOR 1
#include <flowgauge/sdk.hpp>

struct F {
  static constexpr fg::About kAbout{.name = "f", .version = "1", .doc = "A mistake."};
  static constexpr fg::Column kColumns[] = {{"n", "Packets.", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING}};
  static constexpr fg::Option kOptions[] = {
      fg::Option{"mode", "A mode.", FG_STRING, FG_UNIT_NONE, "fast"}.one_of<"fast", "slow", "fast">()};
  std::uint64_t n;
  void update(const fg::Packet&, fg::Direction) { ++n; }
  void emit(fg::Row<F>& row, const fg::Flow&) const { row.set<"n">(n); }
};
FG_MODULE("f", "1", "Apache-2.0", fg::Features<F>, fg::Schemas<>);
