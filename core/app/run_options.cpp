#include "core/app/run_options.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "core/app/help_text.h"
#include "core/app/option_values.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/output/rotation.h"

namespace flowgauge {
namespace {

constexpr std::uint64_t kMostCaptures = 1'000'000'000;

constexpr const char* kPartitionsHelp =
    "Only the flows of these partitions, out of 256, as in 0-63 or 0-9,200. Their rows are those of a whole run";
constexpr const char* kOrderColumnsHelp = "Append the columns that the rows are sorted by. flowgauge merge needs them";

void declare_schema(CLI::App& app, RunFlags& flags) {
  app.add_option("-p,--profile", flags.profile_path,
                 "Take features, schema, rules and outputs from this profile: a YAML file, the name of a bundled "
                 "profile, or - for "
                 "standard input")
      ->type_name("PROFILE");
  app.add_option("-f,--schema", flags.schema, "The schema of the rows, as in basic or cic. It overrides the profile's")
      ->type_name("SCHEMA");
}

void declare_rows(CLI::App& app, RunFlags& flags, RunTexts& texts) {
  declare_schema(app, flags);
  app.add_flag(
      "--first-table", flags.first_table,
      "Write only the first table of the profile, to standard output, whatever its path. The table is basic if the "
      "profile has none");
  add_value(
      app, "--column", flags.columns, "NAME",
      "Write only this column of the table. Repeat the option for more columns, in the order given. Nothing else is "
      "computed")
      ->allow_extra_args(false);
  add_value(app, "-o,--output", texts.output, "FORMAT",
            "Format of the rows: csv, jsonl (JSON lines), print (an aligned table), or a sink. A sink is given by its "
            "name, by the path of its plugin, or with options as in a profile: "
            "'{name: arrow, options: {uint64: true}}' (default: print on a terminal, else csv)");
  app.add_option(
         "--export-path", flags.export_path,
         "Write the rows to this file instead of standard output. Without -o, its ending says the format: .csv, .jsonl "
         "or .txt (print). A further ending .gz or .zst compresses the file")
      ->type_name("PATH");
  app.add_flag("--header,!--no-header", texts.header,
               "Start a CSV table with its column names, or do not (default: --header)");
  app.add_flag("--drop-contaminant-features", flags.drop_contaminants,
               "Leave out addresses, ports and absolute times, as contamination: raw_identifiers does in a profile");
}

void declare_files(CLI::App& app, RunFlags& flags, RunTexts& texts) {
  CLI::Option* force = app.add_flag("--force", flags.force, "Overwrite output files that exist. Not with --append");
  app.add_flag(
         "--append", flags.append,
         "Append the rows to tables that exist and have the same columns. Only for CSV and JSON lines, compressed or "
         "not. The report and the metadata get numbered names. Not with --force")
      ->excludes(force);
  app.add_flag(
      "--metadata", flags.metadata,
      "Write PATH.meta.json beside each table: the columns with their meaning, versions, hashes and counts of frames");
  add_value(app, "--rotate-interval", texts.rotate_interval, "S",
            "Start a new file for each table at every multiple of S, as in 10m or 1h. Time fields in the path name the "
            "files, as in flows-%Y%m%d-%H%M%S.csv. Without them, the files are numbered");
  add_value(app, "--rotate-size", texts.rotate_size, "SIZE",
            "Start a new file for a table when its file has reached SIZE, as in 1GiB");
  texts.settings.declare_flag(app, "labels.file");
  app.add_option("--report", flags.report_path, "Write a report of the run as JSON: counts, versions and hashes")
      ->type_name("PATH");
  app.add_flag(
      "--view,!--no-view", texts.view,
      "Show the run on the whole terminal: rates, flows, losses and top talkers (default: on a terminal that the rows "
      "do not go to, after 1 s)");
  for (const std::string_view key : {"monitor.stats", "live.stats_interval", "monitor.metrics"})
    texts.settings.declare_flag(app, key);
  add_plugin_flags(app, flags.plugins);
  for (const std::string_view key : {"trial.time", "trial.memory"}) texts.settings.declare_flag(app, key);
  texts.settings.declare_set(app);
  texts.settings.declare_rules(app);
}

Result<void> read_rotation(const CLI::App& app, const RunTexts& texts, RunFlags& flags) {
  flags.rotate_interval_ns = TRY(duration_of(app, "--rotate-interval", texts.rotate_interval));
  if (const auto interval = flags.rotate_interval_ns; interval && *interval != 0 && *interval < kLeastRotateIntervalNs)
    return mistake(app, fmt::format("--rotate-interval is less than {}", duration_text(kLeastRotateIntervalNs)));
  if (app.count("--rotate-size") == 0) return {};
  const auto size_bytes = parse_size_bytes(texts.rotate_size);
  if (!size_bytes) return mistake(app, "--rotate-size: " + size_bytes.error().message);
  flags.rotate_size_bytes = *size_bytes;
  return {};
}

Result<void> read_run(const CLI::App& app, const RunTexts& texts, RunFlags& flags) {
  if (app.count("--output") > 0) flags.output = texts.output;
  if (app.count("--header") > 0) flags.header = texts.header;
  if (app.count("--view") > 0) flags.view = texts.view;
  flags.settings = TRY(texts.settings.read(app));
  return read_rotation(app, texts, flags);
}

Result<std::optional<PartitionSet>> partitions_of(const CLI::App& app, const std::string& text) {
  if (app.count("--partitions") == 0) return std::nullopt;
  const auto partitions = parse_partitions(text);
  if (!partitions) return mistake(app, "--partitions: " + partitions.error().message);
  return *partitions;
}

}  // namespace

void add_plugin_flags(CLI::App& app, PluginFlags& flags) {
  app.add_option("--plugin-dir", flags.directories,
                 "Search this directory for plugins first. May be given several times")
      ->type_name("DIR")
      ->allow_extra_args(false);
  app.add_flag("--insecure-plugins", flags.insecure,
               "Load plugins even if other users can write their files, with a warning");
}

void PcapOptions::declare(CLI::App& app) {
  add_value(
      app, "FILE", command_.inputs, "",
      "Capture files, folders of them, or - for standard input. The files are pcap or pcapng, plain or compressed with "
      "gzip, zstd, bzip2, xz or lz4")
      ->required();
  declare_rows(app, command_, texts_);
  texts_.settings.declare_flag(app, "threads");
  add_value(app, "--max-packets", texts_.max_packets, "N", "Stop after N frames");
  app.add_flag(
      "--per-file", command_.per_file,
      "Write one table per input file, each with flows of its own. --export-path names the folder. The tables are not "
      "compressed");
  add_value(app, "--partitions", partitions_, "LIST", kPartitionsHelp);
  app.add_flag("--order-columns", command_.order_columns, kOrderColumnsHelp);
  declare_files(app, command_, texts_);
  app.footer(fmt::format("{}{}", kPcapExamples, kExitCodes));
}

Result<Command> PcapOptions::read(const CLI::App& app) {
  TRY(read_run(app, texts_, command_));
  command_.max_packets = TRY(number_of(app, "--max-packets", texts_.max_packets, UINT64_MAX));
  command_.partitions = TRY(partitions_of(app, partitions_));
  if (command_.profile_path == "-" && std::ranges::find(command_.inputs, "-") != command_.inputs.end())
    return mistake(app, "standard input is both the profile and a capture; give one of them as a file");
  return Command(command_);
}

void EventsOptions::declare(CLI::App& app) {
  add_value(app, "FILE", command_.inputs, "", "Capture files or folders of them, as for flowgauge pcap")->required();
  app.add_option("-o,--out", command_.folder, "Write the event files to this folder, which must exist. Required")
      ->type_name("DIR")
      ->required();
  add_value(app, "--file-number", number_, "N",
            "The number of the first FILE among the captures of the job, from 1. The next ones follow (default: 1)");
  add_value(
      app, "--file-count", count_, "N",
      "The number of captures of the whole job. flowgauge flows uses it to find a missing event file (default: the "
      "number of FILEs)");
  declare_schema(app, command_);
  texts_.settings.declare_set(app);
  texts_.settings.declare_rules(app);
  add_plugin_flags(app, command_.plugins);
  app.footer(fmt::format("{}{}", kEventsExamples, kEventsExitCodes));
}

Result<Command> EventsOptions::read(const CLI::App& app) {
  command_.settings = TRY(texts_.settings.read(app));
  command_.file_number = TRY(number_of(app, "--file-number", number_, kMostCaptures));
  command_.file_count = TRY(number_of(app, "--file-count", count_, kMostCaptures));
  if (command_.file_number && !command_.file_count)
    return mistake(app, "--file-number: say with --file-count how many captures the job has");
  return Command(command_);
}

void FlowsOptions::declare(CLI::App& app) {
  add_value(app, "DIR", command_.folder, "", "The folder with the event files of all captures of the job")->required();
  declare_rows(app, command_, texts_);
  texts_.settings.declare_flag(app, "threads");
  add_value(app, "--partitions", partitions_, "LIST", kPartitionsHelp);
  app.add_flag("--order-columns", command_.order_columns, kOrderColumnsHelp);
  declare_files(app, command_, texts_);
  app.footer(fmt::format("{}{}", kFlowsExamples, kExitCodes));
}

Result<Command> FlowsOptions::read(const CLI::App& app) {
  TRY(read_run(app, texts_, command_));
  command_.partitions = TRY(partitions_of(app, partitions_));
  return Command(command_);
}

void RealtimeOptions::declare(CLI::App& app) {
  add_value(
      app, "IFACE", command_.interfaces, "",
      "Network interfaces, as in eth0, or patterns, as in 'eth*' or any. Without an IFACE, the interfaces are listed");
  declare_rows(app, command_, texts_);
  for (const std::string_view key :
       {"live.ingress_only", "live.merge_interfaces", "live.promiscuous", "live.wait", "live.until_down"})
    texts_.settings.declare_flag(app, key);
  add_value(app, "--duration", duration_, "S",
            "Stop after this time, in seconds or with a unit, as in 90s or 2h. 0: never (default: 0)");
  add_value(app, "--max-packets", texts_.max_packets, "N",
            "Stop when N packets have been assigned to flows. Packets that have been captured by then count too");
  for (const std::string_view key :
       {"live.capture", "live.attach", "live.rings", "live.ring_size", "live.user", "live.seccomp"})
    texts_.settings.declare_flag(app, key);
  declare_files(app, command_, texts_);
  app.footer(fmt::format("{}{}", kRealtimeExamples, kExitCodes));
}

Result<Command> RealtimeOptions::read(const CLI::App& app) {
  TRY(read_run(app, texts_, command_));
  command_.max_packets = TRY(number_of(app, "--max-packets", texts_.max_packets, UINT64_MAX));
  command_.duration_ns = TRY(duration_of(app, "--duration", duration_));
  std::set<std::string> named;
  for (const std::string& interface : command_.interfaces)
    if (!named.insert(interface).second) return mistake(app, fmt::format("interface {} is named twice", interface));
  return Command(command_);
}

}  // namespace flowgauge
