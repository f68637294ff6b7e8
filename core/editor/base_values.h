// What holds where the draft says nothing: of the profile that it extends, else the defaults. Read-only once made.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "core/profile/yaml_node.h"

namespace flowgauge {

class BaseValues {
 public:
  BaseValues() : BaseValues("", "") {}
  // `extends`: "" of a draft without. One that cannot be read leaves the defaults; its mistake is the draft's. `name`:
  // the draft's file.
  BaseValues(const std::string& extends, const std::string& name);

  // As a profile has it: "120s", "[tcp, udp]"; of tables by their number. "none" where there is nothing.
  [[nodiscard]] std::string of(std::string_view key) const;
  // As a file has them: what a draft begins with that changes one of them.
  [[nodiscard]] const YamlNode& tables() const { return tables_; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
  YamlNode tables_;
};

}  // namespace flowgauge
