#include "core/app/setting_options.h"

#include <algorithm>

#include "core/app/option_values.h"
#include "core/base/try.h"

namespace flowgauge {
namespace {

bool is_given(const CLI::App& app, const std::string& name) {
  const CLI::Option* option = app.get_option_no_throw(name);
  return option != nullptr && option->count() > 0;
}

// "flow.linger=1s"
Result<Setting> setting_of(const CLI::App& app, const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0)
    return mistake(app, fmt::format("--set: '{}' is not KEY=VALUE, as in flow.linger=1s", word));
  Setting setting{
      .key = word.substr(0, equals), .text = word.substr(equals + 1), .form = SettingForm::kYaml, .place = {}};
  setting.place = fmt::format("--set {}", printable(setting.key));
  return setting;
}

// Each is read once to see whether it is right; run_profile lays it over the profile.
Result<void> check(const CLI::App& app, const std::vector<Setting>& settings) {
  Profile scratch;
  for (auto setting = settings.begin(); setting != settings.end(); ++setting) {
    if (const auto done = apply(*setting, scratch); !done) return mistake(app, done.error().message);
    const auto other =
        std::find_if(settings.begin(), setting, [&](const auto& one) { return one.key == setting->key; });
    if (other != setting)
      return mistake(app, fmt::format("{} is set twice, by {} and by {}", setting->key, other->place, setting->place));
  }
  return {};
}

}  // namespace

void SettingOptions::declare(CLI::App& app, const KeyFlag& flag, const std::string& group) {
  const std::string name = flag_name(flag);
  const std::string help(flag.help);
  std::string& text = texts_[static_cast<std::size_t>(&flag - key_flags().data())];
  CLI::Option* option =
      flag.value.empty() ? app.add_flag(name, help) : add_value(app, name, text, std::string(flag.value), help);
  if (flag.value.empty()) text = flag.sets;
  if (!group.empty()) option->group(group);
}

void SettingOptions::declare_flag(CLI::App& app, std::string_view key) {
  declare(app, *std::ranges::find(key_flags(), key, &KeyFlag::key), "");
}

void SettingOptions::declare_rules(CLI::App& app) {
  for (const KeyFlag& flag : rule_flags())
    declare(app, flag, "Rules, each a key of the profile's sections flow and packets");
}

void SettingOptions::declare_set(CLI::App& app) {
  add_value(
      app, "--set", set_, "KEY=VALUE",
      "Set any key of the profile, as in flow.linger=1s or 'packets.protocols=[tcp, udp]'. The value is written as "
      "in a profile. May be given several times")
      ->allow_extra_args(false);
}

Result<std::vector<Setting>> SettingOptions::read(const CLI::App& app) const {
  std::vector<Setting> settings;
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    const KeyFlag& flag = key_flags()[i];
    const std::string name = flag_name(flag);
    if (is_given(app, name)) settings.push_back({std::string(flag.key), texts_[i], flag.form, name});
  }
  for (const std::string& word : set_) {
    settings.push_back(TRY(setting_of(app, word)));
  }
  TRY(check(app, settings));
  return settings;
}

}  // namespace flowgauge
