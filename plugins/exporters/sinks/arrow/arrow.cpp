// Arrow IPC, as files and as streams: https://arrow.apache.org/docs/format/Columnar.html#serialization-and-ipc.
#include <arrow/ipc/writer.h>
#include <arrow/util/compression.h>
#include <sys/stat.h>

#include <memory>
#include <utility>

#include "cell_types.h"
#include "failure.h"
#include "opened.h"

namespace arrow_sinks {
namespace {

bool is_regular_file(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

class Ipc {
 public:
  static constexpr fg::SinkAbout kAbout{.name = "arrow",
                                        .version = "1.0",
                                        .doc = "Arrow IPC, by Arrow C++: a file, or a stream on a pipe.",
                                        .place = FG_PLACE_FILE,
                                        .takes = FG_TAKES_UNSIGNED | FG_TAKES_LISTS};
  static constexpr fg::Option kOptions[] = {
      fg::Option{"layout", "The format for files, or the one for streams; auto: by what it is written to", FG_STRING,
                 FG_UNIT_NONE, "auto"}
          .one_of<"auto", "file", "stream">(),
      fg::Option{"compression", "How buffers are compressed", FG_STRING, FG_UNIT_NONE, "none"}
          .one_of<"none", "zstd", "lz4">(),
      kUint64,
      kTime,
  };

  explicit Ipc(const fg::SinkOpen<Ipc>& open) : opened_(open) {
    auto options = arrow::ipc::IpcWriteOptions::Defaults();
    options.use_threads = false;
    if (open.get<"compression">() != "none") {
      const auto type = open.get<"compression">() == "lz4" ? arrow::Compression::LZ4_FRAME : arrow::Compression::ZSTD;
      options.codec = value_of(arrow::util::Codec::Create(type));
    }
    const std::string_view layout = open.get<"layout">();
    is_file_ = layout == "file" || (layout == "auto" && is_regular_file(open.descriptor()));
    // Only the file's metadata can be said at its end; a stream's schema is its first message.
    metadata_ = std::make_shared<arrow::KeyValueMetadata>();
    writer_ = is_file_
                  ? value_of(arrow::ipc::MakeFileWriter(opened_.stream, opened_.batches.schema(), options, metadata_))
                  : value_of(arrow::ipc::MakeStreamWriter(opened_.stream, opened_.batches.schema(), options));
  }

  void write(fg::Batch batch) {
    const std::int64_t rows = batch.rows();
    const auto status = writer_->WriteRecordBatch(*opened_.batches.convert(std::move(batch)));
    if (opened_.stream->is_reader_gone()) return;
    check(status);
    rows_ += static_cast<std::uint64_t>(rows);
  }

  void finish(const fg::Finish& finish) {
    if (finish.how == FG_FINISH_DISCARD || opened_.stream->is_reader_gone()) return;
    metadata_->Append("flowgauge.account", std::string(finish.account));
    check(writer_->Close());
    is_whole_ = true;
    opened_.batches.warn_of_nulls(opened_.host);
  }

  // A stream can be read without its end, a file cannot.
  [[nodiscard]] std::uint64_t rows_certain() const { return is_whole_ || !is_file_ ? rows_ : 0; }
  [[nodiscard]] bool is_closed() const { return opened_.stream->is_reader_gone(); }

 private:
  Opened opened_;
  std::shared_ptr<arrow::KeyValueMetadata> metadata_;
  std::shared_ptr<arrow::ipc::RecordBatchWriter> writer_;
  std::uint64_t rows_ = 0;
  bool is_file_ = false;
  bool is_whole_ = false;
};

}  // namespace
}  // namespace arrow_sinks

FG_MODULE("arrow", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<>, fg::Sinks<arrow_sinks::Ipc>);
