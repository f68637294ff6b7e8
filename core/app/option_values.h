// What is between a word of the command line and its value: declaring options in one way, reading those texts that need
// a second look, and saying what is wrong with them. Stateless.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/text.h"

namespace flowgauge {

template <class Value>
CLI::Option* add_value(CLI::App& app, const std::string& names, Value& value, const std::string& type,
                       const std::string& description) {
  return app.add_option(names, value, description)->type_name(type);
}

// A command, or one below it.
CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& description);

// "flowgauge profile check"
[[nodiscard]] std::string command_name(const CLI::App& app);

// An error that names the help to read.
[[nodiscard]] std::unexpected<Error> mistake(const CLI::App& app, const std::string& what);

// Empty where the option was not given.
[[nodiscard]] Result<std::optional<std::int64_t>> duration_of(const CLI::App& app, const std::string& option,
                                                              const std::string& text);
[[nodiscard]] Result<std::optional<std::uint64_t>> number_of(const CLI::App& app, const std::string& option,
                                                             const std::string& text, std::uint64_t greatest);

// `choices`: an array of things with a name and a value.
template <class Choices>
auto choice_of(const CLI::App& app, const std::string& option, const std::string& text, const Choices& choices)
    -> Result<std::optional<decltype(choices[0].value)>> {
  if (app.count(option) == 0) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& choice : choices) {
    if (choice.name == text) return choice.value;
    names.emplace_back(choice.name);
  }
  return mistake(app, fmt::format("{}: '{}' is none of {}", option, text, join(names)));
}

}  // namespace flowgauge
