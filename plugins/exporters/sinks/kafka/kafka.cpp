// Kafka: a message for each row, in JSON, with the flow as its key.
#include <stdexcept>
#include <string>
#include <string_view>

#include "json_rows.h"
#include "to_topic.h"

namespace kafka_sink {
namespace {

class Kafka : public ToTopic {
 public:
  static constexpr fg::SinkAbout kAbout{.name = "kafka",
                                        .version = "1.0",
                                        .doc =
                                            "Messages of a Kafka topic, by librdkafka: a JSON object for each row. The "
                                            "path is the topic.",
                                        .place = FG_PLACE_OWN,
                                        .takes = FG_TAKES_UNSIGNED | FG_TAKES_LISTS};
  static constexpr fg::Option kOptions[] = {
      kBrokers,
      {"key", "The column whose cell is a message's key; empty: the column of flow.id, where there is one", FG_STRING,
       FG_UNIT_NONE, ""},
      kSettings,
      kEndLimit,
  };

  explicit Kafka(const fg::SinkOpen<Kafka>& open) : ToTopic(open), rows_(open.schema()), key_(key_of(open)) {}

  void write(const fg::Batch& batch) {
    for (std::int64_t row = 0; row < batch.rows(); ++row)
      send(key_ < 0 ? std::string() : JsonRows::cell(batch.column(key_), row), rows_.row(batch, row), 1);
  }

 private:
  static std::int64_t key_of(const fg::SinkOpen<Kafka>& open) {
    const std::string_view wanted = open.get<"key">();
    const ArrowSchema& schema = open.schema();
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
      const ArrowSchema& column = *schema.children[i];
      if (wanted.empty() ? fg::note_of(column, "flowgauge.expression") == "flow.id" : column.name == wanted) return i;
    }
    if (!wanted.empty()) throw std::runtime_error("'key': the table has no column '" + std::string(wanted) + "'");
    return -1;
  }

  JsonRows rows_;
  std::int64_t key_;
};

}  // namespace
}  // namespace kafka_sink

FG_MODULE("kafka", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<>, fg::Sinks<kafka_sink::Kafka>);
