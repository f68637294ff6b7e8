// Parquet files: https://parquet.apache.org/docs/file-format/.
#include <arrow/table.h>
#include <arrow/util/compression.h>
#include <parquet/arrow/writer.h>

#include <memory>
#include <string>
#include <utility>

#include "cell_types.h"
#include "failure.h"
#include "opened.h"

namespace arrow_sinks {
namespace {

arrow::Compression::type compression_of(std::string_view name) {
  if (name == "lz4") return arrow::Compression::LZ4;  // without frames, as Parquet has it
  return value_of(arrow::util::Codec::GetCompressionType(name == "none" ? "uncompressed" : std::string(name)));
}

class Parquet {
 public:
  static constexpr fg::SinkAbout kAbout{.name = "parquet",
                                        .version = "1.0",
                                        .doc = "Parquet files, by Arrow C++.",
                                        .place = FG_PLACE_FILE,
                                        .takes = FG_TAKES_UNSIGNED | FG_TAKES_LISTS};
  static constexpr fg::Option kOptions[] = {
      fg::Option{"compression", "How pages are compressed", FG_STRING, FG_UNIT_NONE, "zstd"}
          .one_of<"zstd", "snappy", "gzip", "lz4", "brotli", "none">(),
      fg::Option{"row_group", "Rows of a row group: what is held in memory, and read at once", FG_U64, FG_UNIT_COUNT,
                 "32768"}
          .between("1024", "16777216"),
      {"dictionary", "Write columns of few values as dictionaries: smaller and slower", FG_BOOL, FG_UNIT_NONE, "false"},
      kUint64,
      kTime,
  };

  explicit Parquet(const fg::SinkOpen<Parquet>& open)
      : opened_(open), row_group_(static_cast<std::int64_t>(open.get<"row_group">())) {
    parquet::WriterProperties::Builder properties;
    properties.compression(compression_of(open.get<"compression">()));
    properties.max_row_group_length(row_group_);
    if (!open.get<"dictionary">()) properties.disable_dictionary();
    writer_ = value_of(parquet::arrow::FileWriter::Open(
        *opened_.batches.schema(), arrow::default_memory_pool(), opened_.stream, properties.build(),
        parquet::ArrowWriterProperties::Builder().store_schema()->build()));
  }

  void write(fg::Batch batch) {
    const std::int64_t rows = batch.rows();
    rows_ += static_cast<std::uint64_t>(rows);
    gathered_.push_back(opened_.batches.convert(std::move(batch)));
    rows_gathered_ += rows;
    encode_columns(1 + columns() * rows / row_group_);
    while (rows_gathered_ >= row_group_ && !is_closed()) begin_row_group(row_group_);
  }

  // A file without its end could not be read at all: what is there so far gets one.
  void finish(const fg::Finish& finish) {
    if (finish.how == FG_FINISH_DISCARD) return;
    if (rows_gathered_ > 0) begin_row_group(rows_gathered_);
    encode_columns(columns());
    if (is_closed()) return;
    check(
        writer_->AddKeyValueMetadata(arrow::key_value_metadata({"flowgauge.account"}, {std::string(finish.account)})));
    check(writer_->Close());
    is_whole_ = true;
    opened_.batches.warn_of_nulls(opened_.host);
  }

  [[nodiscard]] std::uint64_t rows_certain() const { return is_whole_ ? rows_ : 0; }
  [[nodiscard]] bool is_closed() const { return opened_.stream->is_reader_gone(); }

 private:
  [[nodiscard]] std::int64_t columns() const { return opened_.batches.schema()->num_fields(); }

  // Of the next rows that were gathered.
  void begin_row_group(std::int64_t rows) {
    encode_columns(columns());
    if (is_closed()) return;
    const auto table = value_of(arrow::Table::FromRecordBatches(opened_.batches.schema(), gathered_));
    gathered_.clear();
    rows_gathered_ -= rows;
    if (rows_gathered_ > 0) gathered_ = value_of(arrow::TableBatchReader(*table->Slice(rows)).ToRecordBatches());
    check(writer_->NewRowGroup());
    to_encode_ = table->Slice(0, rows)->columns();
    next_column_ = 0;
  }

  // So many more columns of the row group, if it has them.
  void encode_columns(std::int64_t most) {
    for (; most > 0 && next_column_ < to_encode_.size() && !is_closed(); --most) {
      const auto status = writer_->WriteColumnChunk(std::exchange(to_encode_[next_column_++], nullptr));
      if (!is_closed()) check(status);
    }
  }

  Opened opened_;
  std::int64_t row_group_;
  // While rows of the next row group are gathered, the columns of the one before are encoded, some with each batch. So
  // the work comes evenly, and the pages of one column take memory at a time.
  arrow::RecordBatchVector gathered_;
  std::int64_t rows_gathered_ = 0;
  arrow::ChunkedArrayVector to_encode_;
  std::size_t next_column_ = 0;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
  std::uint64_t rows_ = 0;
  bool is_whole_ = false;
};

}  // namespace
}  // namespace arrow_sinks

FG_MODULE("parquet", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<>, fg::Sinks<arrow_sinks::Parquet>);
