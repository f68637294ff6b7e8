// Of a build without libseccomp.
#include "core/host/system_calls.h"

namespace flowgauge {

bool can_limit_system_calls() { return false; }

Result<void> limit_system_calls(LimitedProcess, OnRefused) { return {}; }

std::string_view refused_call_name(int) noexcept { return {}; }

}  // namespace flowgauge
