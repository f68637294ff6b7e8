// Kafka: a message for each row, in JSON, with the flow as its key.
#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

#include "json_rows.h"
#include "producer.h"

namespace kafka_sink {
namespace {

class Kafka {
 public:
  static constexpr fg::SinkAbout kAbout{.name = "kafka",
                                        .version = "1.0",
                                        .doc =
                                            "Messages of a Kafka topic, by librdkafka: a JSON object for each row. The "
                                            "path is the topic.",
                                        .place = FG_PLACE_OWN,
                                        .takes = FG_TAKES_UNSIGNED | FG_TAKES_LISTS};
  static constexpr fg::Option kOptions[] = {
      {"brokers", "Some of the brokers: HOST:PORT, commas between them", FG_STRING, FG_UNIT_NONE, "localhost:9092"},
      {"key", "The column whose cell is a message's key; empty: the column of flow.id, where there is one", FG_STRING,
       FG_UNIT_NONE, ""},
      {"settings", "Settings of librdkafka's own: NAME=VALUE", FG_LIST_STRING, FG_UNIT_NONE, ""},
      fg::Option{"end_limit", "How long the end of a run waits for the last reports", FG_U64, FG_UNIT_S, "60"}.between(
          "1", "86400"),
  };

  explicit Kafka(const fg::SinkOpen<Kafka>& open)
      : host_(open.host()),
        rows_(open.schema()),
        key_(key_of(open)),
        when_full_(open.is_live() ? WhenFull::kDrop : WhenFull::kWait),
        end_limit_(open.get<"end_limit">()),
        producer_(topic_of(open.path()), settings_of(open), open.host(), open.conditions()) {}

  void write(const fg::Batch& batch) {
    for (std::int64_t row = 0; row < batch.rows(); ++row)
      producer_.send(key_ < 0 ? std::string() : JsonRows::cell(batch.column(key_), row), rows_.row(batch, row),
                     when_full_);
  }

  void flush(std::chrono::nanoseconds time) {
    producer_.wait_for_reports(std::chrono::duration_cast<std::chrono::milliseconds>(time));
    producer_.look_for_brokers();
  }

  void finish(const fg::Finish& finish) {
    const bool is_whole = finish.how == FG_FINISH_COMPLETE;
    producer_.wait_for_reports(is_whole ? end_limit_ : std::min(end_limit_, kPartialLimit));
    producer_.give_up();
    if (producer_.dropped() == 0) return;
    const std::string text = std::to_string(producer_.dropped()) + " rows were dropped: the queue was full";
    host_.log(FG_LOG_WARNING, text.data(), text.size());
  }

  [[nodiscard]] std::uint64_t rows_certain() const { return producer_.delivered(); }
  [[nodiscard]] std::uint64_t rows_failed() const { return producer_.failed(); }

 private:
  static constexpr std::chrono::seconds kPartialLimit{10};  // of a run that was interrupted

  // "flows.kafka" is a path that needs no other word on the command line.
  static std::string topic_of(std::string_view path) {
    if (path.ends_with(".kafka")) path.remove_suffix(6);
    // As brokers have it: org.apache.kafka.common.internals.Topic.
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    if (path.empty() || path.size() > 249 || path.find_first_not_of(kLetters) != std::string_view::npos)
      throw std::runtime_error("is no topic: one has at most 249 letters, digits, '.', '_' and '-'");
    return std::string(path);
  }

  static Settings settings_of(const fg::SinkOpen<Kafka>& open) {
    // No row twice, and none in another order than its key's; from files no row is given up.
    Settings settings{{"bootstrap.servers", std::string(open.get<"brokers">())},
                      {"client.id", "flowgauge"},
                      {"enable.idempotence", "true"},
                      {"linger.ms", "20"},
                      {"compression.codec", "zstd"},
                      {"queue.buffering.max.kbytes", "65536"},
                      {"message.timeout.ms", open.is_live() ? "300000" : "0"}};
    for (const std::string_view setting : open.get<"settings">()) {
      const std::size_t at = setting.find('=');
      if (at == std::string_view::npos || at == 0)
        throw std::runtime_error("'settings': '" + std::string(setting) + "' is not NAME=VALUE");
      settings.emplace_back(setting.substr(0, at), setting.substr(at + 1));
    }
    return settings;
  }

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

  const fg_host& host_;
  JsonRows rows_;
  std::int64_t key_;
  WhenFull when_full_;
  std::chrono::seconds end_limit_;
  Producer producer_;
};

}  // namespace
}  // namespace kafka_sink

FG_MODULE("kafka", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<>, fg::Sinks<kafka_sink::Kafka>);
