// Where packets come from: capture files. Live traffic comes through core/live/live_source.h.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/packet/event_block.h"
#include "core/packet/ledger.h"
#include "core/packet/run_clock.h"

namespace flowgauge {

// Position of a source, for those who watch. Bytes of the inputs as they are stored, compressed or not.
struct SourceProgress {
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_total = 0;  // 0: not known (standard input, pipes)
  std::string input;              // that is read: a path, or "-"; empty before the first
  std::uint32_t inputs_begun = 0;
  std::uint32_t inputs = 0;
};

enum class SourceState { kMore, kEnd };

// What becomes of packets whose partition the run leaves out.
enum class OtherPackets {
  kInBlocks,  // they are events like all others
  kLeftOut,   // the ledger has them; events have their partitions, and those of others' only move the clock
};

// Takes over what a block holds; its memory may be exchanged for another's.
using HandOver = std::function<void(EventBlock&)>;

// Single-threaded: one thread reads and asks for the rest; progress() and interrupt() may be called from any thread.
class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  // Fills `block` (cleared first) with the next events, at most kBlockEvents, perhaps none.
  // After kEnd the block may still hold events; read() is not called again. Never fails half-way: damage in
  // an input is noted (see problems()) and reading goes on with the next input. Hand the same blocks in again
  // once they are used up: their memory is kept.
  virtual SourceState read(EventBlock& block) = 0;

  // Input that comes from a pipe shall not wait in a block until that is full. Where more is waited for, and what came
  // has been here for some 200 ms, read() hands over the block at hand, perhaps an empty one, and goes on with it as
  // with a cleared one. Called within read(), on its thread. Set before the first read(); null: never.
  virtual void set_hand_over(HandOver hand_over) = 0;

  // Asks read() to end: the block at hand is the last. What it holds counts. For signal-driven stops.
  virtual void interrupt() noexcept = 0;

  // Frames counted so far; complete after kEnd.
  [[nodiscard]] virtual const Ledger& ledger() const = 0;
  // Damaged or unreadable inputs met so far, in order; each a whole message with the exit code of the run.
  [[nodiscard]] virtual const std::vector<Error>& problems() const = 0;
  // What the user should know but is no failure: "FILE: link type ... is not supported". Grows like problems().
  [[nodiscard]] virtual const std::vector<std::string>& warnings() const = 0;
  [[nodiscard]] virtual SourceProgress progress() const = 0;
  [[nodiscard]] virtual OtherPackets other_packets() const { return OtherPackets::kInBlocks; }
  // What the packets' timestamps did to the run's clock so far.
  [[nodiscard]] virtual const ClockCounters& clock() const = 0;
};

}  // namespace flowgauge
