#include "core/profile/fields.h"

#include <algorithm>

#include "core/base/plugin_name.h"
#include "core/base/try.h"

namespace flowgauge {

Result<std::string> read_scalar(const YamlNode& node, std::string_view key, std::string_view wanted) {
  if (node.kind == YamlNode::Kind::kScalar) {
    // Block texts ('|', '>') end in a line end, which means nothing here.
    return node.text.substr(0, node.text.find_last_not_of('\n') + 1);
  }
  if (node.kind == YamlNode::Kind::kNothing) return node.refuse("'{}' has no value; it must be {}", key, wanted);
  return node.refuse("'{}' must be {}, not {}", key, wanted, kind_text(node.kind));
}

Result<void> read_text(const YamlNode& node, std::string_view key, Located<std::string>& target) {
  const std::string text = TRY(read_scalar(node, key, "a text"));
  target = {text, *node.file, node.line};
  return {};
}

Result<void> read_bool(const YamlNode& node, std::string_view key, bool& target) {
  static constexpr std::array kChoices = {Choice<bool>{"true", true}, Choice<bool>{"false", false}};
  return read_choice(node, key, kChoices, target);
}

Result<void> read_duration(const YamlNode& node, std::string_view key, std::int64_t& target_ns) {
  const std::string text = TRY(read_scalar(node, key, "a duration (120, 0.5, 250ms, 2m)"));
  const Result<std::int64_t> duration_ns = parse_duration_ns(text);
  if (!duration_ns) return node.refuse("'{}': {}", key, duration_ns.error().message);
  target_ns = *duration_ns;
  return {};
}

Result<std::uint64_t> read_number(const YamlNode& node, std::string_view key, std::uint64_t least, std::uint64_t most) {
  const std::string wanted = fmt::format("a whole number from {} to {}", least, most);
  const std::string text = TRY(read_scalar(node, key, wanted));
  const std::optional<std::uint64_t> number = parse_u64(text);
  if (!number || *number < least || *number > most) {
    return node.refuse("'{}' must be {}, not '{}'", key, wanted, printable(text));
  }
  return *number;
}

Result<void> read_sha256(const YamlNode& node, std::string_view key, Located<std::string>& target) {
  constexpr std::string_view kWanted = "64 hexadecimal digits, as sha256sum prints them";
  const std::string text = TRY(read_scalar(node, key, kWanted));
  std::string digest = text;
  for (char& letter : digest) {
    if (letter >= 'A' && letter <= 'F') letter = static_cast<char>(letter - 'A' + 'a');
  }
  if (digest.size() != 64 || digest.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return node.refuse("'{}' must be {}, not '{}'", key, kWanted, printable(text));
  }
  target = {digest, *node.file, node.line};
  return {};
}

Result<void> read_plugin_name(const YamlNode& node, std::string_view key, Located<std::string>& target) {
  const std::string text = TRY(read_scalar(node, key, "a name"));
  if (!is_plugin_name(text)) {
    return node.refuse("'{}': '{}' is no name of a plugin: those are of a-z, 0-9 and _; a file is given with a '/'",
                       key, printable(text));
  }
  target = {text, *node.file, node.line};
  return {};
}

Result<void> check_list(const YamlNode& node, std::string_view key) {
  if (node.kind == YamlNode::Kind::kList) return {};
  if (node.kind == YamlNode::Kind::kNothing) return node.refuse("'{}' has no value; an empty list is []", key);
  return node.refuse("'{}' must be a list, not {}", key, kind_text(node.kind));
}

std::unexpected<Error> refuse_choice(const YamlNode& node, std::string_view key, std::span<const std::string> names) {
  return node.refuse("'{}' is not a value of '{}' ({}){}", printable(node.text), key, join(names),
                     did_you_mean(node.text, names));
}

}  // namespace flowgauge
