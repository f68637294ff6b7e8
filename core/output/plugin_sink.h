// Rows to a sink of a plugin: as record batches, on the sink's own thread, into a file that the host opens and names,
// or to a place of the sink's own.
#pragma once

#include "core/output/arrow_schema.h"
#include "core/plugin/module.h"
#include "core/plugin/option_values.h"
#include "core/table/row_sink.h"

namespace flowgauge {

// The sink's module outlives it, and all that is made of it.
[[nodiscard]] SinkKind plugin_sink_kind(const Sink& sink, const OptionValues& options);

// Whether a sink takes all columns of a table; the error (kUsage) names one that it does not.
[[nodiscard]] Result<void> check_columns(const Sink& sink, std::span<const OutputColumn> columns);

}  // namespace flowgauge
