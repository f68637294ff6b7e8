#include "core/editor/mistakes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "core/profile/keys.h"
#include "core/profile/output_name.h"
#include "core/profile/profile_reader.h"
#include "core/profile/yaml_node.h"

namespace flowgauge {
namespace {

constexpr std::string_view kColumnKeys[] = {"expression", "type", "unit", "when", "required", "name"};

// A column of one's own may stand on one line, so that the line says no key: the sentence does.
std::string key_of_column(const std::string& key, std::string_view text) {
  if (!documented_key(key).starts_with("exporters[].columns[].")) return key;
  const std::string entry = key.substr(0, key.find(']', key.find(".columns[")) + 1);
  const bool is_of_cells = text.starts_with("column '");
  for (const std::string_view name : kColumnKeys)
    if (!is_of_cells && text.contains(fmt::format("'{}'", name))) return fmt::format("{}.{}", entry, name);
  return entry + (text.contains("' is there twice") ? ".name" : ".expression");
}

class Finder {
 public:
  Finder(const YamlNode& parsed, const std::string& name) : keys_(keys_by_line(parsed)), name_(name) {}

  void look_at(const YamlEntry& entry) {
    const bool has_parts =
        entry.value.kind == YamlNode::Kind::kMap || entry.key == "exporters" || entry.key == "features";
    if (entry.key == "extends" || !has_parts) return try_key(entry.key, entry.value);
    for (const YamlEntry& below : entry.value.entries) try_key(fmt::format("{}.{}", entry.key, below.key), below.value);
    const std::size_t before = found_.size();
    for (const YamlNode& item : entry.value.items) {
      try_key(entry.key, {.kind = entry.value.kind,
                          .text = {},
                          .items = {item},
                          .entries = {},
                          .file = entry.value.file,
                          .line = entry.value.line});
    }
    if (found_.size() == before && entry.value.entries.empty()) try_key(entry.key, entry.value);
  }

  void add(const Error& error) {
    const Mistake mistake = place(error);
    if (std::ranges::find(found_, mistake) == found_.end()) found_.push_back(mistake);
  }

  [[nodiscard]] Mistake place(const Error& error) const {
    const std::string in_front = name_ + ":";
    std::string_view text = error.message;
    int line = 0;
    if (text.starts_with(in_front)) {
      const char* const begin = text.data() + in_front.size();
      const auto [end, fault] = std::from_chars(begin, text.data() + text.size(), line);
      if (fault == std::errc() && std::string_view(end, text.data() + text.size()).starts_with(": "))
        text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 2);
    }
    // What a profile says that this one extends is the mistake of that choice.
    if (line == 0) return {error.message.find(".yaml:") == std::string::npos ? "" : "extends", std::string(text)};
    const auto key = keys_.find(line);
    return {key == keys_.end() ? "" : key_of_column(key->second, text), std::string(text)};
  }

  std::vector<Mistake> take() { return std::move(found_); }

 private:
  void try_key(const std::string& key, const YamlNode& value) {
    if (key == "extends") return;  // with the whole
    Profile scratch;
    const Result<void> done = set_profile_key(key, value, scratch);
    if (!done) add(done.error());
  }

  const std::map<int, std::string> keys_;  // by their lines
  const std::string& name_;
  std::vector<Mistake> found_;
};

}  // namespace

std::vector<Mistake> mistakes_of(const Draft& draft, const std::string& name) {
  if (draft.empty()) return {};
  const std::string text = draft.text();
  const Result<YamlNode> parsed = parse_profile_yaml(text, name);
  if (!parsed) return {{"", parsed.error().message}};
  Finder finder(*parsed, name);
  for (const YamlEntry& entry : parsed->entries) finder.look_at(entry);
  Result<Profile> whole = parse_profile(text, name);
  if (!whole) {
    finder.add(whole.error());
  } else if (const Result<void> settled = settle_formats(*whole); !settled) {
    finder.add(settled.error());
  }
  return finder.take();
}

Mistake mistake_of(const Error& error, const Draft& draft, const std::string& name) {
  const Result<YamlNode> parsed = parse_profile_yaml(draft.text(), name);
  if (!parsed) return {"", error.message};
  return Finder(*parsed, name).place(error);
}

bool is_of_key(const Mistake& mistake, std::string_view key) {
  if (!mistake.key.starts_with(key)) return false;
  return mistake.key.size() == key.size() || mistake.key[key.size()] == '.' || mistake.key[key.size()] == '[';
}

}  // namespace flowgauge
