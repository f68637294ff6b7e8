// Features and a schema that use, between them, all of the C++ SDK. sdk_test.cpp drives them through the C ABI.
#define FG_TARGET_MINOR 1
#define FG_MIN_HOST_MINOR 0
#include <flowgauge/sdk.hpp>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

// Options of every type, cells of every type, nulls.
struct Cells {
  static constexpr fg::About kAbout{
      .name = "cells", .version = "1.0", .doc = "A cell of every type.", .source = "the tour"};
  static constexpr fg::Column kColumns[] = {
      {"packets", "Count", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      fg::Column{"offset", "The option of that name", FG_I64, FG_UNIT_NONE, FG_REVEALS_NOTHING}.defined_in("RFC 1"),
      {"ratio", "Packets / the option 'divisor'; by zero it is infinite or no number", FG_F64, FG_UNIT_NONE,
       FG_REVEALS_NOTHING},
      {"many", "More packets than the option 'limit'", FG_BOOL, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"label", "The option of that name, per packet", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"fixed", "Static text", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"lengths", "IP lengths", FG_SERIES, FG_UNIT_BYTES, FG_REVEALS_NOTHING, FG_REVEALS_OS},
      {"numbers", "0, 1, 2, ...", FG_LIST_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"newest", "The last packet in order of arrival", FG_TIME, FG_UNIT_NS, FG_REVEALS_TIME},
      fg::Column{"even", "Packets, null if odd", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING}.nullable(),
  };
  static constexpr fg::Option kOptions[] = {
      {"limit", "For 'many'", FG_U64, FG_UNIT_PACKETS, "3"},
      {"offset", "For 'offset'", FG_I64, FG_UNIT_NONE, "0"},
      {"divisor", "For 'ratio'", FG_F64, FG_UNIT_NONE, "1"},
      {"nulls", "May 'even' be null", FG_BOOL, FG_UNIT_NONE, "true"},
      {"label", "For 'label'", FG_STRING, FG_UNIT_NONE},
  };
  struct Config {
    std::uint64_t limit;
    std::int64_t offset;
    double divisor;
    bool nulls;
    std::string label;
    explicit Config(const fg::Options<Cells>& options)
        : limit(options.get<"limit">()),
          offset(options.get<"offset">()),
          divisor(options.get<"divisor">()),
          nulls(options.get<"nulls">()),
          label(options.get<"label">()) {
      options.log(FG_LOG_DEBUG, "worker " + std::to_string(options.worker()));
    }
  };

  fg::CountedSeries<std::uint32_t> lengths;
  std::int64_t newest_ns;

  void update(const fg::Packet& packet, fg::Direction) {
    lengths.add(packet.ip_length_bytes);
    newest_ns = packet.time_ns;
  }

  void emit(fg::Row<Cells>& row, const fg::Flow&, const Config& config) const {
    const std::uint64_t packets = lengths.count;
    row.set<"packets">(packets);
    row.set<"offset">(config.offset);
    row.set<"ratio">(static_cast<double>(packets) / config.divisor);
    row.set<"many">(packets > config.limit);
    row.set<"fixed">(fg::literal("fixed"));
    row.set<"lengths">(lengths.cell());
    row.set<"newest">(packets > 1 ? fg::Moment{newest_ns} : fg::kNever);
    row.set<"even">(packets);
    if (config.nulls && packets % 2 == 1) row.set_null<"even">();
    if (row.wants<"label">()) {
      std::string label;
      for (std::uint64_t i = 0; i < packets; ++i) label += config.label;
      row.set<"label">(label);
    }
    if (row.wants<"numbers">()) {
      std::vector<std::uint64_t> numbers(packets);
      std::iota(numbers.begin(), numbers.end(), 0U);
      row.set<"numbers">(numbers);
    }
  }
};

// Everything behind a need.
struct Sighted {
  static constexpr fg::About kAbout{.name = "sighted",
                                    .version = "1.0",
                                    .doc = "Shows what lies behind needs.",
                                    .needs = FG_NEEDS_KEY | FG_NEEDS_TIME | FG_NEEDS_TAGS | FG_NEEDS_PAYLOAD,
                                    .payload_bytes = 16};
  static constexpr fg::Column kColumns[] = {
      {"port", "Destination port of the last packet's key", FG_U64, FG_UNIT_NONE, FG_REVEALS_PORT},
      {"row_port", "Destination port of the row's key", FG_U64, FG_UNIT_NONE, FG_REVEALS_PORT},
      {"last", "Timestamp of the last packet", FG_I64, FG_UNIT_NS, FG_REVEALS_TIME},
      {"first", "First seen, of the row", FG_I64, FG_UNIT_NS, FG_REVEALS_TIME},
      {"vlan", "Outer VLAN id of the last packet", FG_U64, FG_UNIT_NONE, FG_REVEALS_PATH},
      {"first_byte", "First payload byte of the last packet that has one", FG_U64, FG_UNIT_NONE, FG_REVEALS_IDENTITY},
  };
  std::uint64_t port, vlan, first_byte;
  std::int64_t last_ns;

  void update(const fg::PacketOf<Sighted>& packet, fg::Direction) {
    port = packet.key().destination_port;
    last_ns = packet.timestamp_ns();
    vlan = packet.tags().outer_vlan_id;
    if (!packet.payload().empty()) first_byte = packet.payload()[0];
    if (!packet.has<&fg_packet::icmp_code>()) throw std::logic_error("fields of ABI 1.0 are always there");
  }
  void emit(fg::Row<Sighted>& row, const fg::Flow&) const {
    row.set<"port">(port);
    row.set<"row_port">(row.key().destination_port);
    row.set<"last">(last_ns);
    row.set<"first">(row.first_seen_ns());
    row.set<"vlan">(vlan);
    row.set<"first_byte">(first_byte);
  }
};

// Memory of a flow, and writable memory of the worker.
struct Owner {
  static constexpr fg::About kAbout{
      .name = "owner", .version = "1.0", .doc = "Keeps the lengths of a flow on the heap."};
  static constexpr fg::Column kColumns[] = {
      {"lengths", "All IP lengths", FG_LIST_U64, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
      {"alive", "Flows of the worker that own memory", FG_U64, FG_UNIT_COUNT, FG_REVEALS_TOOL},
  };
  struct Worker {
    std::uint64_t alive = 0;
    const fg_host* host;
    explicit Worker(const fg::Options<Owner>& options) : host(&options.host()) {}
    ~Worker() {
      const std::string text = "alive at the end: " + std::to_string(alive);
      host->log(FG_LOG_INFO, text.data(), text.size());
    }
  };
  fg::Owned<std::vector<std::uint64_t>> lengths;

  void update(const fg::Packet& packet, fg::Direction, Worker& worker) {
    if (!lengths) ++worker.alive;
    lengths.get_or_create().push_back(packet.ip_length_bytes);
  }
  void emit(fg::Row<Owner>& row, const fg::Flow&, const Worker& worker) const {
    if (lengths) row.set<"lengths">(*lengths.get());
    row.set<"alive">(worker.alive);
  }
  void release(Worker& worker) {
    if (!lengths) return;
    lengths.free();
    --worker.alive;
  }
};

// Throws where the option says.
struct Thrower {
  static constexpr fg::About kAbout{.name = "thrower", .version = "1.0", .doc = "Throws."};
  static constexpr fg::Column kColumns[] = {
      {"updates", "Packets seen", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
  };
  static constexpr fg::Option kOptions[] = {
      {"where", "create, update, emit or other", FG_STRING, FG_UNIT_NONE, "update"}};
  struct Config {
    std::string where;
    explicit Config(const fg::Options<Thrower>& options) : where(options.get<"where">()) {
      if (where == "create") throw std::runtime_error("no such model");
    }
  };
  std::uint64_t updates;
  void update(const fg::Packet&, fg::Direction, const Config& config) {
    ++updates;
    if (config.where == "update") throw std::runtime_error("bad packet");
    if (config.where == "other") throw 7;
  }
  void emit(fg::Row<Thrower>& row, const fg::Flow&, const Config& config) const {
    if (config.where == "emit") throw std::runtime_error("bad row");
    row.set<"updates">(updates);
  }
};

struct ByRow {
  static constexpr fg::Input kInputs[] = {
      {"cells.packets", FG_U64}, {"cells.lengths", FG_SERIES}, {"cells.label", FG_STRING}, {"cells.even", FG_U64}};
  static constexpr fg::Column kOutputs[] = {
      {"mean", "Mean length", FG_F64, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
      fg::Column{"twice", "The label twice; null where 'even' is", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING}
          .nullable(),
  };
  static void derive(fg::DeriveRow<ByRow>& row) {
    const fg_series lengths = row.get<"cells.lengths">();
    row.set<"mean">(static_cast<double>(lengths.sum) / static_cast<double>(row.get<"cells.packets">()));
    const std::string label(row.get<"cells.label">());
    row.set<"twice">(label + label);
    if (row.is_null<"cells.even">()) row.set_null<"twice">();
  }
};
struct ByColumn {
  static constexpr fg::Input kInputs[] = {{"cells.packets", FG_U64}};
  static constexpr fg::Column kOutputs[] = {{"running_total", "Packets of this row and those before it in the call",
                                             FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING}};
  static void derive(const fg::DeriveCall<ByColumn>& call) {
    const auto total = call.output<"running_total">();
    if (total.empty()) return;
    std::uint64_t sum = 0;
    for (std::uint32_t row = 0; row < call.rows(); ++row) total[row] = sum += call.input<"cells.packets">()[row];
  }
};
struct Tour {
  static constexpr fg::About kAbout{.name = "tour", .version = "1.0", .doc = "A schema with derives."};
  static constexpr fg::SchemaColumn kColumns[] = {
      {"Mean", "tour.mean", FG_F64, FG_UNIT_BYTES},
      {"Total", "tour.running_total", FG_U64, FG_UNIT_PACKETS, FG_WHEN_FULL, FG_REQUIRED},
  };
  using Derives = fg::Derives<ByRow, ByColumn>;
};

// A derived feature that lists its derives, and one that is its own.
struct Listed {
  static constexpr fg::About kAbout{.name = "listed", .version = "2.0", .doc = "Columns of two derives."};
  using Derives = fg::Derives<ByRow, ByColumn>;
};
struct Own {
  static constexpr fg::About kAbout{.name = "own", .version = "1.0", .doc = "Its own derive."};
  static constexpr fg::Input kInputs[] = {{"cells.packets", FG_U64}};
  static constexpr fg::Column kOutputs[] = {{"more", "One packet more", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING}};
  static void derive(fg::DeriveRow<Own>& row) { row.set<"more">(row.get<"cells.packets">() + 1); }
};

}  // namespace

FG_MODULE("sdk_tour", "1.0", "Apache-2.0", fg::Features<Cells, Sighted, Owner, Thrower>, fg::Schemas<Tour>,
          fg::Derived<Listed, Own>);
