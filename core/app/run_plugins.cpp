// flowgauge plugins: what is found, with version, file and hash; the memory that features take per flow, their options.
#include <fmt/format.h>

#include <iterator>
#include <string>
#include <type_traits>
#include <vector>

#include "core/app/commands.h"
#include "core/app/standard_output.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/engine/json_text.h"

namespace flowgauge {
namespace {

template <class Item>
std::vector<std::string> names_of(const std::vector<Item>& items) {
  std::vector<std::string> names;
  for (const Item& item : items) names.push_back(item.name);
  return names;
}

// "iat (96 bytes per flow), timing (0 bytes per flow)"
std::vector<std::string> with_bytes(const std::vector<Feature>& features) {
  std::vector<std::string> names;
  for (const Feature& feature : features) {
    names.push_back(fmt::format("{} ({} bytes per flow)", feature.name, feature.table.state_size));
  }
  return names;
}

// "sdk_tour.from: u64 (default 1)"
template <class Item>
std::vector<std::string> option_lines(const std::vector<Item>& items) {
  std::vector<std::string> lines;
  for (const Item& item : items) {
    for (const fg_option& option : item.options) {
      const std::string otherwise =
          option.default_value == nullptr ? "must be given" : fmt::format("default {}", option.default_value);
      lines.push_back(fmt::format("{}.{}: {} ({})", item.name, option.name, type_name(option.type), otherwise));
    }
  }
  return lines;
}

void add_line(std::string& text, const char* label, const std::string& value) {
  if (!value.empty()) fmt::format_to(std::back_inserter(text), "  {:<9} {}\n", label, value);
}

std::string as_text(const std::vector<const Module*>& modules) {
  std::string text;
  for (const Module* module : modules) {
    fmt::format_to(std::back_inserter(text), "{} {}\n", module->name, module->version);
    add_line(text, "features", join(with_bytes(module->features)));
    for (const std::string& line : option_lines(module->features)) add_line(text, "option", line);
    add_line(text, "schemas", join(names_of(module->schemas)));
    for (const std::string& line : option_lines(module->schemas)) add_line(text, "option", line);
    add_line(text, "licence", module->licence);
    add_line(text, "needs", fmt::format("plugin ABI 1.{}", module->min_host_minor));
    add_line(text, "file", module->path);
    add_line(text, "sha256", module->sha256);
  }
  return text;
}

void add_options(JsonText& json, const std::vector<fg_option>& options) {
  json.begin_array("options");
  for (const fg_option& option : options) {
    json.begin_object().text("name", option.name).text("type", type_name(option.type)).text("doc", option.doc);
    if (option.default_value != nullptr) json.text("default", option.default_value);
    json.end_object();
  }
  json.end_array();
}

template <class Item>
void add_items(JsonText& json, const char* key, const std::vector<Item>& items) {
  json.begin_array(key);
  for (const Item& item : items) {
    json.begin_object().text("name", item.name).text("version", item.version).text("doc", item.doc);
    if constexpr (std::is_same_v<Item, Feature>) json.number("state_bytes", item.table.state_size);
    add_options(json, item.options);
    json.end_object();
  }
  json.end_array();
}

std::string as_json(const std::vector<const Module*>& modules) {
  JsonText json;
  json.begin_array();
  for (const Module* module : modules) {
    json.begin_object().text("name", module->name).text("version", module->version).text("licence", module->licence);
    json.number("min_host_minor", module->min_host_minor).text("path", module->path).text("sha256", module->sha256);
    add_items(json, "features", module->features);
    add_items(json, "schemas", module->schemas);
    json.end_object();
  }
  json.end_array();
  return json.take();
}

}  // namespace

ExitCode run_plugins(const PluginsCommand& command) {
  std::vector<std::string> refusals;
  const auto plan = load_all_plugins(plugin_paths(command.plugins), refusals);
  for (const std::string& refusal : refusals) log_warning("{}", refusal);
  const std::vector<const Module*> modules = plan->modules.modules();
  if (modules.empty() && !command.json) log_warning("no plugin was found; name a folder with --plugin-dir");
  return write_standard_output(command.json ? as_json(modules) : as_text(modules));
}

}  // namespace flowgauge
