// size_bins: how many packets have an IP length of up to 128 bytes, of more than that and up to 256, and so on: the
// bins of NetFlow tables.
#include <flowgauge/sdk.hpp>

namespace {

struct SizeBins {
  static constexpr fg::About kAbout{.name = "size_bins",
                                    .version = "1.0",
                                    .doc = "Packets by their IP length, in six bins, per flow and per direction.",
                                    .source = "semantics 5"};
  static constexpr fg::Column kColumns[] = {
      {"up_to_128", "Packets of at most 128 bytes", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"up_to_256", "Packets of 129 to 256 bytes", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"up_to_512", "Packets of 257 to 512 bytes", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"up_to_1024", "Packets of 513 to 1024 bytes", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"up_to_1514", "Packets of 1025 to 1514 bytes", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"above_1514", "Packets of more than 1514 bytes", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"fwd_up_to_128", "As up_to_128, of the source side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"fwd_up_to_256", "As up_to_256, of the source side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"fwd_up_to_512", "As up_to_512, of the source side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"fwd_up_to_1024", "As up_to_1024, of the source side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"fwd_up_to_1514", "As up_to_1514, of the source side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"fwd_above_1514", "As above_1514, of the source side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_up_to_128", "As up_to_128, of the other side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_up_to_256", "As up_to_256, of the other side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_up_to_512", "As up_to_512, of the other side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_up_to_1024", "As up_to_1024, of the other side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_up_to_1514", "As up_to_1514, of the other side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_above_1514", "As above_1514, of the other side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
  };

  static constexpr std::uint32_t kUpTo[] = {128, 256, 512, 1024, 1514};
  static constexpr std::size_t kBins = std::size(kUpTo) + 1;
  std::uint64_t packets[2][kBins];

  void update(const fg::Packet& packet, fg::Direction direction) {
    std::size_t bin = 0;  // without a branch: which one it is cannot be foreseen
    for (const std::uint32_t up_to : kUpTo) bin += static_cast<std::size_t>(packet.ip_length_bytes > up_to);
    ++packets[direction][bin];
  }

  // In kColumns the bins of the flow come first, then those of each direction.
  void emit(fg::Row<SizeBins>& row, const fg::Flow&) const {
    const auto& [fwd, bwd] = packets;
    for (std::size_t bin = 0; bin < kBins; ++bin) {
      row.set_at<FG_U64>(bin, fwd[bin] + bwd[bin]);
      row.set_at<FG_U64>(kBins + bin, fwd[bin]);
      row.set_at<FG_U64>(2 * kBins + bin, bwd[bin]);
    }
  }
};

}  // namespace

FG_MODULE("size_bins", "1.0", "Apache-2.0", fg::Features<SizeBins>, fg::Schemas<>);
