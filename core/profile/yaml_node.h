// A profile file as a tree that remembers its lines. All that YAML has and profiles do not need is refused
// while reading: anchors and aliases (so no text expands), tags, several documents, keys that are not text.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/profile/place.h"

namespace flowgauge {

struct YamlEntry;

struct YamlNode {
  enum class Kind { kNothing, kScalar, kList, kMap };

  Kind kind = Kind::kNothing;
  std::string text;                         // of a scalar, without quotes
  std::vector<YamlNode> items;              // of a list
  std::vector<YamlEntry> entries;           // of a map, each key once
  std::shared_ptr<const std::string> file;  // as messages name it
  int line = 0;                             // from 1; a map's value has the line of its key; 0: of the command line

  // Error with this node's place in front: "FILE:LINE: ...".
  template <class... Args>
  [[nodiscard]] std::unexpected<Error> refuse(fmt::format_string<Args...> format, Args&&... args) const {
    return fail(ExitCode::kUsage, "{}{}", place_in_front(*file, line),
                fmt::format(format, std::forward<Args>(args)...));
  }
};

struct YamlEntry {
  std::string key;
  YamlNode value;
};

// "a mapping", "a list", ...: for messages.
[[nodiscard]] std::string_view kind_text(YamlNode::Kind kind);

// The one document of `text`, which was read from `file`. `noun` says in messages what it is: "profile".
[[nodiscard]] Result<YamlNode> parse_yaml(std::string text, const std::string& file, std::string_view noun);

// A single value as a profile would have it, from the command line: `place` stands for the file, and there are no
// lines. Of no text: kNothing.
[[nodiscard]] Result<YamlNode> parse_yaml_value(std::string text, const std::string& place);

// A profile's one document, a map with at least one key. Errors (kUsage) begin with the place.
[[nodiscard]] Result<YamlNode> parse_profile_yaml(std::string text, const std::string& file);
[[nodiscard]] Result<YamlNode> read_yaml(const std::string& path);

}  // namespace flowgauge
