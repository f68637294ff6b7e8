#include "core/app/option_values.h"

namespace flowgauge {

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& description) {
  CLI::App* command = parent.add_subcommand(name, description);
  command->allow_extras();  // looked at afterwards: the message can then name the nearest option
  command->group("Commands");
  command->fallthrough(false);
  command->footer("");  // the parent's examples are none of this command
  return command;
}

std::string command_name(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return parent == nullptr ? app.get_name() : fmt::format("{} {}", command_name(*parent), app.get_name());
}

std::unexpected<Error> mistake(const CLI::App& app, const std::string& what) {
  return fail(ExitCode::kUsage, "{}; see '{} --help'", what, command_name(app));
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

}  // namespace flowgauge
