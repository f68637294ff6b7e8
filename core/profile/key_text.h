// What docs/profiles.md says of each key of a profile; the page is part of the program. Stateless.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowgauge {

struct KeyText {
  std::string type;      // "duration"
  std::string fallback;  // what holds where nobody sets the key: "5s", "none"; also "none" where somebody has to
  std::string meaning;   // the first paragraph, as plain text
};

// Of one of profile_keys(); none: the page has no such key.
[[nodiscard]] std::optional<KeyText> text_of_key(std::string_view key);

// The words of a key whose type is a choice of some ("`auto`, `ebpf` or `pcap`"); of another key none.
[[nodiscard]] std::vector<std::string> choices_of_key(std::string_view key);

[[nodiscard]] std::string first_sentence(std::string_view text);

}  // namespace flowgauge
