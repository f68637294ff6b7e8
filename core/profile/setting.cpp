#include "core/profile/setting.h"

#include <memory>
#include <string_view>
#include <utility>

#include "core/base/try.h"
#include "core/profile/keys.h"
#include "core/profile/traced_profile.h"
#include "core/profile/yaml_node.h"

namespace flowgauge {
namespace {

YamlNode scalar_of(std::string_view text, const std::string& place) {
  YamlNode node;
  node.kind = YamlNode::Kind::kScalar;
  node.file = std::make_shared<const std::string>(place);
  node.text = text;
  return node;
}

YamlNode list_of(std::string_view text, const std::string& place) {
  YamlNode node = scalar_of({}, place);
  node.kind = YamlNode::Kind::kList;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    node.items.push_back(scalar_of(text.substr(0, comma), place));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return node;
}

Result<YamlNode> value_of(const Setting& setting) {
  switch (setting.form) {
    case SettingForm::kYaml:
      return parse_yaml_value(setting.text, setting.place);
    case SettingForm::kList:
      if (setting.text != "all") return list_of(setting.text, setting.place);
      break;
    case SettingForm::kText:
      break;
  }
  return scalar_of(setting.text, setting.place);
}

}  // namespace

Result<void> apply(const Setting& setting, Profile& profile) {
  const YamlNode value = TRY(value_of(setting));
  return set_profile_key(setting.key, value, profile);
}

Result<void> apply(const std::vector<Setting>& settings, Profile& profile) {
  for (const Setting& setting : settings) {
    if (Result<void> done = apply(setting, profile); !done) return done;
  }
  return {};
}

Result<void> apply(const std::vector<Setting>& settings, TracedProfile& traced) {
  for (const Setting& setting : settings) {
    const YamlNode value = TRY(value_of(setting));
    if (Result<void> done = set_profile_key(setting.key, value, traced.profile); !done) return done;
    traced.origins.note(setting.key, value);
  }
  return {};
}

std::vector<std::string> settable_keys() {
  std::vector<std::string> keys = known_profile_keys();
  std::erase_if(keys, [](const std::string& key) { return key == "extends" || key.find("[]") != std::string::npos; });
  return keys;
}

}  // namespace flowgauge
