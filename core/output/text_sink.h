// Rows as text: encoded where they are made, brought in order as ranges of bytes, and given to a writer.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/output/encoder.h"
#include "core/output/writer.h"
#include "core/table/row_sink.h"

namespace flowgauge {

class TextBlock final : public RowBlock {
 public:
  TextBlock(TableFormat format, std::span<const OutputColumn> columns) : encoder_(format, columns) {}

  void append(const OutputBatch& batch) override { encoder_.append(batch, text_, row_ends_); }
  void cut(std::size_t rows) override;
  [[nodiscard]] std::size_t rows() const override { return row_ends_.size(); }

  [[nodiscard]] std::string_view text(std::size_t first, std::size_t rows) const;

 private:
  Encoder encoder_;
  std::string text_;
  std::vector<std::size_t> row_ends_;
};

class TextSink final : public RowSink {
 public:
  explicit TextSink(std::unique_ptr<Writer> writer) : writer_(std::move(writer)) {}

  Result<SinkState> write(std::span<const RowRun> runs) override;
  Result<SinkState> flush(FlushReach reach) override { return writer_->flush(reach); }
  void set_name(const std::string& path) override { writer_->set_name(path); }
  [[nodiscard]] std::uint64_t bytes() const override { return writer_->bytes(); }
  Result<SinkState> finish(Finish how, const Account&) override { return writer_->finish(how); }
  [[nodiscard]] std::uint64_t rows() const override { return writer_->rows(); }
  [[nodiscard]] const std::string& location() const override { return writer_->location(); }

 private:
  std::unique_ptr<Writer> writer_;
  std::string gathered_;  // of several runs
};

}  // namespace flowgauge
