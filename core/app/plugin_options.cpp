#include "core/app/plugin_options.h"

#include <limits>

#include "core/app/option_values.h"
#include "core/app/run_options.h"
#include "core/base/text.h"

namespace flowgauge {

void PluginOptions::declare(CLI::App& app) {
  declare_new(app);
  declare_check(app);
  declare_info(app);
  declare_trial(app);
}

Result<Command> PluginOptions::read(const CLI::App& app) {
  if (app.got_subcommand(new_app_)) return read_new();
  if (app.got_subcommand(check_app_)) return read_check();
  if (app.got_subcommand(info_app_)) return Command(info_);
  if (app.got_subcommand(trial_app_)) return Command(trial_);
  return mistake(app, "plugin: say what to do, as in 'flowgauge plugin new NAME'");
}

void PluginOptions::declare_new(CLI::App& app) {
  new_app_ = add_command(app, "new", "Write the project of a new plugin: source, tests, profile, CMake, licence, CI");
  add_value(*new_app_, "NAME", new_.project.name, "", "What the plugin is called: a-z, 0-9 and _")->required();
  auto* const schema = new_app_->add_flag("--schema", new_schema_, "A schema (a table) instead of a feature");
  auto* const derived =
      new_app_->add_flag("--derived", new_derived_, "A derived feature (columns made of other features' columns)")
          ->excludes(schema);
  new_app_->add_flag("--sink", new_sink_, "A sink (where the rows of a table go)")->excludes(schema)->excludes(derived);
  auto* const in_c =
      new_app_->add_flag("--c", new_c_, "In C, with the header of the ABI alone, instead of C++ with the SDK");
  new_app_->add_flag("--rust", new_rust_, "In Rust, with the ABI in Rust and without crates")->excludes(in_c);
  add_value(*new_app_, "--licence,--license", new_.project.licence, "SPDX",
            fmt::format("{}, or any other SPDX expression (default: Apache-2.0)", kLicenceNames));
  add_value(*new_app_, "--dir", new_.project.folder, "DIR",
            "Where to write it: a new or an empty folder (default: NAME)");
  new_app_->footer(
      "\nExit codes:\n"
      "  0    the project is written; what to do next stands on standard output\n"
      "  1    the name will not do, or the folder is not empty\n"
      "  4    the folder cannot be written; nothing is left behind\n");
}

Command PluginOptions::read_new() {
  if (new_schema_) new_.project.kind = PluginKind::kSchema;
  if (new_derived_) new_.project.kind = PluginKind::kDerived;
  if (new_sink_) new_.project.kind = PluginKind::kSink;
  if (new_c_) new_.project.language = PluginLanguage::kC;
  if (new_rust_) new_.project.language = PluginLanguage::kRust;
  if (new_app_->count("--dir") == 0) new_.project.folder = new_.project.name;
  return Command(new_);
}

void PluginOptions::declare_info(CLI::App& app) {
  info_app_ =
      add_command(app, "info", "Say what a plugin's file is and offers; its code runs only if the file is trusted");
  add_value(*info_app_, "FILE", info_.path, "", "The plugin, a shared object")->required();
  info_app_->add_flag("--json", info_.json, "As JSON");
  info_app_->add_flag("--insecure-plugins", info_.plugins.insecure, "Load it even if others can write it");
  info_app_->footer(
      "\nExit codes:\n"
      "  0    the whole report is printed\n"
      "  2    the file is not a plugin, or may not be loaded; what can be read from it is printed\n");
}

void PluginOptions::declare_check(CLI::App& app) {
  check_app_ = add_command(app, "check", "Say whether a plugin keeps to the ABI: every check in a process of its own");
  add_value(*check_app_, "FILE", check_.path, "", "The plugin, a shared object")->required();
  add_value(*check_app_, "--only", check_.only, "CHECK", "Only this check; may be given several times")
      ->allow_extra_args(false);
  add_value(*check_app_, "--option", option_texts_, "NAME=VALUE",
            "An option of the plugin's, as a profile has it; may be given several times")
      ->allow_extra_args(false);
  add_value(
      *check_app_, "--place", check_.place, "PLACE",
      "Where sinks with a place of their own go, as a server's address; what is there may be replaced (default: a "
      "temporary folder)");
  add_value(*check_app_, "--seed", seed_, "N", "Of the made-up packets: repeats a run (default: 1)");
  check_app_->add_flag("--json", check_.json, "As JSON");
  add_plugin_flags(*check_app_, check_.plugins);
  check_app_->footer(
      "\nExit codes:\n"
      "  0    every check passed\n"
      "  1    there is no such check\n"
      "  2    a check failed, or the file is no plugin that could be loaded\n"
      "\ndocs/checking-a-plugin.md says what each check does and how to mend what it finds.\n");
}

// Hidden: flowgauge runs it itself, out of processes that cannot be copied.
void PluginOptions::declare_trial(CLI::App& app) {
  trial_app_ = add_command(app, "trial", "Load and create what it is asked to, and tell how far it comes")->group("");
  add_value(*trial_app_, "FD", trial_.descriptor, "", "The socket that it is asked through")->required();
  add_value(*trial_app_, "BYTES", trial_.memory_bytes, "", "The memory that it may take; 0: any")->required();
}

Result<Command> PluginOptions::read_check() {
  if (check_app_->count("--seed") > 0) {
    const std::optional<std::uint64_t> seed = parse_u64(seed_);
    if (!seed) {
      return mistake(*check_app_, fmt::format("--seed: '{}' is no whole number from 0 to {}", seed_,
                                              std::numeric_limits<std::uint64_t>::max()));
    }
    check_.seed = *seed;
  }
  for (const std::string& text : option_texts_) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return mistake(*check_app_, fmt::format("--option: '{}' is not NAME=VALUE", text));
    }
    check_.options.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return Command(check_);
}

}  // namespace flowgauge
