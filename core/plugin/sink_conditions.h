// What sinks say is wrong with the places of one output, while it is. A sink may say it on any thread, at any time, and
// may say anything: it is judged here. Files that an output has one after the other say it to the same board.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/log.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// By its name; of all times that it held.
struct SinkCondition {
  std::string name;
  std::string text;                      // the newest; fit for people
  bool holds = false;                    // now
  std::uint64_t times = 0;               // that it began
  std::int64_t since_ns = 0;             // the wall clock when it began, the last time
  std::chrono::nanoseconds held_for{0};  // since then; 0: it does not hold
  std::chrono::nanoseconds held{0};      // all times together
};

// Any thread.
class SinkConditions {
 public:
  using Clock = std::chrono::steady_clock;

  // `place`: where the rows go, for the log.
  explicit SinkConditions(std::string place) : place_(std::move(place)) {}

  // In the order in which they were first said.
  [[nodiscard]] std::vector<SinkCondition> all() const;
  // How often a sink said what it must not, since this was asked; `why` is of the first time.
  struct Refused {
    std::uint64_t times = 0;
    std::string why;
  };
  [[nodiscard]] Refused take_refused();
  // For a run that nobody watches: from now on the log of this thread says what begins and what is over. It outlives
  // the sinks.
  void say_in_log();

  // As fg_host.condition has them; null stands for no name, and an empty text for an end.
  void tell(const char* name, std::string_view text);
  // Without a word: the sink is gone.
  void end_all() noexcept;

 private:
  struct Kept {
    SinkCondition condition;
    Clock::time_point began;
  };
  void begin(std::string_view name, std::string text);
  void end(Kept& kept);
  void refuse(std::string why);
  void say(const Kept& kept);

  const std::string place_;
  mutable std::mutex mutex_;
  std::vector<Kept> kept_;
  Refused refused_;
  Log* log_ = nullptr;       // null: whoever watches says it
  std::uint64_t lines_ = 0;  // in that log
};

// The number that one sink speaks with, until it is destroyed. Then all that it said is over, and whoever still uses
// the number is not heard.
class SinkVoice {
 public:
  // Null: what is said is judged, and nobody sees it.
  explicit SinkVoice(std::shared_ptr<SinkConditions> board);
  SinkVoice(const SinkVoice&) = delete;
  SinkVoice& operator=(const SinkVoice&) = delete;
  ~SinkVoice() { fall_silent(); }

  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] SinkConditions::Refused take_refused() { return board_->take_refused(); }
  void fall_silent() noexcept;

 private:
  std::shared_ptr<SinkConditions> board_;
  std::uint64_t number_;
};

// fg_host.condition. [any thread]
void tell_condition(std::uint64_t sink, const char* name, const char* text, std::size_t size_bytes) noexcept;

}  // namespace flowgauge
