// Which file, or which flag, set each key of a profile last. Stateless but for what it has noted.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/profile/yaml_node.h"

namespace flowgauge {

struct KeyOrigin {
  std::string file;  // as messages name it; "--set flow.linger" of the command line
  int line = 0;      // from 1; 0: of the command line

  bool operator==(const KeyOrigin&) const = default;
};

// Keys as they are in effect: "flow.linger", "exporters[0].path".
class KeyOrigins {
 public:
  // What a file says, over what was noted before: mappings merge key by key, lists and single values replace.
  void note_file(const YamlNode& root);
  // The same of one key.
  void note(const std::string& key, const YamlNode& value);

  // None: nobody set it.
  [[nodiscard]] std::optional<KeyOrigin> of(std::string_view key) const;

 private:
  void forget_below(const std::string& key);

  std::map<std::string, KeyOrigin, std::less<>> origins_;
};

}  // namespace flowgauge
