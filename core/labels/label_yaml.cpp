#include <utility>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/labels/label_texts.h"
#include "core/labels/label_time.h"
#include "core/profile/fields.h"
#include "core/profile/yaml_node.h"

namespace flowgauge {
namespace {

Result<void> read_time_zone(const YamlNode& node, std::string_view key, LabelTexts& texts) {
  const std::string text = TRY(read_scalar(node, key, "an offset from UTC"));
  const auto seconds = parse_utc_offset(text);
  if (!seconds) return node.refuse("'{}': {}", key, seconds.error());
  texts.zone_seconds = *seconds;
  return {};
}

Result<void> read_columns(const YamlNode& node, std::string_view key, LabelTexts& texts) {
  if (Result<void> done = check_list(node, key); !done) return done;
  texts.columns.clear();
  for (const YamlNode& item : node.items) {
    texts.columns.push_back(TRY(read_scalar(item, key, "a name")));
  }
  if (texts.columns.empty()) return node.refuse("'{}' is empty; leave it out for one column 'label'", key);
  return {};
}

// A single value, or a list of them.
Result<std::string> value_text(const YamlEntry& entry) {
  if (entry.value.kind != YamlNode::Kind::kList)
    return read_scalar(entry.value, entry.key, "a single value, or a list of them");
  std::string text;
  for (const YamlNode& item : entry.value.items) {
    const Result<std::string> one = read_scalar(item, entry.key, "a list of single values");
    if (!one) return one;
    if (one->find(' ') != std::string::npos)
      return item.refuse("'{}': '{}' has a blank in it", printable(entry.key), printable(*one));
    text += text.empty() ? *one : " " + *one;
  }
  return text;
}

Result<void> read_rules(const YamlNode& node, std::string_view key, LabelTexts& texts) {
  if (Result<void> done = check_list(node, key); !done) return done;
  for (const YamlNode& item : node.items) {
    if (item.kind != YamlNode::Kind::kMap)
      return item.refuse("a rule is a mapping of keys ('src_ip:', 'label:', ...), not {}", kind_text(item.kind));
    RuleTexts rule{{}, item.entries.empty() ? item.line : item.entries.front().value.line};
    for (const YamlEntry& entry : item.entries) {
      std::string text = TRY(value_text(entry));
      rule.texts.push_back({entry.key, std::move(text), entry.value.line});
    }
    texts.rules.push_back(std::move(rule));
  }
  return {};
}

}  // namespace

Result<LabelTexts> label_texts_of_yaml(const std::string& text, const std::string& path) {
  const YamlNode root = TRY(parse_yaml(text, path, "label file"));
  LabelTexts texts{{"label"}, {}, std::nullopt};
  if (root.kind != YamlNode::Kind::kMap)
    return root.refuse("a label file is a mapping with 'rules', not {}", kind_text(root.kind));
  const std::vector<std::string> keys = {"time_zone", "columns", "rules"};
  for (const YamlEntry& entry : root.entries) {
    Result<void> done;
    if (entry.key == "time_zone") {
      done = read_time_zone(entry.value, entry.key, texts);
    } else if (entry.key == "columns") {
      done = read_columns(entry.value, entry.key, texts);
    } else if (entry.key == "rules") {
      done = read_rules(entry.value, entry.key, texts);
    } else {
      std::string hint = did_you_mean(entry.key, keys);
      if (hint.empty()) hint = fmt::format("; the keys are: {}", join(keys));
      return entry.value.refuse("unknown key '{}'{}", printable(entry.key), hint);
    }
    if (!done) return std::unexpected(done.error());
  }
  return texts;
}

}  // namespace flowgauge
