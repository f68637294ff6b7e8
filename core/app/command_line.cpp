#include "core/app/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "core/app/completion.h"
#include "core/app/help_text.h"
#include "core/app/list_options.h"
#include "core/app/manual_page.h"
#include "core/app/operand_marks.h"
#include "core/app/option_values.h"
#include "core/app/plugin_options.h"
#include "core/app/profile_options.h"
#include "core/app/run_options.h"
#include "core/app/table_options.h"
#include "core/app/tool_help_text.h"
#include "core/app/wrapped_help.h"
#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/base/try.h"

namespace flowgauge {
namespace {

// Texts that are read after the parse.
struct Texts {
  std::string log_level = "info";
  std::string log_format = "text";
};

// The options, declared once; the pointers stand in `app`.
struct Options {
  CLI::App app{std::string(kDescription), "flowgauge"};
  Texts texts;
  PcapOptions pcap;
  EventsOptions events;
  FlowsOptions flows;
  RealtimeOptions realtime;
  MergeOptions merge;
  SummaryOptions summary;
  PluginsOptions plugins;
  PluginOptions plugin;
  ColumnsOptions columns;
  ProfileOptions profile;
  ConfigureCommand configure;
  DoctorCommand doctor;
  std::vector<std::string> completion_words;
  std::string manual_of;
  CLI::App* pcap_app = nullptr;
  CLI::App* events_app = nullptr;
  CLI::App* flows_app = nullptr;
  CLI::App* realtime_app = nullptr;
  CLI::App* merge_app = nullptr;
  CLI::App* summary_app = nullptr;
  CLI::App* plugins_app = nullptr;
  CLI::App* plugin_app = nullptr;
  CLI::App* columns_app = nullptr;
  CLI::App* profile_app = nullptr;
  CLI::App* configure_app = nullptr;
  CLI::App* doctor_app = nullptr;
  CLI::App* version_app = nullptr;
  CLI::App* manual_app = nullptr;
  CLI::App* completion_app = nullptr;
};

void declare_others(Options& options) {
  options.plugins_app = add_command(
      options.app, "plugins", "List the plugins that are found, with version, columns, options, licence and hash");
  options.plugins.declare(*options.plugins_app);

  options.plugin_app = add_command(options.app, "plugin", "Create, check and inspect plugins");
  options.plugin.declare(*options.plugin_app);

  options.columns_app =
      add_command(options.app, "columns", "List every column with type, unit, contamination classes and meaning");
  options.columns.declare(*options.columns_app);

  options.profile_app = add_command(options.app, "profile", "Check and explain profiles");
  options.profile.declare(*options.profile_app);
  options.configure_app =
      add_command(options.app, "configure", "Edit a profile on the screen of the terminal, save it, run it");
  add_value(*options.configure_app, "FILE", options.configure.path, "", "The profile to edit (default: a new one)");
  add_plugin_flags(*options.configure_app, options.configure.plugins);
  options.configure_app->footer(fmt::format("{}{}", kConfigureExamples, kConfigureExitCodes));
  options.doctor_app = add_command(
      options.app, "doctor", "Say what this host has and lacks for live capture, and which way of capturing works");
  options.doctor_app
      ->add_option("IFACE", options.doctor.interfaces,
                   "Show the offloads of these interfaces (default: all that are up)")
      ->type_name("");
  options.doctor_app->add_flag("--json", options.doctor.json, "Print JSON");
  add_plugin_flags(*options.doctor_app, options.doctor.plugins);
  options.doctor_app->footer(std::string(kDoctorExamples));

  options.version_app =
      add_command(options.app, "version", "Print the versions of the program, the plugin ABI and the service groups");
  options.manual_app = add_command(options.app, "manual", "Print the manual page, for man(1)")->group("");
  add_value(*options.manual_app, "COMMAND", options.manual_of, "",
            "The command whose page is printed (default: the program)");
  options.completion_app = add_command(options.app, "completion", "Print the completion script of a shell")->group("");
  for (const char* shell : {"bash", "zsh", "fish"})
    add_command(
        *options.completion_app, shell,
        fmt::format("Print the script for {}: source it, or put it into the shell's folder of completions", shell));
  CLI::App* words =
      add_command(*options.completion_app, "words", "What may stand in place of the last WORD")->group("");
  add_value(*words, "WORD", options.completion_words, "", "The words behind the program's name, behind --");
}

void declare(Options& options) {
  CLI::App& app = options.app;
  app.formatter(std::make_shared<WrappedHelp>());
  app.set_help_flag("-h,--help", "Print this help");
  app.allow_extras();
  app.footer(fmt::format("{}{}", kExamples, kExitCodes));
  add_value(app, "--log-level", options.texts.log_level, "LEVEL",
            fmt::format("Least severe messages on standard error: {} (default: info)", kLogLevelNames));
  add_value(app, "--log-format", options.texts.log_format, "FORMAT",
            "Format of the messages: text, or json, an object a line with time, level and message (default: text)");
  options.pcap_app = add_command(options.app, "pcap", "Read capture files and write flow rows");
  options.pcap.declare(*options.pcap_app);
  options.realtime_app =
      add_command(options.app, "realtime", "Capture packets from network interfaces and write flow rows");
  options.realtime.declare(*options.realtime_app);
  options.events_app =
      add_command(options.app, "events", "Read capture files and write event files, for runs on other machines");
  options.events.declare(*options.events_app);
  options.flows_app = add_command(options.app, "flows", "Read the event files of many captures and write flow rows");
  options.flows.declare(*options.flows_app);
  options.merge_app =
      add_command(options.app, "merge", "Merge tables that hold parts of the flows into the table of one run");
  options.merge.declare(*options.merge_app);
  options.summary_app = add_command(options.app, "summary", "Describe a table, and say what is suspicious in it");
  options.summary.declare(*options.summary_app);
  declare_others(options);
  // May stand before the command or behind it.
  std::vector<CLI::App*> commands = {
      options.pcap_app,    options.realtime_app, options.events_app,  options.flows_app,     options.merge_app,
      options.summary_app, options.plugins_app,  options.columns_app, options.configure_app, options.doctor_app};
  for (CLI::App* parent : {options.plugin_app, options.profile_app})
    for (CLI::App* command : parent->get_subcommands([](CLI::App*) { return true; })) commands.push_back(command);
  take_marks_off(app);
  for (CLI::App* command : commands) {
    add_value(*command, "--log-level", options.texts.log_level, "LEVEL",
              fmt::format("Least severe messages on standard error: {} (default: info)", kLogLevelNames));
    add_value(*command, "--log-format", options.texts.log_format, "FORMAT",
              "Format of the messages: text or json (default: text)");
  }
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

// "Usage: flowgauge profile check ...": CLI11 by itself begins with the last word.
std::string help_of(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return app.help(parent == nullptr ? "" : command_name(*parent));
}

// "a FILE", "--out"
std::string missing_argument(CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_required() || option->count() > 0) continue;
    if (!option->get_positional()) return "--" + option->get_lnames().front();
    return fmt::format("a {}", option->get_name(true));
  }
  return "an argument";
}

// What CLI11 could not place: an option or a command that does not exist.
Result<void> check_extras(CLI::App& app) {
  const std::vector<std::string> extras = app.remaining();
  if (!extras.empty()) {
    const std::string extra = without_mark(extras.front());
    const bool is_operand = is_marked(extras.front());
    if (!is_operand && extra.starts_with('-') && extra != "-") {
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

Result<TerminalLog::Format> log_format_of(const CLI::App& app, const std::string& name) {
  if (name == "text") return TerminalLog::Format::kText;
  if (name == "json") return TerminalLog::Format::kJson;
  const std::vector<std::string> names = {"text", "json"};
  return mistake(
      app, fmt::format("--log-format: '{}' is neither text nor json{}", printable(name), did_you_mean(name, names)));
}

Result<Command> read_manual(Options& options) {
  if (options.manual_of.empty()) return Command(HelpCommand{manual_page()});
  const std::vector<std::string> names = subcommand_names(options.app);
  if (std::ranges::find(names, options.manual_of) == names.end())
    return mistake(*options.manual_app, fmt::format("manual: there is no command '{}'{}", printable(options.manual_of),
                                                    did_you_mean(options.manual_of, names)));
  return Command(HelpCommand{manual_page_of_command(*options.app.get_subcommand(options.manual_of))});
}

Result<Command> read_completion(Options& options) {
  const std::vector<CLI::App*> chosen = options.completion_app->get_subcommands();
  if (chosen.empty())
    return mistake(*options.completion_app, "completion: say which shell, as in 'flowgauge completion bash'");
  const std::string script = completion_script(chosen.front()->get_name());
  if (!script.empty()) return Command(HelpCommand{script});
  return Command(completion_of(options.app, options.completion_words));
}

Result<Command> read_command(Options& options) {
  const CLI::App& app = options.app;
  if (app.got_subcommand(options.pcap_app)) return options.pcap.read(*options.pcap_app);
  if (app.got_subcommand(options.realtime_app)) return options.realtime.read(*options.realtime_app);
  if (app.got_subcommand(options.events_app)) return options.events.read(*options.events_app);
  if (app.got_subcommand(options.flows_app)) return options.flows.read(*options.flows_app);
  if (app.got_subcommand(options.merge_app)) return options.merge.read();
  if (app.got_subcommand(options.summary_app)) return options.summary.read(*options.summary_app);
  if (app.got_subcommand(options.columns_app)) return options.columns.read(*options.columns_app);
  if (app.got_subcommand(options.version_app)) return Command(VersionCommand{});
  if (app.got_subcommand(options.manual_app)) return read_manual(options);
  if (app.got_subcommand(options.completion_app)) return read_completion(options);
  if (app.got_subcommand(options.plugins_app)) return options.plugins.read(*options.plugins_app);
  if (app.got_subcommand(options.plugin_app)) return options.plugin.read(*options.plugin_app);
  if (app.got_subcommand(options.configure_app)) return Command(options.configure);
  if (app.got_subcommand(options.doctor_app)) return Command(options.doctor);
  if (app.got_subcommand(options.profile_app)) return options.profile.read(*options.profile_app);
  return mistake(app, "say what to do, as in 'flowgauge pcap capture.pcap'");
}

}  // namespace

Result<CommandLine> parse_command_line(std::span<const std::string> arguments) {
  const auto options = std::make_unique<Options>();
  declare(*options);
  try {
    // The library takes the arguments from the end of the vector.
    std::vector<std::string> words = with_marked_operands(options->app, arguments);
    std::ranges::reverse(words);
    options->app.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    return CommandLine{LogLevel::kInfo, TerminalLog::Format::kText, HelpCommand{help_of(named_command(options->app))}};
  } catch (const CLI::RequiredError& error) {
    if (Result<void> extras = check_extras(options->app); !extras) return std::unexpected(extras.error());
    CLI::App& command = named_command(options->app);
    return mistake(command, fmt::format("{} is missing", missing_argument(command)));
  } catch (const CLI::ParseError& error) {
    return mistake(named_command(options->app), error.what());
  }
  if (Result<void> extras = check_extras(options->app); !extras) return std::unexpected(extras.error());
  CommandLine line;
  line.log_level = TRY(parse_log_level(options->texts.log_level));
  line.log_format = TRY(log_format_of(options->app, options->texts.log_format));
  line.command = TRY(read_command(*options));
  return line;
}

std::string manual_page() {
  const auto options = std::make_unique<Options>();
  declare(*options);
  return manual_page_of(options->app);
}

}  // namespace flowgauge
