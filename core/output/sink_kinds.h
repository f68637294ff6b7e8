// The kinds of sinks that there are.
#pragma once

#include "core/output/table_format.h"
#include "core/table/row_sink.h"

namespace flowgauge {

[[nodiscard]] const SinkKind& text_sink_kind(TableFormat format);

}  // namespace flowgauge
