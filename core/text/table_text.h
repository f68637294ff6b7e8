// Text as every table has it: UTF-8 without NUL. A feature may have other bytes, as they were on the wire. Stateless.
#pragma once

#include <string>
#include <string_view>

namespace flowgauge {

// Nearly all text is ASCII: that is seen eight bytes at a time.
[[nodiscard]] bool is_table_text(std::string_view text);

// With U+FFFD for each byte that is NUL or none of UTF-8.
[[nodiscard]] std::string table_text_of(std::string_view text);

}  // namespace flowgauge
