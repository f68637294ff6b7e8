#include "core/host/interface_selection.h"

#include <fnmatch.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/base/try.h"

namespace flowgauge {

bool is_pattern(std::string_view word) { return word == "any" || word.find_first_of("*?[") != std::string_view::npos; }

bool selects(const std::string& word, const Interface& interface) {
  if (word == "any" || word == interface.name) return true;
  if (is_pattern(word)) return ::fnmatch(word.c_str(), interface.name.c_str(), 0) == 0;
  return std::ranges::find(interface.other_names, word) != interface.other_names.end();
}

Result<std::vector<Interface>> select_interfaces(std::span<const std::string> words, MissingInterfaces missing) {
  const std::vector<Interface> all = TRY(list_interfaces());
  std::vector<Interface> selected;
  for (const std::string& word : words) {
    bool is_found = false;
    for (const Interface& interface : all) {
      if (!selects(word, interface) || (is_pattern(word) && !interface.up)) continue;
      is_found = true;
      if (!interface.up && missing == MissingInterfaces::kRefuse) TRY(find_live_interface(interface.name));
      if (std::ranges::find(selected, interface.index, &Interface::index) == selected.end())
        selected.push_back(interface);
    }
    if (is_found || missing == MissingInterfaces::kAwait) continue;
    if (!is_pattern(word)) return std::unexpected(find_interface(word).error());
    return fail(ExitCode::kInput, "no interface that is up matches '{}'; `ip -br link` lists those there are",
                printable(word));
  }
  return selected;
}

}  // namespace flowgauge
