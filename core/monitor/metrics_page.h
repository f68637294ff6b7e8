// The page for browsers (page.html), embedded: it asks for /stats.json of its own server, and for nothing else.
#pragma once

#include <string_view>

namespace flowgauge {

[[nodiscard]] std::string_view metrics_page();

}  // namespace flowgauge
