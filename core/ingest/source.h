// Where packets come from: capture files, later a libpcap interface and the eBPF program.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/packet/event_block.h"
#include "core/packet/ledger.h"

namespace flowgauge {

// Position of a source, for the progress line.
struct SourceProgress {
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_total = 0;  // 0: not known (standard input)
};

enum class SourceState { kMore, kEnd };

// Single-threaded: one thread reads; progress() and interrupt() may be called from any thread.
class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  // Fills `block` (cleared first) with the next events, at most kBlockEvents, perhaps none.
  // After kEnd the block may still hold events; read() is not called again. Never fails half-way: damage in
  // an input is noted (see problems()) and reading goes on with the next input.
  virtual SourceState read(EventBlock& block) = 0;

  // Frames counted so far; complete after kEnd.
  [[nodiscard]] virtual const Ledger& ledger() const = 0;
  // Damaged or unreadable inputs met so far, in order; each a whole message with code kInput.
  [[nodiscard]] virtual const std::vector<Error>& problems() const = 0;
  [[nodiscard]] virtual SourceProgress progress() const = 0;
};

}  // namespace flowgauge
