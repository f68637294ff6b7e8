#include "core/app/run_options.h"

#include <array>
#include <set>
#include <string_view>

#include "core/app/help_text.h"
#include "core/app/option_values.h"
#include "core/profile/choices.h"
#include "core/profile/ring_values.h"

namespace flowgauge {
namespace {

struct NamedFormat {
  std::string_view name;
  OutputFormat value;
};
constexpr std::array kOutputFormats = {NamedFormat{"csv", OutputFormat::kCsv},
                                       NamedFormat{"jsonl", OutputFormat::kJsonLines},
                                       NamedFormat{"print", OutputFormat::kPrint}};

void declare_rows(CLI::App& app, RunFlags& flags, RunTexts& texts) {
  app.add_option("-p,--profile", flags.profile_path, "Take features, schema, rules and outputs from this YAML file")
      ->type_name("PROFILE");
  app.add_option("-f,--schema", flags.schema, "The schema of the rows, as basic or cic; overrides the profile")
      ->type_name("SCHEMA");
  add_value(app, "-o,--output", texts.output, "FORMAT", "csv, jsonl (JSON lines) or print (an aligned table)");
  app.add_option(
         "--export-path", flags.export_path,
         "Write the rows here instead of standard output; the name's end says the format, unless -o does: .csv, "
         ".jsonl or .txt (print), with .gz or .zst behind it compressed")
      ->type_name("PATH");
  app.add_flag("--header,!--no-header", texts.header, "Begin a CSV table with its column names (default), or do not");
  app.add_flag("--drop-contaminant-features", flags.drop_contaminants,
               "Leave out addresses, ports and absolute times (contamination: raw_identifiers)");
}

void declare_keys(CLI::App& app, RunTexts& texts) {
  for (std::size_t i = 0; i < texts.keys.size(); ++i) {
    const KeyFlag& flag = key_flags()[i];
    add_value(app, flag_name(flag.key), texts.keys[i], std::string(flag.value), std::string(flag.help))
        ->group("Rules, each a key of the profile's sections flow and packets");
  }
}

void declare_files(CLI::App& app, RunFlags& flags) {
  app.add_flag("--force", flags.force, "Replace output files that exist");
  app.add_flag(
      "--metadata", flags.metadata,
      "Write PATH.meta.json beside each table: columns with their meaning, versions, hashes, the account of frames");
  app.add_option("--labels", flags.labels_path, "Add label columns by the rules of this CSV or YAML file")
      ->type_name("PATH");
  app.add_option("--report", flags.report_path, "Write an account of the run (counts, versions, hashes) as JSON")
      ->type_name("PATH");
  add_plugin_flags(app, flags.plugins);
}

// Each text is read once to see whether it is right; run_profile lays it over the profile.
Result<void> read_keys(const CLI::App& app, const RunTexts& texts, RunFlags& flags) {
  Profile scratch;
  for (std::size_t i = 0; i < texts.keys.size(); ++i) {
    const KeyFlag& flag = key_flags()[i];
    if (app.count(flag_name(flag.key)) == 0) continue;
    if (const auto done = apply(flag, texts.keys[i], scratch); !done) return mistake(app, done.error().message);
    flags.keys[std::string(flag.key)] = texts.keys[i];
  }
  return {};
}

Result<void> read_run(const CLI::App& app, const RunTexts& texts, RunFlags& flags) {
  const auto output = choice_of(app, "--output", texts.output, kOutputFormats);
  if (!output) return std::unexpected(output.error());
  flags.output = *output;
  if (app.count("--header") > 0) flags.header = texts.header;
  if (auto done = read_keys(app, texts, flags); !done) return done;
  const auto max_packets = number_of(app, "--max-packets", texts.max_packets, UINT64_MAX);
  if (!max_packets) return std::unexpected(max_packets.error());
  flags.max_packets = *max_packets;
  return {};
}

}  // namespace

void add_plugin_flags(CLI::App& app, PluginFlags& flags) {
  app.add_option("--plugin-dir", flags.directories, "Look for plugins here first; may be given several times")
      ->type_name("DIR")
      ->allow_extra_args(false);
  app.add_flag("--insecure-plugins", flags.insecure, "Load plugins from files that others can write, with a warning");
}

void PcapOptions::declare(CLI::App& app) {
  add_value(app, "FILE", command_.inputs, "",
            "Capture files (pcap, pcapng; plain, gzip, zstd, bzip2, xz or lz4), folders, or - for standard input")
      ->required();
  declare_rows(app, command_, texts_);
  add_value(app, "--threads", threads_, "N", "How many flow workers; the rows are the same for any number");
  add_value(app, "--max-packets", texts_.max_packets, "N", "Stop after so many frames");
  app.add_flag(
      "--per-file", command_.per_file,
      "One table per input file, each with flows of its own; --export-path names their folder; not compressed");
  add_value(app, "--partitions", partitions_, "LIST",
            "Only the flows of these of the 256 partitions, as 0-63 or 0-9,200: their rows are those of a whole run");
  app.add_flag("--order-columns", command_.order_columns,
               "End each table with the columns that its rows are sorted by: flowgauge merge needs them");
  declare_files(app, command_);
  declare_keys(app, texts_);
  app.footer(fmt::format("\n{}\n{}", kPcapExamples, kExitCodes));
}

Result<Command> PcapOptions::read(const CLI::App& app) {
  if (auto done = read_run(app, texts_, command_); !done) return std::unexpected(done.error());
  const auto threads = number_of(app, "--threads", threads_, kMostThreads);
  if (!threads) return std::unexpected(threads.error());
  if (*threads) command_.threads = static_cast<std::uint32_t>(**threads);
  const auto partitions = parsed_of(app, "--partitions", partitions_, parse_partitions);
  if (!partitions) return std::unexpected(partitions.error());
  command_.partitions = *partitions;
  return Command(command_);
}

void RealtimeOptions::declare(CLI::App& app) {
  add_value(app, "IFACE", command_.interfaces, "", "Network interfaces, as eth0; `ip -br link` lists them")->required();
  declare_rows(app, command_, texts_);
  app.add_flag("--ingress-only", command_.ingress_only, "Only packets that come in; of lo always");
  app.add_flag("--merge-interfaces", command_.merge_interfaces,
               "One flow may use several interfaces; without it, each interface has flows of its own");
  add_value(app, "--duration", duration_, "S", "Stop after this long; seconds, or with a unit as 90s or 2h; 0: never");
  add_value(app, "--max-packets", texts_.max_packets, "N",
            "Stop when flows have got so many packets; those on the way then count too");
  add_value(app, "--stats-interval", stats_interval_, "S",
            "Say this often what each interface has seen and lost; 0: never");
  add_value(app, "--capture", capture_, "METHOD",
            "ebpf, pcap (libpcap), or auto: eBPF where it may be loaded (default)");
  add_value(app, "--attach", attach_, "METHOD",
            "How eBPF is attached: tcx, clsact, or auto: the first that the kernel has (default)");
  add_value(app, "--rings", rings_, "N", "How many rings, each with a worker: a power of 2, or auto (default)");
  add_value(app, "--ring-size", ring_size_, "SIZE",
            "Memory of each ring, as 32MiB: a power of 2 from 64KiB to 2GiB, or auto (default)");
  declare_files(app, command_);
  declare_keys(app, texts_);
  app.footer(fmt::format("\n{}\n{}", kRealtimeExamples, kExitCodes));
}

Result<Command> RealtimeOptions::read(const CLI::App& app) {
  if (auto done = read_run(app, texts_, command_); !done) return std::unexpected(done.error());
  if (auto done = read_live(app); !done) return std::unexpected(done.error());
  std::set<std::string> named;
  for (const std::string& interface : command_.interfaces)
    if (!named.insert(interface).second) return mistake(app, fmt::format("interface {} is named twice", interface));
  return Command(command_);
}

Result<void> RealtimeOptions::read_live(const CLI::App& app) {
  const auto capture = choice_of(app, "--capture", capture_, kCaptures);
  if (!capture) return std::unexpected(capture.error());
  const auto attach = choice_of(app, "--attach", attach_, kAttaches);
  if (!attach) return std::unexpected(attach.error());
  const auto rings = parsed_of(app, "--rings", rings_, parse_rings);
  if (!rings) return std::unexpected(rings.error());
  const auto ring_size = parsed_of(app, "--ring-size", ring_size_, parse_ring_size);
  if (!ring_size) return std::unexpected(ring_size.error());
  const auto duration = duration_of(app, "--duration", duration_);
  if (!duration) return std::unexpected(duration.error());
  const auto stats_interval = duration_of(app, "--stats-interval", stats_interval_);
  if (!stats_interval) return std::unexpected(stats_interval.error());
  command_.capture = *capture;
  command_.attach = *attach;
  command_.rings = *rings;
  command_.ring_size_bytes = *ring_size;
  command_.duration_ns = *duration;
  command_.stats_interval_ns = *stats_interval;
  return {};
}

}  // namespace flowgauge
