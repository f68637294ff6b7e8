// What may stand next on a command line, from the description of it. The shells ask the program for it each time.
#pragma once

#include <CLI/App.hpp>
#include <span>
#include <string>
#include <string_view>

#include "core/app/command.h"

namespace flowgauge {

// `words` are those behind the program's name; the last one is to be completed, and may be empty.
[[nodiscard]] CompletionCommand completion_of(CLI::App& app, std::span<const std::string> words);

// What makes a shell ask: "bash", "zsh" or "fish"; "" for any other.
[[nodiscard]] std::string completion_script(std::string_view shell);

}  // namespace flowgauge
