// Live traffic, from the kernel program or from libpcap. Packets are dealt into lanes by flow: all packets of a flow,
// in both directions, come through one lane, in order of arrival.
//
// Threads: each lane is read by one thread of its own; watch() is called by one thread; stop() and counters() may be
// called from any.
// Life: attached when it is made; stop() detaches; then read() gives what is still on the way, and ends. The destructor
// detaches too, and so does the kernel if the process dies where it can (TCX).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/host/capabilities.h"
#include "core/host/capture_method.h"
#include "core/ingest/source.h"
#include "core/live/capture_choices.h"
#include "core/packet/event_block.h"
#include "core/packet/interface_names.h"
#include "core/packet/ledger.h"
#include "core/packet/parse/parse.h"

namespace flowgauge {

struct LiveOptions : CaptureChoices {
  std::vector<std::string> interfaces;  // words of core/host/interface_selection.h, at least one
  packet_parse_config parse{};
  std::string filter;                                   // in libpcap's language: kPcap alone; empty: all
  BytesWanted bytes;                                    // of each packet, that features asked for
  std::uint32_t event_bytes = PACKET_EVENT_CORE_BYTES;  // 96, 128 or 144: how much of an event is wanted
  std::uint64_t ring_seed = 0;                          // of the hash that deals flows to lanes
  InterfaceNames* names = nullptr;  // empty; gets those of the interfaces as they come; null: nobody asks
};

// Frames that offloads joined, and the packets on the wire that they stand for.
struct SuperPackets {
  std::uint64_t packets = 0;
  std::uint64_t segments = 0;
};

// What one interface showed in one direction. Balance: seen = the sum of by_reason + ring_full; handed over =
// by_reason[PACKET_ACCEPTED].
struct LiveCounters {
  std::string interface;
  TrafficDirection direction = TrafficDirection::kIngress;
  std::uint64_t seen = 0;
  std::array<std::uint64_t, PACKET_REASON_COUNT> by_reason{};  // [PACKET_ACCEPTED]: submitted to a lane
  std::uint64_t ring_full = 0;                                 // accepted, but lost: the lane was full
  std::uint64_t lost_before = 0;  // lost before the program saw it, as far as the method can tell (libpcap's ps_drop)
  std::chrono::nanoseconds blind{0};          // at most: nobody watched, because the kernel program had been detached
  std::optional<SuperPackets> super_packets;  // of the submitted; none: the method cannot tell (libpcap)

  // The numbers of another, of the same interface and direction, too.
  LiveCounters& operator+=(const LiveCounters& other);
};

enum class Sight { kSees, kAllLost };  // kAllLost: no interface is there that is up

// Whether a lane's reader has flows that end by the clock alone.
enum class ClockWanted : std::uint8_t { kNo, kYes };

// How much of a lane's ring waits to be read.
struct RingFill {
  std::uint64_t used_bytes = 0;
  std::uint64_t bytes = 0;  // in all
  bool is_at_rest = false;  // the lane sleeps since nothing comes: it is not behind
};

class LiveSource {
 public:
  LiveSource() = default;
  LiveSource(const LiveSource&) = delete;
  LiveSource& operator=(const LiveSource&) = delete;
  virtual ~LiveSource() = default;

  [[nodiscard]] virtual std::uint32_t lanes() const = 0;

  // Fills `block` (cleared first) with the lane's next events, at most kBlockEvents. Waits for the first no longer than
  // kLiveWait, or a second where nothing has come for long; then returns without any. Sets the block's clock_ns where
  // the lane was found empty, its step_ns where the wall clock was set, and its ring_drops always. kEnd: after stop()
  // and the last event, or when nothing can come any more.
  virtual SourceState read(std::uint32_t lane, EventBlock& block) = 0;

  // From the lane's thread: with kNo, read() may wait as long as nothing comes. At first it is kYes.
  virtual void want_clock(std::uint32_t, ClockWanted) {}

  // Detaches; read() ends once the lanes are empty.
  virtual void stop() noexcept = 0;

  // To be called often: follows interfaces that come and go, and looks about each second whether it still sees what it
  // is to see. What was detached behind its back is attached again. All that is said. The error (kInput): that cannot
  // be.
  [[nodiscard]] virtual Result<Sight> watch() { return Sight::kSees; }

  // By interface and direction. Complete after the last kEnd.
  [[nodiscard]] virtual std::vector<LiveCounters> counters() const = 0;

  // By lane; empty: the method cannot tell (libpcap).
  [[nodiscard]] virtual std::vector<RingFill> ring_fill() const { return {}; }

  // Moves whatever needs privileges into a process of its own, so that this one can give up all (drop_capabilities).
  // Once the source is open, before threads start; not at all where the process keeps what it has.
  [[nodiscard]] virtual Result<void> part_from_privileges() { return {}; }

  // What this process must keep until stop() has returned, nevertheless: with libpcap, where interfaces may come that
  // no socket is open for yet.
  [[nodiscard]] virtual CapabilitySet still_needed() const { return {}; }

  // Memory of the rings that this process has mapped a second time, and counts twice therefore.
  [[nodiscard]] virtual std::uint64_t mapped_twice_bytes() const { return 0; }

  // How packets are taken, for the report: "eBPF (TCX), 2 rings of 32.0 MiB".
  [[nodiscard]] virtual std::string description() const = 0;
};

inline constexpr std::int64_t kLiveWaitNs = 100'000'000;
inline constexpr std::int64_t kLiveClockLagNs = 100'000'000;  // behind the wall clock (docs/semantics.md section 3)

// What packets wait in, of a source with these options, before they are read.
[[nodiscard]] std::uint64_t waiting_room_bytes(const CaptureChoices& choices, std::size_t interfaces);

// Says what is missing (an interface, a capability: exit code kPrivilege, with the way to get it) where it fails.
[[nodiscard]] Result<std::unique_ptr<LiveSource>> open_live_source(const LiveOptions& options);

}  // namespace flowgauge
