// A tree as YAML for people: a key a line, short lists of plain entries on one line. What is read back is the same
// tree. Stateless.
#pragma once

#include <string>
#include <string_view>

#include "core/profile/yaml_node.h"

namespace flowgauge {

// Of a mapping, a document without its comments; of none of its keys: "".
[[nodiscard]] std::string yaml_text(const YamlNode& root);

// On one line, as behind a key: "30s", "[tcp, udp]", "{name: iat, options: {bins: 16}}".
[[nodiscard]] std::string yaml_value_text(const YamlNode& node);

// Any text in double quotes, as YAML reads it back.
[[nodiscard]] std::string yaml_quoted(std::string_view text);

// A key, as it is written, and its colon. What is too long to be a key by itself stands behind "?", and `line` before
// the colon: a space, or the beginning of a line of its own.
[[nodiscard]] std::string yaml_key_text(const std::string& written, std::string_view line);

// Whether two trees say the same, wherever they stand.
[[nodiscard]] bool is_same(const YamlNode& left, const YamlNode& right);

}  // namespace flowgauge
