// modern: what features may do since plugin ABI 1.1, over real packets.
#define FG_TARGET_MINOR 1
#include <flowgauge/sdk.hpp>

namespace {

// Sums over a flow's packets: a test compares them with another decoder's.
struct Headers {
  static constexpr fg::About kAbout{.name = "modern_headers",
                                    .version = "1.0",
                                    .doc = "Numbers of the headers that only some runs compute.",
                                    .needs = FG_NEEDS_FIELDS | FG_NEEDS_HEADERS | FG_NEEDS_PAYLOAD,
                                    .payload_bytes = 3};
  static constexpr fg::Column kColumns[] = {
      {"traffic_class", "Sum of the traffic classes", FG_U64, FG_UNIT_NONE, FG_REVEALS_PATH},
      {"ip_id", "Sum of the IP ids", FG_U64, FG_UNIT_NONE, FG_REVEALS_OS},
      {"dont_fragment", "Packets with DF", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_OS},
      {"flow_label", "Sum of the flow labels", FG_U64, FG_UNIT_NONE, FG_REVEALS_OS},
      {"mss", "Sum of the MSS", FG_U64, FG_UNIT_BYTES, FG_REVEALS_OS},
      {"window_scale", "Sum of the window scales", FG_U64, FG_UNIT_NONE, FG_REVEALS_OS},
      {"sack_permitted", "Packets with SACK permitted", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_OS},
      {"timestamps", "Sum of the TCP timestamps", FG_U64, FG_UNIT_NONE, FG_REVEALS_OS},
      {"option_kinds", "Sum of how many option kinds a packet has", FG_U64, FG_UNIT_COUNT, FG_REVEALS_OS},
      {"header_bytes", "Bytes of IP and transport headers", FG_U64, FG_UNIT_BYTES, FG_REVEALS_OS},
      {"header_sum", "Sum of those bytes' values", FG_U64, FG_UNIT_NONE, FG_REVEALS_IDENTITY},
      {"payload_sum", "Sum of the first 3 payload bytes' values", FG_U64, FG_UNIT_NONE, FG_REVEALS_IDENTITY},
  };
  std::uint64_t traffic_class, ip_id, dont_fragment, flow_label, mss, window_scale, sack_permitted, timestamps,
      option_kinds, header_bytes, header_sum, payload_sum;

  void update(const fg::PacketOf<Headers>& packet, fg::Direction) {
    const fg::Fields& fields = packet.fields();
    traffic_class += fields.traffic_class;
    ip_id += fields.ip_id;
    dont_fragment += (fields.present & FG_FIELD_DONT_FRAGMENT) != 0 ? 1 : 0;
    flow_label += fields.flow_label;
    mss += fields.tcp_mss;
    window_scale += fields.tcp_window_scale;
    sack_permitted += (fields.present & FG_FIELD_SACK_PERMITTED) != 0 ? 1 : 0;
    timestamps += fields.tcp_timestamp;
    option_kinds += static_cast<std::uint64_t>(__builtin_popcountll(fields.tcp_options));
    header_bytes += packet.headers().size();
    for (const std::uint8_t byte : packet.headers()) header_sum += byte;
    for (const std::uint8_t byte : packet.payload()) payload_sum += byte;
  }
  void emit(fg::Row<Headers>& row, const fg::Flow&) const {
    row.set<"traffic_class">(traffic_class);
    row.set<"ip_id">(ip_id);
    row.set<"dont_fragment">(dont_fragment);
    row.set<"flow_label">(flow_label);
    row.set<"mss">(mss);
    row.set<"window_scale">(window_scale);
    row.set<"sack_permitted">(sack_permitted);
    row.set<"timestamps">(timestamps);
    row.set<"option_kinds">(option_kinds);
    row.set<"header_bytes">(header_bytes);
    row.set<"header_sum">(header_sum);
    row.set<"payload_sum">(payload_sum);
  }
};

}  // namespace

FG_MODULE("modern", "1.0", "Apache-2.0", fg::Features<Headers>, fg::Schemas<>);
