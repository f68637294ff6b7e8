// An output whose rows are pulled as record batches: its queue, and what its stream says about its columns.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/engine/batch_queue.h"
#include "core/engine/plan.h"
#include "core/output/arrow_schema.h"
#include "core/output/arrow_sink.h"

namespace flowgauge {

struct StreamOptions {
  UnsignedAs unsigned_as = UnsignedAs::kInt64;
  std::size_t batch_rows = 8192;  // of a record batch, at most rules::kMostBatchRows; live, and at the end, fewer
  std::size_t batches_ahead = 4;  // that wait to be pulled; then the run waits
  Waiting waiting;                // asked by whoever pulls
};

class PulledOutput {
 public:
  PulledOutput(const Plan& plan, std::size_t output, const StreamOptions& options);

  [[nodiscard]] std::size_t output() const { return output_; }
  [[nodiscard]] BatchQueue& queue() { return queue_; }
  [[nodiscard]] ArrowSchema schema() const;
  // A kind of sink whose rows go to `consumer`.
  [[nodiscard]] SinkKind sink_kind(ArrowSink::Consumer consumer) const;

 private:
  std::size_t output_;  // its place in the plan
  ArrowOptions options_;
  BatchQueue queue_;
  std::vector<OutputColumn> columns_;
  TableNotes notes_;
};

}  // namespace flowgauge
