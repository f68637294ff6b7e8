// payload_length: the payload of packets [bytes], from the headers: IP length less L3 and L4 header. Packets without
// payload are values too (0); those with payload are counted besides. Later fragments have no L4 header.
#include <flowgauge/sdk.hpp>

namespace {

struct PayloadLength {
  static constexpr fg::About kAbout{.name = "payload_length",
                                    .version = "1.0",
                                    .doc = "Payload of packets, per flow and per direction.",
                                    .source = "semantics 1, 4, 5"};
  static constexpr fg::Column kColumns[] = {
      {"flow", "Payload of all packets", FG_SERIES, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
      {"fwd", "Payload of the source side's packets", FG_SERIES, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
      {"bwd", "Payload of the other side's packets", FG_SERIES, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
      {"fwd_packets", "Packets of the source side with payload", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_packets", "Packets of the other side with payload", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
  };

  fg::Series32 by_direction[2];
  std::uint64_t with_payload[2];  // packets, by direction

  void update(const fg::Packet& packet, fg::Direction direction) {
    by_direction[direction].add(packet.payload_length_bytes);
    with_payload[direction] += static_cast<std::uint64_t>(packet.payload_length_bytes > 0);
  }

  void emit(fg::Row<PayloadLength>& row, const fg::Flow& flow) const {
    const auto& [fwd, bwd] = by_direction;
    row.set<"flow">(fwd.merged_with(bwd).cell(flow.packets[fg::kForward] + flow.packets[fg::kBackward]));
    row.set<"fwd">(fwd.cell(flow.packets[fg::kForward]));
    row.set<"bwd">(bwd.cell(flow.packets[fg::kBackward]));
    row.set<"fwd_packets">(with_payload[fg::kForward]);
    row.set<"bwd_packets">(with_payload[fg::kBackward]);
  }
};
static_assert(sizeof(PayloadLength) == 80, "half of it is touched by a packet");

}  // namespace

FG_MODULE("payload_length", "1.0", "Apache-2.0", fg::Features<PayloadLength>, fg::Schemas<>);
