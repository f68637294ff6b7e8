// engine_probe: a feature and a schema for the tests of the engine. It owns memory, and fails on demand.
#define FG_TARGET_MINOR 1
#include <flowgauge/sdk.hpp>

#include <stdexcept>

namespace {

struct EngineProbe {
  static constexpr fg::About kAbout{.name = "engine_probe", .version = "1.0", .doc = "Counts packets, or fails."};
  static constexpr fg::Column kColumns[] = {
      {"packets", "Packets of the flow", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
  };
  static constexpr fg::Option kOptions[] = {
      {"fail_at_length", "update throws at a packet of this IP length", FG_U64, FG_UNIT_BYTES, "0"},
      {"fail_at_packets", "emit throws for a flow of so many packets", FG_U64, FG_UNIT_PACKETS, "0"},
  };
  static constexpr fg::Counter kCounters[] = {{"packets", "Packets", FG_UNIT_PACKETS}};
  struct Config {
    std::uint64_t length;
    std::uint64_t packets;
    explicit Config(const fg::Options<EngineProbe>& options)
        : length(options.get<"fail_at_length">()), packets(options.get<"fail_at_packets">()) {}
  };

  fg::Owned<std::uint64_t> packets;

  void update(const fg::PacketOf<EngineProbe>& packet, fg::Direction, const Config& config) {
    if (config.length != 0 && packet->ip_length_bytes == config.length)
      throw std::runtime_error("this length is not for me");
    ++packets.get_or_create();
    packet.count<"packets">();
  }
  void emit(fg::Row<EngineProbe>& row, const fg::Flow& flow, const Config& config) const {
    if (config.packets != 0 && flow.packets[0] + flow.packets[1] == config.packets)
      throw std::runtime_error("too long for me");
    row.set<"packets">(packets ? *packets.get() : 0);
  }
  void release() { packets.free(); }
};

struct ProbeSchema {
  static constexpr fg::About kAbout{
      .name = "engine_probe", .version = "1.0", .doc = "Rows for the tests of the engine."};
  static constexpr fg::SchemaColumn kColumns[] = {
      {"port", "flow.src_port", FG_U64, FG_UNIT_NONE},
      {"packets", "engine_probe.packets", FG_U64, FG_UNIT_PACKETS},
      {"snapshot", "flow.snapshot", FG_BOOL, FG_UNIT_NONE},
      {"reason", "flow.end_reason", FG_U64, FG_UNIT_NONE},
  };
};

}  // namespace

FG_MODULE("engine_probe", "1.0", "Apache-2.0", fg::Features<EngineProbe>, fg::Schemas<ProbeSchema>);
