// The flags that stand for keys of a profile's `flow:` and `packets:`: each has the key's name and takes what the key takes.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/profile/single_key.h"

namespace flowgauge {

struct KeyFlag {
  std::string_view key;    // "flow.idle_timeout"
  std::string_view value;  // what help calls what follows: "S"
  std::string_view help;
  LineForm form = LineForm::kValue;
};

// Every key of the two sections, in the order of the help.
[[nodiscard]] std::span<const KeyFlag> key_flags();

// "--idle-timeout" of "flow.idle_timeout"
[[nodiscard]] std::string flag_name(std::string_view key);

// Sets the key that `flag` stands for. Errors name the flag.
[[nodiscard]] Result<void> apply(const KeyFlag& flag, std::string_view text, Profile& profile);

}  // namespace flowgauge
