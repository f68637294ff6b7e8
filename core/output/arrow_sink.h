// Rows as Arrow record batches, for readers in this process: no file, no library.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/output/arrow_column.h"
#include "core/table/row_sink.h"

namespace flowgauge {

struct ArrowOptions {
  UnsignedAs unsigned_as = UnsignedAs::kInt64;
  std::size_t batch_rows = 8192;  // of a record batch; the last may be shorter
  std::shared_ptr<BufferPool> pool = std::make_shared<BufferPool>();
};

class ArrowBlock final : public RowBlock {
 public:
  ArrowBlock(std::span<const OutputColumn> columns, const ArrowOptions& options);

  void append(const OutputBatch& batch) override;
  void cut(std::size_t rows) override;
  [[nodiscard]] std::size_t rows() const override { return rows_; }
  [[nodiscard]] const std::vector<ArrowColumn>& columns() const { return columns_; }

 private:
  std::vector<ArrowColumn> columns_;
  std::size_t rows_ = 0;
};

class ArrowSink final : public RowSink {
 public:
  // Takes a record batch (a struct array) to release it when it likes; called on the writing thread. kClosed: it wants
  // no more.
  using Consumer = std::function<SinkState(ArrowArray batch)>;

  ArrowSink(std::span<const OutputColumn> columns, const ArrowOptions& options, Consumer consumer);

  Result<SinkState> write(std::span<const RowRun> runs) override;
  // A shorter batch of what is there, if rows are to be seen at once.
  Result<SinkState> flush(FlushReach reach) override;
  Result<SinkState> finish(Finish how, const Account& account) override;
  [[nodiscard]] std::uint64_t rows() const override { return rows_given_; }
  [[nodiscard]] const std::string& location() const override { return location_; }

 private:
  SinkState hand_over();

  std::size_t batch_rows_;
  Consumer consumer_;
  std::vector<ArrowColumn> columns_;  // of the batch that grows
  std::size_t rows_ = 0;
  std::uint64_t rows_given_ = 0;
  SinkState state_ = SinkState::kOpen;
  std::string location_ = "record batches";
};

}  // namespace flowgauge
