#include "core/profile/key_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/profile/profiles_page.h"

namespace flowgauge {
namespace {

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// "[semantics](semantics.md)" -> "semantics"
std::string without_links(std::string text) {
  for (std::size_t middle = text.find("]("); middle != std::string::npos; middle = text.find("](")) {
    const std::size_t begin = text.rfind('[', middle);
    const std::size_t end = text.find(')', middle);
    if (begin == std::string::npos || end == std::string::npos) break;
    text = text.substr(0, begin) + text.substr(begin + 1, middle - begin - 1) + text.substr(end + 1);
  }
  return text;
}

// "Type: duration. Default: `5s`." or "Type: text. Required."
void read_facts(std::string_view facts, KeyText& text) {
  constexpr std::string_view kType = "Type: ";
  constexpr std::string_view kDefault = ". Default: ";
  const std::size_t end = std::min(facts.find(kDefault), facts.rfind(". "));
  text.type = facts.substr(kType.size(), end - kType.size());
  text.fallback = "none";
  const std::size_t fallback = facts.find(kDefault);
  if (fallback == std::string_view::npos) return;
  facts.remove_prefix(fallback + kDefault.size());
  const bool is_value = facts.starts_with('`');
  text.fallback = is_value ? facts.substr(1, facts.find('`', 1) - 1) : facts.substr(0, facts.find_first_of(";."));
}

}  // namespace

std::optional<KeyText> text_of_key(std::string_view key) {
  const std::string heading = fmt::format("\n### `{}`\n", key);
  const std::size_t at = kProfilesPage.find(heading);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view rest = kProfilesPage.substr(at + heading.size());
  KeyText text;
  std::string_view line;
  while (!rest.empty() && line.empty()) line = take_line(rest);
  read_facts(line, text);
  for (line = {}; !rest.empty() && line.empty();) line = take_line(rest);
  for (; !line.empty(); line = take_line(rest))
    text.meaning += fmt::format("{}{}", text.meaning.empty() ? "" : " ", line);
  text.meaning = without_links(std::move(text.meaning));
  return text;
}

std::vector<std::string> choices_of_key(std::string_view key) {
  std::vector<std::string> choices;
  const std::optional<KeyText> text = text_of_key(key);
  if (!text) return choices;
  std::string_view rest = text->type;
  while (rest.starts_with('`')) {
    const std::size_t end = rest.find('`', 1);
    choices.emplace_back(rest.substr(1, end - 1));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    for (const std::string_view between : {", or ", ", ", " or "})
      if (rest.starts_with(between)) rest.remove_prefix(between.size());
  }
  return rest.empty() ? choices : std::vector<std::string>{};
}

std::string first_sentence(std::string_view text) {
  const std::size_t end = text.find(". ");
  return std::string(end == std::string_view::npos ? text : text.substr(0, end + 1));
}

}  // namespace flowgauge
