// Capabilities of Linux (capabilities(7)): which ones the calling thread has, and giving up those that are not needed
// any more. Stateless.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace flowgauge {

// Those that matter here, with the kernel's numbers.
enum class Capability : std::uint8_t {
  kDacOverride = 1,
  kKill = 5,
  kSetgid = 6,
  kSetuid = 7,
  kSetpcap = 8,
  kNetAdmin = 12,
  kNetRaw = 13,
  kSysAdmin = 21,
  kPerfmon = 38,
  kBpf = 39,
};

class CapabilitySet {
 public:
  constexpr CapabilitySet() = default;
  constexpr CapabilitySet(std::initializer_list<Capability> capabilities) {
    for (const Capability capability : capabilities) bits_ |= bit(capability);
  }
  static constexpr CapabilitySet of_bits(std::uint64_t bits) {
    CapabilitySet set;
    set.bits_ = bits;
    return set;
  }

  [[nodiscard]] constexpr std::uint64_t bits() const { return bits_; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr bool has(Capability capability) const { return (bits_ & bit(capability)) != 0; }
  [[nodiscard]] constexpr bool has_all(CapabilitySet other) const { return (other.bits_ & ~bits_) == 0; }
  [[nodiscard]] constexpr CapabilitySet with(CapabilitySet other) const { return of_bits(bits_ | other.bits_); }
  [[nodiscard]] constexpr CapabilitySet without(CapabilitySet other) const { return of_bits(bits_ & ~other.bits_); }

  bool operator==(const CapabilitySet&) const = default;

 private:
  static constexpr std::uint64_t bit(Capability capability) { return std::uint64_t{1} << static_cast<int>(capability); }

  std::uint64_t bits_ = 0;
};

// "CAP_BPF", "CAP_NET_RAW", in the order in which setcap lines are written: BPF, PERFMON, NET_ADMIN, NET_RAW, others.
[[nodiscard]] std::vector<std::string> names_of(CapabilitySet set);

// Of the calling thread; empty if the kernel does not say.
[[nodiscard]] CapabilitySet effective_capabilities();

// Lets all go but those of `keep`, of the calling thread. What a program that is executed gets is not decided by it.
[[nodiscard]] Result<void> reduce_capabilities(CapabilitySet keep);

// Of the calling thread: empties the set that bounds what it could ever get, and locks what root is given (securebits),
// where it may (CAP_SETPCAP). Async-signal-safe.
void seal_capabilities() noexcept;

// Gives up all capabilities but those of `keep` for good, for this thread and those it starts: neither a bug nor a
// program that is executed gets them back. Seals them too. CAP_DAC_OVERRIDE stays where it is there: outputs in folders
// of other users are still to be renamed. Call it on the main thread before others start: those keep what they have.
[[nodiscard]] Result<void> drop_capabilities(CapabilitySet keep);

// The same without an exception, for the calling thread alone: for those that need nothing.
[[nodiscard]] Result<void> drop_all_capabilities();

// The same, async-signal-safe. 0, or errno.
[[nodiscard]] int lose_all_capabilities() noexcept;

}  // namespace flowgauge
