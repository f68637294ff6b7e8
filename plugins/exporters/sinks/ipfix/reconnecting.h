// A way to a collector that may go away and come back: TCP and TLS. Messages wait meanwhile. Of those that were sent,
// the ones that the collector's machine has not acknowledged have failed; none is sent twice. One thread calls it;
// another one of its own connects again.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "link.h"

namespace ipfix_sinks {

struct Patience {
  enum class While : std::uint8_t { kRunGoesOn, kRunWaits };  // live, and of files
  While whom = While::kRunWaits;
  std::chrono::seconds longest{60};  // that a run waits; 0: what is lost is not connected again
  std::size_t buffer_bytes = 0;      // kRunGoesOn: of messages that wait; more are dropped
};

// What the host is told.
struct Told {
  std::function<void(const std::string& text)> away;  // from now on
  std::function<void()> back;
  std::function<void(const std::string& text)> warn;
};

class Reconnecting final : public Link {
 public:
  using Connect = std::function<std::unique_ptr<Link>()>;  // throws

  // `templates`: sends all of them, by send().
  Reconnecting(Connect connect, const Patience& patience, std::function<void()> templates, Told told);

  // Sends, or keeps the message. Throws where the collector is lost for good.
  void send(std::span<const std::byte> message, Carried carried) override;
  // Between two rows: sees whether the collector is there, connects again, where that is due, and sends what waits.
  // Throws where the run has waited for long.
  void restore() override;
  void end(std::chrono::seconds longest_away) override;
  [[nodiscard]] std::size_t largest() const override { return kLongestMessage; }
  [[nodiscard]] std::uint64_t rows_certain() override { return certain_ + (link_ ? link_->rows_certain() : 0); }
  [[nodiscard]] std::uint64_t rows_failed() const override { return failed_ + (link_ ? link_->rows_failed() : 0); }
  std::uint64_t give_up() override { return 0; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Message {
    std::vector<std::byte> bytes;
    Carried carried;
  };

  void keep(std::span<const std::byte> message, Carried carried);
  void send_numbered(std::span<const std::byte> message, Carried carried);
  void lose(const std::string& why);
  void pause();
  void begin_to_connect();
  [[nodiscard]] bool take_connection();
  void wait_for_connection(std::chrono::seconds longest);
  void send_what_waits();
  void fail_what_waits();

  Connect connect_;
  Patience patience_;
  std::function<void()> templates_;
  Told told_;
  std::unique_ptr<Link> link_;  // null: it is lost
  std::uint32_t records_ = 0;   // of this link: RFC 7011 numbers them for each anew
  bool sends_templates_ = false;
  std::deque<Message> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::uint64_t certain_ = 0;  // of links that were lost, as are the next two
  std::uint64_t failed_ = 0;
  std::uint64_t lost_since_ = 0;     // rows since the link was lost: not acknowledged
  std::uint64_t dropped_since_ = 0;  // the same: no room
  std::string why_;
  Clock::time_point lost_at_;
  Clock::time_point next_try_;
  std::chrono::milliseconds pause_{0};
  std::future<std::unique_ptr<Link>> connecting_;
};

}  // namespace ipfix_sinks
