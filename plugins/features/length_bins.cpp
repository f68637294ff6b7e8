// length_bins: how many packets of a flow have an IP length of up to 128 bytes, of more than that and up to 256, and so
// on: the bins of NetFlow tables.
#include <flowgauge/sdk.hpp>

namespace {

struct LengthBins {
  static constexpr fg::About kAbout{.name = "length_bins",
                                    .version = "1.0",
                                    .doc = "Packets by their IP length, in six bins.",
                                    .source = "semantics 5"};
  static constexpr fg::Column kColumns[] = {
      {"up_to_128", "Packets of at most 128 bytes", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"up_to_256", "Packets of 129 to 256 bytes", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"up_to_512", "Packets of 257 to 512 bytes", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"up_to_1024", "Packets of 513 to 1024 bytes", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"up_to_1514", "Packets of 1025 to 1514 bytes", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"above_1514", "Packets of more than 1514 bytes", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
  };

  static constexpr std::uint32_t kUpTo[] = {128, 256, 512, 1024, 1514};
  std::uint64_t packets[std::size(kUpTo) + 1];

  void update(const fg::Packet& packet, fg::Direction /*direction*/) {
    std::size_t bin = 0;  // without a branch: which one it is cannot be foreseen
    for (const std::uint32_t up_to : kUpTo) bin += static_cast<std::size_t>(packet.ip_length_bytes > up_to);
    ++packets[bin];
  }

  void emit(fg::Row<LengthBins>& row, const fg::Flow&) const {
    row.set<"up_to_128">(packets[0]);
    row.set<"up_to_256">(packets[1]);
    row.set<"up_to_512">(packets[2]);
    row.set<"up_to_1024">(packets[3]);
    row.set<"up_to_1514">(packets[4]);
    row.set<"above_1514">(packets[5]);
  }
};

}  // namespace

FG_MODULE("length_bins", "1.0", "Apache-2.0", fg::Features<LengthBins>, fg::Schemas<>);
