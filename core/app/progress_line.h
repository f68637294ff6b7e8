// The line that shows on a terminal how far a run is: bytes of bytes, rate, time left.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

#include "core/ingest/source.h"

namespace flowgauge {

struct ProgressSample {
  SourceProgress source;
  std::uint64_t frames = 0;  // read so far
  std::chrono::nanoseconds elapsed{0};
};

// "12.0 MiB of 96.0 MiB (12 %), 1,234,567 packets/s, 0:07 left"; what is not known yet is left out.
[[nodiscard]] std::string progress_text(const ProgressSample& sample);

// Single-threaded. Writes nothing where `stream` is no terminal.
class ProgressLine {
 public:
  explicit ProgressLine(std::FILE* stream);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() { clear(); }

  [[nodiscard]] bool active() const { return active_; }
  // Redraws, at most every kProgressInterval of the samples' own time.
  void show(const ProgressSample& sample);
  // Redraws at once.
  void show_text(std::string text);
  // Takes the line away: before a message, and at the end.
  void clear();

 private:
  std::FILE* stream_;
  bool active_;
  bool shown_ = false;
  std::chrono::nanoseconds next_{0};
};

inline constexpr std::chrono::milliseconds kProgressInterval{200};

}  // namespace flowgauge
