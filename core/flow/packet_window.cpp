#include "core/flow/packet_window.h"

#include "core/flow/flow_record.h"
#include "core/flow/tcp_state.h"

namespace flowgauge {

// Two passes: hash and fetch the slot; then read the slot and fetch the record. The table's own work is the third.
std::span<const PendingPacket> PacketWindow::load() {
  std::uint32_t count = 0;
  std::uint32_t scanned = scanned_;
  for (; scanned < events_.size() && count < kBatchPackets; ++scanned) {
    const packet_event& event = events_[scanned];
    if (!all_kept_ && !kept_.contains(event.partition)) continue;
    PendingPacket& pending = packets_[count++];
    find_key(event, rule_, pending.id);
    pending.event = scanned;
    pending.hash = static_cast<std::uint32_t>(hash_key(pending.id.key, hash_seed_));
    pending.partition = all_kept_ ? partition_of(pending.id.key, partition_seed_) : event.partition;
    where_.partitions[pending.partition].index.prefetch(pending.hash);
  }
  scanned_ = scanned;
  for (std::uint32_t i = 0; i < count; ++i) {
    PendingPacket& pending = packets_[i];
    const std::uint32_t record = pending.guess = where_.partitions[pending.partition].index.guess(pending.hash);
    if (record == PartitionIndex::kNone) {  // it will begin a flow
      where_.ended.prefetch({pending.partition, pending.hash});
      continue;
    }
    prefetch_flow(where_.pool.at(record));
    if ((events_[pending.event].tcp_flags & (kTcpFin | kTcpRst)) != 0) where_.clock.prefetch(record);
  }
  return {packets_.data(), count};
}

}  // namespace flowgauge
