"""What is counted of one flow's packets (docs/semantics.md, sections 4 and 5)."""
import json
import math

from settings import ACK, FIN, MOD, PSH, RST, SEC, SYN

MS = SEC // 1000


def as_text(items):
    """A list's cell."""
    return json.dumps(items, separators=(',', ':'))


class Series:
    """Integers in their own unit; every number follows exactly from count, total and the sum of squares."""
    def __init__(self):
        self.count = self.total = self.squares = self.max = self.min = 0

    def add(self, value):
        self.max = value if self.count == 0 else max(self.max, value)
        self.min = value if self.count == 0 else min(self.min, value)
        self.count, self.total, self.squares = self.count + 1, self.total + value, self.squares + value * value

    @property
    def mean(self):
        return self.total / self.count if self.count else 0.0

    @property
    def std(self):
        return math.sqrt(self.count * self.squares - self.total ** 2) / self.count if self.count else 0.0

    def columns(self, name):
        return {f'{name}.{k}': getattr(self, k) for k in ('count', 'total', 'mean', 'std', 'max', 'min')}


class Timing:
    """Inter-arrival times of one series of packets. Out of order: 0, and the clock of the series stays."""
    def __init__(self):
        self.first = self.last = None
        self.iat = Series()

    def add(self, ts):
        if self.first is None:
            self.first = self.last = ts
            return
        self.iat.add(max(0, ts - self.last))
        self.first, self.last = min(self.first, ts), max(self.last, ts)


class Bulk:
    """Both directions: at most one bulk is open at a time."""
    def __init__(self):
        self.packets = [Series(), Series()]
        self.bytes = [Series(), Series()]
        self.duration = [Series(), Series()]
        self.side = None

    def add(self, packet, side):
        if packet.payload == 0:
            return
        if self.side is not None and (side != self.side or packet.ts - self.last > SEC):
            self.close()
        if self.side is None:
            self.side, self.first, self.last, self.n, self.size = side, packet.ts, packet.ts, 0, 0
        self.last, self.n, self.size = max(self.last, packet.ts), self.n + 1, self.size + packet.payload

    def close(self):
        if self.side is not None and self.n >= 4:
            self.packets[self.side].add(self.n)
            self.bytes[self.side].add(self.size)
            self.duration[self.side].add(self.last - self.first)
        self.side = None

    def rate(self, side):
        duration = self.duration[side].total
        return self.bytes[side].total * SEC / duration if duration else 0.0


class ActiveIdle:
    def __init__(self):
        self.active, self.idle = Series(), Series()
        self.start = self.last = None
        self.before = -math.inf                 # where the period before ended

    def add(self, packet):
        if self.start is None:
            self.start = self.last = packet.ts
            return
        if packet.ts - self.last > 5 * SEC:
            self.end_period()
            self.idle.add(packet.ts - self.last)
            self.start, self.before = packet.ts, self.last
        self.start, self.last = min(self.start, max(packet.ts, self.before)), max(self.last, packet.ts)     # out of order

    def end_period(self):
        if self.last > self.start:
            self.active.add(self.last - self.start)

    def close(self):
        self.end_period()


class FirstPackets:
    """The first 30 packets, or those of them with payload."""
    MOST = 30

    def __init__(self, with_payload_only):
        self.with_payload_only, self.packets, self.gaps, self.newest = with_payload_only, [], [], None

    def add(self, packet, side):
        if len(self.packets) == self.MOST or self.with_payload_only and packet.payload == 0:
            return
        self.gaps.append(0 if self.newest is None else max(0, packet.ts - self.newest))
        self.newest = packet.ts if self.newest is None else max(self.newest, packet.ts)
        self.packets.append((packet, side))

    def columns(self, name):
        sides = [side for _, side in self.packets]
        flags = [packet.flags for packet, _ in self.packets]
        lists = {'lengths': [packet.length for packet, _ in self.packets], 'payload_lengths': [packet.payload for packet, _ in self.packets],
                 'gaps': self.gaps, 'gaps_ms': [gap // MS for gap in self.gaps], 'directions': [1 - 2 * side for side in sides],
                 'tcp_flags': flags, 'psh': [int(bool(bits & PSH)) for bits in flags]}
        return {f'{name}.{what}': as_text(items) for what, items in lists.items()} | {
            f'{name}.duration': sum(self.gaps), f'{name}.turns': sum(a != b for a, b in zip(sides, sides[1:]))}


class Histograms:
    """Both directions: payload lengths, and gaps in whole milliseconds; of all packets or of those with payload."""
    UP_TO = (15, 31, 63, 127, 255, 511, 1023)                   # the last bin is of more

    def __init__(self, with_payload_only):
        self.with_payload_only = with_payload_only
        self.payload, self.gaps = ([[0] * (len(self.UP_TO) + 1) for _ in (0, 1)] for _ in (0, 1))
        self.newest = [None, None]

    def count(self, bins, value):
        bins[sum(value > up_to for up_to in self.UP_TO)] += 1

    def add(self, packet, side):
        if self.with_payload_only and packet.payload == 0:
            return
        self.count(self.payload[side], packet.payload)
        if self.newest[side] is not None:
            self.count(self.gaps[side], max(0, packet.ts - self.newest[side]) // MS)
        self.newest[side] = packet.ts if self.newest[side] is None else max(self.newest[side], packet.ts)

    def columns(self, name):
        return {f'{name}.{of}_{what}': as_text(bins[side]) for what, bins in (('payload', self.payload), ('gaps', self.gaps))
                for side, of in enumerate(('fwd', 'bwd'))}


class KeepAlives:
    """One direction."""
    def __init__(self):
        self.count, self.expected = 0, None     # the next number expected

    def add(self, packet):
        """True if it is one."""
        if packet.flags & RST:
            return False
        marks = bool(packet.flags & SYN) + bool(packet.flags & FIN)
        end = (packet.seq + packet.payload + marks) % MOD
        if self.expected is not None and (packet.seq + 1) % MOD == self.expected and packet.payload <= 1 and not marks:
            self.count += 1
            return True
        if self.expected is None or 0 < (end - self.expected) % MOD < MOD // 2:
            self.expected = end
        return False


class Retransmission:
    """One direction. Sequence numbers are unwrapped to integers around the newest range seen."""
    def __init__(self):
        self.count, self.bytes, self.ranges, self.reference = 0, 0, [], None

    def add(self, packet):
        size = packet.payload + bool(packet.flags & SYN) + bool(packet.flags & FIN)
        if size == 0:
            return
        if self.reference is None:
            self.reference = packet.seq
        start = self.reference + (packet.seq - self.reference + MOD // 2) % MOD - MOD // 2
        stop = start + size
        self.reference = start
        if any(a < stop and start < b for a, b in self.ranges):
            self.count += 1
            self.bytes += packet.payload
        for a, b in [r for r in self.ranges if r[0] <= stop and start <= r[1]]:     # overlapping or touching
            self.ranges.remove((a, b))
            start, stop = min(start, a), max(stop, b)
        self.ranges = sorted(self.ranges + [(start, stop)])[-4:]


class SequenceNumbers:
    """What tells a connection from another one on the same ports. Lists have an entry per side."""
    def __init__(self):
        self.isn = [None, None]                 # of its first SYN or SYN-ACK
        self.first_ack = [None, None]           # the first acknowledgement that it sent
        self.lowest = [None, None]              # the lowest number that it sent
        self.syn_ack = [None, None]             # what its first SYN-ACK acknowledged
        self.only_syns = [True, True]           # it sent nothing but SYNs without ACK

    def add(self, packet, side):
        syn, ack = packet.flags & SYN, packet.flags & ACK
        if syn and self.isn[side] is None:
            self.isn[side] = packet.seq
        if ack and self.first_ack[side] is None:
            self.first_ack[side] = packet.ack
        if self.lowest[side] is None or MOD // 2 < (packet.seq - self.lowest[side]) % MOD:
            self.lowest[side] = packet.seq
        if syn and ack and self.syn_ack[side] is None:
            self.syn_ack[side] = packet.ack
        if not syn or ack:
            self.only_syns[side] = False

    def expected_isn(self, side):
        """The ISN, or what a SYN that comes late must have; None where nothing is known."""
        if self.isn[side] is not None:
            return self.isn[side]
        next_number = self.lowest[side] if self.first_ack[1 - side] is None else self.first_ack[1 - side]
        return None if next_number is None else (next_number - 1) % MOD

    def belong_to_another(self, packet, side):
        """Is this SYN or SYN-ACK of another connection?"""
        other = 1 - side
        if packet.flags & ACK:
            same = (self.isn[side] in (None, packet.seq) or packet.ack == self.syn_ack[side]
                    or self.isn[other] is not None and packet.ack == (self.isn[other] + 1) % MOD)
        elif self.expected_isn(side) is None:
            same = self.only_syns[other]
        else:
            same = packet.seq == self.expected_isn(side)
        return not same


class TcpState:
    """Handshake, FIN and RST."""
    def __init__(self):
        self.saw_syn = False
        self.expected_ack = None           # of the handshake
        self.handshake = self.reset = False
        self.reset_before = self.reset_after = False
        self.fin_end = [None, None]        # per side: the lowest ack number that acknowledges its FIN
        self.fin_sent = [False, False]
        self.highest_ack = [None, None]
        self.fin_acked = [False, False]
        self.simultaneous = False
        self.frozen = False                # closed: packets absorbed in linger change nothing here

    def add(self, packet, side, expected_isn):
        """`expected_isn`: of that side, as of before this packet."""
        if self.frozen:
            return
        syn, ack, fin, rst = (bool(packet.flags & bit) for bit in (SYN, ACK, FIN, RST))
        if not self.handshake:
            if side == 0 and syn and not ack:
                self.saw_syn, self.expected_ack = True, None
            elif side == 1 and syn and ack and self.saw_syn:
                self.expected_ack = (packet.seq + 1) % MOD
            elif side == 0 and ack and not syn and self.expected_ack is not None and packet.ack == self.expected_ack:
                self.handshake = True
        other = 1 - side
        if syn and expected_isn not in (None, packet.seq):      # its numbers begin again
            self.highest_ack[other] = self.fin_end[side] = None
        if ack and (self.highest_ack[side] is None or 0 < (packet.ack - self.highest_ack[side]) % MOD < MOD // 2):
            self.highest_ack[side] = packet.ack
        self.acknowledge_fin(other)
        if fin:
            self.note_simultaneous(other)
            self.see_fin(packet, side)
            self.acknowledge_fin(side)
        if rst and not self.finished():
            self.reset = True
            if self.handshake:
                self.reset_after = True
            else:
                self.reset_before = True

    def see_fin(self, packet, side):
        fin_end = (packet.seq + packet.payload + 1) % MOD
        if not self.fin_acked[side]:                            # a FIN repeated after its ACK changes nothing
            self.fin_sent[side], self.fin_end[side] = True, fin_end

    def acknowledge_fin(self, side):
        highest = self.highest_ack[1 - side]
        if None not in (highest, self.fin_end[side]) and (highest - self.fin_end[side]) % MOD < MOD // 2:
            self.fin_acked[side] = True

    def note_simultaneous(self, other):
        if self.fin_sent[other] and not self.fin_acked[other]:
            self.simultaneous = True

    def finished(self):
        return all(self.fin_acked)

    def closed(self):
        return self.finished() or self.reset

    def style(self):
        if self.reset:
            return 'reset'
        fins = sum(self.fin_sent)
        if fins == 2:
            return ('simultaneous_fin' if self.simultaneous else 'four_way_fin') if self.finished() else 'bidirectional_fin'
        return 'half_close' if fins else 'none'
