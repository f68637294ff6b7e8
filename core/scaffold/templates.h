// The files below core/scaffold/templates, embedded in the program by embed.cmake. Stateless.
#pragma once

#include <span>
#include <string_view>

namespace flowgauge {

struct Template {
  std::string_view name;  // path below templates/
  std::string_view text;
};

[[nodiscard]] std::span<const Template> templates();

}  // namespace flowgauge
