// hostile-values: whatever stands in headers, nothing traps, and no cell holds what its type does not allow.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/check/checks.h"

namespace flowgauge {
namespace {

constexpr std::uint64_t kHostileRounds = 24;
// Times differ by what 64 bits hold; a capture's clock may jump that far, not further.
constexpr std::int64_t kFarthest = std::int64_t{1} << 61U;

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return state_ >> 32U;
  }
  // Left as it is in half of all cases.
  template <class T>
  void spoil(T& field) {
    constexpr T kMost = std::numeric_limits<T>::max();
    const T extremes[] = {
        0, 1, kMost, static_cast<T>(kMost - 1), static_cast<T>(kMost / 2), static_cast<T>(kMost / 2 + 1)};
    if (next() % 2 == 0) field = extremes[next() % std::size(extremes)];
  }
  void spoil_time(std::int64_t& time_ns) {
    constexpr std::int64_t kExtremes[] = {0, -1, 1, kFarthest, -kFarthest};
    if (next() % 2 == 0) time_ns = kExtremes[next() % std::size(kExtremes)];
  }
  void spoil_gap(std::uint64_t& gap_ns) {
    constexpr std::uint64_t kExtremes[] = {0, 1, std::uint64_t{2} * kFarthest};
    if (next() % 2 == 0) gap_ns = kExtremes[next() % std::size(kExtremes)];
  }

 private:
  std::uint64_t state_;
};

void spoil(fg_packet& packet, Chance& chance) {
  chance.spoil_time(packet.time_ns);
  chance.spoil_gap(packet.gap_ns);
  chance.spoil_gap(packet.direction_gap_ns);
  chance.spoil(packet.flow_index);
  chance.spoil(packet.direction_index);
  chance.spoil(packet.ip_length_bytes);
  chance.spoil(packet.payload_length_bytes);
  chance.spoil(packet.tcp_seq);
  chance.spoil(packet.tcp_ack);
  chance.spoil(packet.l3_header_bytes);
  chance.spoil(packet.tcp_window);
  chance.spoil(packet.l4_header_bytes);
  chance.spoil(packet.tcp_flags);
  chance.spoil(packet.marks);
  chance.spoil(packet.ip_protocol);
  chance.spoil(packet.ttl);
  chance.spoil(packet.icmp_type);
  chance.spoil(packet.icmp_code);
  packet.direction = static_cast<std::uint8_t>(chance.next() % 2);
}

// Cut anywhere, and any byte.
void spoil(MadeHeaders& headers, Chance& chance) {
  fg_fields& fields = headers.fields;
  chance.spoil(fields.tcp_options);
  chance.spoil(fields.ip_id);
  chance.spoil(fields.flow_label);
  chance.spoil(fields.tcp_timestamp);
  chance.spoil(fields.tcp_timestamp_echo);
  chance.spoil(fields.tcp_mss);
  chance.spoil(fields.present);
  chance.spoil(fields.tcp_window_scale);
  chance.spoil(fields.traffic_class);
  if (chance.next() % 4 == 0) headers.size_bytes = static_cast<std::uint32_t>(chance.next() % (headers.size_bytes + 1));
  for (std::uint32_t i = 0; i < headers.size_bytes; ++i)
    if (chance.next() % 8 == 0) chance.spoil(headers.bytes[i]);
}

// What the header promises stays true: FG_NEVER where nothing was sent and nowhere else, the smallest before the
// greatest.
void spoil(fg_flow& flow, Chance& chance) {
  chance.spoil_gap(flow.duration_ns);
  chance.spoil(flow.segment);
  for (const int direction : {0, 1}) {
    std::int64_t& first = flow.first_ns[direction];
    std::int64_t& last = flow.last_ns[direction];
    std::int64_t& start = flow.start_ns[direction];
    chance.spoil(flow.packets[direction]);
    chance.spoil(flow.bytes[direction]);
    for (std::int64_t* time_ns : {&first, &last, &start}) {
      if (*time_ns == FG_NEVER) *time_ns = 0;
      chance.spoil_time(*time_ns);
    }
    if (first > last) std::swap(first, last);
    start = std::clamp(start, first, last);
    if (flow.packets[direction] == 0) first = last = start = FG_NEVER;
  }
}

Finding ask_hostile_values(const Tested& tested) {
  for (std::uint64_t round = 0; round < kHostileRounds; ++round) {
    Chance chance(tested.seed * 1000 + round);
    MadeFlows made = make_flows({}, {.seed = tested.seed + round, .filters = tested.feature.packet_filters});
    if (round > 0) {  // the first is as packets are
      for (MadePacket& packet : made.packets) {
        spoil(packet.fields, chance);
        spoil(packet.headers, chance);
      }
    }
    Rows rows;
    Rig rig(tested.feature, tested.options, made, {.payload = Behind::kTrap});
    if (Finding wrong = rig.create(); !wrong.empty()) return wrong;
    if (Finding wrong = rig.update_all(); !wrong.empty()) return wrong;
    if (Finding wrong = rig.emit_all(rows); !wrong.empty()) return wrong;
    if (!rig.bad_cells().empty()) return rig.bad_cells();
    if (round == 0) continue;
    for (fg_flow& flow : rig.flows()) spoil(flow, chance);
    if (Finding wrong = rig.emit_all(rows); !wrong.empty()) return wrong;
    if (!rig.bad_cells().empty()) return rig.bad_cells();
  }
  return {};
}

}  // namespace

Verdict check_hostile_values(const Subject& subject) { return each_feature(subject, ask_hostile_values); }

}  // namespace flowgauge
