// A few hundred made-up packets of two dozen flows, to drive a feature with: the same packets whatever the flows'
// guise, which is all that identifies them. Deterministic: the seed decides.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/check/made_headers.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// What is other than usual. Kept, as in docs/semantics.md, section 6: scopes, port classes, service groups, tunnel
// types, the number of tags, and the part of a time below the second.
struct Guise {
  bool addresses = false;  // and MACs
  bool ports = false;
  bool time = false;
  bool tags = false;
  bool scopes = false;   // and with them the addresses
  bool ttl = false;      // of all packets
  bool windows = false;  // of each direction's first packet; 0 stays 0
  HeaderGuise headers;
  bool ends = false;  // end reasons, segments, and whether rows are snapshots
};

// What the flows have in common, beside what their guise says.
enum class Kin : std::uint8_t { kNone, kSource, kDestination, kEndpoints, kNetwork, kMacs, kVlan };

// Which flows there are for a feature with packet filters: some that fit one, each in its turn, or none that does.
enum class Fit : std::uint8_t { kFilters, kNone };

struct Measure {
  std::uint64_t seed = 1;
  std::uint32_t flows = 24;
  std::uint32_t packets_of_each = 0;  // 0: 1 to 24, by chance
  Kin kin = Kin::kNone;
  std::span<const fg_packet_filter> filters = {};  // of the feature
  Fit fit = Fit::kFilters;
};

struct MadePacket {
  fg_packet fields{};
  std::uint32_t flow = 0;
  std::int64_t timestamp_ns = 0;
  MadeHeaders headers;
};

struct MadeFlow {
  fg_flow view{};
  fg_key key{};
  fg_tags tags{};
  std::int64_t first_seen_ns = 0;  // no packet is out of order: also the arrival of the first
};

struct MadeFlows {
  std::vector<MadeFlow> flows;
  std::vector<MadePacket> packets;  // of all flows, in order of time
};

[[nodiscard]] MadeFlows make_flows(const Guise& guise, const Measure& measure = {});

}  // namespace flowgauge
