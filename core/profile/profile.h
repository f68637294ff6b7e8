// What a run shall do, as plain data: the profile file after `extends`, with defaults filled in.
// What a choice is and what it is by default stands with the code that it concerns, in headers of plain data.
// The command line overrides single values before a run.
// Every key is documented in docs/profiles.md; load.h reads one, canonical.h writes one.
//
// What is checked where: the loader checks all that it can know (types, names of choices, limits).
// Names of plugins, their options and the filter are checked by those who know them; such values are
// Located, so that a message can say where they stand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/flow/life_cycle.h"
#include "core/live/capture_choices.h"
#include "core/output/file_mode.h"
#include "core/output/rotation.h"
#include "core/output/table_format.h"
#include "core/packet/parse/choices.h"
#include "core/plugin/trial_limits.h"
#include "core/profile/place.h"
#include "core/sdk/flowgauge/plugin.h"
#include "core/table/existing_file.h"
#include "core/text/time_decimals.h"

namespace flowgauge {

// A value with the place it was written at.
template <class T>
struct Located {
  T value{};
  std::string file;  // empty: a default; of the command line, what gave it: "--filter", "--set packets.filter"
  int line = 0;      // from 1; 0: of the command line

  // The beginning of a message about the value: "FILE:LINE: ", or "".
  [[nodiscard]] std::string where() const { return place_in_front(file, line); }
};

// `packets:`, docs/semantics.md section 1.
struct ProfilePackets : ParseChoices {
  Located<std::string> filter;  // libpcap's language; empty: all packets
};

// An option of a feature or schema, as written; its declaration says how to read it.
struct ProfileOption {
  Located<std::string> name;
  Located<std::string> text;                           // of a single value
  std::optional<std::vector<std::string>> items = {};  // of a list
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

// `format:` of an entry of `exporters:`: a format of text (table_format.h), or a sink of a plugin.
struct ProfileFormat {
  Located<std::string> name{std::string(kDefaultTableFormat), {}, 0};
  ProfileModule plugin;                // of the next two nothing is given with a format of text
  std::vector<ProfileOption> options;  // by name, each once
};

// An entry of `exporters:`: a plugin's schema, or a table of the profile's own.
struct ProfileExporter {
  enum class FormatFrom { kName, kChoice };

  Located<std::string>
      schema;  // where there are columns: what reports call their table, the name of the profile's file
  ProfileModule plugin;
  std::vector<ProfileOption> options;  // of the schema; by name, each once
  std::vector<ProfileColumn> columns;  // in the order of the table
  ProfileFormat format;
  FormatFrom format_from = FormatFrom::kName;  // kName: the end of `path` decides, if it says anything (output_name.h)
  Located<std::string> path{"-", {}, 0};       // "-": standard output; relative to the current folder
  bool header = true;                          // csv: the line with the column names
  bool metadata = false;                       // PATH.meta.json beside it
  ExistingFile existing = ExistingFile::kRefuse;  // a file that has the path
  RotateRule rotate;
  KeepRule keep;
  std::optional<FileMode> mode = {};         // of its files; none: what the process's mask leaves of 0666
  std::vector<Located<std::string>> append;  // columns behind those of the schema
};

// `output:`: how cells are written, in all tables.
enum class SnapshotRows : std::uint8_t { kMarked, kUnmarked };

struct ProfileOutput {
  TimeDecimals time_decimals = TimeDecimals::kFixed;  // of time_text() (docs/writing-a-schema.md)
  SnapshotRows snapshots = SnapshotRows::kMarked;     // whether every table has flow.snapshot where there are some
};

// `labels:`: rules that add label columns to every table (docs/labels.md).
struct ProfileLabels {
  Located<std::string> file;       // empty: none
  Located<std::string> time_zone;  // an offset from UTC, of times that have none; empty: such times are refused
};

// `live:`: how `flowgauge realtime` captures (docs/realtime.md); nothing of it matters to capture files.
struct ProfileLive : CaptureChoices {
  std::int64_t stats_interval_ns = 0;  // 0: none
  std::string user;                    // that the run goes on as; empty: as core/app/run_rights.h decides
  bool seccomp = true;                 // the system calls that a run never needs are refused

  bool operator==(const ProfileLive&) const = default;
};

// `monitor:`: who is told what a run does while it lasts (docs/monitoring.md). Of the program; libraries have their own
// observers.
struct ProfileMonitor {
  Located<std::string> stats;    // the file of its lines; empty: none, "-": standard output
  Located<std::string> metrics;  // the address that answers; empty: none
};

struct Profile {
  std::string description;
  Located<std::string> sensor;     // what flow.sensor says; empty: nothing
  std::vector<std::string> files;  // what was read, the most basic first; empty: built-in defaults
  LifeCycle flow;                  // `flow:`, docs/semantics.md sections 2 and 3
  ProfilePackets packets;
  std::vector<ProfileFeature> features;    // each name once
  std::vector<ProfileExporter> exporters;  // no two to the same output
  ProfileOutput output;
  ProfileLabels labels;
  ProfileLive live;
  ProfileMonitor monitor;
  TrialLimits trial;                        // `trial:`, docs/plugin-policy.md
  Located<fg_contamination> contamination;  // excluded classes: a set of FG_REVEALS_...
  std::uint32_t threads = 0;                // 0: as many as are useful
};

}  // namespace flowgauge
