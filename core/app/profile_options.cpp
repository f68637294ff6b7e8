#include "core/app/profile_options.h"

#include <fmt/format.h>

#include "core/app/option_values.h"
#include "core/app/run_options.h"
#include "core/app/tool_help_text.h"
#include "core/base/try.h"

namespace flowgauge {

void ProfileOptions::declare(CLI::App& app) {
  declare_check(app);
  declare_explain(app);
  app.footer(std::string(kProfileExamples));
}

Result<Command> ProfileOptions::read(const CLI::App& app) {
  if (app.got_subcommand(check_app_)) return read_check();
  if (app.got_subcommand(explain_app_)) return read_explain();
  return mistake(app, "profile: say what to do, as in 'flowgauge profile check FILE'");
}

void ProfileOptions::declare_check(CLI::App& app) {
  check_app_ = add_command(app, "check", "Check whether a profile is right, and load the plugins that it names");
  add_value(*check_app_, "FILE", check_.path, "", "The profile: a YAML file, or the name of a bundled profile")
      ->required();
  check_settings_.declare_set(*check_app_);
  add_plugin_flags(*check_app_, check_.plugins);
  check_app_->footer(fmt::format("{}{}", kProfileCheckExamples, kProfileExitCodes));
}

void ProfileOptions::declare_explain(CLI::App& app) {
  explain_app_ = add_command(app, "explain", "Explain each key of a profile: its value, who set it, and what it does");
  add_value(*explain_app_, "FILE", explain_.path, "", "The profile: a YAML file, or the name of a bundled profile")
      ->required();
  add_value(*explain_app_, "KEY", explain_.keys, "",
            "Only these keys, as in flow.linger, or whole sections, as in flow (default: every key)");
  explain_settings_.declare_set(*explain_app_);
  explain_app_->add_flag("--json", explain_.json, "Print JSON");
  explain_app_->footer(fmt::format("{}{}", kProfileExplainExamples, kProfileExitCodes));
}

Result<Command> ProfileOptions::read_check() {
  check_.settings = TRY(check_settings_.read(*check_app_));
  return Command(check_);
}

Result<Command> ProfileOptions::read_explain() {
  explain_.settings = TRY(explain_settings_.read(*explain_app_));
  return Command(explain_);
}

}  // namespace flowgauge
