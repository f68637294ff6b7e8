// The kinds of sinks that there are.
#pragma once

#include "core/base/table_format.h"
#include "core/export/row_sink.h"

namespace flowgauge {

[[nodiscard]] const SinkKind& text_sink_kind(TableFormat format);

}  // namespace flowgauge
