// Kafka: a message for many rows, an Arrow IPC stream that can be read by itself:
// https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format.
#include <arrow/io/memory.h>
#include <arrow/ipc/writer.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "../arrow/batches.h"
#include "../arrow/cell_types.h"
#include "../arrow/failure.h"
#include "to_topic.h"

namespace kafka_sink {
namespace {

class KafkaArrow : public ToTopic {
 public:
  static constexpr fg::SinkAbout kAbout{
      .name = "kafka_arrow",
      .version = "1.0",
      .doc =
          "Messages of a Kafka topic, by librdkafka and Arrow C++: an Arrow IPC stream for many rows. The path is the "
          "topic.",
      .place = FG_PLACE_OWN,
      .takes = FG_TAKES_UNSIGNED | FG_TAKES_LISTS};
  static constexpr fg::Option kOptions[] = {
      kBrokers,
      fg::Option{"message_bytes", "How long a message of more than one row is at most", FG_U64, FG_UNIT_BYTES, "900000"}
          .between("1", "1000000000"),
      kSettings,
      kEndLimit,
      arrow_sinks::kUint64,
      arrow_sinks::kTime,
  };

  explicit KafkaArrow(const fg::SinkOpen<KafkaArrow>& open)
      : ToTopic(open),
        batches_(open.schema(), arrow_sinks::cell_types(open)),
        message_bytes_(static_cast<std::int64_t>(open.get<"message_bytes">())) {
    options_.use_threads = false;
  }

  void write(fg::Batch batch) {
    const auto rows = batches_.convert(std::move(batch));
    for (std::int64_t at = 0; at < rows->num_rows();) {
      const std::int64_t count = std::min(most_rows_, rows->num_rows() - at);
      const auto message = stream_of(*rows->Slice(at, count));
      if (message->size() > message_bytes_ && count > 1) {
        most_rows_ = count / 2;
        continue;
      }
      send({}, static_cast<std::string_view>(*message), static_cast<std::uint64_t>(count));
      at += count;
      if (message->size() < message_bytes_ / 4) most_rows_ = std::min(2 * most_rows_, kMostRows);
    }
  }

  void finish(const fg::Finish& finish) {
    ToTopic::finish(finish);
    batches_.warn_of_nulls(host());
  }

 private:
  static constexpr std::int64_t kMostRows = 65'536;

  std::shared_ptr<arrow::Buffer> stream_of(const arrow::RecordBatch& rows) const {
    const auto bytes = arrow_sinks::value_of(arrow::io::BufferOutputStream::Create());
    const auto writer = arrow_sinks::value_of(arrow::ipc::MakeStreamWriter(bytes, batches_.schema(), options_));
    arrow_sinks::check(writer->WriteRecordBatch(rows));
    arrow_sinks::check(writer->Close());
    return arrow_sinks::value_of(bytes->Finish());
  }

  arrow_sinks::Batches batches_;
  arrow::ipc::IpcWriteOptions options_ = arrow::ipc::IpcWriteOptions::Defaults();  // Kafka compresses
  std::int64_t message_bytes_;
  std::int64_t most_rows_ = kMostRows;  // of a message: as many as the last ones let expect
};

}  // namespace
}  // namespace kafka_sink

FG_MODULE("kafka_arrow", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<>, fg::Sinks<kafka_sink::KafkaArrow>);
