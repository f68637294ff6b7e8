#include "core/app/plugin_options.h"

#include <limits>

#include "core/app/option_values.h"
#include "core/app/run_options.h"
#include "core/app/tool_help_text.h"
#include "core/base/text.h"

namespace flowgauge {

void PluginOptions::declare(CLI::App& app) {
  declare_new(app);
  declare_check(app);
  declare_info(app);
  declare_trial(app);
  app.footer(std::string(kPluginExamples));
}

Result<Command> PluginOptions::read(const CLI::App& app) {
  if (app.got_subcommand(new_app_)) return read_new();
  if (app.got_subcommand(check_app_)) return read_check();
  if (app.got_subcommand(info_app_)) return Command(info_);
  if (app.got_subcommand(trial_app_)) return Command(trial_);
  return mistake(app, "plugin: say what to do, as in 'flowgauge plugin new NAME'");
}

void PluginOptions::declare_new(CLI::App& app) {
  new_app_ =
      add_command(app, "new", "Create the project of a new plugin, with source, tests, profile, CMake, licence and CI");
  add_value(*new_app_, "NAME", new_.project.name, "", "The name of the plugin, of a-z, 0-9 and _")->required();
  auto* const schema =
      new_app_->add_flag("--schema", new_schema_,
                         "Create a schema, which defines a table, instead of a feature. Not with --derived or --sink");
  auto* const derived =
      new_app_
          ->add_flag("--derived", new_derived_,
                     "Create a derived feature, whose columns are made of other features' columns. Not with --sink")
          ->excludes(schema);
  new_app_->add_flag("--sink", new_sink_, "Create a sink, which takes the rows of a table somewhere")
      ->excludes(schema)
      ->excludes(derived);
  auto* const in_c = new_app_->add_flag(
      "--c", new_c_, "Write it in C, with the header of the ABI alone, instead of C++ with the SDK. Not with --rust");
  new_app_->add_flag("--rust", new_rust_, "Write it in Rust, with the ABI in Rust and without crates")->excludes(in_c);
  add_value(*new_app_, "--licence,--license", new_.project.licence, "SPDX",
            fmt::format("The licence: {}, or any other SPDX expression (default: Apache-2.0)", kLicenceNames));
  add_value(*new_app_, "--dir", new_.project.folder, "DIR", "The folder to create, or an empty one (default: NAME)");
  new_app_->footer(std::string(kPluginNewExamples));
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
  info_app_ = add_command(app, "info",
                          "Describe a plugin's file and what it offers. Its code runs only if the file is trusted");
  add_value(*info_app_, "FILE", info_.path, "", "The plugin, a shared object (.so)")->required();
  info_app_->add_flag("--json", info_.json, "Print JSON");
  info_app_->add_flag("--insecure-plugins", info_.plugins.insecure,
                      "Load the plugin even if other users can write its file, with a warning");
  info_app_->footer(std::string(kPluginInfoExamples));
}

void PluginOptions::declare_check(CLI::App& app) {
  check_app_ =
      add_command(app, "check", "Check whether a plugin keeps to the ABI. Each check runs in a separate process");
  add_value(*check_app_, "FILE", check_.path, "", "The plugin, a shared object (.so)")->required();
  add_value(*check_app_, "--only", check_.only, "CHECK", "Run only this check. May be given several times")
      ->allow_extra_args(false);
  add_value(*check_app_, "--option", option_texts_, "NAME=VALUE",
            "Set an option of the plugin, as in a profile. May be given several times")
      ->allow_extra_args(false);
  add_value(
      *check_app_, "--place", check_.place, "PLACE",
      "Where a sink that does not write files sends its rows, as in the address of a server. What is there may be "
      "replaced (default: a temporary folder)");
  add_value(*check_app_, "--seed", seed_, "N",
            "Seed of the generated packets. The same seed gives the same packets (default: 1)");
  check_app_->add_flag("--json", check_.json, "Print JSON");
  add_plugin_flags(*check_app_, check_.plugins);
  check_app_->footer(std::string(kPluginCheckExamples));
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
