#include "core/app/plugin_options.h"

#include <limits>

#include "core/app/option_values.h"
#include "core/app/run_options.h"
#include "core/base/text.h"

namespace flowgauge {

void PluginOptions::declare(CLI::App& app) { declare_check(app); }

Result<Command> PluginOptions::read(const CLI::App& app) {
  if (app.got_subcommand(check_app_)) return read_check();
  return mistake(app, "plugin: say what to do, as in 'flowgauge plugin check FILE.so'");
}

void PluginOptions::declare_check(CLI::App& app) {
  check_app_ = add_command(app, "check", "Say whether a plugin keeps to the ABI: every check in a process of its own");
  add_value(*check_app_, "FILE", check_.path, "", "The plugin, a shared object")->required();
  add_value(*check_app_, "--only", check_.only, "CHECK", "Only this check; may be given several times")
      ->allow_extra_args(false);
  add_value(*check_app_, "--option", option_texts_, "NAME=VALUE",
            "An option of the plugin's, as a profile has it; may be given several times")
      ->allow_extra_args(false);
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
