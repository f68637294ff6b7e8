#include "core/engine/pulled_output.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/engine/column_origin.h"

namespace flowgauge {

PulledOutput::PulledOutput(const Plan& plan, std::size_t output, const StreamOptions& options)
    : output_(output),
      options_{.unsigned_as = options.unsigned_as,
               .batch_rows = std::clamp<std::size_t>(options.batch_rows, 1, kMostBatchRows)},
      queue_(options.batches_ahead) {
  const PlannedOutput& planned = plan.outputs[output];
  columns_ = planned.columns;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const ColumnOrigin origin = column_origin(plan, planned, i);
    more_.push_back({{"flowgauge.role", std::string(origin.role)},
                     {"flowgauge.expression", origin.expression},
                     {"flowgauge.definition", origin.definition}});
  }
  table_ = {{"flowgauge.schema", planned.schema.name}, {"flowgauge.schema_version", planned.schema.version}};
}

ArrowSchema PulledOutput::schema() const { return arrow_schema(columns_, options_.unsigned_as, more_, table_); }

SinkKind PulledOutput::sink_kind(ArrowSink::Consumer consumer) const {
  return {.name = "arrow",
          .ending = "",
          .has_header = false,
          .make_block = [options = options_](std::span<const OutputColumn> columns) -> std::unique_ptr<RowBlock> {
            return std::make_unique<ArrowBlock>(columns, options);
          },
          .open = [options = options_,
                   consumer = std::move(consumer)](const SinkRequest& request) -> Result<std::unique_ptr<RowSink>> {
            return std::make_unique<ArrowSink>(request.columns, options, consumer);
          }};
}

}  // namespace flowgauge
