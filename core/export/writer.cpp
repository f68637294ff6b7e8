#include "core/export/writer.h"

#include <optional>
#include <utility>

#include "core/export/compressor.h"
#include "core/export/destination.h"
#include "core/export/table_layout.h"

namespace flowgauge {
namespace {

// Rows pass through: the table's layout, if it is one; compression, if the name asks for it; the destination.
class StreamWriter final : public Writer {
 public:
  StreamWriter(std::optional<TableLayout> layout, std::unique_ptr<Compressor> compressor,
               std::unique_ptr<Destination> destination)
      : layout_(std::move(layout)), compressor_(std::move(compressor)), destination_(std::move(destination)) {
    if (compressor_ == nullptr) destination_->keep_whole_lines();
  }

  Result<WriterState> write(std::string_view rows) override {
    if (!layout_) return compress(rows, Compressor::Mode::kContinue);
    laid_out_.clear();
    layout_->add(rows, laid_out_);
    return compress(laid_out_, Compressor::Mode::kContinue);
  }

  Result<WriterState> flush() override {
    if (auto ended = end_layout(Compressor::Mode::kFlush); !ended) return ended;
    return destination_->flush();
  }

  Result<WriterState> finish(Finish how) override {
    if (how == Finish::kDiscard) return destination_->finish(how);
    if (failed_) how = Finish::kKeepPartial;
    const auto ended = end_layout(Compressor::Mode::kEnd);
    auto finished = destination_->finish(ended ? how : Finish::kKeepPartial);
    return ended ? finished : ended;
  }

  [[nodiscard]] const std::string& location() const override { return destination_->location(); }

 private:
  Result<WriterState> end_layout(Compressor::Mode mode) {
    laid_out_.clear();
    if (layout_) layout_->flush(laid_out_);
    return compress(laid_out_, mode);
  }

  Result<WriterState> compress(std::string_view bytes, Compressor::Mode mode) {
    Result<WriterState> result = WriterState::kOpen;
    if (compressor_ == nullptr) {
      result = destination_->write(bytes);
    } else {
      compressed_.clear();
      if (auto done = compressor_->compress(bytes, mode, compressed_); !done) {
        failed_ = true;
        return std::unexpected(std::move(done.error()));
      }
      result = destination_->write(compressed_);
    }
    failed_ = failed_ || !result;
    return result;
  }

  std::optional<TableLayout> layout_;
  std::unique_ptr<Compressor> compressor_;
  std::unique_ptr<Destination> destination_;
  std::string laid_out_;
  std::string compressed_;
  bool failed_ = false;
};

}  // namespace

Result<std::unique_ptr<Writer>> open_writer(const WriterOptions& options, std::span<const OutputColumn> columns) {
  auto compressor = compressor_for(options.path);
  if (!compressor) return std::unexpected(std::move(compressor.error()));
  auto destination = Destination::open(options.path, options.force);
  if (!destination) return std::unexpected(std::move(destination.error()));
  std::optional<TableLayout> layout;
  if (options.format == Format::kTable) layout.emplace(columns, options.header);
  auto writer = std::make_unique<StreamWriter>(std::move(layout), std::move(*compressor), std::move(*destination));
  if (options.header && options.format == Format::kCsv) {
    if (auto written = writer->write(header_line(Format::kCsv, columns)); !written) {
      return std::unexpected(std::move(written.error()));
    }
  }
  return writer;
}

}  // namespace flowgauge
