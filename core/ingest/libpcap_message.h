// Puts libpcap's error texts into plain words with a way out.
#pragma once

#include <string>
#include <string_view>

namespace flowgauge {

// What is wrong and what to do, one or two sentences without a full stop at the end. `name` is the file's, for
// commands.
[[nodiscard]] std::string explain_libpcap_error(std::string_view error, std::string_view name);

}  // namespace flowgauge
