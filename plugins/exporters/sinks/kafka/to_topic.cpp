#include "to_topic.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace kafka_sink {
namespace {

constexpr std::chrono::seconds kPartialLimit{10};  // of a run that was interrupted

}  // namespace

std::string ToTopic::topic_of(std::string_view path, std::string_view sink) {
  if (const std::string ending = "." + std::string(sink); path.ends_with(ending)) path.remove_suffix(ending.size());
  // As brokers have it: org.apache.kafka.common.internals.Topic.
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  if (path.empty() || path.size() > 249 || path.find_first_not_of(kLetters) != std::string_view::npos)
    throw std::runtime_error("is no topic: one has at most 249 letters, digits, '.', '_' and '-'");
  return std::string(path);
}

Settings ToTopic::settings_of(std::string_view brokers, const fg::Texts& wanted, WhenFull when_full) {
  // No row twice, and none in another order than its key's; from files no row is given up.
  Settings settings{{"bootstrap.servers", std::string(brokers)},
                    {"client.id", "flowgauge"},
                    {"enable.idempotence", "true"},
                    {"linger.ms", "20"},
                    {"compression.codec", "zstd"},
                    {"queue.buffering.max.kbytes", "65536"},
                    {"message.timeout.ms", when_full == WhenFull::kDrop ? "300000" : "0"}};
  for (const std::string_view setting : wanted) {
    const std::size_t at = setting.find('=');
    if (at == std::string_view::npos || at == 0)
      throw std::runtime_error("'settings': '" + std::string(setting) + "' is not NAME=VALUE");
    settings.emplace_back(setting.substr(0, at), setting.substr(at + 1));
  }
  return settings;
}

void ToTopic::flush(std::chrono::nanoseconds time) {
  producer_.wait_for_reports(std::chrono::duration_cast<std::chrono::milliseconds>(time));
  producer_.look_for_brokers();
}

void ToTopic::finish(const fg::Finish& finish) {
  const bool is_whole = finish.how == FG_FINISH_COMPLETE;
  producer_.wait_for_reports(is_whole ? end_limit_ : std::min(end_limit_, kPartialLimit));
  producer_.give_up();
  if (producer_.dropped() == 0) return;
  const std::string text = std::to_string(producer_.dropped()) + " rows were dropped: the queue was full";
  host_.log(FG_LOG_WARNING, text.data(), text.size());
}

}  // namespace kafka_sink
