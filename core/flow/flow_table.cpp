#include "core/flow/flow_table.h"

#include <algorithm>
#include <utility>

#include "core/flow/clock.h"
#include "core/flow/packet_view.h"
#include "core/flow/random_seed.h"
#include "core/packet/header_fields.h"
#include "core/packet/parse/copied.h"

namespace flowgauge {
namespace {

std::uint64_t remembered_per_partition(const LifeCycle& rules) {
  return rules.continuation == Continuation::kInherit ? rules.max_flows / 4 / kPartitions : 0;
}

TcpSegment segment_of(const packet_event& event) {
  return {event.tcp_seq, event.tcp_ack, event.payload_length_bytes, event.tcp_flags};
}

bool has_tcp_header(const packet_event& event) {
  return event.ip_protocol == kIpProtocolTcp && (event.marks & PACKET_LATER_FRAGMENT) == 0;
}

// What the packet says of its connection's end.
ConnectionEnd add_to_connection(BasicFlow& flow, const packet_event& event, unsigned side) {
  if (has_tcp_header(event)) return flow.tcp.add(segment_of(event), side);
  return event.ip_protocol == kIpProtocolSctp ? flow.sctp.add(event, side) : ConnectionEnd::kNone;
}

unsigned side_of(const BasicFlow& flow, const KeyOfPacket& id) {
  return id.same_endpoints ? 0U : static_cast<unsigned>(id.sender ^ flow.source);
}

}  // namespace

FlowCounters& FlowCounters::operator+=(const FlowCounters& other) {
  packets += other.packets;
  bytes += other.bytes;
  flows += other.flows;
  snapshots += other.snapshots;
  late_packets += other.late_packets;
  most_flows += other.most_flows;
  for (std::size_t reason = 0; reason < kEndReasons; ++reason) ended[reason] += other.ended[reason];
  return *this;
}

FlowTable::FlowTable(const FlowTableOptions& options)
    : options_(options),
      asked_from_(options.ask_of_each_packet() ? 1 : options.batch_packets),
      expiry_(options.rules),
      partition_capacity_(std::max<std::uint64_t>(1, options.rules.max_flows / kPartitions)),
      pool_(options.record_bytes),
      clock_(options.rules, expiry_, pool_),
      memory_(remembered_per_partition(options.rules), options.rules.idle_timeout_ns + kEndedMemoryNs),
      window_(options.partitions, options.rules, options.hash_seed ? *options.hash_seed : random_seed(),
              {partitions_, pool_, memory_, clock_}) {}

// ---------------------------------------------------------------- walking a block

void FlowTable::process(const EventBlock& block, const UseBatch& use) {
  block_ = &block;
  use_ = &use;
  batch_.ring_drops = block.ring_drops;
  if (!block.frames.empty()) next_frame_ = block.frames.back() + 1;
  if (block.step_ns != 0) shift(block.step_ns);
  window_.begin(block.events);
  std::uint32_t at = 0;  // the next event whose time counts: packets of other partitions move the clock, too
  for (auto packets = window_.load(); !packets.empty(); packets = window_.load()) {
    for (const PendingPacket& pending : packets) {
      for (; at < pending.event; ++at) advance_clock(clock_at(at), block.frames[at]);
      take_in(pending);
      ++at;
      if (batch_.count >= asked_from_) after_packet(pending.event);
    }
  }
  for (; at < block.events.size(); ++at) advance_clock(clock_at(at), block.frames[at]);
  if (block.clock_ns != kNoClock) advance_clock(block.clock_ns, next_frame_);
  if (batch_.count != 0 || !batch_.releases.empty()) push();
}

void FlowTable::push() {
  (*use_)(batch_);
  batch_.count = 0;
  batch_.releases.clear();
}

// No run pays for what only others want: rows of packets, and flows that tell whether they cross interfaces.
void FlowTable::after_packet(std::uint32_t event) {
  const std::uint64_t frame = block_->frames[event];
  const std::uint32_t at = batch_.count - 1;
  if (options_.frames == BatchFrames::kNoted) {
    batch_.frames[at] = frame;
    batch_.timestamps_ns[at] = block_->events[event].timestamp_ns;
  }
  if (options_.interfaces == LaterInterfaces::kCompared) {
    BasicFlow& flow = basic_flow(batch_.records[at]);
    if (block_->events[event].interface != flow.interface) flow.crosses_interfaces = 1;
  }
  if (batch_.count >= options_.batch_packets) push_packet(frame);
}

// After the packet of this frame. A flow that it has ended anyway keeps its reason.
void FlowTable::push_packet(std::uint64_t frame) {
  unsigned char* const record = batch_.records[0];
  const bool lives = basic_flow(record).live;
  push();
  const auto asked = std::exchange(feature_end_, std::nullopt);
  if (!asked || !lives) return;
  BasicFlow& flow = basic_flow(record);
  const EndReason reason = flow.is_closed() ? flow.close_reason() : EndReason::kFeature;
  release(flow, reason, {frame, ReleaseCause::kClose, 0, flow.creation, clock_.ns()});
  if (reason == EndReason::kFeature) flow.feature_end = *asked;
}

void FlowTable::take_in(const PendingPacket& pending) {
  const packet_event& event = block_->events[pending.event];
  const std::uint64_t frame = block_->frames[pending.event];
  advance_clock(clock_at(pending.event), frame);

  BasicFlow* flow = find(pending);
  // All others belong to the flow of their key.
  const bool may_open = (event.tcp_flags & kTcpSyn) != 0 || SctpState::is_init(event);
  if (flow != nullptr && flow->is_closed()) {
    const bool lingers = !expiry_.linger_is_over(*flow, event.timestamp_ns, clock_.ns());
    if (!lingers || (may_open && gives_way(*flow, pending, event))) {
      const Deadline linger = *expiry_.deadline(*flow);
      release(*flow, linger.reason,
              {frame, ReleaseCause::kTouched, std::min(linger.at_ns, clock_.ns()), flow->creation, clock_.ns()});
      // Of another connection: it is no leftover.
      if (lingers) memory_.take({pending.partition, pending.hash}, pending.id.key, clock_.ns());
      flow = nullptr;
    }
  } else if (flow != nullptr) {
    if (const auto passed = expiry_.passed(*flow, event.timestamp_ns, clock_.ns())) {
      release(*flow, passed->reason, {frame, ReleaseCause::kTouched, passed->at_ns, flow->creation, clock_.ns()});
      flow = nullptr;
    } else if (may_open && gives_way(*flow, pending, event)) {
      release(*flow, EndReason::kReuse, {frame, ReleaseCause::kTouched, clock_.ns(), flow->creation, clock_.ns()});
      flow = nullptr;
    } else if (clock_.is_snapshot_due(*flow, event.timestamp_ns)) {
      release_snapshot(*flow, {frame, ReleaseCause::kSnapshot, clock_.ns(), flow->creation, clock_.ns()});
      push();  // before the packet is added
    }
  }
  if (flow == nullptr) flow = &create(pending, event, frame);
  add(*flow, pending, event, frame);
}

// The wall clock was set: what is kept moves with it, so that every age stays what it was.
void FlowTable::shift(std::int64_t step_ns) {
  if (!clock_.has_started()) return;
  clock_.shift(step_ns);
  for (Partition& partition : partitions_) {
    partition.evictions.forget();
    partition.index.for_each([&](std::uint32_t record) {
      BasicFlow& flow = basic_flow(pool_.at(record));
      flow.shift(step_ns);
      clock_.arm(flow);
    });
  }
  memory_.shift(step_ns);
}

// ---------------------------------------------------------------- flows

BasicFlow* FlowTable::find(const PendingPacket& pending) {
  if (pending.guess != PartitionIndex::kNone) {  // still so, unless it ended since
    BasicFlow& flow = basic_flow(pool_.at(pending.guess));
    if (flow.live && flow.key == pending.id.key) return &flow;
  }
  const std::uint32_t record = partitions_[pending.partition].index.find(
      pending.hash, [&](std::uint32_t candidate) { return basic_flow(pool_.at(candidate)).key == pending.id.key; });
  return record == PartitionIndex::kNone ? nullptr : &basic_flow(pool_.at(record));
}

BasicFlow& FlowTable::create(const PendingPacket& pending, const packet_event& event, std::uint64_t frame) {
  Partition& partition = partitions_[pending.partition];
  if (partition.index.size() >= partition_capacity_) evict(partition, frame);
  const RecordPool::Allocated allocated = pool_.allocate();
  BasicFlow& flow = basic_flow(allocated.record);
  flow.key = pending.id.key;
  flow.creation = frame;
  flow.slot_hash = pending.hash;
  flow.index = allocated.index;
  flow.partition = pending.partition;
  flow.live = true;
  flow.direction_first_ns.fill(event.timestamp_ns);
  flow.direction_last_ns.fill(event.timestamp_ns);
  flow.open.arrived_first_ns = flow.arrived_last_ns = clock_.ns();
  choose_source(flow, pending, event);
  flow.first_side = static_cast<std::uint8_t>(side_of(flow, pending.id));
  flow.direction_start_ns[flow.first_side] = event.timestamp_ns;
  // Not side_of(): where both endpoints are one, a SYN-ACK's receiver is still the source, and the MACs tell.
  const auto sender_side = static_cast<unsigned>(pending.id.sender ^ flow.source);
  describe_first_packet(flow, event, sender_side);
  if (options_.host == HostRecord::kWithOuter) describe_tunnel(outer_addresses(flow), event, sender_side);
  partition.index.insert(pending.hash, allocated.index);
  clock_.watch(flow);
  ++counters_.flows;
  counters_.most_flows = std::max(counters_.most_flows, ++flows_);
  return flow;
}

void FlowTable::choose_source(BasicFlow& flow, const PendingPacket& pending, const packet_event& event) {
  const Endpoint sender = pending.id.sender;
  const std::uint8_t flags = has_tcp_header(event) ? event.tcp_flags : 0;
  const auto ended = memory_.take({pending.partition, pending.hash}, flow.key, clock_.ns());
  const bool opens = (flags & (kTcpSyn | kTcpAck)) == kTcpSyn;
  if (ended && !opens && !SctpState::is_init(event)) {  // a SYN without ACK never inherits, nor does an INIT
    flow.source = pending.id.same_endpoints ? sender : ended->source;
    flow.segment = ended->segment + 1;
    flow.direction_basis = DirectionBasis::kInherited;
    return;
  }
  flow.source = sender;
  flow.direction_basis = DirectionBasis::kFirstPacket;
  if (options_.rules.direction != DirectionRule::kRole || (flags & kTcpSyn) == 0) return;
  flow.direction_basis = opens ? DirectionBasis::kSyn : DirectionBasis::kSynAck;
  if (!opens) flow.source = sender ^ 1U;
}

// Does the flow end because this packet opens another connection on its ports?
bool FlowTable::gives_way(const BasicFlow& flow, const PendingPacket& pending, const packet_event& event) const {
  if (SctpState::is_init(event))
    return flow.sctp.is_another(event.sctp_tag, side_of(flow, pending.id), flow.is_closed());
  if ((event.tcp_flags & kTcpSyn) == 0 || !has_tcp_header(event)) return false;
  const TcpSegment segment = segment_of(event);
  const unsigned side = side_of(flow, pending.id);
  if (options_.rules.tcp_reuse == TcpReuse::kSplit) return flow.tcp.is_another_connection(segment, side);
  return flow.is_closed() && flow.tcp.is_another_after_close(segment, side);
}

void FlowTable::add(BasicFlow& flow, const PendingPacket& pending, const packet_event& event, std::uint64_t frame) {
  const unsigned side = side_of(flow, pending.id);
  view(flow, event, pending.event, side);

  if (event.timestamp_ns < flow.last_ns()) ++flow.out_of_order_packets;
  if (block_->clocks.empty() && event.timestamp_ns < clock_.ns()) ++counters_.late_packets;
  if (flow.packets[side] == 0) {
    flow.direction_start_ns[side] = flow.direction_first_ns[side] = flow.direction_last_ns[side] = event.timestamp_ns;
  } else {
    flow.direction_first_ns[side] = std::min(flow.direction_first_ns[side], event.timestamp_ns);
    flow.direction_last_ns[side] = std::max(flow.direction_last_ns[side], event.timestamp_ns);
  }
  flow.arrived_last_ns = clock_.ns();
  ++flow.packets[side];
  flow.bytes[side] += event.ip_length_bytes;
  flow.fragment_packets += (event.marks & (PACKET_FIRST_FRAGMENT | PACKET_LATER_FRAGMENT)) != 0 ? 1 : 0;
  ++counters_.packets;
  counters_.bytes += event.ip_length_bytes;

  const ConnectionEnd end = add_to_connection(flow, event, side);
  if (end == ConnectionEnd::kNone || flow.is_closed()) return;
  flow.connection_end = end;
  flow.close = {event.timestamp_ns, clock_.ns()};
  if (options_.rules.tcp_close == TcpClose::kImmediate) {
    release(flow, flow.close_reason(), {frame, ReleaseCause::kClose, 0, flow.creation, clock_.ns()});
  } else {
    clock_.arm(flow);
  }
}

void FlowTable::view(const BasicFlow& flow, const packet_event& event, std::uint32_t event_index, unsigned direction) {
  const std::uint32_t at = batch_.count++;
  batch_.records[at] = const_cast<BasicFlow&>(flow).bytes_begin();
  view_packet(flow, event, direction, batch_.packets[at]);
  // The features come to the states when the batch is full.
  const unsigned char* const end = batch_.records[at] + options_.record_bytes;
#pragma GCC unroll 4
  for (const unsigned char* line = batch_.records[at] + sizeof(BasicFlow); line < end; line += 64)
    __builtin_prefetch(line, 1);
  if (options_.needs == FG_NEEDS_NOTHING) return;
  batch_.timestamps_ns[at] = event.timestamp_ns;
  batch_.keys[at] = key_view(flow);
  batch_.tags[at] = tags_view(event);
  view_bytes(event, event_index, at);
}

void FlowTable::view_bytes(const packet_event& event, std::uint32_t event_index, std::uint32_t at) {
  if (block_->payload_begin.empty()) {
    batch_.payloads[at] = {};
    batch_.headers[at] = {};
    batch_.fields[at] = {};
    return;
  }
  const std::uint8_t* const bytes = block_->payload.data() + block_->payload_begin[event_index];
  const std::uint32_t count = event.payload_captured_bytes;
  const bool has_headers = (options_.needs & (FG_NEEDS_FIELDS | FG_NEEDS_HEADERS)) != 0;
  const std::uint32_t header_bytes = has_headers ? std::min(count, packet_header_bytes(&event)) : 0;
  batch_.headers[at] = {bytes, header_bytes, 0};
  batch_.payloads[at] = {bytes + header_bytes, count - header_bytes, 0};
  if ((options_.needs & FG_NEEDS_FIELDS) != 0) batch_.fields[at] = header_fields(event, {bytes, header_bytes});
}

}  // namespace flowgauge
