// signed_lengths: lengths and gaps of a flow's first 20 packets (SPLT), the sign of a length being its direction.
#define FG_TARGET_MINOR 1  // lists of signed integers came with ABI 1.1
#include <flowgauge/sdk.hpp>

#include <cstdint>
#include <span>

namespace {

struct SignedLengths {
  static constexpr fg::About kAbout{
      .name = "signed_lengths", .version = "1.0", .doc = "Lengths and gaps of a flow's first 20 packets."};
  static constexpr fg::Column kColumns[] = {
      {"lengths", "IP lengths, negative if sent to the source", FG_LIST_I64, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
      {"gaps", "Time since the packet before; 0 of the first, and of one that is older", FG_LIST_U64, FG_UNIT_NS,
       FG_REVEALS_NOTHING},
  };
  static constexpr std::uint64_t kMost = 20;

  // The state of one flow. Zero bytes are: no packet yet.
  std::int64_t lengths[kMost];
  std::uint64_t gaps[kMost];
  std::uint64_t count;

  void update(const fg::Packet& packet, fg::Direction direction) {
    if (packet.flow_index >= kMost) return;
    const auto length = static_cast<std::int64_t>(packet.ip_length_bytes);
    lengths[count] = direction == fg::kForward ? length : -length;
    gaps[count] = packet.gap_ns;
    ++count;
  }

  void emit(fg::Row<SignedLengths>& row, const fg::Flow&) const {
    row.set<"lengths">(std::span(lengths, count));
    row.set<"gaps">(std::span(gaps, count));
  }
};
static_assert(sizeof(SignedLengths) == 328, "of memory per flow");

}  // namespace

FG_MODULE("signed_lengths", "1.0", "Apache-2.0", fg::Features<SignedLengths>, fg::Schemas<>);
