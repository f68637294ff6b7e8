#include "core/engine/pulled_output.h"

#include <algorithm>
#include <utility>

#include "core/engine/table_notes.h"
#include "core/plugin/descriptor_rules.h"

namespace flowgauge {

PulledOutput::PulledOutput(const Plan& plan, std::size_t output, const StreamOptions& options)
    : output_(output),
      options_{.unsigned_as = options.unsigned_as,
               .batch_rows = std::clamp<std::size_t>(options.batch_rows, 1, rules::kMostBatchRows)},
      queue_(options.batches_ahead) {
  columns_ = plan.outputs[output].columns;
  notes_ = table_notes(plan, plan.outputs[output]);
}

ArrowSchema PulledOutput::schema() const { return arrow_schema(columns_, options_.unsigned_as, notes_); }

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
