// @NAME@: how many packets of a flow are small.
#include <flowgauge/sdk.hpp>

namespace {

struct @TYPE@ {
  static constexpr fg::About kAbout{.name = "@NAME@", .version = "0.1", .doc = "Small packets of a flow."};

  // Name, one sentence, type, unit, and what the column can give away.
  static constexpr fg::Column kColumns[] = {
      {"small", "Packets of at most limit_bytes", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"share", "Small packets per packet", FG_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
  };

  // What a profile can set, with the default.
  static constexpr fg::Option kOptions[] = {
      {"limit_bytes", "IP length up to which a packet is small", FG_U64, FG_UNIT_BYTES, "100"},
  };
  struct Config {
    std::uint64_t limit_bytes;
    explicit Config(const fg::Options<@TYPE@>& options) : limit_bytes(options.get<"limit_bytes">()) {}
  };

  // The state of one flow: it begins as zero bytes.
  std::uint64_t packets;
  std::uint64_t small;

  void update(const fg::Packet& packet, fg::Direction, const Config& config) {
    ++packets;
    if (packet.ip_length_bytes <= config.limit_bytes) ++small;
  }

  void emit(fg::Row<@TYPE@>& row, const fg::Flow&) const {
    row.set<"small">(small);
    row.set<"share">(packets == 0 ? 0.0 : static_cast<double>(small) / static_cast<double>(packets));
  }
};

}  // namespace

FG_MODULE("@NAME@", "0.1", "@LICENCE@", fg::Features<@TYPE@>, fg::Schemas<>);
