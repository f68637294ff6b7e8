// Which calls into plugins run just now, in memory that is shared with the process that watches a run: when the run's
// process is gone, the other one can still say whose call it was. What stands there may have been overwritten by a
// plugin: reading is safe whatever it is.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace flowgauge {

struct RunningCall;

struct NamedCall {
  std::string path, feature, call;
  std::string kind = "feature";
  bool operator==(const NamedCall&) const = default;
};

class CallBoard {
 public:
  // In memory that processes forked from now on share; nullptr where there is none. Never freed.
  [[nodiscard]] static CallBoard* make();

  // From here on the calls of this process are shown on it; nullptr: no longer.
  static void use(CallBoard* board) noexcept;
  [[nodiscard]] static CallBoard* used() noexcept { return in_use.load(std::memory_order_relaxed); }

  // ---- of the process that calls
  using Slot = std::atomic<std::uint32_t>;
  [[nodiscard]] Slot* take_slot() noexcept;  // of a thread, for its life; nullptr: all are taken
  // The number of a call of this name, from 1; 0: there is no room.
  [[nodiscard]] std::uint32_t number_of(const RunningCall& call) noexcept;

  // A process whose descriptors such a call has closed cannot go on.
  void say_closed(std::uint32_t number) noexcept { closed_by_.store(number, std::memory_order_relaxed); }

  // ---- of the other
  [[nodiscard]] NamedCall closed_by() const { return named(closed_by_.load(std::memory_order_relaxed)); }
  [[nodiscard]] std::vector<NamedCall> running() const;       // each once
  [[nodiscard]] NamedCall named(std::uint32_t number) const;  // empty: no such number

 private:
  static constexpr std::size_t kSlots = 256;
  static constexpr std::size_t kNames = 1024;
  struct alignas(64) PaddedSlot {
    Slot number{0};
  };
  struct Name {
    std::array<char, 4096> path;
    std::array<char, 72> feature;
    std::array<char, 24> call;
    std::array<char, 16> kind;
  };
  CallBoard() = default;
  static constinit inline std::atomic<CallBoard*> in_use{nullptr};
  [[nodiscard]] bool has(const Name& name, const RunningCall& call) const noexcept;

  std::atomic<std::uint32_t> slots_taken_{0};
  std::atomic<std::uint32_t> names_used_{0};
  std::atomic<std::uint32_t> closed_by_{0};
  std::mutex naming_;  // of the calling process's threads
  std::array<PaddedSlot, kSlots> slots_;
  std::array<std::size_t, kNames> hashes_{};  // of the names, for the calling process
  std::array<Name, kNames> names_;            // pages that are not used take no memory
};

}  // namespace flowgauge
