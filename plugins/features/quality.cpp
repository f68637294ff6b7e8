// quality: what the capture lost around a flow. A ring is what packets wait in between the kernel and this program; all
// packets of a flow pass through one. Losses of the ring need not be the flow's own.
#include <flowgauge/sdk.hpp>

namespace {

struct Quality {
  static constexpr fg::About kAbout{.name = "quality",
                                    .version = "1.0",
                                    .doc = "What was lost while the flow was captured.",
                                    .source = "semantics 5"};
  static constexpr fg::Column kColumns[] = {
      fg::Column{"ring_drops",
                 "Packets that the flow's ring lost between its first and its last packet; null from a file", FG_U64,
                 FG_UNIT_PACKETS, FG_REVEALS_TOOL}
          .nullable(),
  };

  std::uint64_t before;  // 1 more than the ring's losses at the flow's first packet; 0: there is no ring
  std::uint64_t last;

  void update(const fg::PacketOf<Quality>& packet, fg::Direction) {
    const auto drops = packet.ring_drops();
    if (!drops) return;
    if (before == 0) before = *drops + 1;
    last = *drops + 1;
  }

  void emit(fg::Row<Quality>& row, const fg::Flow&) const {
    if (before != 0) row.set<"ring_drops">(last - before);
  }
};
static_assert(sizeof(Quality) == 16);

}  // namespace

FG_MODULE("quality", "1.0", "Apache-2.0", fg::Features<Quality>, fg::Schemas<>);
