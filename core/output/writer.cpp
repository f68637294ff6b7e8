#include "core/output/writer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/text.h"
#include "core/base/try.h"
#include "core/compression/compressor.h"
#include "core/output/appended_file.h"
#include "core/output/column_names.h"
#include "core/output/destination.h"
#include "core/output/table_layout.h"

namespace flowgauge {
namespace {

// Rows pass through: the table's layout, if it is one; compression, if the name asks for it; the destination.
class StreamWriter final : public Writer {
 public:
  StreamWriter(const WriterOptions& options, std::span<const OutputColumn> columns,
               std::unique_ptr<Compressor> compressor, std::unique_ptr<Destination> destination)
      : compressor_(std::move(compressor)), destination_(std::move(destination)) {
    if (compressor_ == nullptr) destination_->keep_whole_rows(options.format);
    if (options.format == TableFormat::kPrint) layout_.emplace(columns, options.header);
    if (options.header && options.format != TableFormat::kJsonLines) header_rows_ = 1;
  }

  // With `appended` what is compressed of it is a piece of its own, which can be left out.
  Result<SinkState> write_header(std::span<const OutputColumn> columns, const AppendedFile* appended) {
    const auto mode = appended == nullptr ? Compressor::Mode::kContinue : Compressor::Mode::kEnd;
    auto written = compress(header_line(TableFormat::kCsv, columns), header_rows_, mode);
    if (appended != nullptr) destination_->set_header_bytes(destination_->bytes());
    return written;
  }
  // At the end rows go behind those of a file, if there is one by then.
  void append_to(AppendedFile file) { appended_ = std::move(file); }

  Result<SinkState> write(std::string_view rows, std::uint64_t count) override {
    rows_given_ += count;
    if (!layout_) return compress(rows, count, Compressor::Mode::kContinue);
    laid_out_.clear();
    layout_->add(rows, laid_out_);
    return compress(laid_out_, lines_laid_out(), Compressor::Mode::kContinue);
  }

  Result<SinkState> flush(FlushReach reach) override {
    // An aligned table without a row waits for some, which decide its widths.
    const bool is_open =
        layout_ && (rows_given_ == 0 || (reach == FlushReach::kSameBytes && !destination_->is_terminal()));
    if (is_open || (reach == FlushReach::kSameBytes && compressor_ != nullptr)) {
      auto result = destination_->flush();
      failed_ = failed_ || !result;
      return with_what_is_kept(std::move(result));
    }
    if (auto ended = end_layout(Compressor::Mode::kFlush); !ended) return ended;
    return certain_up_to_here(destination_->flush());
  }

  Result<SinkState> finish(Finish how) override {
    if (how == Finish::kDiscard) return destination_->finish(how);
    if (failed_) how = Finish::kKeepPartial;
    auto ended = end_layout(Compressor::Mode::kEnd);
    if (ended && how == Finish::kComplete && appended_) {
      if (auto fits = appended_->check(); !fits) {
        fits.error().message += fmt::format("; all rows are in {}", location());
        ended = std::unexpected(fits.error());
      }
    }
    auto finished = certain_up_to_here(destination_->finish(ended ? how : Finish::kKeepPartial));
    return ended ? finished : ended;
  }

  void set_name(const std::string& path) override { destination_->set_name(path); }
  [[nodiscard]] std::uint64_t bytes() const override { return destination_->bytes(); }

  [[nodiscard]] std::uint64_t rows() const override {
    if (compressor_ != nullptr) return rows_certain_;
    return destination_->rows() - std::min(destination_->rows(), header_rows_);
  }

  [[nodiscard]] const std::string& location() const override { return destination_->location(); }

 private:
  Result<SinkState> end_layout(Compressor::Mode mode) {
    laid_out_.clear();
    if (layout_) layout_->flush(laid_out_);
    return compress(laid_out_, lines_laid_out(), mode);
  }

  [[nodiscard]] std::uint64_t lines_laid_out() const {
    return static_cast<std::uint64_t>(std::ranges::count(laid_out_, '\n'));
  }

  Result<SinkState> compress(std::string_view bytes, std::uint64_t rows, Compressor::Mode mode) {
    Result<SinkState> result = SinkState::kOpen;
    if (compressor_ == nullptr) {
      result = destination_->write(bytes, rows);
    } else {
      compressed_.clear();
      if (auto done = compressor_->compress(bytes, mode, compressed_); !done) {
        failed_ = true;
        return std::unexpected(std::move(done.error()));
      }
      result = destination_->write(compressed_);
    }
    failed_ = failed_ || !result;
    return with_what_is_kept(std::move(result));
  }

  // Behind a flush of the compressor: all that was given so far can be unpacked.
  Result<SinkState> certain_up_to_here(Result<SinkState> result) {
    failed_ = failed_ || !result;
    if (!failed_ && *result == SinkState::kOpen) rows_certain_ = rows_given_;
    return with_what_is_kept(std::move(result));
  }

  [[nodiscard]] Result<SinkState> with_what_is_kept(Result<SinkState> result) const {
    if (result || !destination_->is_cut_file()) return result;
    result.error().message +=
        fmt::format("; the file keeps {}{}", counted(rows(), "row"),
                    compressor_ == nullptr ? "" : " for certain; unpack it to see whether it has more");
    return result;
  }

  std::optional<TableLayout> layout_;
  std::unique_ptr<Compressor> compressor_;
  std::unique_ptr<Destination> destination_;
  std::optional<AppendedFile> appended_;
  std::uint64_t header_rows_ = 0;
  std::uint64_t rows_given_ = 0;
  std::uint64_t rows_certain_ = 0;  // of compressed ones
  std::string laid_out_;
  std::string compressed_;
  bool failed_ = false;
};

// None: the path is no file that rows are appended to.
Result<std::optional<AppendedFile>> appended_file(const WriterOptions& options, std::span<const OutputColumn> columns) {
  if (options.existing != ExistingFile::kAppend || is_standard_output(options.path)) return std::nullopt;
  const bool has_names = options.header || options.format == TableFormat::kJsonLines;
  AppendedFile file(options.path, options.format, has_names ? line_with_columns(options.format, columns) : "");
  TRY(file.recover(options.is_live ? AppendedFile::LeftRows::kAdded : AppendedFile::LeftRows::kAside));
  TRY(file.check());
  return file;
}

}  // namespace

Result<std::unique_ptr<Writer>> open_writer(const WriterOptions& options, std::span<const OutputColumn> columns) {
  auto compressor = TRY(compressor_for(options.path));
  std::optional<AppendedFile> appended = TRY(appended_file(options, columns));
  auto destination = TRY(
      Destination::open(options.path, options.existing, options.stop,
                        options.name_follows ? Destination::Name::kFollows : Destination::Name::kIsPath, options.mode));
  auto writer = std::make_unique<StreamWriter>(options, columns, std::move(compressor), std::move(destination));
  if (options.header && options.format == TableFormat::kCsv) {
    TRY(writer->write_header(columns, appended ? &*appended : nullptr));
  }
  if (appended) writer->append_to(std::move(*appended));
  return writer;
}

}  // namespace flowgauge
