// What create is given, the same wherever a feature is created: in a run, in its trial and in the check.
#pragma once

#include <cstdint>

#include "core/plugin/module.h"
#include "core/plugin/options.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// Valid as long as its arguments are.
[[nodiscard]] fg_create create_call(const Feature& feature, const OptionValues& options, std::uint32_t worker,
                                    const fg_host& host);

}  // namespace flowgauge
