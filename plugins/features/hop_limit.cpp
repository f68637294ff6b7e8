// hop_limit: the TTL of IPv4 (RFC 791 3.1) or the hop limit of IPv6 (RFC 8200 3) of each packet as it was captured.
// Systems begin with values of their own, so it tells them apart.
#include <flowgauge/sdk.hpp>

namespace {

struct HopLimit {
  static constexpr fg::About kAbout{.name = "hop_limit",
                                    .version = "1.0",
                                    .doc = "TTL or hop limit of packets, per flow and per direction.",
                                    .source = "semantics 5; RFC 791 3.1; RFC 8200 3"};
  static constexpr fg::Column kColumns[] = {
      {"flow", "TTL or hop limit of all packets", FG_SERIES, FG_UNIT_NONE, FG_REVEALS_OS},
      {"fwd", "TTL or hop limit of the source side's packets", FG_SERIES, FG_UNIT_NONE, FG_REVEALS_OS},
      {"bwd", "TTL or hop limit of the other side's packets", FG_SERIES, FG_UNIT_NONE, FG_REVEALS_OS},
  };

  fg::Series<std::uint8_t> by_direction[2];

  void update(const fg::Packet& packet, fg::Direction direction) { by_direction[direction].add(packet.ttl); }

  void emit(fg::Row<HopLimit>& row, const fg::Flow& flow) const {
    const auto& [fwd, bwd] = by_direction;
    row.set<"flow">(fwd.merged_with(bwd).cell(flow.packets[fg::kForward] + flow.packets[fg::kBackward]));
    row.set<"fwd">(fwd.cell(flow.packets[fg::kForward]));
    row.set<"bwd">(bwd.cell(flow.packets[fg::kBackward]));
  }
};

}  // namespace

FG_MODULE("hop_limit", "1.0", "Apache-2.0", fg::Features<HopLimit>, fg::Schemas<>);
