// Which interfaces words name: a name, another name that the kernel has for it (altname), or a pattern as of a shell;
// `any` is all. Stateless.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/host/interfaces.h"

namespace flowgauge {

// "any", or with one of *, ? and [.
[[nodiscard]] bool is_pattern(std::string_view word);

[[nodiscard]] bool selects(const std::string& word, const Interface& interface);

enum class MissingInterfaces { kRefuse, kAwait };

// In the order of the words, each once. kRefuse: a name without an interface or of one that is down, and a pattern
// without any that is up, are errors.
[[nodiscard]] Result<std::vector<Interface>> select_interfaces(std::span<const std::string> words,
                                                               MissingInterfaces missing);

}  // namespace flowgauge
