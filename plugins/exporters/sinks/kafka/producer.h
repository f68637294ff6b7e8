// Messages to a topic, by librdkafka, and what became of them. All calls come from one thread, and so do its reports.
#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <flowgauge/sdk.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kafka_sink {

using Settings = std::vector<std::pair<std::string, std::string>>;  // librdkafka's names and values, later ones win

// What to do where the queue is full.
enum class WhenFull : std::uint8_t { kWait, kDrop };

class Producer {
 public:
  // Throws where a setting is wrong, where no broker answers in time, or where the topic is not there.
  Producer(std::string topic, const Settings& settings, const fg_host& host, fg::Conditions conditions);
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;
  ~Producer() = default;

  // A message of so many rows. An empty key is none. Throws where the producer can send no more.
  void send(std::string_view key, std::string_view message, std::uint64_t rows, WhenFull when_full);
  // Takes the reports that are there, and waits for more until all have come or the time is over.
  void wait_for_reports(std::chrono::milliseconds limit);
  // Where no broker could be reached: whether one can be now. Takes a tenth of a second at most.
  void look_for_brokers();
  // Nothing is sent any more: what has no report yet has failed.
  void give_up();

  // In rows.
  [[nodiscard]] std::uint64_t delivered() const { return delivered_; }
  // By a report, or dropped.
  [[nodiscard]] std::uint64_t failed() const { return failed_ + dropped_; }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  struct Destroy {
    void operator()(rd_kafka_t* producer) const noexcept { rd_kafka_destroy(producer); }
  };
  static void on_report(rd_kafka_t*, const rd_kafka_message_t* message, void* self);
  static void on_error(rd_kafka_t*, int error, const char* reason, void* self);
  static void on_log(const rd_kafka_t*, int level, const char* facility, const char* text);
  void check_topic();
  void take_reports(int wait_ms);
  void are_there();
  void check_fatal() const;

  std::string topic_;
  const fg_host& host_;
  fg::Conditions conditions_;
  bool are_away_ = false;   // all brokers
  std::string last_error_;  // of one of them
  std::uint64_t delivered_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t sent_ = 0;  // messages
  bool is_failure_told_ = false;
  std::unique_ptr<rd_kafka_t, Destroy> producer_;
};

}  // namespace kafka_sink
