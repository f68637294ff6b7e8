// A profile that is being made: what its file will say, key by key. Pure; one owner.
// Keys are as those of `flowgauge profile explain`: "flow.linger", "exporters[0].path".
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/profile/yaml_node.h"

namespace flowgauge {

// The first line of every file that is saved.
inline constexpr std::string_view kMadeWith =
    "# Made with 'flowgauge configure'. What each key does: flowgauge profile explain FILE";

class Draft {
 public:
  Draft() { root_.kind = YamlNode::Kind::kMap; }
  // Whatever keys it has; only what is no YAML of a profile at all is refused, with `name` and the line in front.
  [[nodiscard]] static Result<Draft> read(const std::string& text, const std::string& name);

  // None: nullptr.
  [[nodiscard]] const YamlNode* find(std::string_view key) const;
  // What is above it becomes a mapping, or gets so many entries. A table that was a name alone gets a key for it.
  void set(std::string_view key, YamlNode value);
  // And what is above it and has nothing else.
  void erase(std::string_view key);

  [[nodiscard]] bool empty() const { return root_.entries.empty(); }
  [[nodiscard]] const YamlNode& root() const { return root_; }
  // The file, with the line of kMadeWith.
  [[nodiscard]] std::string text() const;

  bool operator==(const Draft& other) const;

 private:
  YamlNode root_;
};

// A text, and a list of texts.
[[nodiscard]] YamlNode text_node(std::string text);
[[nodiscard]] YamlNode list_node(const std::vector<std::string>& items);

// By the lines of text(), from 1: the key that stands there, the longest one: for what is said of the line.
[[nodiscard]] std::map<int, std::string> keys_by_line(const YamlNode& parsed);

// Whether a file says something that a saved one would not: comments but that of kMadeWith.
[[nodiscard]] bool has_comments(std::string_view text);

// "exporters[0].path" -> "exporters[].path"
[[nodiscard]] std::string documented_key(std::string_view key);

}  // namespace flowgauge
