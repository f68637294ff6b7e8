// first_packets: a flow's first packets one by one, as lists: what ipfixprobe calls PPI (pstats), NFStream SPLT.
// CESNET's data sets have 30 of them, NFStream has at most 255.
#include <algorithm>
#include <array>
#include <flowgauge/sdk.hpp>
#include <span>
#include <vector>

namespace {

struct FirstPackets {
  static constexpr fg::About kAbout{
      .name = "first_packets",
      .version = "1.0",
      .doc =
          "Lengths, gaps, directions and TCP flags of a flow's first packets, as lists of as many items. A flow with "
          "more than 30 packets takes 24 bytes more for each that the option asks for beyond 30.",
      .source = "semantics 5"};
  static constexpr fg::Column kColumns[] = {
      {"lengths", "IP lengths", FG_LIST_U64, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
      {"payload_lengths", "Payload lengths", FG_LIST_U64, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
      {"gaps", "Time since the newest listed packet before; 0 if first or older", FG_LIST_U64, FG_UNIT_NS,
       FG_REVEALS_NOTHING},
      {"gaps_ms", "As gaps, in whole milliseconds, rounded down", FG_LIST_U64, FG_UNIT_MS, FG_REVEALS_NOTHING},
      {"directions", "1 from the source, -1 to it", FG_LIST_I64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"tcp_flags", "TCP flags as a number, CWR ECE URG ACK PSH RST SYN FIN, FIN lowest", FG_LIST_U64, FG_UNIT_NONE,
       FG_REVEALS_NOTHING},
      {"psh", "1 with the flag PSH, else 0", FG_LIST_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"duration", "From the first listed packet to the newest, the sum of gaps", FG_U64, FG_UNIT_NS,
       FG_REVEALS_NOTHING},
      {"turns", "Listed packets of another direction than the listed packet before", FG_U64, FG_UNIT_PACKETS,
       FG_REVEALS_NOTHING},
  };

  static constexpr std::size_t kInState = 30;
  static constexpr std::size_t kMost = 255;
  static constexpr fg::Option kOptions[] = {
      fg::Option{"packets", "How many packets to list", FG_U64, FG_UNIT_PACKETS, "30"}.between("1", "255"),
      fg::Option{"which", "Of all packets, or of those with payload alone", FG_STRING, FG_UNIT_NONE, "all"}
          .one_of<"all", "payload">(),
  };
  struct Config {
    std::size_t most;
    bool with_payload_only;
    explicit Config(const fg::Options<FirstPackets>& options)
        : most(options.get<"packets">()), with_payload_only(options.get<"which">() == "payload") {}
  };

  struct Entry {
    std::uint64_t gap_ns : 63;  // timestamps lie within +-2^62 ns
    std::uint64_t direction : 1;
    std::uint32_t length_bytes;
    std::uint32_t payload_bytes;
  };
  struct Later {
    Entry entry;
    std::uint8_t tcp_flags;
  };
  static_assert(sizeof(Entry) == 16 && sizeof(Later) == 24);

  // What every packet touches lies together, before the entries of which it touches one.
  std::int64_t newest_ns;  // of the listed ones
  fg::Owned<std::vector<Later>> later;
  std::uint16_t count;
  std::uint8_t tcp_flags[kInState];
  Entry entries[kInState];

  void update(const fg::Packet& packet, fg::Direction direction, const Config& config) {
    if (count >= config.most || (config.with_payload_only && packet.payload_length_bytes == 0)) return;
    newest_ns = count > 0 ? newest_ns : packet.time_ns;
    const std::int64_t gap_ns = std::max<std::int64_t>(packet.time_ns - newest_ns, 0);
    newest_ns += gap_ns;
    const Entry entry{.gap_ns = static_cast<std::uint64_t>(gap_ns),
                      .direction = direction,
                      .length_bytes = packet.ip_length_bytes,
                      .payload_bytes = packet.payload_length_bytes};
    if (count < kInState) {
      entries[count] = entry;
      tcp_flags[count] = packet.tcp_flags;
    } else {
      std::vector<Later>& list = later.get_or_create();
      if (list.empty()) list.reserve(config.most - kInState);
      list.push_back({entry, packet.tcp_flags});
    }
    ++count;
  }

  void emit(fg::Row<FirstPackets>& row, const fg::Flow&, const Config& /*config*/) const {
    constexpr std::uint64_t kNsPerMs = 1'000'000;
    constexpr unsigned kPsh = 0x08;
    using Number = std::uint64_t;
    set_list<"lengths", Number>(row, [](const Entry& entry, unsigned) { return entry.length_bytes; });
    set_list<"payload_lengths", Number>(row, [](const Entry& entry, unsigned) { return entry.payload_bytes; });
    set_list<"gaps", Number>(row, [](const Entry& entry, unsigned) { return entry.gap_ns; });
    set_list<"gaps_ms", Number>(row, [](const Entry& entry, unsigned) { return entry.gap_ns / kNsPerMs; });
    set_list<"directions", std::int64_t>(row,
                                         [](const Entry& entry, unsigned) { return entry.direction == 0 ? 1 : -1; });
    set_list<"tcp_flags", Number>(row, [](const Entry&, unsigned flags) { return flags; });
    set_list<"psh", Number>(row, [](const Entry&, unsigned flags) { return (flags & kPsh) != 0; });

    std::uint64_t duration_ns = 0;
    std::uint64_t turns = 0;
    for (std::size_t i = 1; i < count; ++i) {
      duration_ns += at(i).gap_ns;
      turns += static_cast<std::uint64_t>(at(i).direction != at(i - 1).direction);
    }
    row.set<"duration">(duration_ns);
    row.set<"turns">(turns);
  }

  void release() { later.free(); }

 private:
  [[nodiscard]] const Entry& at(std::size_t i) const {
    return i < kInState ? entries[i] : (*later.get())[i - kInState].entry;
  }
  [[nodiscard]] unsigned flags_at(std::size_t i) const {
    return i < kInState ? tcp_flags[i] : (*later.get())[i - kInState].tcp_flags;
  }
  template <fg::Name Wanted, class Item, class ItemOf>
  void set_list(fg::Row<FirstPackets>& row, ItemOf item_of) const {
    if (!row.template wants<Wanted>()) return;
    std::array<Item, kMost> items;
    for (std::size_t i = 0; i < count; ++i) items[i] = static_cast<Item>(item_of(at(i), flags_at(i)));
    row.template set<Wanted>(std::span<const Item>(items.data(), count));
  }
};
static_assert(sizeof(FirstPackets) == 528, "48 bytes, then the entries");

}  // namespace

FG_MODULE("first_packets", "1.0", "Apache-2.0", fg::Features<FirstPackets>, fg::Schemas<>);
