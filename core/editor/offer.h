// What there is to choose from, as plain data: of plugins, profiles and this machine.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace flowgauge {

struct OfferedName {
  std::string name;
  std::string doc;
  std::size_t columns = 0;  // of a schema
};

struct OfferedColumn {
  std::string name;     // of a series each member: "iat.fwd.mean"
  std::string feature;  // "iat"
  std::string type, unit, doc, reveals;
};

struct OfferedInterface {
  std::string name;
  bool is_up = false;
  std::string addresses;  // "10.0.0.1/24, fe80::1/64"
};

struct Offer {
  std::vector<OfferedName> profiles;
  std::vector<OfferedName> features;  // that have columns
  std::vector<OfferedName> schemas;
  std::vector<OfferedName> formats;  // of text, then sinks
  std::vector<OfferedColumn> columns;
  std::vector<std::string> functions;  // of expressions: "ms(x)"
  std::vector<OfferedInterface> interfaces;
  std::vector<std::string> refusals;  // plugins that cannot be used
};

}  // namespace flowgauge
