#include "registry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <stdexcept>

namespace ipfix_sinks {
namespace {

constexpr std::array<std::string_view, 5> kTypes{"unsigned64", "signed64", "float64", "boolean", "string"};
constexpr std::array<std::string_view, 3> kSemantics{"default", "quantity", "identifier"};
constexpr std::array<std::string_view, 8> kUnits{"none",         "octets",       "packets", "nanoseconds",
                                                 "microseconds", "milliseconds", "seconds", "entries"};
constexpr std::uint16_t kMostId = 0x7fff;  // RFC 7011 3.2: 15 bits

std::string_view take_until(std::string_view& text, char end) {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return taken;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad())
    throw std::runtime_error(path + ": cannot be read; name a file of lines as of elements.tsv with 'elements'");
  return text;
}

[[noreturn]] void refuse(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  throw std::runtime_error(text);
}

template <std::size_t N>
void check_one_of(const std::array<std::string_view, N>& known, const std::string& word, const std::string& place) {
  if (std::ranges::find(known, word) != known.end()) return;
  std::string all;
  for (const std::string_view one : known) all += (all.empty() ? "" : ", ") + std::string(one);
  throw std::runtime_error(place + "'" + word + "' is none of " + all);
}

}  // namespace

Registry::Registry(std::string_view users_file) {
  add_lines(our_elements(), "elements.tsv");
  if (!users_file.empty()) add_lines(text_of(std::string(users_file)), users_file);
}

void Registry::add_lines(std::string_view text, std::string_view origin) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = take_until(text, '\n');
    if (line.empty() || line.front() == '#') continue;
    const std::string place = std::string(origin) + ":" + std::to_string(number) + ": ";
    std::array<std::string, 6> cells;
    for (std::string& cell : cells) cell = take_until(line, '\t');
    auto& [id_text, name, type, semantics, units, column] = cells;
    std::uint16_t id = 0;
    const auto parsed = std::from_chars(id_text.data(), id_text.data() + id_text.size(), id);
    if (parsed.ec != std::errc() || parsed.ptr != id_text.data() + id_text.size() || id == 0 || id > kMostId)
      refuse({place, "'", id_text, "' is not a number from 1 to 32767"});
    if (name.empty() || column.empty() || !line.empty())
      throw std::runtime_error(place +
                               "a line has six cells with tabs between them: id, name, type, semantics, units, column");
    check_one_of(kTypes, type, place);
    check_one_of(kSemantics, semantics, place);
    check_one_of(kUnits, units, place);
    if (const auto taken = names_.try_emplace(id, name); !taken.second)
      refuse({place, "number ", id_text, " is that of '", taken.first->second, "'; numbers from 16384 on are free"});
    if (!ids_.try_emplace(name, id).second)
      refuse({place, "an element is called '", name, "' already; give it another name"});
    by_column_.insert_or_assign(
        column, OwnElement{.id = id, .name = name, .type = type, .semantics = semantics, .units = units});
  }
}

const OwnElement* Registry::find(std::string_view column) const {
  const auto at = by_column_.find(column);
  return at == by_column_.end() ? nullptr : &at->second;
}

}  // namespace ipfix_sinks
