// expect: a_name_is_made_of_lower_case_letters_digits_and_underscores
#include <flowgauge/sdk.hpp>

struct F {
  static constexpr fg::About kAbout{.name = "f", .version = "1", .doc = "A mistake."};
  static constexpr fg::Column kColumns[] = {{"N-1", "Count.", FG_U64, FG_UNIT_COUNT, FG_REVEALS_NOTHING}};
  std::uint64_t n;
  void update(const fg::Packet&, fg::Direction) { ++n; }
  void emit(fg::Row<F>&, const fg::Flow&) const {}
};
FG_MODULE("f", "1", "Apache-2.0", fg::Features<F>, fg::Schemas<>);
