// Text as a JSON string (RFC 8259). Stateless.
#pragma once

#include <string>
#include <string_view>

namespace flowgauge {

// With its quotes; bytes that are no UTF-8 become U+FFFD, so that every reader takes the text.
void append_json_string(std::string& json, std::string_view text);

}  // namespace flowgauge
