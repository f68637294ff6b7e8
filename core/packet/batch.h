// The unit of work between the flow table and the features: up to 64 packets in arrival order with
// their flow records, and the flows that end (or are due a snapshot) once those packets are seen.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/packet/observation_point.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

inline constexpr std::size_t kBatchPackets = 64;

// A need of the host alone, beside those of features: the ports in the keys of a batch, to choose packets by.
inline constexpr fg_needs kNeedsPorts = fg_needs{1} << 63U;

// What made a flow's row due, in the order of the rows that one frame releases.
enum class ReleaseCause : std::uint8_t { kSweep, kSnapshot, kEviction, kTouched, kClose, kEndOfInput };
inline constexpr std::array<std::string_view, 6> kReleaseCauseNames = {"sweep",   "snapshot", "eviction",
                                                                       "touched", "close",    "end_of_input"};
inline constexpr std::uint64_t kEndOfInputFrame = std::numeric_limits<std::uint64_t>::max();

// Rows of a run sort by this, whatever the shards, batches and sweeps.
struct ReleaseOrder {
  std::uint64_t frame = 0;  // index of the releasing frame in the run; kEndOfInputFrame: none
  ReleaseCause cause = ReleaseCause::kSweep;
  std::int64_t deadline_ns = 0;  // in clock time; 0 where the cause has none
  std::uint64_t creation = 0;    // index of the frame that created the flow
  std::int64_t clock_ns = 0;     // the clock then: of all rows of a frame the same

  auto operator<=>(const ReleaseOrder&) const = default;
};

struct Release {
  unsigned char* record = nullptr;  // stays valid until FlowTable::recycle
  ReleaseOrder order;

  [[nodiscard]] bool is_snapshot() const { return order.cause == ReleaseCause::kSnapshot; }
};

// What the features see of the packets; arrays behind a need are filled only if some active feature asked.
struct PacketBatch {
  std::uint32_t count = 0;
  std::array<fg_packet, kBatchPackets> packets{};  // what no packet fills in stays 0
  std::array<unsigned char*, kBatchPackets> records;
  std::array<fg_key, kBatchPackets> keys;
  std::array<std::int64_t, kBatchPackets> timestamps_ns;
  std::array<std::uint64_t, kBatchPackets> frames;  // their indexes in the run, where the table notes them
  std::array<fg_tags, kBatchPackets> tags;
  std::array<fg_payload, kBatchPackets> payloads;
  std::array<fg_headers, kBatchPackets> headers;
  std::array<fg_fields, kBatchPackets> fields;
  std::uint64_t ring_drops = FG_NO_RING;
  std::vector<Release> releases;  // to emit after the packets, in this order
};

// What emit is given for a run of releases, all of one length; or for a batch of packets, which have no more than
// records and start_ns.
struct FlowViews {
  std::span<const Release> releases;
  const PacketBatch* packets = nullptr;
  std::vector<const unsigned char*> records;
  std::vector<fg_flow> flows;
  std::vector<fg_key> keys;
  std::vector<std::int64_t> first_seen_ns;
  std::vector<fg_tags> tags;
  std::vector<std::int64_t> start_ns;  // what FG_TIME cells count from: arrival of the first packet
};

// What a feature's emit is really given. The host's own features know it, and read releases or packets; nobody else
// does.
struct HostEmit : fg_emit {
  const Release* releases = nullptr;         // [row_count], of rows of flows
  const PacketBatch* packets = nullptr;      // of rows of packets
  std::span<const std::string> end_texts{};  // of the features' ends, in their order
  const ObservationPoint* place = nullptr;   // null: nobody says
};

}  // namespace flowgauge
