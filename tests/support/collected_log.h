// A log that keeps what it is told: "warning: text", a line for each message.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "core/base/log.h"

namespace flowgauge {

class CollectedLog final : public Log {
 public:
  explicit CollectedLog(LogLevel lowest = LogLevel::kInfo) : lowest_(lowest) {}

  [[nodiscard]] bool is_enabled(LogLevel level) const noexcept override { return level >= lowest_; }
  void write(LogLevel level, std::string_view text) noexcept override {
    const std::scoped_lock lock(mutex_);
    lines_.append(log_level_name(level)).append(": ").append(text).append("\n");
  }
  [[nodiscard]] std::string lines() const {
    const std::scoped_lock lock(mutex_);
    return lines_;
  }

 private:
  LogLevel lowest_;
  mutable std::mutex mutex_;
  std::string lines_;
};

// What a call says.
template <class Call>
std::string said_by(const Call& call, LogLevel lowest = LogLevel::kInfo) {
  CollectedLog log(lowest);
  const LogScope scope(&log);
  call();
  return log.lines();
}

}  // namespace flowgauge
