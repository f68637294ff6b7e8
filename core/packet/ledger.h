// Counts every frame of a run: frames read = packets in flows + ignored, by reason.
#pragma once

#include <array>
#include <cstdint>
#include <numeric>
#include <string_view>

#include "core/packet/event.h"
#include "core/packet/not_ip.h"

namespace flowgauge {

// The name of a packet_reason in reports: "truncated_l2". Static.
std::string_view reason_name(packet_reason reason);

struct LedgerCounts {
  std::uint64_t frames_read = 0;
  std::uint64_t untimed_frames = 0;  // of those, without a time of their own: they have that of the frame before
  std::array<std::uint64_t, PACKET_REASON_COUNT> by_reason{};  // [PACKET_ACCEPTED]: handed to the flows
  std::uint64_t other_partition = 0;                           // packets of flows that belong to other runs' shares

  [[nodiscard]] std::uint64_t accepted() const { return by_reason[PACKET_ACCEPTED]; }
  [[nodiscard]] std::uint64_t ignored() const {
    return std::accumulate(by_reason.begin() + 1, by_reason.end(), other_partition);
  }
  // Of the accepted packets: what the run's flows do not get.
  void leave_to_others(std::uint64_t packets) {
    by_reason[PACKET_ACCEPTED] -= packets;
    other_partition += packets;
  }

  LedgerCounts& operator+=(const LedgerCounts& other) {
    frames_read += other.frames_read;
    untimed_frames += other.untimed_frames;
    for (std::size_t reason = 0; reason < by_reason.size(); ++reason) by_reason[reason] += other.by_reason[reason];
    other_partition += other.other_partition;
    return *this;
  }
};

struct Ledger : LedgerCounts {
  NotIpKinds not_ip;  // of by_reason[PACKET_NOT_IP]; empty where nobody tells them apart: live

  Ledger& operator+=(const Ledger& other) {
    LedgerCounts::operator+=(other);
    not_ip += other.not_ip;
    return *this;
  }
};

}  // namespace flowgauge
