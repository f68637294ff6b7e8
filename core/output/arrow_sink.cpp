#include "core/output/arrow_sink.h"

#include <algorithm>
#include <utility>

#include "core/output/owned_array.h"

namespace flowgauge {
namespace {

std::vector<ArrowColumn> columns_of(std::span<const OutputColumn> columns, const ArrowOptions& options) {
  std::vector<ArrowColumn> made;
  made.reserve(columns.size());
  for (const OutputColumn& column : columns) made.emplace_back(column.type, options.unsigned_as, options.pool);
  return made;
}

}  // namespace

ArrowBlock::ArrowBlock(std::span<const OutputColumn> columns, const ArrowOptions& options)
    : columns_(columns_of(columns, options)) {}

void ArrowBlock::append(const OutputBatch& batch) {
  for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i].append(batch.columns[i], batch.rows);
  rows_ += batch.rows;
}

void ArrowBlock::cut(std::size_t rows) {
  for (ArrowColumn& column : columns_) column.cut(rows);
  rows_ = rows;
}

ArrowSink::ArrowSink(std::span<const OutputColumn> columns, const ArrowOptions& options, Consumer consumer)
    : batch_rows_(options.batch_rows), consumer_(std::move(consumer)), columns_(columns_of(columns, options)) {}

Result<SinkState> ArrowSink::write(std::span<const RowRun> runs) {
  for (const RowRun& run : runs) {
    const auto& from = static_cast<const ArrowBlock*>(run.block)->columns();
    for (std::size_t done = 0; done < run.rows && state_ == SinkState::kOpen;) {
      const std::size_t now = std::min(run.rows - done, batch_rows_ - rows_);
      for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i].append(from[i], run.first + done, now);
      rows_ += now;
      done += now;
      if (rows_ == batch_rows_) hand_over();
    }
  }
  return state_;
}

SinkState ArrowSink::hand_over() {
  if (rows_ == 0 || state_ != SinkState::kOpen) return state_;
  const std::size_t rows = std::exchange(rows_, 0);  // at once: where memory ends below, these rows are lost
  // A record batch is a struct array: one buffer, of which struct is null (none), and a child for each column.
  ArrayParts parts{.pool = nullptr, .buffers = {}, .children = std::vector<UniqueArray>(columns_.size())};
  parts.buffers.emplace_back();
  for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i].move_to(parts.children[i]);
  ArrowArray batch;
  give_away(std::move(parts), rows, 0, batch);
  rows_given_ += rows;
  return state_ = consumer_(batch);
}

Result<SinkState> ArrowSink::flush(FlushReach reach) { return reach == FlushReach::kAll ? hand_over() : state_; }

Result<SinkState> ArrowSink::finish(Finish how, const Account&) {
  return how == Finish::kDiscard ? state_ : hand_over();
}

}  // namespace flowgauge
