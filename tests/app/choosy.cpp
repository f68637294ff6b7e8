// choosy: features that are shown some packets, and count, since plugin ABI 1.1; beside each one that sees all of them.
#define FG_TARGET_MINOR 1
#include <flowgauge/sdk.hpp>

namespace {

constexpr fg_needs kEverything =
    FG_NEEDS_KEY | FG_NEEDS_TIME | FG_NEEDS_TAGS | FG_NEEDS_PAYLOAD | FG_NEEDS_FIELDS | FG_NEEDS_HEADERS;
constexpr fg_contamination kAllClasses =
    FG_REVEALS_IDENTITY | FG_REVEALS_PORT | FG_REVEALS_TIME | FG_REVEALS_OS | FG_REVEALS_PATH | FG_REVEALS_TOOL;

// Sums over all that a batch holds of a packet: one number that is wrong where anything was mixed up.
template <class F>
struct Sums {
  static constexpr fg::Column kSumColumns[] = {
      {"packets", "Packets", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"order", "Of the lengths, each by its place", FG_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"all", "Of everything else that is shown", FG_U64, FG_UNIT_NONE, kAllClasses},
  };
  std::uint64_t packets, order, all;

  void add(const fg::PacketOf<F>& packet) {
    order += ++packets * packet->ip_length_bytes;
    all = all * 31 + static_cast<std::uint64_t>(packet.timestamp_ns());
    all = all * 31 + packet.key().source_port * 65536U + packet.key().destination_port;
    all = all * 31 + packet.tags().tunnel_id + packet.tags().outer_vlan_id;
    all = all * 31 + packet.fields().ip_id + packet.fields().tcp_mss;
    for (const std::uint8_t byte : packet.headers()) all = all * 31 + byte;
    for (const std::uint8_t byte : packet.payload()) all = all * 31 + byte;
  }
  void write(fg::Row<F>& row) const {
    row.template set<"packets">(packets);
    row.template set<"order">(order);
    row.template set<"all">(all);
  }
};

struct All {
  static constexpr fg::About kAbout{
      .name = "choosy_all", .version = "1.0", .doc = "Sees every packet.", .needs = kEverything, .payload_bytes = 9};
  static constexpr auto& kColumns = Sums<All>::kSumColumns;
  static constexpr fg::Counter kCounters[] = {{"packets", "Packets", FG_UNIT_PACKETS},
                                              {"bytes", "IP lengths", FG_UNIT_BYTES},
                                              {"none", "Nothing", FG_UNIT_NONE}};
  Sums<All> sums;
  void update(const fg::PacketOf<All>& packet, fg::Direction) {
    sums.add(packet);
    packet.count<"packets">();
    packet.count<"bytes">(packet->ip_length_bytes);
    if (packet->ip_version == 5) packet.count<"none">();
  }
  void emit(fg::Row<All>& row, const fg::Flow&) const { sums.write(row); }
};

struct Web {
  static constexpr fg::About kAbout{.name = "choosy_web",
                                    .version = "1.0",
                                    .doc = "Sees port 80 of TCP, and ICMPv6.",
                                    .needs = kEverything,
                                    .payload_bytes = 9};
  static constexpr auto& kColumns = Sums<Web>::kSumColumns;
  static constexpr fg::PacketFilter kPacketFilters[] = {fg::tcp_port(80), fg::protocol(58)};
  static constexpr fg::Counter kCounters[] = {{"packets", "Packets that it was shown", FG_UNIT_PACKETS}};
  Sums<Web> sums;
  void update(const fg::PacketOf<Web>& packet, fg::Direction) {
    sums.add(packet);
    packet.count<"packets">();
  }
  void emit(fg::Row<Web>& row, const fg::Flow&) const { sums.write(row); }
};

struct Udp {
  static constexpr fg::About kAbout{.name = "choosy_udp", .version = "1.0", .doc = "Sees UDP, and ends its flows."};
  static constexpr fg::Column kColumns[] = {
      {"packets", "Packets", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"share", "Of the flow's packets", FG_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
  };
  static constexpr fg::PacketFilter kPacketFilters[] = {fg::protocol(17)};
  static constexpr fg::End kEnds[] = {{"third", "It has three packets"}};
  std::uint64_t packets;
  void update(const fg::PacketOf<Udp>& packet, fg::Direction) {
    if (++packets == 3) packet.end_flow<"third">();
  }
  void emit(fg::Row<Udp>& row, const fg::Flow& flow) const {
    row.set<"packets">(packets);
    row.set<"share">(static_cast<double>(packets) / static_cast<double>(flow.packets[0] + flow.packets[1]));
  }
};

}  // namespace

FG_MODULE("choosy", "1.0", "Apache-2.0", fg::Features<All, Web, Udp>, fg::Schemas<>);
