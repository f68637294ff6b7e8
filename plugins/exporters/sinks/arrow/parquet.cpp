// Parquet files: https://parquet.apache.org/docs/file-format/.
#include <arrow/util/compression.h>
#include <parquet/arrow/writer.h>

#include <memory>
#include <string>
#include <utility>

#include "failure.h"
#include "opened.h"

namespace arrow_sinks {
namespace {

arrow::Compression::type compression_of(std::string_view name) {
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
                 "65536"}
          .between("1024", "16777216"),
      {"dictionary", "Write columns of few values as dictionaries: smaller and slower", FG_BOOL, FG_UNIT_NONE, "false"},
      kUint64,
      kTime,
  };

  explicit Parquet(const fg::SinkOpen<Parquet>& open) : opened_(open) {
    parquet::WriterProperties::Builder properties;
    properties.compression(compression_of(open.get<"compression">()));
    properties.max_row_group_length(static_cast<std::int64_t>(open.get<"row_group">()));
    if (!open.get<"dictionary">()) properties.disable_dictionary();
    writer_ = value_of(parquet::arrow::FileWriter::Open(
        *opened_.batches.schema(), arrow::default_memory_pool(), opened_.stream, properties.build(),
        parquet::ArrowWriterProperties::Builder().store_schema()->build()));
  }

  void write(fg::Batch batch) { check(writer_->WriteRecordBatch(*opened_.batches.convert(std::move(batch)))); }

  // A file without its end could not be read at all: what is there so far gets one.
  void finish(const fg::Finish& finish) {
    if (finish.how == FG_FINISH_DISCARD) return;
    check(
        writer_->AddKeyValueMetadata(arrow::key_value_metadata({"flowgauge.account"}, {std::string(finish.account)})));
    check(writer_->Close());
    opened_.batches.warn_of_nulls(opened_.host);
  }

  [[nodiscard]] bool is_closed() const { return opened_.stream->is_reader_gone(); }

 private:
  Opened opened_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
};

}  // namespace
}  // namespace arrow_sinks

FG_MODULE("parquet", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<>, fg::Sinks<arrow_sinks::Parquet>);
