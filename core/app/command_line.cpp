#include "core/app/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "core/app/help_text.h"
#include "core/app/manual_page.h"
#include "core/base/suggest.h"
#include "core/base/text.h"

namespace flowgauge {
namespace {

const std::vector<std::pair<std::string, OutputFormat>> kOutputFormats = {
    {"csv", OutputFormat::kCsv}, {"jsonl", OutputFormat::kJsonLines}, {"print", OutputFormat::kPrint}};

// What the options write into; texts that need a second look are read after the parse.
struct Texts {
  std::string log_level = "info";
  std::string output, active_timeout, idle_timeout, early_export, threads, max_packets;
  bool header = true;
  bool plugins_json = false, columns_json = false, columns_markdown = false;
};

// The options, declared once; the pointers stand in `app`.
struct Options {
  CLI::App app{std::string(kDescription), "flowgauge"};
  Texts texts;
  PcapCommand pcap;
  PluginsCommand plugins;
  ColumnsCommand columns;
  ProfileCheckCommand check;
  DoctorCommand doctor;
  CLI::App* pcap_app = nullptr;
  CLI::App* plugins_app = nullptr;
  CLI::App* columns_app = nullptr;
  CLI::App* profile_app = nullptr;
  CLI::App* check_app = nullptr;
  CLI::App* doctor_app = nullptr;
  CLI::App* version_app = nullptr;
  CLI::App* manual_app = nullptr;
};

void add_plugin_flags(CLI::App& app, PluginFlags& flags) {
  app.add_option("--plugin-dir", flags.directories, "Look for plugins here first; may be given several times")
      ->type_name("DIR")
      ->allow_extra_args(false);
  app.add_flag("--insecure-plugins", flags.insecure, "Load plugins from files that others can write, with a warning");
}

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& description) {
  CLI::App* command = parent.add_subcommand(name, description);
  command->allow_extras();  // looked at afterwards: the message can then name the nearest option
  command->fallthrough(false);
  return command;
}

template <class Value>
CLI::Option* add_value(CLI::App& app, const std::string& names, Value& value, const std::string& type,
                       const std::string& description) {
  return app.add_option(names, value, description)->type_name(type);
}

void declare_pcap(Options& options) {
  CLI::App& app = *add_command(options.app, "pcap", "Capture files in, flow rows out");
  options.pcap_app = &app;
  PcapCommand& pcap = options.pcap;
  Texts& texts = options.texts;
  add_value(app, "FILE", pcap.inputs, "",
            "Capture files (pcap, pcapng; plain, gzip or zstd), folders, or - for standard input")
      ->required();
  app.add_option("-p,--profile", pcap.profile_path, "Take features, schema, rules and outputs from this YAML file")
      ->type_name("PROFILE");
  app.add_option("-f,--schema", pcap.schema, "The schema of the rows, as basic or cic; overrides the profile")
      ->type_name("SCHEMA");
  add_value(app, "-o,--output", texts.output, "FORMAT", "csv, jsonl (JSON lines) or print (an aligned table)");
  app.add_option("--export-path", pcap.export_path,
                 "Write the rows here instead of standard output; .gz and .zst at the end compress")
      ->type_name("PATH");
  app.add_flag("--header,!--no-header", texts.header, "Begin a CSV table with its column names (default), or do not");
  app.add_flag("--drop-contaminant-features", pcap.drop_contaminants,
               "Leave out addresses, ports and absolute times (contamination: raw_identifiers)");
  add_value(app, "--active-timeout", texts.active_timeout, "S",
            "End a flow this long after its first packet; seconds, or with a unit as 250ms or 2m; 0: never");
  add_value(app, "--idle-timeout", texts.idle_timeout, "S", "End a flow this long after its last packet; 0: never");
  add_value(app, "--early-export", texts.early_export, "S",
            "Write a snapshot of a flow each time it is this much older; 0: none");
  add_value(app, "--threads", texts.threads, "N", "How many flow workers; the rows are the same for any number");
  app.add_option("--filter", pcap.filter, "Only packets that match, in the language of tcpdump")->type_name("EXPR");
  add_value(app, "--max-packets", texts.max_packets, "N", "Stop after so many frames");
  app.add_flag("--per-file", pcap.per_file,
               "One table per input file, each with flows of its own; --export-path names their folder");
  app.add_flag("--force", pcap.force, "Replace output files that exist");
  app.add_flag(
      "--metadata", pcap.metadata,
      "Write PATH.meta.json beside each table: columns with their meaning, versions, hashes, the account of frames");
  app.add_option("--labels", pcap.labels_path, "Add label columns by the rules of this CSV or YAML file")
      ->type_name("PATH");
  app.add_option("--report", pcap.report_path, "Write an account of the run (counts, versions, hashes) as JSON")
      ->type_name("PATH");
  add_plugin_flags(app, pcap.plugins);
  app.footer(fmt::format("\n{}\n{}", kPcapExamples, kExitCodes));
}

void declare_others(Options& options) {
  options.plugins_app = add_command(
      options.app, "plugins",
      "List the plugins that are found: version, file, hash, and the bytes that each feature takes per flow");
  options.plugins_app->add_flag("--json", options.texts.plugins_json, "As JSON");
  add_plugin_flags(*options.plugins_app, options.plugins.plugins);

  options.columns_app = add_command(options.app, "columns", "List every column with type, unit, classes and meaning");
  options.columns_app->add_flag("--json", options.texts.columns_json, "As JSON");
  options.columns_app->add_flag("--markdown", options.texts.columns_markdown, "As docs/columns.md");
  options.columns_app->add_flag("--contamination", options.columns.contamination,
                                "Which contamination classes each column reveals, and why");
  add_plugin_flags(*options.columns_app, options.columns.plugins);

  options.profile_app = add_command(options.app, "profile", "Work with profiles");
  options.check_app =
      add_command(*options.profile_app, "check", "Say whether a profile is right, and load what it names");
  add_value(*options.check_app, "FILE", options.check.path, "", "The profile, a YAML file")->required();
  add_plugin_flags(*options.check_app, options.check.plugins);

  options.doctor_app = add_command(
      options.app, "doctor", "Say what live capture has on this host, what it lacks, and which way of capturing works");
  options.doctor_app
      ->add_option("IFACE", options.doctor.interfaces,
                   "Look at the offloads of these interfaces (default: all that are up)")
      ->type_name("");
  options.doctor_app->add_flag("--json", options.doctor.json, "As JSON");
  add_plugin_flags(*options.doctor_app, options.doctor.plugins);
  options.doctor_app->footer(
      "\nExit codes:\n"
      "  0    some way of capturing works\n"
      "  3    there is no such interface\n"
      "  5    none does; the last line says what to do\n");

  options.version_app =
      add_command(options.app, "version", "Print the versions of program, plugin ABI and service groups");
  options.manual_app = add_command(options.app, "manual", "Print the manual page, for man(1)")->group("");
}

void declare(Options& options) {
  CLI::App& app = options.app;
  app.get_formatter()->column_width(34);
  app.set_help_flag("-h,--help", "Print this help");
  app.allow_extras();
  app.footer(fmt::format("\n{}\n{}", kExamples, kExitCodes));
  add_value(app, "--log-level", options.texts.log_level, "LEVEL",
            fmt::format("What to say on standard error: {} (default: info)", kLogLevelNames));
  declare_pcap(options);
  declare_others(options);
  // May stand before the command or behind it.
  for (CLI::App* command :
       {options.pcap_app, options.plugins_app, options.columns_app, options.check_app, options.doctor_app}) {
    add_value(*command, "--log-level", options.texts.log_level, "LEVEL", fmt::format("One of {}", kLogLevelNames));
  }
}

std::string command_name(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return parent == nullptr ? app.get_name() : fmt::format("{} {}", command_name(*parent), app.get_name());
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

std::vector<std::string> subcommand_names(CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command :
       app.get_subcommands([](CLI::App* candidate) { return !candidate->get_group().empty(); })) {
    names.push_back(command->get_name());
  }
  return names;
}

// The deepest command that was named.
CLI::App& named_command(CLI::App& app) {
  const std::vector<CLI::App*> below = app.get_subcommands();
  return below.empty() ? app : named_command(*below.front());
}

std::unexpected<Error> mistake(const CLI::App& app, const std::string& what) {
  return fail(ExitCode::kUsage, "{}; see '{} --help'", what, command_name(app));
}

// What CLI11 could not place: an option or a command that does not exist.
Result<void> check_extras(CLI::App& app) {
  const std::vector<std::string> extras = app.remaining();
  if (!extras.empty()) {
    const std::string& extra = extras.front();
    if (extra.starts_with('-') && extra != "-") {
      const std::string name = extra.substr(0, extra.find('='));
      return mistake(app, fmt::format("unknown option '{}'{}", name, did_you_mean(name, option_names(app))));
    }
    const std::vector<std::string> commands = subcommand_names(app);
    if (commands.empty()) return mistake(app, fmt::format("'{}' is one argument too many", extra));
    return mistake(app, fmt::format("unknown command '{}'{}", extra, did_you_mean(extra, commands)));
  }
  for (CLI::App* below : app.get_subcommands()) {
    if (Result<void> checked = check_extras(*below); !checked) return checked;
  }
  return {};
}

Result<std::optional<std::int64_t>> duration_of(const CLI::App& app, const std::string& option,
                                                const std::string& text) {
  if (app.count(option) == 0) return std::nullopt;
  Result<std::int64_t> duration = parse_duration_ns(text);
  if (!duration) return mistake(app, fmt::format("{}: {}", option, duration.error().message));
  return *duration;
}

Result<std::optional<std::uint64_t>> number_of(const CLI::App& app, const std::string& option, const std::string& text,
                                               std::uint64_t greatest) {
  if (app.count(option) == 0) return std::nullopt;
  const std::optional<std::uint64_t> number = parse_u64(text);
  if (!number || *number < 1 || *number > greatest) {
    return mistake(app, fmt::format("{}: '{}' is no whole number from 1 to {}", option, text, greatest));
  }
  return number;
}

constexpr std::uint64_t kMostThreads = 256;  // one per partition of the flows

Result<Command> read_pcap(Options& options) {
  const CLI::App& app = *options.pcap_app;
  const Texts& texts = options.texts;
  PcapCommand& pcap = options.pcap;
  if (app.count("--output") > 0) {
    const auto found = std::ranges::find(kOutputFormats, texts.output, &std::pair<std::string, OutputFormat>::first);
    if (found == kOutputFormats.end()) {
      return mistake(app, fmt::format("--output: '{}' is none of csv, jsonl, print", texts.output));
    }
    pcap.output = found->second;
  }
  if (app.count("--header") > 0) pcap.header = texts.header;
  const auto active = duration_of(app, "--active-timeout", texts.active_timeout);
  const auto idle = duration_of(app, "--idle-timeout", texts.idle_timeout);
  const auto early = duration_of(app, "--early-export", texts.early_export);
  for (const auto* duration : {&active, &idle, &early}) {
    if (!*duration) return std::unexpected(duration->error());
  }
  pcap.active_timeout_ns = *active;
  pcap.idle_timeout_ns = *idle;
  pcap.early_export_ns = *early;
  const auto threads = number_of(app, "--threads", texts.threads, kMostThreads);
  if (!threads) return std::unexpected(threads.error());
  if (*threads) pcap.threads = static_cast<std::uint32_t>(**threads);
  const auto max_packets = number_of(app, "--max-packets", texts.max_packets, UINT64_MAX);
  if (!max_packets) return std::unexpected(max_packets.error());
  pcap.max_packets = *max_packets;
  return Command(pcap);
}

Result<Command> read_columns(Options& options) {
  if (options.texts.columns_json && options.texts.columns_markdown) {
    return mistake(*options.columns_app, "--json and --markdown exclude each other");
  }
  if (options.columns.contamination && options.texts.columns_markdown) {
    return mistake(*options.columns_app, "--contamination and --markdown exclude each other");
  }
  if (options.texts.columns_json) options.columns.format = ColumnsFormat::kJson;
  if (options.texts.columns_markdown) options.columns.format = ColumnsFormat::kMarkdown;
  return Command(options.columns);
}

Result<Command> read_command(Options& options) {
  const CLI::App& app = options.app;
  if (app.got_subcommand(options.pcap_app)) return read_pcap(options);
  if (app.got_subcommand(options.columns_app)) return read_columns(options);
  if (app.got_subcommand(options.version_app)) return Command(VersionCommand{});
  if (app.got_subcommand(options.manual_app)) return Command(HelpCommand{manual_page()});
  if (app.got_subcommand(options.plugins_app)) {
    options.plugins.json = options.texts.plugins_json;
    return Command(options.plugins);
  }
  if (app.got_subcommand(options.doctor_app)) return Command(options.doctor);
  if (app.got_subcommand(options.profile_app)) {
    if (options.profile_app->got_subcommand(options.check_app)) return Command(options.check);
    return mistake(*options.profile_app, "profile: say what to do, as in 'flowgauge profile check FILE'");
  }
  return mistake(app, "say what to do, as in 'flowgauge pcap capture.pcap'");
}

}  // namespace

Result<CommandLine> parse_command_line(std::span<const std::string> arguments) {
  const auto options = std::make_unique<Options>();
  declare(*options);
  try {
    // The library takes the arguments from the end of the vector.
    options->app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    return CommandLine{LogLevel::kInfo, HelpCommand{named_command(options->app).help()}};
  } catch (const CLI::RequiredError& error) {
    if (Result<void> extras = check_extras(options->app); !extras) return std::unexpected(extras.error());
    return mistake(named_command(options->app), "a FILE is missing");
  } catch (const CLI::ParseError& error) {
    return mistake(named_command(options->app), error.what());
  }
  if (Result<void> extras = check_extras(options->app); !extras) return std::unexpected(extras.error());
  CommandLine line;
  Result<LogLevel> level = parse_log_level(options->texts.log_level);
  if (!level) return std::unexpected(level.error());
  line.log_level = *level;
  Result<Command> command = read_command(*options);
  if (!command) return std::unexpected(command.error());
  line.command = std::move(*command);
  return line;
}

std::string manual_page() {
  const auto options = std::make_unique<Options>();
  declare(*options);
  return manual_page_of(options->app);
}

}  // namespace flowgauge
