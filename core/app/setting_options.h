// The options that set keys of the profile: flags (key_flags.h) and `--set KEY=VALUE`. Declared before the parse, read
// behind it; the object must stay where it is in between.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/app/key_flags.h"
#include "core/base/result.h"
#include "core/profile/setting.h"

namespace flowgauge {

class SettingOptions {
 public:
  void declare_flag(CLI::App& app, std::string_view key);
  void declare_rules(CLI::App& app);
  void declare_set(CLI::App& app);

  // What was given: the flags, then each --set in order. All are right for a profile, and no key is set twice.
  [[nodiscard]] Result<std::vector<Setting>> read(const CLI::App& app) const;

 private:
  void declare(CLI::App& app, const KeyFlag& flag, const std::string& group);

  std::vector<std::string> texts_ = std::vector<std::string>(key_flags().size());  // of each flag
  std::vector<std::string> set_;
};

}  // namespace flowgauge
