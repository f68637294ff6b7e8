// expect: an option of a schema is no list
#define FG_TARGET_MINOR 1
#include <flowgauge/sdk.hpp>

struct S {
  static constexpr fg::About kAbout{.name = "s", .version = "1", .doc = "A mistake."};
  static constexpr fg::Option kOptions[] = {{"ports", "Some ports.", FG_LIST_U64, FG_UNIT_NONE, "80"}};
  static constexpr fg::SchemaColumn kColumns[] = {{"Packets", "flow.packets", FG_U64, FG_UNIT_PACKETS}};
};
FG_MODULE("s", "1", "Apache-2.0", fg::Features<>, fg::Schemas<S>);
