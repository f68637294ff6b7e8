// iat: inter-arrival times [ns], per flow and per direction. The host measures the gaps; that of a packet
// out of order is 0, and the next one counts from the greatest timestamp so far: so the gaps add up to the time from
// the packet that arrived first to the greatest timestamp, which the host keeps.
#include <algorithm>
#include <flowgauge/sdk.hpp>

namespace {

struct Iat {
  static constexpr fg::About kAbout{.name = "iat",
                                    .version = "1.0",
                                    .doc = "Time since the previous packet of the flow and of its direction.",
                                    .source = "semantics 3, 4, 5"};
  static constexpr fg::Column kColumns[] = {
      {"iat", "Gaps between successive packets of the flow", FG_SERIES, FG_UNIT_NS, FG_REVEALS_NOTHING},
      {"fwd", "Gaps between successive packets of the source side", FG_SERIES, FG_UNIT_NS, FG_REVEALS_NOTHING},
      {"bwd", "Gaps between successive packets of the other side", FG_SERIES, FG_UNIT_NS, FG_REVEALS_NOTHING},
  };

  fg::Spread64 of_flow;
  fg::Spread64 by_direction[2];

  void update(const fg::Packet& packet, fg::Direction direction) {
    if (packet.flow_index > 0) of_flow.add(packet.gap_ns);
    if (packet.direction_index > 0) by_direction[direction].add(packet.direction_gap_ns);
  }

  void emit(fg::Row<Iat>& row, const fg::Flow& flow) const {
    const auto& [fwd, bwd] = flow.packets;
    // Times count from the packet that arrived first; FG_NEVER is below them all.
    const std::int64_t newest_ns = std::max(flow.last_ns[fg::kForward], flow.last_ns[fg::kBackward]);
    row.set<"iat">(of_flow.cell(gaps(fwd + bwd), static_cast<std::uint64_t>(newest_ns)));
    row.set<"fwd">(by_direction[fg::kForward].cell(gaps(fwd), total_ns(flow, fg::kForward)));
    row.set<"bwd">(by_direction[fg::kBackward].cell(gaps(bwd), total_ns(flow, fg::kBackward)));
  }

 private:
  static std::uint64_t gaps(std::uint64_t packets) { return packets > 0 ? packets - 1 : 0; }
  static std::uint64_t total_ns(const fg::Flow& flow, fg::Direction direction) {
    return static_cast<std::uint64_t>(flow.last_ns[direction] - flow.start_ns[direction]);
  }
};
static_assert(sizeof(Iat) == 96, "a packet touches 64 of these bytes");

}  // namespace

FG_MODULE("iat", "1.0", "Apache-2.0", fg::Features<Iat>, fg::Schemas<>);
