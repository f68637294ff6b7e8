#include "core/app/profile_options.h"

#include <fmt/format.h>

#include "core/app/help_text.h"
#include "core/app/option_values.h"
#include "core/app/run_options.h"
#include "core/base/try.h"

namespace flowgauge {

void ProfileOptions::declare(CLI::App& app) {
  declare_check(app);
  declare_explain(app);
  app.footer(fmt::format("\n{}{}", kProfileExamples, kProfileExplainExamples));
}

Result<Command> ProfileOptions::read(const CLI::App& app) {
  if (app.got_subcommand(check_app_)) return read_check();
  if (app.got_subcommand(explain_app_)) return read_explain();
  return mistake(app, "profile: say what to do, as in 'flowgauge profile check FILE'");
}

void ProfileOptions::declare_check(CLI::App& app) {
  check_app_ = add_command(app, "check", "Say whether a profile is right, and load what it names");
  add_value(*check_app_, "FILE", check_.path, "", "The profile, a YAML file")->required();
  check_settings_.declare_set(*check_app_);
  add_plugin_flags(*check_app_, check_.plugins);
  check_app_->footer(fmt::format("\n{}", kProfileExamples));
}

void ProfileOptions::declare_explain(CLI::App& app) {
  explain_app_ = add_command(app, "explain", "Say of each key of a profile what it is, who set it, and what it does");
  add_value(*explain_app_, "FILE", explain_.path, "", "The profile, a YAML file")->required();
  add_value(*explain_app_, "KEY", explain_.keys, "",
            "Only these keys, as flow.linger, or sections with all below, as flow (default: every key)");
  explain_settings_.declare_set(*explain_app_);
  explain_app_->add_flag("--json", explain_.json, "As JSON");
  explain_app_->footer(fmt::format("\nExamples:\n{}", kProfileExplainExamples));
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
