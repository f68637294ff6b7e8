// flowgauge plugin check: does a plugin keep to the ABI?
#include <fmt/format.h>

#include <iterator>
#include <string>

#include "core/app/commands.h"
#include "core/app/standard_output.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/check/conformance.h"
#include "core/flow/flow_columns.h"
#include "core/flow/packet_columns.h"
#include "core/plugin/trust.h"
#include "core/text/json_text.h"

namespace flowgauge {
namespace {

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPassed:
      return "passed";
    case Outcome::kFailed:
      return "FAILED";
    case Outcome::kSkipped:
      break;
  }
  return "skipped";
}

std::string as_text(const PluginCheckCommand& command, const Conformance& conformance) {
  std::string text = fmt::format("{} ({}), seed {}\n", conformance.module.empty() ? "not loaded" : conformance.module,
                                 command.path, command.seed);
  for (const CheckResult& check : conformance.checks) {
    const bool has_words = !check.verdict.text.empty();
    fmt::format_to(std::back_inserter(text), "  {:<7}  {:<{}}{}{}\n", name_of(check.verdict.outcome), check.name,
                   has_words ? 16 : 0, has_words ? "  " : "", check.verdict.text);
  }
  for (const FeatureFigures& one : conformance.figures) {
    fmt::format_to(std::back_inserter(text), "feature {}: {} bytes per flow, {} columns, {:.1f} ns per packet\n",
                   one.feature, one.state_bytes, one.columns, one.ns_per_packet);
  }
  return text;
}

std::string as_json(const PluginCheckCommand& command, const Conformance& conformance) {
  JsonText json;
  json.begin_object().text("file", command.path).text("module", conformance.module).number("seed", command.seed);
  json.begin_array("checks");
  for (const CheckResult& check : conformance.checks) {
    json.begin_object().text("name", check.name);
    json.text("outcome", check.verdict.outcome == Outcome::kFailed ? "failed" : name_of(check.verdict.outcome));
    if (!check.verdict.text.empty()) json.text("text", check.verdict.text);
    json.end_object();
  }
  json.end_array();
  json.begin_array("features");
  for (const FeatureFigures& one : conformance.figures) {
    json.begin_object().text("name", one.feature).number("state_bytes", one.state_bytes);
    json.number("columns", one.columns).seconds("ns_per_packet", one.ns_per_packet).end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace

ExitCode run_plugin_check(const PluginCheckCommand& command) {
  const PluginPaths paths = plugin_paths(command.plugins);
  if (const auto file = open_trusted(command.path, paths.trust); !file) return say_and_return(file.error());
  const Feature flow = builtin_feature(flow_feature());
  const Feature packet = builtin_feature(packet_feature());
  CheckRequest request{.path = command.path,
                       .seed = command.seed,
                       .options = {},
                       .trust = paths.trust,
                       .search = default_search_path(paths.directories),
                       .host_features = {&flow, &packet},
                       .place = command.place};
  for (const auto& [name, value] : command.options) request.options.push_back({name, value, ""});
  const auto conformance = check_plugin(request, command.only);
  if (!conformance) return say_and_return(conformance.error());
  const ExitCode written =
      write_standard_output(command.json ? as_json(command, *conformance) : as_text(command, *conformance));
  if (written != ExitCode::kOk) return written;
  const std::vector<std::string> failures = conformance->failures();
  if (failures.empty()) return ExitCode::kOk;
  log_error("{}: fails {}; docs/checking-a-plugin.md says what that means and how to mend it", command.path,
            join(failures));
  return ExitCode::kPlugin;
}

}  // namespace flowgauge
