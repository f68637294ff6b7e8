// The same for an author who writes C++: the SDK over the imagined header, for hosts with and without the field.
#define FG_TARGET_MINOR 2
#if !defined(REQUIRED)
#define FG_MIN_HOST_MINOR 0
#endif
#include <flowgauge/sdk.hpp>

namespace {

struct Newer {
  static constexpr fg::About kAbout{.name = "newer_sdk", .version = "1.0", .doc = "Knows ABI 1.2."};
  static constexpr fg::Column kColumns[] = {
      {"packets", "Packets", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"with_field", "Packets that have the new field", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
  };
  std::uint64_t packets;
  std::uint64_t with_field;

  void update(const fg::PacketOf<Newer>& packet, fg::Direction) {
    ++packets;
    if (packet.has<&fg_packet::imagined>()) with_field += packet->imagined != 0 ? 1 : 0;
  }
  void emit(fg::Row<Newer>& row, const fg::Flow&) const {
    row.set<"packets">(packets);
    row.set<"with_field">(with_field);
  }
};

}  // namespace

FG_MODULE("newer_sdk", "1.0", "Apache-2.0", fg::Features<Newer>, fg::Schemas<>);
