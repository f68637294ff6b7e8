// A plugin that passes every check and then dies in its third packet.
#include <flowgauge/sdk.hpp>

#include <cstdlib>

namespace {

struct Crashing {
  static constexpr fg::About kAbout{.name = "crashing", .version = "1.0", .doc = "Dies in its third packet."};
  static constexpr fg::Column kColumns[] = {{"count", "Packets", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING}};

  std::uint64_t packets;

  void update(const fg::Packet&, fg::Direction) {
    if (++packets == 3) std::abort();
  }
  void emit(fg::Row<Crashing>& row, const fg::Flow&) const { row.set<"count">(packets); }
};

struct Rows {
  static constexpr fg::About kAbout{.name = "crashing", .version = "1.0", .doc = "The packets of a flow."};
  static constexpr fg::SchemaColumn kColumns[] = {{"packets", "crashing.count", FG_U64, FG_UNIT_PACKETS}};
};

}  // namespace

FG_MODULE("crashing", "1.0", "Apache-2.0", fg::Features<Crashing>, fg::Schemas<Rows>);
