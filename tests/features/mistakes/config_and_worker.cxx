// expect: a Config (const) or a Worker (writable), not both
#include <flowgauge/sdk.hpp>

struct F {
  static constexpr fg::About kAbout{.name = "f", .version = "1", .doc = "A mistake."};
  static constexpr fg::Column kColumns[] = {{"n", "Count.", FG_U64, FG_UNIT_COUNT, FG_REVEALS_NOTHING}};
  struct Config {
    explicit Config(const fg::Options<F>&) {}
  };
  struct Worker {
    explicit Worker(const fg::Options<F>&) {}
  };
  std::uint64_t n;
  void update(const fg::Packet&, fg::Direction) { ++n; }
  void emit(fg::Row<F>& row, const fg::Flow&) const { row.set<"n">(n); }
};
FG_MODULE("f", "1", "Apache-2.0", fg::Features<F>, fg::Schemas<>);
