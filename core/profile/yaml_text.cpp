#include "core/profile/yaml_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/text.h"

namespace flowgauge {
namespace {

constexpr std::size_t kLineColumns = 100;
constexpr std::size_t kSimpleKeyBytes = 1024;  // YAML 1.2.2, 7.4.2: what is longer is no key without "?"

// Text that YAML reads as itself without quotes: no more than profiles need.
bool is_plain(std::string_view text) {
  constexpr std::string_view kWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./";
  constexpr std::string_view kMore = "-+%()=* ";
  if (text.empty() || text.ends_with(' ') || text == "null" || text == "Null" || text == "NULL") return false;
  if (kWord.find(text.front()) == std::string_view::npos) return false;
  return std::ranges::all_of(text, [&](char letter) {
    return kWord.find(letter) != std::string_view::npos || kMore.find(letter) != std::string_view::npos;
  });
}

std::string scalar_text(const std::string& text) { return is_plain(text) ? text : yaml_quoted(text); }

bool is_single(const YamlNode& node) {
  return node.kind == YamlNode::Kind::kScalar || node.kind == YamlNode::Kind::kNothing;
}

bool are_single(const YamlNode& node) {
  return std::ranges::all_of(node.items, is_single) &&
         std::ranges::all_of(node.entries, [](const YamlEntry& entry) { return is_single(entry.value); });
}

class Writer {
 public:
  std::string take() { return std::move(text_); }

  void write_map(const YamlNode& map, std::size_t indent, bool is_begun = false) {
    for (const YamlEntry& entry : map.entries) {
      if (!is_begun) text_.append(indent, ' ');
      is_begun = false;
      text_ += yaml_key_text(scalar_text(entry.key), "\n" + std::string(indent, ' '));
      write_value(entry.key, entry.value, indent);
    }
  }

 private:
  [[nodiscard]] std::size_t column() const {
    const std::size_t line = text_.rfind('\n');
    return text_.size() - (line == std::string::npos ? 0 : line + 1);
  }
  [[nodiscard]] bool fits(const std::string& text) const { return column() + 1 + text.size() <= kLineColumns; }

  void write_value(std::string_view key, const YamlNode& value, std::size_t indent) {
    const std::string line = yaml_value_text(value);
    if (value.kind == YamlNode::Kind::kNothing) {
      text_ += '\n';
    } else if (is_single(value) || (value.items.empty() && value.entries.empty()) ||
               (value.kind == YamlNode::Kind::kList && are_single(value) && fits(line))) {
      text_ += " " + line + "\n";
    } else if (value.kind == YamlNode::Kind::kMap) {
      text_ += '\n';
      write_map(value, indent + 2);
    } else {
      text_ += '\n';
      for (const YamlNode& item : value.items) write_item(key, item, indent + 2);
    }
  }

  // Tables have a line for each of their keys.
  void write_item(std::string_view list, const YamlNode& item, std::size_t indent) {
    text_.append(indent, ' ').append("- ");
    const std::string line = yaml_value_text(item);
    const bool is_block = item.kind == YamlNode::Kind::kMap && !item.entries.empty() &&
                          (list == "exporters" || !are_single(item) || !fits(line));
    if (is_block) return write_map(item, indent + 2, true);
    text_ += line + "\n";
  }

  std::string text_;
};

}  // namespace

std::string yaml_text(const YamlNode& root) {
  Writer writer;
  writer.write_map(root, 0);
  return writer.take();
}

std::string yaml_value_text(const YamlNode& node) {
  std::vector<std::string> parts;
  switch (node.kind) {
    case YamlNode::Kind::kNothing:
      return "null";
    case YamlNode::Kind::kScalar:
      return scalar_text(node.text);
    case YamlNode::Kind::kList:
      for (const YamlNode& item : node.items) parts.push_back(yaml_value_text(item));
      return fmt::format("[{}]", join(parts));
    case YamlNode::Kind::kMap:
      for (const YamlEntry& entry : node.entries)
        parts.push_back(fmt::format("{} {}", yaml_key_text(scalar_text(entry.key), " "), yaml_value_text(entry.value)));
      return fmt::format("{{{}}}", join(parts));
  }
  return {};
}

std::string yaml_quoted(std::string_view text) {
  std::string result = "\"";
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') result += '\\';
    if (byte < 0x20 || byte == 0x7f)
      result += fmt::format("\\x{:02x}", byte);
    else
      result += letter;
  }
  return result + '"';
}

std::string yaml_key_text(const std::string& written, std::string_view line) {
  return written.size() <= kSimpleKeyBytes ? written + ":" : fmt::format("? {}{}:", written, line);
}

bool is_same(const YamlNode& left, const YamlNode& right) {
  return left.kind == right.kind && left.text == right.text && std::ranges::equal(left.items, right.items, is_same) &&
         std::ranges::equal(left.entries, right.entries, [](const YamlEntry& one, const YamlEntry& other) {
           return one.key == other.key && is_same(one.value, other.value);
         });
}

}  // namespace flowgauge
