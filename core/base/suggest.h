// "did you mean ...?": the known name that a mistyped one most likely stands for. Stateless.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace flowgauge {

// Edits (insert, remove, replace a letter, swap two neighbours) that turn one text into the other,
// in the optimal string alignment form: no letter is edited twice.
[[nodiscard]] std::size_t edit_distance(std::string_view left, std::string_view right);

// The nearest name, ignoring case and '-' for '_', if it is within about a third of the length; the first of equals.
[[nodiscard]] std::optional<std::string> suggest(std::string_view wrong, std::span<const std::string> names);

// The end of a message: "; did you mean 'iat'?", or "" where no name is near.
[[nodiscard]] std::string did_you_mean(std::string_view wrong, std::span<const std::string> names);

}  // namespace flowgauge
