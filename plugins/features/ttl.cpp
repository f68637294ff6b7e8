// ttl: the TTL of IPv4 (RFC 791 3.1) or the hop limit of IPv6 (RFC 8200 3) of each packet as it was captured.
// Systems begin with values of their own, so it tells them apart; where it changes, packets took another way.
#include <flowgauge/sdk.hpp>

namespace {

struct Ttl {
  static constexpr fg::About kAbout{.name = "ttl",
                                    .version = "1.0",
                                    .doc = "TTL or hop limit of packets, per flow and per direction, and its changes.",
                                    .source = "semantics 5; RFC 791 3.1; RFC 8200 3"};
  static constexpr fg::Column kColumns[] = {
      {"flow", "TTL or hop limit of all packets", FG_SERIES, FG_UNIT_NONE, FG_REVEALS_OS},
      {"fwd", "TTL or hop limit of the source side's packets", FG_SERIES, FG_UNIT_NONE, FG_REVEALS_OS},
      {"bwd", "TTL or hop limit of the other side's packets", FG_SERIES, FG_UNIT_NONE, FG_REVEALS_OS},
      {"fwd_changes", "Packets of the source side with another TTL than that side's packet before", FG_U64,
       FG_UNIT_PACKETS, FG_REVEALS_OS},
      {"bwd_changes", "Packets of the other side with another TTL than that side's packet before", FG_U64,
       FG_UNIT_PACKETS, FG_REVEALS_OS},
  };

  fg::Series<std::uint8_t> by_direction[2];
  fg::Counters40<2> changes;
  std::uint8_t last[2];

  void update(const fg::Packet& packet, fg::Direction direction) {
    by_direction[direction].add(packet.ttl);
    changes.add(direction, (packet.direction_index > 0) & (packet.ttl != last[direction]));
    last[direction] = packet.ttl;
  }

  void emit(fg::Row<Ttl>& row, const fg::Flow& flow) const {
    const auto& [fwd, bwd] = by_direction;
    row.set<"flow">(fwd.merged_with(bwd).cell(flow.packets[fg::kForward] + flow.packets[fg::kBackward]));
    row.set<"fwd">(fwd.cell(flow.packets[fg::kForward]));
    row.set<"bwd">(bwd.cell(flow.packets[fg::kBackward]));
    row.set<"fwd_changes">(changes.count(fg::kForward));
    row.set<"bwd_changes">(changes.count(fg::kBackward));
  }
};
static_assert(sizeof(Ttl) == 64, "one cache line");

}  // namespace

FG_MODULE("ttl", "1.0", "Apache-2.0", fg::Features<Ttl>, fg::Schemas<>);
