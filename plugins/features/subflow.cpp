// subflow: a gap of more than 1 s between successive packets of the flow begins another subflow.
#include <flowgauge/sdk.hpp>

namespace {

constexpr std::uint64_t kGapNs = 1'000'000'000;

struct Subflow {
  static constexpr fg::About kAbout{.name = "subflow",
                                    .version = "1.0",
                                    .doc = "Parts of a flow between gaps of more than a second.",
                                    .source = "semantics 5"};
  static constexpr fg::Column kColumns[] = {
      {"count", "1 + gaps of more than 1 s", FG_U64, FG_UNIT_COUNT, FG_REVEALS_NOTHING},
  };

  std::uint64_t long_gaps;

  // The gap of a flow's first packet is 0, as is that of a packet out of order.
  void update(const fg::Packet& packet, fg::Direction) {
    long_gaps += static_cast<std::uint64_t>(packet.gap_ns > kGapNs);
  }

  void emit(fg::Row<Subflow>& row, const fg::Flow&) const { row.set<"count">(1 + long_gaps); }
};

}  // namespace

FG_MODULE("subflow", "1.0", "Apache-2.0", fg::Features<Subflow>, fg::Schemas<>);
