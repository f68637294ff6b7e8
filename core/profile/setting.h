// One key of a profile with a value from the command line: a flag, or `--set KEY=VALUE`. Stateless.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/profile/profile.h"

namespace flowgauge {

// kText: the text as it is. kList: entries with commas between them, or the word `all`. kYaml: as a profile writes it.
enum class SettingForm { kText, kList, kYaml };

struct Setting {
  std::string key;  // one of settable_keys(): "flow.idle_timeout"
  std::string text;
  SettingForm form = SettingForm::kText;
  std::string place;  // what messages begin with in place of a file and a line: "--idle-timeout"

  bool operator==(const Setting&) const = default;
};

// Sets the key as a profile that has it would. The messages are those of profiles, with the setting's place.
[[nodiscard]] Result<void> apply(const Setting& setting, Profile& profile);
[[nodiscard]] Result<void> apply(const std::vector<Setting>& settings, Profile& profile);

// Every key of a profile but `extends` and those of lists' entries: a list is set as a whole.
[[nodiscard]] std::vector<std::string> settable_keys();

}  // namespace flowgauge
