// The information elements of flowgauge's own: a list that only grows (elements.tsv), and what a user adds to it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace ipfix_sinks {

inline constexpr std::uint16_t kFirstOfUsers = 16'384;  // what is below is for elements.tsv

struct OwnElement {
  std::uint16_t id;
  std::string name;
  std::string type;       // unsigned64, signed64, float64, boolean, string; of a list: of its items
  std::string semantics;  // default, quantity, identifier
  std::string units;      // none, octets, packets, nanoseconds, microseconds, milliseconds, seconds, entries
};

// elements.tsv, which stands in the plugin.
[[nodiscard]] std::string_view our_elements();

class Registry {
 public:
  // Throws where a line of the user's file is wrong, or takes a number or a name that is another's.
  explicit Registry(std::string_view users_file);

  // By what it is an element of: "packet_length.fwd.mean", "basic:duration", "*:label". Null: there is none.
  [[nodiscard]] const OwnElement* find(std::string_view column) const;
  [[nodiscard]] bool has(std::uint16_t id) const { return names_.contains(id); }

 private:
  void add_lines(std::string_view text, std::string_view origin);

  std::map<std::string, OwnElement, std::less<>> by_column_;
  std::map<std::uint16_t, std::string> names_;
  std::map<std::string, std::uint16_t, std::less<>> ids_;
};

}  // namespace ipfix_sinks
