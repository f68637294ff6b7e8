// What the sinks of topics have in common: options, the producer, and how a run ends.
#pragma once

#include <chrono>
#include <cstdint>
#include <flowgauge/sdk.hpp>
#include <string_view>

#include "producer.h"

namespace kafka_sink {

inline constexpr fg::Option kBrokers{"brokers", "Some of the brokers: HOST:PORT, commas between them", FG_STRING,
                                     FG_UNIT_NONE, "localhost:9092"};
inline constexpr fg::Option kSettings{"settings", "Settings of librdkafka's own: NAME=VALUE", FG_LIST_STRING,
                                      FG_UNIT_NONE, ""};
inline constexpr fg::Option kEndLimit =
    fg::Option{"end_limit", "How long the end of a run waits for the last reports", FG_U64, FG_UNIT_S, "60"}.between(
        "1", "86400");

class ToTopic {
 public:
  template <class Sink>
  explicit ToTopic(const fg::SinkOpen<Sink>& open)
      : host_(open.host()),
        when_full_(open.is_live() ? WhenFull::kDrop : WhenFull::kWait),
        end_limit_(open.template get<"end_limit">()),
        producer_(topic_of(open.path(), Sink::kAbout.name),
                  settings_of(open.template get<"brokers">(), open.template get<"settings">(), when_full_), open.host(),
                  open.conditions()) {}

  void flush(std::chrono::nanoseconds time);
  void finish(const fg::Finish& finish);
  [[nodiscard]] std::uint64_t rows_certain() const { return producer_.delivered(); }
  [[nodiscard]] std::uint64_t rows_failed() const { return producer_.failed(); }

 protected:
  void send(std::string_view key, std::string_view message, std::uint64_t rows) {
    producer_.send(key, message, rows, when_full_);
  }
  [[nodiscard]] const fg_host& host() const { return host_; }

 private:
  // Both throw where it is wrong. "flows.kafka" is a path that needs no other word on the command line.
  static std::string topic_of(std::string_view path, std::string_view sink);
  static Settings settings_of(std::string_view brokers, const fg::Texts& wanted, WhenFull when_full);

  const fg_host& host_;
  WhenFull when_full_;
  std::chrono::seconds end_limit_;
  Producer producer_;
};

}  // namespace kafka_sink
