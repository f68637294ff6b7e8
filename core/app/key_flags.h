// The flags that stand for a key of the profile: what each sets, and what help says of it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/profile/setting.h"

namespace flowgauge {

struct KeyFlag {
  std::string_view key;    // "flow.idle_timeout"
  std::string_view value;  // what help calls what follows: "S"; empty: nothing follows, and the key becomes `sets`
  std::string_view help;
  SettingForm form = SettingForm::kText;
  std::string_view name = {};      // empty: that of the key
  std::string_view sets = "true";  // where nothing follows
};

[[nodiscard]] std::span<const KeyFlag> key_flags();

// Those of `flow:` and `packets:`, in the order of the help: every key has one, and both commands take it.
[[nodiscard]] std::span<const KeyFlag> rule_flags();

// "--idle-timeout" of flow.idle_timeout
[[nodiscard]] std::string flag_name(const KeyFlag& flag);

}  // namespace flowgauge
