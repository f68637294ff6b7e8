#include "core/output/text_sink.h"

namespace flowgauge {
namespace {

std::string_view text_of(const RowRun& run) {
  return static_cast<const TextBlock*>(run.block)->text(run.first, run.rows);
}

}  // namespace

void TextBlock::cut(std::size_t rows) {
  row_ends_.resize(rows);
  text_.resize(rows == 0 ? 0 : row_ends_.back());
}

std::string_view TextBlock::text(std::size_t first, std::size_t rows) const {
  if (rows == 0) return {};
  const std::size_t begin = first == 0 ? 0 : row_ends_[first - 1];
  return std::string_view(text_).substr(begin, row_ends_[first + rows - 1] - begin);
}

// Gathered: to a writer that compresses, each call costs.
Result<SinkState> TextSink::write(std::span<const RowRun> runs) {
  if (runs.size() == 1) return writer_->write(text_of(runs.front()), runs.front().rows);
  gathered_.clear();
  std::uint64_t rows = 0;
  for (const RowRun& run : runs) {
    gathered_ += text_of(run);
    rows += run.rows;
  }
  return writer_->write(gathered_, rows);
}

}  // namespace flowgauge
