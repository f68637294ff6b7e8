// retransmission: TCP packets whose sequence range [seq, seq + payload + SYN + FIN) overlaps one already seen in their
// direction. Pure ACKs and keep-alives have no range.
#include "sent_ranges.h"

namespace {

struct Retransmission {
  static constexpr fg::About kAbout{.name = "retransmission",
                                    .version = "1.0",
                                    .doc =
                                        "TCP packets that repeat sequence numbers, per direction. Keeps 60 bytes more "
                                        "for a flow with holes in its numbers.",
                                    .source = "semantics 5; RFC 9293 3.4"};
  static constexpr fg::Column kColumns[] = {
      {"fwd", "Packets of the source side that repeat sequence numbers", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd", "Packets of the other side that repeat sequence numbers", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
  };

  sent_ranges::BothSides ranges;

  void update(const fg::Packet& packet, fg::Direction direction) { ranges.add(packet, direction, 1); }

  void emit(fg::Row<Retransmission>& row, const fg::Flow&) const {
    row.set<"fwd">(ranges.seen[fg::kForward].repeated);
    row.set<"bwd">(ranges.seen[fg::kBackward].repeated);
  }

  void release() { ranges.lower.free(); }
};

}  // namespace

FG_MODULE("retransmission", "1.0", "Apache-2.0", fg::Features<Retransmission>, fg::Schemas<>);
