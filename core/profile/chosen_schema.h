// A schema that was asked for by its name alone, in place of a profile's outputs. Stateless.
#pragma once

#include <string>

#include "core/profile/profile.h"

namespace flowgauge {

// Of runs without a profile.
inline constexpr const char* kDefaultSchema = "basic";

// One output with that schema, written as the profile's first one is.
void choose_schema(Profile& profile, const std::string& schema);

}  // namespace flowgauge
