// modern: what features may do since plugin ABI 1.1, over real packets.
#define FG_TARGET_MINOR 1
#include <flowgauge/sdk.hpp>
#include <span>
#include <string_view>

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

// Lists of each kind, and columns by their place.
struct Lists {
  static constexpr fg::About kAbout{.name = "modern_lists", .version = "1.0", .doc = "Lists of each kind."};
  static constexpr fg::Column kColumns[] = {
      {"signed_lengths", "The first 3 IP lengths, of the other side negative", FG_LIST_I64, FG_UNIT_BYTES,
       FG_REVEALS_NOTHING},
      {"halves", "Half of each of them", FG_LIST_F64, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
      {"sides", "Who sent them", FG_LIST_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"end", "IPFIX flowEndReason", FG_U64, FG_UNIT_NONE, FG_REVEALS_TOOL},
      {"part", "Segment", FG_U64, FG_UNIT_NONE, FG_REVEALS_TOOL},
      {"lives", "The flow lives on", FG_BOOL, FG_UNIT_NONE, FG_REVEALS_TOOL},
      {"first", "First of the lengths", FG_I64, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
      {"second", "Second of the lengths, or 0", FG_I64, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
  };
  static constexpr std::size_t kFirst = 6;  // of the columns that have one length each
  std::int64_t lengths[3];
  std::uint64_t count;

  void update(const fg::Packet& packet, fg::Direction direction) {
    if (count == 3) return;
    lengths[count++] = direction == fg::kForward ? packet.ip_length_bytes : -std::int64_t{packet.ip_length_bytes};
  }
  void emit(fg::Row<Lists>& row, const fg::Flow& flow) const {
    double halves[3];
    std::string_view sides[3];
    for (std::uint64_t i = 0; i < count; ++i) {
      halves[i] = static_cast<double>(lengths[i]) / 2;
      sides[i] = lengths[i] < 0 ? "the \"other\"" : "source";
    }
    row.set<"signed_lengths">(std::span(lengths, count));
    row.set<"halves">(std::span(halves, count));
    row.set<"sides">(std::span(sides, count));
    row.set<"end">(flow.end_reason);
    row.set<"part">(flow.segment);
    row.set<"lives">(flow.is_snapshot != 0);
    for (std::size_t i = 0; i < 2; ++i) row.set_at<FG_I64>(kFirst + i, lengths[i]);
  }
};

// Ends flows.
struct Ender {
  static constexpr fg::About kAbout{.name = "modern_ender", .version = "1.0", .doc = "Ends flows."};
  static constexpr fg::Column kColumns[] = {
      {"packets", "Packets of the flow", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING}};
  static constexpr fg::Option kOptions[] = {{"packets", "How many packets a flow has", FG_U64, FG_UNIT_PACKETS, "3"}};
  static constexpr fg::End kEnds[] = {{"never", "Nobody asks for this one"}, {"enough", "It has enough packets"}};
  struct Config {
    std::uint64_t packets;
    explicit Config(const fg::Options<Ender>& options) : packets(options.get<"packets">()) {}
  };
  std::uint64_t packets;

  void update(const fg::PacketOf<Ender>& packet, fg::Direction, const Config& config) {
    if (++packets == config.packets) packet.end_flow<"enough">();
  }
  void emit(fg::Row<Ender>& row, const fg::Flow&, const Config&) const { row.set<"packets">(packets); }
};

// Asks for an end that it does not declare.
struct Liar {
  static constexpr fg::About kAbout{.name = "modern_liar", .version = "1.0", .doc = "Asks for what is not there."};
  static constexpr fg::Column kColumns[] = {{"one", "1", FG_U64, FG_UNIT_COUNT, FG_REVEALS_NOTHING}};
  static constexpr fg::End kEnds[] = {{"only", "The only one"}};
  void emit(fg::Row<Liar>& row, const fg::Flow&) const { row.set<"one">(1U); }
};

fg_status lie(void*, const fg_batch* batch) {
  batch->ends[0] = 2;
  return FG_OK;
}

constexpr fg_feature kLiar = [] {
  fg_feature feature = fg::detail::describe_feature<Liar>();
  feature.update = lie;
  return feature;
}();
constexpr const fg_feature* kFeatures[] = {&fg::detail::kFeature<Headers>, &fg::detail::kFeature<Lists>,
                                           &fg::detail::kFeature<Ender>, &kLiar};

}  // namespace

constinit const fg_module fg_module_v1 = [] {
  fg_module module = fg::detail::make_module<fg::Features<Headers>, fg::Schemas<>>("modern", "1.0", "Apache-2.0");
  module.feature_count = 4;
  module.features = kFeatures;
  return module;
}();
