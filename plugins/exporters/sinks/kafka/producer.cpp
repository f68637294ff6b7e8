#include "producer.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace kafka_sink {
namespace {

constexpr std::size_t kErrorText = 512;
constexpr const char* kAway = "brokers_away";
constexpr int kWaitMs = 100;                     // for room in the queue, at once
constexpr std::chrono::seconds kStartLimit{10};  // for a broker, and for the topic
constexpr std::uint64_t kReportsEach = 256;      // messages between looks at the reports
constexpr int kWarning = 4;                      // of syslog, as librdkafka counts

struct DestroySettings {
  void operator()(rd_kafka_conf_t* settings) const noexcept { rd_kafka_conf_destroy(settings); }
};

std::string name_of(rd_kafka_resp_err_t error) { return rd_kafka_err2str(error); }

// A report brings back what its message was sent with.
// NOLINTNEXTLINE(performance-no-int-to-ptr): nobody follows it
void* as_opaque(std::uint64_t rows) { return reinterpret_cast<void*>(static_cast<std::uintptr_t>(rows)); }
std::uint64_t rows_of(const rd_kafka_message_t& message) { return reinterpret_cast<std::uintptr_t>(message._private); }

}  // namespace

Producer::Producer(std::string topic, const Settings& settings, const fg_host& host, fg::Conditions conditions)
    : topic_(std::move(topic)), host_(host), conditions_(conditions) {
  std::unique_ptr<rd_kafka_conf_t, DestroySettings> made(rd_kafka_conf_new());
  std::array<char, kErrorText> error{};
  for (const auto& [name, value] : settings)
    if (rd_kafka_conf_set(made.get(), name.c_str(), value.c_str(), error.data(), error.size()) != RD_KAFKA_CONF_OK)
      throw std::runtime_error("'settings': " + std::string(error.data()));
  rd_kafka_conf_set_opaque(made.get(), this);
  rd_kafka_conf_set_dr_msg_cb(made.get(), on_report);
  rd_kafka_conf_set_error_cb(made.get(), on_error);
  rd_kafka_conf_set_log_cb(made.get(), on_log);
  producer_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, made.get(), error.data(), error.size()));
  if (producer_ == nullptr) throw std::runtime_error("'settings': " + std::string(error.data()));
  [[maybe_unused]] const rd_kafka_conf_t* const given = made.release();  // the producer's
  check_topic();
}

// A broker that makes topics by itself does so when it is first asked.
void Producer::check_topic() {
  struct FreeTopic {
    void operator()(rd_kafka_topic_t* topic) const noexcept { rd_kafka_topic_destroy(topic); }
  };
  const std::unique_ptr<rd_kafka_topic_t, FreeTopic> topic(
      rd_kafka_topic_new(producer_.get(), topic_.c_str(), nullptr));
  if (topic == nullptr) throw std::runtime_error("topic '" + topic_ + "': " + name_of(rd_kafka_last_error()));
  const auto limit = std::chrono::steady_clock::now() + kStartLimit;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(limit - std::chrono::steady_clock::now());
    const rd_kafka_metadata_t* about = nullptr;
    const rd_kafka_resp_err_t error = rd_kafka_metadata(producer_.get(), 0, topic.get(), &about,
                                                        static_cast<int>(std::max<std::int64_t>(left.count(), 1)));
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
      throw std::runtime_error("no broker answers: " + name_of(error) + "; see the setting 'bootstrap.servers'");
    const rd_kafka_resp_err_t of_topic =
        about->topic_cnt == 1 ? about->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    rd_kafka_metadata_destroy(about);
    if (of_topic == RD_KAFKA_RESP_ERR_NO_ERROR) return;
    if (std::chrono::steady_clock::now() >= limit)
      throw std::runtime_error("topic '" + topic_ + "': " + name_of(of_topic) + "; make it, or choose another");
    (void)rd_kafka_poll(producer_.get(), kWaitMs);
  }
}

void Producer::send(std::string_view key, std::string_view message, std::uint64_t rows, WhenFull when_full) {
  if (sent_++ % kReportsEach == 0) take_reports(0);
  for (;;) {
    const rd_kafka_resp_err_t error =
        rd_kafka_producev(producer_.get(), RD_KAFKA_V_TOPIC(topic_.c_str()),
                          RD_KAFKA_V_KEY(key.empty() ? nullptr : key.data(), key.size()),
                          RD_KAFKA_V_VALUE(const_cast<char*>(message.data()), message.size()),
                          RD_KAFKA_V_OPAQUE(as_opaque(rows)), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return;
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) throw std::runtime_error("cannot send: " + name_of(error));
    take_reports(when_full == WhenFull::kWait ? kWaitMs : 0);
    if (when_full == WhenFull::kWait) continue;
    dropped_ += rows;
    return;
  }
}

void Producer::wait_for_reports(std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  take_reports(0);
  while (rd_kafka_outq_len(producer_.get()) > 0 && std::chrono::steady_clock::now() < end) take_reports(kWaitMs);
}

void Producer::take_reports(int wait_ms) {
  (void)rd_kafka_poll(producer_.get(), wait_ms);
  check_fatal();
}

void Producer::give_up() {
  if (rd_kafka_outq_len(producer_.get()) == 0) return;
  (void)rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  while (rd_kafka_outq_len(producer_.get()) > 0) (void)rd_kafka_poll(producer_.get(), kWaitMs);
}

void Producer::check_fatal() const {
  std::array<char, kErrorText> text{};
  if (rd_kafka_fatal_error(producer_.get(), text.data(), text.size()) != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw std::runtime_error("cannot go on: " + std::string(text.data()));
}

void Producer::on_report(rd_kafka_t* /*producer*/, const rd_kafka_message_t* message, void* self) {
  auto& owner = *static_cast<Producer*>(self);
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    owner.delivered_ += rows_of(*message);
    owner.are_there();
    return;
  }
  const std::uint64_t rows = rows_of(*message);
  owner.failed_ += rows;
  if (std::exchange(owner.is_failure_told_, true)) return;
  const std::string text = std::to_string(rows) + (rows == 1 ? " row was" : " rows were") +
                           " not delivered, the first of some perhaps: " + name_of(message->err);
  owner.host_.log(FG_LOG_WARNING, text.data(), text.size());
}

// What it is follows from check_fatal() and from the reports; a broker that is away for a while is no failure.
void Producer::on_error(rd_kafka_t* /*producer*/, int error, const char* reason, void* self) {
  const std::string_view text = reason;
  auto& owner = *static_cast<Producer*>(self);
  if (error != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
    owner.last_error_ = text;
    return owner.host_.log(FG_LOG_WARNING, text.data(), text.size());
  }
  owner.are_away_ = true;
  const std::string why = owner.last_error_.empty() ? std::string(text) : owner.last_error_;
  owner.conditions_.begin(kAway, "no broker can be reached; rows wait in the queue until one is back: " + why);
}

void Producer::are_there() {
  if (std::exchange(are_away_, false)) conditions_.end(kAway);
}

// librdkafka says that all are away, and not that one is back. Where no row comes, there is no report either.
void Producer::look_for_brokers() {
  if (!are_away_) return;
  const rd_kafka_metadata_t* about = nullptr;
  const rd_kafka_resp_err_t error = rd_kafka_metadata(producer_.get(), 0, nullptr, &about, kWaitMs);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  rd_kafka_metadata_destroy(about);
  are_there();
}

void Producer::on_log(const rd_kafka_t* producer, int level, const char* /*facility*/, const char* text) {
  const std::string_view said = text;
  const auto& owner = *static_cast<const Producer*>(rd_kafka_opaque(producer));
  owner.host_.log(level <= kWarning ? FG_LOG_INFO : FG_LOG_DEBUG, said.data(), said.size());
}

}  // namespace kafka_sink
