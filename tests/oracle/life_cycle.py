"""Which flow a packet belongs to, and when flows end (docs/semantics.md, sections 2 and 3); in which order their rows
leave (docs/design.md, release order). Not modelled: max_flows."""
import heapq
import itertools

from flow import Flow
from settings import ACK, SCTP, SEC, SYN, TCP

FRAGMENT_MEMORY = 60 * SEC      # a first fragment is known for so long (of clock)
FRAGMENTS_KNOWN = 65536         # and at most so many are
ENDED_MEMORY = 600 * SEC        # a flow that a timeout or its close ended is known for so long beyond the idle timeout
ONE_ID = ('vxlan', 'geneve', 'gre', 'erspan', 'vxlan_gpe', 'lisp')    # tunnels whose id is the same in both directions

# What made a row due, in the order of the rows that one frame releases.
SWEEP, SNAPSHOT, EVICTION, TOUCHED, CLOSE, END_OF_INPUT = range(6)


class FlowTable:
    """`families` limits the columns of the rows. Rows with their order are in `released`."""

    def __init__(self, settings, families=None):
        self.settings, self.families = settings, families
        self.flows, self.fragments, self.ended = {}, {}, {}
        self.released = []
        self.clock = self.frame = None
        self.timers = []                    # (second to look, number, flow, key): when a flow may be due; may be stale
        self.snapshot_timers = []           # (clock time to pass, number, flow, key)
        self.timer_number = itertools.count()

    # -- identity

    def key(self, packet):
        a, b = (packet.src, packet.sport), (packet.dst, packet.dport)
        key = (min(a, b), max(a, b), packet.proto, packet.version)
        if self.settings.flow_key != 'five_tuple':
            key += (packet.tunnel_type, packet.tunnel_id if packet.tunnel_type in ONE_ID else -1)
        return key + self.vlan(packet)

    def vlan(self, packet):
        return (packet.vlans[0] if packet.vlans else None,) if self.settings.flow_key == 'full' else ()

    def join_fragment(self, packet):
        """A later fragment takes its ports from the first one."""
        where = packet.frag_key + self.vlan(packet)
        if self.settings.flow_key != 'five_tuple':
            where += (packet.tunnel_type, packet.tunnel_id)
        if packet.fragment == 'first':
            self.fragments.pop(where, None)                 # a repeat replaces, and is the youngest
            if len(self.fragments) == FRAGMENTS_KNOWN:
                self.fragments.pop(next(iter(self.fragments)))
            self.fragments[where] = (packet.sport, packet.dport, packet.proto, self.clock)
        elif packet.fragment == 'later' and where in self.fragments:
            *ends, arrived = self.fragments[where]
            if self.clock - arrived <= FRAGMENT_MEMORY:
                packet.sport, packet.dport, packet.proto = ends

    # -- deadlines, in the time of the clock

    def deadline(self, flow):
        """(clock time after which the flow ends by itself, reason), or None where nothing ends it. At a tie: active."""
        s = self.settings
        if flow.closed_at is not None:
            return flow.closed_arrived + self.linger(), self.closing_reason(flow)
        return min([(arrived + timeout, reason) for timeout, arrived, reason in (
            (s.active_timeout, flow.arrived_first, 'active_timeout'), (s.idle_timeout, flow.arrived_last, 'idle_timeout'))
            if timeout], default=None)

    def expired(self, flow, ts):
        """The deadline that passed first, or None. A deadline passes in the flow's own time (the timestamp of its next
        packet, and then now) or in the run's: the clock moved on by more than the timeout since the packet that set it."""
        s = self.settings
        passed = []
        for timeout, set_at, arrived, reason in ((s.idle_timeout, flow.last, flow.arrived_last, 'idle_timeout'),
                                                 (s.active_timeout, flow.first, flow.arrived_first, 'active_timeout')):
            if timeout and self.clock - arrived > timeout:
                passed.append((arrived + timeout, reason))
            elif timeout and (ts - set_at > timeout or self.is_too_far_below(flow, ts, timeout)):
                passed.append((self.clock, reason))
        return min(passed, default=None)                    # at a tie: active

    def is_too_far_below(self, flow, ts, timeout):
        """Is the packet further below the flow's last than this? For the active timeout the row would be longer than that."""
        return bool(self.settings.clock_jump) and flow.last - ts > timeout

    def linger(self):
        return min(self.settings.linger, self.settings.idle_timeout or self.settings.linger)

    def closing_reason(self, flow):
        return 'fin' if flow.tcp.finished() else 'rst'

    # -- rows

    def release(self, key, reason, cause, deadline=0):
        flow = self.flows.pop(key)
        flow.reason = reason
        if reason in ('idle_timeout', 'active_timeout', 'fin', 'rst', 'feature'):
            self.ended[key] = flow
        self.released.append(((self.frame, cause, deadline, flow.number), flow.row(reason, False, self.families)))

    def sweep(self):
        """Ends the flows whose deadline lies before the clock's second."""
        while self.timers and self.timers[0][0] * SEC <= self.clock:
            _, _, flow, key = heapq.heappop(self.timers)
            if self.flows.get(key) is not flow:
                continue
            deadline, reason = self.deadline(flow)
            if (deadline // SEC + 1) * SEC <= self.clock:
                self.release(key, reason, SWEEP, deadline)
            else:
                self.arm(flow, key)

    def arm(self, flow, key):
        deadline = self.deadline(flow)
        if deadline:
            heapq.heappush(self.timers, (deadline[0] // SEC + 1, next(self.timer_number), flow, key))

    # -- early export

    def snapshots_by_clock(self):
        while self.snapshot_timers and self.snapshot_timers[0][0] < self.clock:
            due, _, flow, key = heapq.heappop(self.snapshot_timers)
            if self.flows.get(key) is not flow or flow.closed_at is not None:
                continue                                    # none in linger
            deadline = self.deadline(flow)
            if deadline and self.clock > deadline[0]:
                continue                                    # none after a deadline
            passed = self.multiples(self.clock - flow.arrived_first)
            if passed > flow.snapshots:
                self.snapshot(flow, passed, due)
            self.arm_snapshot(flow, key)

    def multiples(self, age):
        """How many multiples of the early export's age lie before this age."""
        return max(0, age - 1) // self.settings.early_export

    def snapshot(self, flow, passed, due):
        """Its end reason is 2: IPFIX exports a flow that is still active so (RFC 5102, 5.11.3)."""
        flow.snapshots = passed
        self.released.append(((self.frame, SNAPSHOT, due, flow.number), flow.row('active_timeout', True, self.families)))

    def arm_snapshot(self, flow, key):
        if self.settings.early_export:
            due = flow.arrived_first + (flow.snapshots + 1) * self.settings.early_export
            heapq.heappush(self.snapshot_timers, (due, next(self.timer_number), flow, key))

    # -- one packet

    def process(self, packet, frame, clock):
        """`frame`: index of the packet's frame in the run; `clock`: where the packet leaves the run's clock."""
        self.frame, self.clock = frame, clock
        self.join_fragment(packet)
        self.sweep()
        self.snapshots_by_clock()
        key = self.key(packet)
        flow = self.flows.get(key)
        if flow and flow.closed_at is not None:                         # lingering
            lingers = not self.linger_is_over(flow, packet)
            if lingers and not self.gives_way(flow, packet):
                flow.add(packet, flow.side_of(packet))
                flow.arrived_last = self.clock
                self.ask_for_end(key, flow)
                return
            self.release(key, self.closing_reason(flow), TOUCHED)
            if lingers:
                del self.ended[key]                                     # another connection is no leftover
            flow = None
        if flow:
            expired = self.expired(flow, packet.ts)
            if expired:
                self.release(key, expired[1], TOUCHED, expired[0])
                flow = None
            elif self.gives_way(flow, packet):
                self.release(key, 'reuse', TOUCHED, self.clock)
                flow = None
        if flow and self.settings.early_export:
            passed = self.multiples(packet.ts - flow.first)
            if passed > flow.snapshots:
                self.snapshot(flow, passed, self.clock)
        if flow is None:
            flow = self.flows[key] = self.create(key, packet)
            flow.arrived_first = flow.arrived_last = self.clock
            self.arm(flow, key)
            self.arm_snapshot(flow, key)
        flow.add(packet, flow.side_of(packet))
        flow.arrived_last = self.clock
        if flow.tcp.closed() and flow.closed_at is None:
            flow.closed_at, flow.closed_arrived = packet.ts, self.clock
            flow.tcp.frozen = True
            if self.settings.tcp_close == 'immediate':
                self.release(key, self.closing_reason(flow), CLOSE)
            else:
                self.arm(flow, key)
        self.ask_for_end(key, flow)

    def ask_for_end(self, key, flow):
        """A flow that its packet has ended anyway keeps its reason, and so does one that is closed."""
        if self.flows.get(key) is flow and flow.series['packet_length'][0].count == self.settings.feature_end:
            self.release(key, 'feature' if flow.closed_at is None else self.closing_reason(flow), CLOSE)

    def linger_is_over(self, flow, packet):
        s, ts = self.settings, packet.ts
        return (max(ts - flow.closed_at, self.clock - flow.closed_arrived) > self.linger()
                or any(timeout and self.is_too_far_below(flow, ts, timeout) for timeout in (s.idle_timeout, s.active_timeout))
                or bool(s.clock_jump and s.active_timeout and ts - flow.first > s.active_timeout))

    def gives_way(self, flow, packet):
        """Does the packet open another connection on the flow's ports?"""
        if packet.proto == SCTP:
            return flow.tcp.belongs_to_another(packet, flow.side_of(packet))
        if packet.proto != TCP or packet.fragment == 'later' or not packet.flags & SYN:
            return False
        side = flow.side_of(packet)
        if self.settings.tcp_reuse == 'split':
            return flow.numbers.belong_to_another(packet, side)
        return flow.closed_at is not None and not packet.flags & ACK and packet.seq != flow.numbers.isn[side]

    def finish(self):
        """End of input. A deadline that the run's clock has passed is a timeout."""
        self.frame = float('inf')
        for key, flow in list(self.flows.items()):
            if flow.closed_at is not None:
                self.release(key, self.closing_reason(flow), END_OF_INPUT)
            else:
                expired = self.expired(flow, flow.last)
                self.release(key, expired[1] if expired else 'forced_end', END_OF_INPUT)

    # -- how a flow begins

    def remembered(self, old):
        """Is a flow that a timeout or its close ended still known, so that the next packet of its key continues it?"""
        both_sides = all(t.first is not None for t in old.timing[1:])
        return ((old.reason != 'idle_timeout' or both_sides or old.segment > 0)
                and self.clock - old.arrived_last <= self.settings.idle_timeout + ENDED_MEMORY)

    def create(self, key, packet):
        s = self.settings
        old = self.ended.pop(key, None)
        is_syn = packet.proto == TCP and packet.flags & SYN
        opens = is_syn and not packet.flags & ACK or packet.sctp == 'init'
        if old is not None and s.continuation == 'inherit' and self.remembered(old) and not opens:
            sender_is_source = (packet.src, packet.sport) == (old.src, old.sport)
            return Flow(packet, sender_is_source, 'inherited', old.segment + 1, self.frame)
        if s.direction == 'role' and is_syn:
            return Flow(packet, False, 'syn_ack', 0, self.frame) if packet.flags & ACK else Flow(packet, True, 'syn', 0, self.frame)
        return Flow(packet, True, 'first_packet', 0, self.frame)
