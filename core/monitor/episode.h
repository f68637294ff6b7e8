// A time in which something is wrong: when it began, whether it goes on, when it is over. Pure: it knows of time what
// it is told. What flaps is one episode: the quiet time that ends it doubles where the next one follows soon.
#pragma once

#include <chrono>
#include <cstdint>

namespace flowgauge {

struct Moment {
  std::chrono::nanoseconds elapsed{0};  // since the run began: no clock that is set
  std::int64_t time_ns = 0;             // the wall clock
};

class Episode {
 public:
  using Duration = std::chrono::nanoseconds;
  enum class Change { kNone, kBegan, kGoesOn, kEnded };

  // It begins when it was bad for `begin_after` at each look, and ends when it was good for `quiet`.
  Episode(Duration begin_after, Duration quiet) : begin_after_(begin_after), shortest_quiet_(quiet), quiet_(quiet) {}

  // kGoesOn comes a minute after the beginning, then each ten minutes.
  Change look(bool is_bad, Moment now);
  // No look comes any more.
  Change finish();

  [[nodiscard]] bool is_active() const { return is_active_; }
  // Of the episode that is, or was the last.
  [[nodiscard]] Moment began() const { return began_; }
  [[nodiscard]] Moment last_bad() const { return last_bad_; }

 private:
  Change end();

  Duration begin_after_;
  Duration shortest_quiet_;
  Duration quiet_;
  bool is_active_ = false;
  bool is_bad_ = false;
  bool has_been_ = false;  // one that is over
  Moment began_;
  Moment last_bad_;
  Duration reminder_{0};
};

}  // namespace flowgauge
