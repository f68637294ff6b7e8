// A schema or format that was asked for by its name alone, in place of a profile's. Stateless.
#pragma once

#include <string>

#include "core/profile/profile.h"

namespace flowgauge {

// Of runs without a profile.
inline constexpr const char* kDefaultSchema = "basic";

// One output with that schema, written as the profile's first one is.
void choose_schema(Profile& profile, const std::string& schema);

// A format by its name, or by the path of the plugin that has the sink of the file's name.
[[nodiscard]] ProfileFormat format_called(const std::string& name);

}  // namespace flowgauge
