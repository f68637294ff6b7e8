// Single values of a profile: each reader checks one kind of value and says what it should have been.
// `key` is the name for messages. Stateless.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/profile/profile.h"
#include "core/profile/yaml_node.h"

namespace flowgauge {

// A single value; `wanted` is what a person should have written: "a duration".
[[nodiscard]] Result<std::string> read_scalar(const YamlNode& node, std::string_view key, std::string_view wanted);

[[nodiscard]] Result<void> read_text(const YamlNode& node, std::string_view key, Located<std::string>& target);
[[nodiscard]] Result<void> read_bool(const YamlNode& node, std::string_view key, bool& target);
[[nodiscard]] Result<void> read_duration(const YamlNode& node, std::string_view key, std::int64_t& target_ns);
[[nodiscard]] Result<std::uint64_t> read_number(const YamlNode& node, std::string_view key, std::uint64_t least,
                                                std::uint64_t most);
// 64 hex digits, made lower case.
[[nodiscard]] Result<void> read_sha256(const YamlNode& node, std::string_view key, Located<std::string>& target);
[[nodiscard]] Result<void> read_plugin_name(const YamlNode& node, std::string_view key, Located<std::string>& target);

[[nodiscard]] Result<void> check_list(const YamlNode& node, std::string_view key);

template <class Value>
struct Choice {
  std::string_view name;
  Value value;
};

// Error: "'rol' is not a value of 'direction' (role, first_packet); did you mean 'role'?"
[[nodiscard]] std::unexpected<Error> refuse_choice(const YamlNode& node, std::string_view key,
                                                   std::span<const std::string> names);

template <class Value, std::size_t Count>
Result<void> read_choice(const YamlNode& node, std::string_view key, const std::array<Choice<Value>, Count>& choices,
                         Value& target) {
  std::vector<std::string> names;
  for (const Choice<Value>& choice : choices) names.emplace_back(choice.name);
  const std::string text = TRY(read_scalar(node, key, fmt::format("one of {}", join(names))));
  for (const Choice<Value>& choice : choices) {
    if (choice.name != text) continue;
    target = choice.value;
    return {};
  }
  return refuse_choice(node, key, names);
}

// For a table of keys: the choice that is a member of the target.
template <const auto& Choices, auto Member, class Target>
Result<void> read_choice_member(const YamlNode& node, std::string_view key, Target& target) {
  return read_choice(node, key, Choices, target.*Member);
}

template <class Value, std::size_t Count>
std::string_view choice_name(const std::array<Choice<Value>, Count>& choices, Value value) {
  for (const Choice<Value>& choice : choices) {
    if (choice.value == value) return choice.name;
  }
  return "";
}

}  // namespace flowgauge
