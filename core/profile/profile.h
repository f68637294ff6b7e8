// What a run shall do, as plain data: the profile file after `extends`, with defaults filled in.
// The engine translates it for the other folders; the command line overrides single values before.
// Every key is documented in docs/profiles.md; load.h reads one, canonical.h writes one.
//
// What is checked where: the loader checks all that it can know (types, names of choices, limits).
// Names of plugins, their options and the filter are checked by those who know them; such values are
// Located, so that a message can say where they stand.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/table_format.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// A value with the place it was written at.
template <class T>
struct Located {
  T value{};
  std::string file;  // empty: a default, or from the command line
  int line = 0;      // from 1

  // The beginning of a message about the value: "FILE:LINE: ", or "".
  [[nodiscard]] std::string where() const { return file.empty() ? std::string() : fmt::format("{}:{}: ", file, line); }
};

// `flow:`, docs/semantics.md sections 2 and 3.
struct ProfileFlow {
  enum class Direction { kRole, kFirstPacket };
  enum class Continuation { kInherit, kFresh };
  enum class TcpClose { kLinger, kImmediate };
  enum class TcpReuse { kSplit, kMerge };
  enum class FlowKey { kFull, kNoVlan, kFiveTuple };

  Direction direction = Direction::kRole;
  Continuation continuation = Continuation::kInherit;
  TcpClose tcp_close = TcpClose::kLinger;
  TcpReuse tcp_reuse = TcpReuse::kSplit;
  FlowKey flow_key = FlowKey::kFull;
  std::int64_t idle_timeout_ns = 120'000'000'000;     // 0: never
  std::int64_t active_timeout_ns = 3600'000'000'000;  // 0: never
  std::int64_t linger_ns = 5'000'000'000;             // at most the idle timeout counts
  std::int64_t early_export_ns = 0;                   // 0: no snapshots
  std::int64_t clock_jump_ns = 600'000'000'000;       // 0: every packet moves the clock
  std::uint64_t max_flows = 1'000'000;
};

// `packets:`, docs/semantics.md section 1.
struct ProfilePackets {
  enum class Decapsulate { kInner, kOuter };
  enum class Fragments { kJoin, kDrop };
  enum class UdpPayload { kDatagram, kPacket };

  Decapsulate decapsulate = Decapsulate::kInner;
  Fragments fragments = Fragments::kJoin;
  UdpPayload udp_payload = UdpPayload::kDatagram;
  std::vector<std::uint8_t> protocols;  // IANA numbers, ascending, each once; empty: all
  // UDP ports of tunnels, ascending, each once, at most 8; empty: none.
  std::vector<std::uint16_t> vxlan_ports{4789, 8472};
  std::vector<std::uint16_t> geneve_ports{6081};
  std::vector<std::uint16_t> gtpu_ports{2152};
  std::uint8_t l2tpv3_cookie_bytes = 0;
  Located<std::string> filter;  // libpcap's language; empty: all packets
};

// An option of a feature or schema, as written; its declaration says how to read it.
struct ProfileOption {
  Located<std::string> name;
  Located<std::string> text;
};

// The plugin file that holds a feature or a schema. Empty: the one of the same name.
// With '/' it is a path (relative ones were completed from the profile's folder), otherwise a name to
// be searched.
struct ProfileModule {
  Located<std::string> module;
  Located<std::string> sha256;  // 64 lower-case hex digits; empty: any
};

// An entry of `features:`.
struct ProfileFeature {
  Located<std::string> name;
  ProfileModule plugin;
  std::vector<ProfileOption> options;  // by name, each once
};

// An entry of `columns:`, a column of the profile's own table.
struct ProfileColumn {
  Located<std::string> name;
  Located<std::string> expression;
  fg_type type = 0;  // 0: the expression's own
  fg_unit unit = FG_UNIT_NONE;
  fg_when when = FG_WHEN_BOTH;
  bool required = false;
};

// An entry of `exporters:`: a plugin's schema, or a table of the profile's own.
struct ProfileExporter {
  enum class FormatFrom { kName, kChoice };

  Located<std::string>
      schema;  // where there are columns: what reports call their table, the name of the profile's file
  ProfileModule plugin;
  std::vector<ProfileOption> options;  // of the schema; by name, each once
  std::vector<ProfileColumn> columns;  // in the order of the table
  TableFormat format = TableFormat::kCsv;
  FormatFrom format_from = FormatFrom::kName;  // kName: the end of `path` decides, if it says anything (output_name.h)
  Located<std::string> path{"-", {}, 0};       // "-": standard output; relative to the current folder
  bool header = true;                          // csv: the line with the column names
  bool metadata = false;                       // PATH.meta.json beside it
};

// `output:`: how cells are written, in all tables.
struct ProfileOutput {
  enum class TimeDecimals { kFixed, kShortest };

  TimeDecimals time_decimals = TimeDecimals::kFixed;  // of time_text() (docs/writing-a-schema.md)
};

// `labels:`: rules that add label columns to every table (docs/labels.md).
struct ProfileLabels {
  Located<std::string> file;       // empty: none
  Located<std::string> time_zone;  // an offset from UTC, of times that have none; empty: such times are refused
};

// `live:`: how `flowgauge realtime` captures (docs/realtime.md); nothing of it matters to capture files.
struct ProfileLive {
  enum class Capture { kAuto, kEbpf, kPcap };
  enum class Attach { kAuto, kTcx, kClsact };

  Capture capture = Capture::kAuto;
  Attach attach = Attach::kAuto;
  bool ingress_only = false;
  bool merge_interfaces = false;       // one flow may use several interfaces
  std::uint32_t rings = 0;             // a power of 2; 0: as many as suit the machine
  std::uint64_t ring_size_bytes = 0;   // of each, a power of 2; 0: a default
  std::int64_t stats_interval_ns = 0;  // 0: none

  bool operator==(const ProfileLive&) const = default;
};

// `contamination:`: the classes a run leaves out (docs/semantics.md section 6).
inline constexpr fg_contamination kRawIdentifiers = FG_REVEALS_IDENTITY | FG_REVEALS_PORT | FG_REVEALS_TIME;
inline constexpr fg_contamination kAllContamination =
    kRawIdentifiers | FG_REVEALS_OS | FG_REVEALS_PATH | FG_REVEALS_TOOL;

struct Profile {
  std::string description;
  std::vector<std::string> files;  // what was read, the most basic first; empty: built-in defaults
  ProfileFlow flow;
  ProfilePackets packets;
  std::vector<ProfileFeature> features;    // each name once
  std::vector<ProfileExporter> exporters;  // no two to the same output
  ProfileOutput output;
  ProfileLabels labels;
  ProfileLive live;
  Located<fg_contamination> contamination;  // excluded classes: a set of FG_REVEALS_...
  std::uint32_t threads = 0;                // 0: as many as are useful
};

}  // namespace flowgauge
