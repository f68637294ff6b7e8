// revealing: a third party's features and schemas with columns of every contamination class, for the tests of what the
// host leaves out.
#define FG_TARGET_MINOR 1
#include <flowgauge/sdk.hpp>

namespace {

// Sees nothing beyond lengths, numbers and relative times.
struct Revealing {
  static constexpr fg::About kAbout{.name = "revealing", .version = "1.0", .doc = "Columns without any need."};
  static constexpr fg::Column kColumns[] = {
      {"newest", "Time of the last packet", FG_TIME, FG_UNIT_NS, FG_REVEALS_NOTHING},  // the host adds time
      {"ttl", "TTL of the packets", FG_SERIES, FG_UNIT_NONE, FG_REVEALS_NOTHING, FG_REVEALS_OS},
      {"limit", "What somebody set", FG_U64, FG_UNIT_NONE, FG_REVEALS_TOOL},
      fg::Column{"packets", "Packets of the flow", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING}.defined_in("RFC 7011"),
  };
  std::int64_t newest_ns;
  fg::CountedSeries<std::uint16_t> ttl;

  void update(const fg::Packet& packet, fg::Direction) {
    newest_ns = packet.time_ns;
    ttl.add(packet.ttl);
  }
  void emit(fg::Row<Revealing>& row, const fg::Flow& flow) const {
    row.set<"newest">(fg::Moment{newest_ns});
    row.set<"ttl">(ttl.cell());
    row.set<"limit">(std::uint64_t{7});
    row.set<"packets">(flow.packets[0] + flow.packets[1]);
  }
};

// Sees keys and tags: where all that one of the two gives away is excluded, it has no columns.
struct Sighted {
  static constexpr fg::About kAbout{
      .name = "sighted", .version = "1.0", .doc = "What lies behind needs.", .needs = FG_NEEDS_KEY | FG_NEEDS_TAGS};
  static constexpr fg::Column kColumns[] = {
      {"host", "Last byte of the source address", FG_U64, FG_UNIT_NONE, FG_REVEALS_IDENTITY},
      {"port", "Destination port", FG_U64, FG_UNIT_NONE, FG_REVEALS_PORT},
      {"vlan", "VLAN id", FG_U64, FG_UNIT_NONE, FG_REVEALS_PATH},
  };
  void emit(fg::Row<Sighted>& row, const fg::Flow&) const {
    row.set<"host">(std::uint64_t{row.key().source_address[3]});
    row.set<"port">(row.key().destination_port);
    row.set<"vlan">(row.tags().outer_vlan_id);
  }
};

// Says that it reveals nothing, but sees keys alone: where those are excluded it has no columns, whatever it says.
struct Keyed {
  static constexpr fg::About kAbout{
      .name = "keyed", .version = "1.0", .doc = "A hash of the key, declared clean.", .needs = FG_NEEDS_KEY};
  static constexpr fg::Column kColumns[] = {
      {"hash", "Sum of the ports", FG_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
  };
  void emit(fg::Row<Keyed>& row, const fg::Flow&) const {
    row.set<"hash">(std::uint64_t{row.key().source_port} + row.key().destination_port);
  }
};

struct RevealingSchema {
  static constexpr fg::About kAbout{.name = "revealing", .version = "1.0", .doc = "All of it, and what is made of it."};
  static constexpr fg::SchemaColumn kColumns[] = {
      {"host", "sighted.host", FG_U64, FG_UNIT_NONE},
      {"port", "sighted.port", FG_U64, FG_UNIT_NONE},
      {"newest", "revealing.newest", FG_I64, FG_UNIT_NS},
      {"ttl_mean", "revealing.ttl.mean", FG_F64, FG_UNIT_NONE},
      {"ttl_max", "revealing.ttl.max", FG_I64, FG_UNIT_NONE},
      {"vlan", "sighted.vlan", FG_U64, FG_UNIT_NONE},
      {"limit", "revealing.limit", FG_U64, FG_UNIT_NONE},
      {"packets", "revealing.packets", FG_U64, FG_UNIT_PACKETS},
      {"hash", "keyed.hash", FG_U64, FG_UNIT_NONE},
      {"port_and_limit", "sighted.port + revealing.limit", FG_U64, FG_UNIT_NONE},  // the union of both
      {"port_class", "port_class(sighted.port)", FG_STRING, FG_UNIT_NONE},         // the host's abstraction: none
  };
};

struct Demanding {
  static constexpr fg::About kAbout{.name = "demanding", .version = "1.0", .doc = "Cannot do without."};
  static constexpr fg::SchemaColumn kColumns[] = {
      {"host", "sighted.host", FG_U64, FG_UNIT_NONE, FG_WHEN_BOTH, FG_REQUIRED},
      {"hash", "keyed.hash", FG_U64, FG_UNIT_NONE, FG_WHEN_BOTH, FG_REQUIRED},
      {"limit", "revealing.limit", FG_U64, FG_UNIT_NONE},
      {"packets", "revealing.packets", FG_U64, FG_UNIT_PACKETS},
  };
};

}  // namespace

FG_MODULE("revealing", "1.0", "Apache-2.0", fg::Features<Revealing, Sighted, Keyed>,
          fg::Schemas<RevealingSchema, Demanding>);
