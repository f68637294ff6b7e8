// packet_histograms: how many packets of a direction have a payload of 0 to 15 bytes, 16 to 31, 32 to 63, and so on,
// and how many gaps so many milliseconds: ipfixprobe's PHISTS, which CESNET's data sets have.
#include <algorithm>
#include <array>
#include <bit>
#include <flowgauge/sdk.hpp>
#include <span>

namespace {

struct PacketHistograms {
  static constexpr fg::About kAbout{.name = "packet_histograms",
                                    .version = "1.0",
                                    .doc =
                                        "Payload lengths and gaps of each direction in eight bins: 0-15, 16-31, 32-63, "
                                        "64-127, 128-255, 256-511, 512-1023, 1024 and more.",
                                    .source = "semantics 5"};
  static constexpr fg::Column kColumns[] = {
      {"fwd_payload", "Packets of the source side by payload length in bytes", FG_LIST_U64, FG_UNIT_PACKETS,
       FG_REVEALS_NOTHING},
      {"bwd_payload", "Packets of the other side by payload length in bytes", FG_LIST_U64, FG_UNIT_PACKETS,
       FG_REVEALS_NOTHING},
      {"fwd_gaps", "Gaps between packets of the source side by whole milliseconds", FG_LIST_U64, FG_UNIT_COUNT,
       FG_REVEALS_NOTHING},
      {"bwd_gaps", "Gaps between packets of the other side by whole milliseconds", FG_LIST_U64, FG_UNIT_COUNT,
       FG_REVEALS_NOTHING},
  };
  static constexpr fg::Option kOptions[] = {
      fg::Option{"which", "Of all packets, or of those with payload alone", FG_STRING, FG_UNIT_NONE, "all"}
          .one_of<"all", "payload">(),
  };
  struct Config {
    bool with_payload_only;
    explicit Config(const fg::Options<PacketHistograms>& options)
        : with_payload_only(options.get<"which">() == "payload") {}
  };

  static constexpr int kBins = 8;
  struct Side {
    std::int64_t newest_ns;  // of the counted packets, where there is one
    fg::Counters40<kBins> payload;
    fg::Counters40<kBins> gaps;
    bool has_packets;
  };
  Side sides[2];

  void update(const fg::Packet& packet, fg::Direction direction, const Config& config) {
    if (config.with_payload_only && packet.payload_length_bytes == 0) return;
    constexpr std::int64_t kNsPerMs = 1'000'000;
    Side& side = sides[direction];
    side.payload.add(bin_of(packet.payload_length_bytes), true);
    const std::int64_t gap_ns = side.has_packets ? std::max<std::int64_t>(packet.time_ns - side.newest_ns, 0) : 0;
    side.gaps.add(bin_of(static_cast<std::uint64_t>(gap_ns / kNsPerMs)), side.has_packets);
    side.newest_ns = side.has_packets ? side.newest_ns + gap_ns : packet.time_ns;
    side.has_packets = true;
  }

  void emit(fg::Row<PacketHistograms>& row, const fg::Flow&, const Config& /*config*/) const {
    set<"fwd_payload">(row, sides[fg::kForward].payload);
    set<"bwd_payload">(row, sides[fg::kBackward].payload);
    set<"fwd_gaps">(row, sides[fg::kForward].gaps);
    set<"bwd_gaps">(row, sides[fg::kBackward].gaps);
  }

 private:
  // Below 16 is the first; each further one is twice as wide.
  static int bin_of(std::uint64_t value) {
    return std::clamp(static_cast<int>(std::bit_width(value)) - 4, 0, kBins - 1);
  }

  template <fg::Name Wanted>
  static void set(fg::Row<PacketHistograms>& row, const fg::Counters40<kBins>& counts) {
    std::array<std::uint64_t, kBins> items;
    for (int bin = 0; bin < kBins; ++bin) items[static_cast<std::size_t>(bin)] = counts.count(bin);
    row.template set<Wanted>(std::span<const std::uint64_t>(items));
  }
};
static_assert(sizeof(PacketHistograms) == 192, "a packet touches half of it");

}  // namespace

FG_MODULE("packet_histograms", "1.0", "Apache-2.0", fg::Features<PacketHistograms>, fg::Schemas<>);
