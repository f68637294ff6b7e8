// The caller's options as a session of the engine takes them. Stateless.
#pragma once

#include "core/api/failure.h"
#include "core/api/flowgauge.h"
#include "core/engine/session.h"

namespace flowgauge::api {

// `options`: as large as this library's own.
[[nodiscard]] Answer<SessionSpec> session_spec(const flowgauge_options& options);

// The folders in which plugins are looked for, and whether they are to be trusted.
[[nodiscard]] Answer<PluginPaths> plugin_paths(const flowgauge_options& options);

}  // namespace flowgauge::api
