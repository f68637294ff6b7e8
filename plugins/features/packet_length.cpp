// packet_length: the IP length of packets [bytes], per flow and per direction. Later fragments count too.
#include <flowgauge/sdk.hpp>

namespace {

struct PacketLength {
  static constexpr fg::About kAbout{.name = "packet_length",
                                    .version = "1.0",
                                    .doc = "IP length of packets, per flow and per direction.",
                                    .source = "semantics 1, 4, 5"};
  static constexpr fg::Column kColumns[] = {
      {"flow", "IP length of all packets", FG_SERIES, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
      {"fwd", "IP length of the source side's packets", FG_SERIES, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
      {"bwd", "IP length of the other side's packets", FG_SERIES, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
  };

  fg::Spread32 by_direction[2];  // the host keeps the sums

  void update(const fg::Packet& packet, fg::Direction direction) {
    by_direction[direction].add(packet.ip_length_bytes);
  }

  // The flow's series is both directions' merged, exactly: one add per packet instead of two.
  void emit(fg::Row<PacketLength>& row, const fg::Flow& flow) const {
    const auto& [fwd, bwd] = by_direction;
    const auto& [fwd_packets, bwd_packets] = flow.packets;
    const auto& [fwd_bytes, bwd_bytes] = flow.bytes;
    row.set<"flow">(fwd.merged_with(bwd).cell(fwd_packets + bwd_packets, fwd_bytes + bwd_bytes));
    row.set<"fwd">(fwd.cell(fwd_packets, fwd_bytes));
    row.set<"bwd">(bwd.cell(bwd_packets, bwd_bytes));
  }
};
static_assert(sizeof(PacketLength) == 48, "half of it is touched by a packet");

}  // namespace

FG_MODULE("packet_length", "1.0", "Apache-2.0", fg::Features<PacketLength>, fg::Schemas<>);
