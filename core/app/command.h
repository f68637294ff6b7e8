// What the command line asked for, as plain data. Flags that were not given are empty, so that the
// profile's values stand where the person said nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/engine/table_merge.h"
#include "core/flow/partition_set.h"
#include "core/profile/setting.h"
#include "core/scaffold/new_project.h"

namespace flowgauge {

// Where plugins are looked for, and what is accepted there.
struct PluginFlags {
  std::vector<std::string> directories;  // --plugin-dir, searched first, in the order given
  bool insecure = false;                 // --insecure-plugins: files that others can write are loaded with a warning

  bool operator==(const PluginFlags&) const = default;
};

// What every run can be told, whatever its packets come from.
struct RunFlags {
  std::optional<std::string> profile_path;
  std::optional<std::string> schema;
  bool first_table = false;          // of the profile: that one alone, and to standard output
  std::vector<std::string> columns;  // of the table, in this order; none: all
  std::optional<std::string> output;
  std::optional<std::string> export_path;
  std::optional<bool> header;
  bool drop_contaminants = false;
  std::vector<Setting> settings;  // of keys of the profile, each once and right
  std::optional<std::uint64_t> max_packets;
  bool metadata = false;                           // of every table
  std::optional<std::int64_t> rotate_interval_ns;  // as is this
  std::optional<std::uint64_t> rotate_size_bytes;
  std::optional<bool> view;  // whether a whole screen shows the run; none: where there is room for it
  std::optional<std::string> report_path;
  bool force = false;
  bool append = false;  // behind the rows of tables that exist
  PluginFlags plugins;

  bool operator==(const RunFlags&) const = default;
};

// flowgauge pcap FILE...
struct PcapCommand : RunFlags {
  std::vector<std::string> inputs;  // files, folders or "-", in the order given; at least one
  bool per_file = false;
  std::optional<PartitionSet> partitions;
  bool order_columns = false;

  bool operator==(const PcapCommand&) const = default;
};

// flowgauge events FILE...: captures into event files
struct EventsCommand : RunFlags {
  std::vector<std::string> inputs;
  std::string folder;
  std::optional<std::uint64_t> file_number;  // from 1
  std::optional<std::uint64_t> file_count;

  bool operator==(const EventsCommand&) const = default;
};

// flowgauge flows DIR: event files into rows
struct FlowsCommand : RunFlags {
  std::string folder;
  std::optional<PartitionSet> partitions;
  bool order_columns = false;

  bool operator==(const FlowsCommand&) const = default;
};

// flowgauge realtime IFACE...
struct RealtimeCommand : RunFlags {
  std::vector<std::string> interfaces;      // each once; none: it says which there are
  std::optional<std::int64_t> duration_ns;  // 0: none

  bool operator==(const RealtimeCommand&) const = default;
};

// flowgauge merge TABLE...
struct MergeCommand {
  TableMerge merge;

  bool operator==(const MergeCommand&) const = default;
};

// flowgauge summary TABLE...
struct SummaryCommand {
  std::vector<std::string> tables;    // or "-"; at least one
  std::optional<std::string> report;  // a run report, or metadata
  std::optional<std::string> page;    // where the page goes; "-": standard output, in place of the text
  bool json = false;                  // in place of the text
  bool force = false;

  bool operator==(const SummaryCommand&) const = default;
};

// How a list is written.
enum class ListFormat { kTable, kJson, kMarkdown };

// flowgauge plugins
struct PluginsCommand {
  PluginFlags plugins;
  ListFormat format = ListFormat::kTable;

  bool operator==(const PluginsCommand&) const = default;
};

// flowgauge columns
struct ColumnsCommand {
  PluginFlags plugins;
  ListFormat format = ListFormat::kTable;
  bool contamination = false;  // classes and why, in place of types and meanings; not as Markdown

  bool operator==(const ColumnsCommand&) const = default;
};

// flowgauge profile check FILE
struct ProfileCheckCommand {
  std::string path;
  std::vector<Setting> settings;  // laid over the profile
  PluginFlags plugins;

  bool operator==(const ProfileCheckCommand&) const = default;
};

// flowgauge profile explain FILE [KEY...]
struct ProfileExplainCommand {
  std::string path;
  std::vector<std::string> keys;  // none: all
  std::vector<Setting> settings;  // laid over the profile
  bool json = false;

  bool operator==(const ProfileExplainCommand&) const = default;
};

// flowgauge configure [FILE]
struct ConfigureCommand {
  std::optional<std::string> path;
  PluginFlags plugins;

  bool operator==(const ConfigureCommand&) const = default;
};

// flowgauge plugin new NAME
struct PluginNewCommand {
  NewProject project;

  bool operator==(const PluginNewCommand&) const = default;
};

// flowgauge plugin info FILE
struct PluginInfoCommand {
  std::string path;
  PluginFlags plugins;
  bool json = false;

  bool operator==(const PluginInfoCommand&) const = default;
};

// flowgauge plugin check FILE
struct PluginCheckCommand {
  std::string path;
  std::string place;              // of sinks with one of their own; empty: a path in a temporary folder
  std::vector<std::string> only;  // names of checks; none: all
  std::vector<std::pair<std::string, std::string>> options;  // NAME or FEATURE.NAME, value
  std::uint64_t seed = 1;
  PluginFlags plugins;
  bool json = false;

  bool operator==(const PluginCheckCommand&) const = default;
};

// flowgauge plugin trial FD BYTES
struct PluginTrialCommand {
  int descriptor = -1;             // the socket that it is asked through
  std::uint64_t memory_bytes = 0;  // that it may take; 0: any

  bool operator==(const PluginTrialCommand&) const = default;
};

// flowgauge doctor [IFACE...]
struct DoctorCommand {
  std::vector<std::string> interfaces;  // none: all that are up
  PluginFlags plugins;
  bool json = false;

  bool operator==(const DoctorCommand&) const = default;
};

// flowgauge version
struct VersionCommand {
  bool operator==(const VersionCommand&) const = default;
};

// What may stand next on a command line: words with what they do, and values that are looked up.
struct CompletionCommand {
  struct Candidate {
    std::string word, help;
    bool operator==(const Candidate&) const = default;
  };
  enum class Values { kNone, kProfiles, kSchemas, kColumns, kFormats, kInterfaces };

  std::string word;  // that is to be completed
  std::vector<Candidate> candidates;
  Values values = Values::kNone;
  std::string prefix;  // before each of the values: "--schema="

  bool operator==(const CompletionCommand&) const = default;
};

// --help of any command, or the manual page: text for standard output.
struct HelpCommand {
  std::string text;

  bool operator==(const HelpCommand&) const = default;
};

using Command = std::variant<PcapCommand, EventsCommand, FlowsCommand, RealtimeCommand, MergeCommand, SummaryCommand,
                             PluginsCommand, ColumnsCommand, ProfileCheckCommand, ProfileExplainCommand,
                             ConfigureCommand, PluginNewCommand, PluginInfoCommand, PluginCheckCommand,
                             PluginTrialCommand, DoctorCommand, VersionCommand, CompletionCommand, HelpCommand>;

}  // namespace flowgauge
