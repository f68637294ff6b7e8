// retransmission_bytes: the payload of the packets that the feature retransmission counts.
#include "sent_ranges.h"

namespace {

struct RetransmissionBytes {
  static constexpr fg::About kAbout{.name = "retransmission_bytes",
                                    .version = "1.0",
                                    .doc =
                                        "Payload of TCP packets that repeat sequence numbers, per direction. Keeps 60 "
                                        "bytes more for a flow with holes in its numbers.",
                                    .source = "semantics 5; RFC 9293 3.4"};
  static constexpr fg::Column kColumns[] = {
      {"fwd", "Payload of the source side's packets that repeat sequence numbers", FG_U64, FG_UNIT_BYTES,
       FG_REVEALS_NOTHING},
      {"bwd", "Payload of the other side's packets that repeat sequence numbers", FG_U64, FG_UNIT_BYTES,
       FG_REVEALS_NOTHING},
  };

  sent_ranges::BothSides ranges;

  void update(const fg::Packet& packet, fg::Direction direction) {
    ranges.add(packet, direction, packet.payload_length_bytes);
  }

  void emit(fg::Row<RetransmissionBytes>& row, const fg::Flow&) const {
    row.set<"fwd">(ranges.seen[fg::kForward].repeated);
    row.set<"bwd">(ranges.seen[fg::kBackward].repeated);
  }

  void release() { ranges.lower.free(); }
};

}  // namespace

FG_MODULE("retransmission_bytes", "1.0", "Apache-2.0", fg::Features<RetransmissionBytes>, fg::Schemas<>);
