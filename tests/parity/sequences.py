"""Seeded packet sequences that are hard on a flow meter: few hosts and ports, so that keys collide; times equal, running
back, far apart or exactly on a timeout; sequence numbers around 2^32; lengths that lie; tags, tunnels, fragments."""
import random
from dataclasses import dataclass, replace

import frames as f
from capture_writer import SEC, Format, Record
from wrappings import BEFORE_IP, OVER_IP, OVER_UDP, before_ip, in_udp, over_ip

FIN, SYN, RST, PSH, ACK, URG, ECE, CWR = 1, 2, 4, 8, 16, 32, 64, 128
HOSTS4 = [bytes(a) for a in ((10, 0, 0, 1), (10, 0, 0, 2), (8, 8, 8, 8), (224, 0, 0, 1), (127, 0, 0, 1), (255,) * 4, (169, 254, 1, 1),
                             (100, 64, 0, 1), (0, 0, 0, 0))]
HOSTS6 = [bytes.fromhex(a) for a in ('20010db8000000000000000000000001', 'fe800000000000000000000000000002',
                                     'fc000000000000000000000000000003', '00000000000000000000000000000001',
                                     '0a000001000000000000000000000000', '00000000000000000000000000000000')]
PORTS = (80, 1024, 50000)
# Gaps at which some rule changes its mind, in seconds; each is tried exactly and 1 ns to both sides.
BOUNDARIES = (0, 1, 2, 3, 5, 10, 20, 60, 120, 600, 720, 3600)
DEEP = ('ipip', '4in6', 'gre', 'vxlan', 'vlan', *BEFORE_IP, *OVER_IP, *OVER_UDP)
# How far clocks are apart, in seconds: from the shortest clock_jump to what a battery that ran out does.
APART = (2, 3, 10, 20, 60, 600, 601, 1200, 3600, 7200, 40 * 86400, 1_000_000_000)
BASES = (1_600_000_000 * SEC, 1_600_000_000 * SEC + 999_999_999, 0, (1 << 31) * SEC - 60 * SEC, (1 << 32) * SEC - 4000 * SEC)


@dataclass(frozen=True)
class Sequence:
    seed: int
    linktype: int
    form: Format
    records: tuple

    def with_records(self, records):
        return replace(self, records=tuple(records))


ISNS = ((1 << 32) - 2, (1 << 32) - 1, 0, 5, 1000, 70000, 1 << 31)
SCRIPTS = (
    (), ((0, SYN), (1, SYN | ACK), (0, ACK)), ((0, SYN), (1, SYN | ACK), (0, ACK), (0, PSH | ACK), (1, ACK)),
    ((0, SYN), (1, SYN | ACK), (0, ACK), (0, FIN | ACK), (1, ACK), (1, FIN | ACK), (0, ACK), (1, ACK), (0, ACK)),
    ((0, SYN), (1, SYN | ACK), (0, ACK), (0, FIN | ACK), (1, FIN | ACK), (0, ACK), (0, ACK)),
    ((0, FIN | ACK), (1, ACK), (1, FIN | ACK), (0, ACK)), ((0, SYN), (1, RST | ACK)), ((0, SYN), (0, SYN), (1, SYN | ACK)),
    ((1, SYN | ACK), (0, ACK)), ((0, SYN), (1, SYN | ACK), (0, ACK), (1, RST), (0, RST)), ((0, SYN | FIN | RST),),
    # Simultaneous opens; SYNs that come late, behind acknowledgements, data or nothing of the other side.
    ((0, SYN), (1, SYN), (0, SYN | ACK), (1, SYN | ACK)), ((1, SYN), (0, SYN), (0, ACK), (1, ACK)),
    ((0, SYN), (0, SYN), (1, SYN), (1, SYN | ACK), (0, ACK)),
    ((1, SYN | ACK), (0, SYN), (0, ACK)), ((0, ACK), (1, ACK), (0, SYN), (1, SYN | ACK)), ((0, PSH), (0, PSH), (0, SYN)),
    ((1, PSH), (0, SYN)))


class Connection:
    """One TCP connection after the other on the same ports, whose packets mostly make sense."""

    def __init__(self, rng, ends):
        self.rng, self.ends, self.former = rng, ends, []
        self.is_one_way = rng.random() < 0.15                   # only side 0 was captured
        self.begin([rng.choice(ISNS), rng.choice(ISNS)])

    def begin(self, isn):
        self.isn, self.script, self.sent = isn, list(self.rng.choice(SCRIPTS)), []
        self.next = [(number + 1) % (1 << 32) for number in isn]

    def use_again(self):
        """Another connection; of the former one, SYNs and others may still come."""
        rng = self.rng
        self.former = (self.former + self.sent)[-6:]
        self.begin([rng.choice((*ISNS, number, (number + 1) % (1 << 32), self.next[side], rng.randrange(1 << 32)))
                    for side, number in enumerate(self.isn)])

    def packet(self):
        rng = self.rng
        if rng.random() < (0.02 if self.script else 0.15):
            self.use_again()
        if self.former and rng.random() < 0.06:
            return rng.choice(self.former)                      # of a connection before
        if self.sent and rng.random() < 0.08:
            return rng.choice(self.sent[-4:])                   # a repeat
        side, flags = self.next_of_script()
        if rng.random() < 0.03:
            flags ^= 1 << rng.randrange(8)
        seq, ack = self.isn[side] if flags & SYN else self.next[side], self.next[1 - side]
        if flags & SYN and rng.random() < 0.08:                 # another number, or another acknowledgement
            seq, ack = rng.choice(((rng.choice(ISNS), ack), (seq, rng.choice(ISNS)), (rng.choice(ISNS), rng.choice(ISNS))))
        if rng.random() < 0.06:
            seq += rng.choice((-1, 1, 100, -100))
        if rng.random() < 0.08:
            ack += rng.choice((-1, 1, 1 << 31))
        payload = bytes(rng.choice((0, 0, 0, 1, 10, 100))) if not flags & (SYN | RST) or rng.random() < 0.1 else b''
        if not flags & (SYN | FIN) and rng.random() < 0.1:      # a keep-alive, or almost one
            seq, payload = self.next[side] - 1, bytes(rng.choice((0, 0, 1, 1, 2)))
        elif rng.random() < 0.9:
            end = seq + len(payload) + bool(flags & SYN) + bool(flags & FIN)
            self.next[side] = max(self.next[side], end) if flags & SYN else end
        seq, ack, self.next[side] = seq % (1 << 32), ack % (1 << 32), self.next[side] % (1 << 32)
        offset = rng.choice((0, 4, 5, 6, 15)) if rng.random() < 0.03 else None
        segment = f.tcp(*self.ends[side], seq, ack, flags, rng.choice((0, 1000, 65535)), payload,
                        options=bytes(rng.choice((0, 0, 4, 12))), offset=offset)
        self.sent.append((side, 6, segment))
        return self.sent[-1]

    def next_of_script(self):
        """(side, flags)"""
        rng = self.rng
        while self.script and rng.random() < 0.85:
            side, flags = self.script.pop(0)
            if not self.is_one_way or side == 0:
                return side, flags
            self.next[1] = (self.next[1] + bool(flags & FIN)) % (1 << 32)
        side = 0 if self.is_one_way else rng.randrange(2)
        return side, rng.choice((ACK, ACK, ACK, PSH | ACK, FIN | ACK, FIN, SYN, SYN | ACK, RST, RST | ACK, 0, rng.randrange(256)))


class Generator:
    def __init__(self, seed):
        self.seed, self.rng = seed, random.Random(seed)
        rng = self.rng
        self.hosts4, self.hosts6 = rng.sample(HOSTS4, 2), rng.sample(HOSTS6, 2)
        if rng.random() < 0.03:                                 # the same bytes, were it not for the IP version
            self.hosts4, self.hosts6 = [HOSTS4[0], HOSTS4[-1]], HOSTS6[-2:]
        if rng.random() < 0.6:
            self.hosts4 = HOSTS4[:2]
        self.ports = rng.sample(PORTS, 2)
        if rng.random() < 0.1:
            self.ports[0] = rng.choice((4789, 8472, 6081, 2152, 3544))
        if rng.random() < 0.05:
            self.ports, self.hosts4 = [self.ports[0]] * 2, [self.hosts4[0]] * 2         # a host that talks to itself
        self.is_wild = rng.random() < 0.3                       # malformed and truncated frames
        self.wrappings = [None] if rng.random() < 0.5 else rng.choices(
            (None, 'vlan', 'vlan2', 'priority', 'qinq', 'mpls', 'pppoe', 'snap', 'five_tags', 'ipip', '6in4', '4in6', 'gre', 'gre_key', 'gre_teb',
             'vxlan', 'vxlan2', 'geneve', 'gtpu', 'gtpu2', 'teredo', 'deep', *BEFORE_IP, *OVER_IP, *OVER_UDP), k=rng.choice((1, 2, 3)))
        self.is_v6 = rng.choice((0.0, 0.0, 0.3, 1.0))
        self.connections = [Connection(rng, self.port_pair()) for _ in range(rng.choice((1, 1, 2)))]
        self.mix = rng.choice(('tcp', 'tcp', 'tcp', 'any', 'any', 'fragments', 'udp', 'sctp'))
        self.times = rng.choice(('steps', 'steps', 'boundaries', 'boundaries', 'late', 'late', 'wild', 'clocks', 'clocks'))
        if rng.random() < 0.4:                                  # connections that live, close and come again
            self.mix, self.is_wild, self.wrappings = 'conversation', False, [rng.choice(self.wrappings)]
            self.times = rng.choice(('conversation', 'conversation', 'conversation', 'conversation', 'late', 'clocks'))
        self.clocks, self.on_clock = [], 0                      # where each has come, and how many more packets are by the last

    def port_pair(self):
        a, b = self.ports
        return ((a, b), (b, a))

    # -- transport

    def transport(self):
        """(side that sends, protocol, bytes)"""
        rng = self.rng
        kind = {'conversation': 'tcp', 'tcp': 'tcp', 'udp': 'udp', 'sctp': 'sctp', 'fragments': rng.choice(('udp', 'udp', 'tcp', 'icmp'))}.get(self.mix)
        kind = kind if rng.random() < (0.98 if self.mix == 'conversation' else 0.85) else None
        kind = kind or rng.choice(('tcp', 'tcp', 'udp', 'icmp', 'sctp', 'udplite', 'dccp', 'other'))
        side, body = rng.randrange(2), bytes(rng.choice((0, 1, 8, 30)))
        ends = self.port_pair()[side]
        if kind == 'tcp':
            return rng.choice(self.connections).packet()
        if kind == 'udp':
            return side, 17, f.udp(*ends, body, length=rng.choice((0, 7, 8, 8 + len(body) // 2, 9999)) if rng.random() < 0.1 else None)
        if kind == 'udplite':
            return side, 136, f.udplite(*ends, body, rng.choice((0, 8, 9999)))
        if kind == 'dccp':
            return side, 33, f.dccp(*ends, body, rng.choice((3, 4, 5, 255)), rng.choice((0, 2, 200)) if rng.random() < 0.1 else None)
        if kind == 'sctp':
            return side, 132, self.sctp(ends, side, body)
        if kind == 'icmp':
            types = (128, 129, 1, 2, 3, 4, 135, 200) if self.is_v6 else (8, 0, 3, 4, 5, 11, 12, 13, 14, 200)
            return side, 58 if self.is_v6 else 1, f.icmp(rng.choice(types), rng.randrange(4), body)
        return side, rng.choice((0, 1, 2, 58, 89, 50, 51, 255)) if not self.is_v6 else rng.choice((50, 59, 2, 89, 255)), body

    def sctp(self, ends, side, body):
        """Few tags, so that associations are told apart, repeated and begun from both sides."""
        rng = self.rng
        kind = rng.choice((0, 0, 0, 1, 1, 2, 3, 6, 7, 14)) if rng.random() < 0.8 else None
        if kind is None:
            return f.sctp(*ends, body, rng.choice((0, 1, 2)))
        chunk = f.chunk(kind, rng.choice((5 + side, 5 + side, 7)).to_bytes(4, 'big') + bytes(12) if kind in (1, 2) else body)
        if rng.random() < 0.1:
            chunk = f.chunk(9, bytes(rng.choice((0, 1, 4))), rng.choice((None, None, 0, 99))) * rng.choice((1, 7, 8)) + chunk
        return f.sctp(*ends, chunk, 0 if kind == 1 else 6 - side if rng.random() < 0.9 else 7)

    # -- network; each returns a list of (EtherType, IP packet)

    def network(self, side, proto, segment):
        rng = self.rng
        wants_fragments = rng.random() < {'fragments': 0.5, 'conversation': 0.01}.get(self.mix, 0.05)
        if rng.random() < self.is_v6:
            src, dst = self.hosts6[side], self.hosts6[1 - side]
            return self.fragments6(src, dst, proto, segment) if wants_fragments else [(f.IP6, self.plain6(src, dst, proto, segment))]
        src, dst = self.hosts4[side], self.hosts4[1 - side]
        if wants_fragments:
            return self.fragments4(src, dst, proto, segment)
        total = ihl = None
        version = 4
        if self.is_wild and rng.random() < 0.2:
            total = rng.choice((0, 0, 10, 20, 21, 40, 1500, 65535))
            ihl = rng.choice((None, None, 4, 6, 15))
            version = rng.choice((4, 4, 4, 6, 5))
        return [(f.IP4, f.ipv4(src, dst, proto, segment, options=bytes(rng.choice((0, 0, 0, 0, 4, 40))), total=total, ihl=ihl, version=version))]

    def plain6(self, src, dst, proto, segment):
        rng = self.rng
        length = rng.choice((0, 8, 30, 65535)) if self.is_wild and rng.random() < 0.15 else None
        if rng.random() < 0.3:
            for _ in range(rng.choice((1, 1, 2, 3, 8, 9))):
                kind = rng.choice((0, 43, 60, 51, 44, 135))
                if kind == 51:
                    segment = f.authentication(proto, segment)
                elif kind == 44:
                    segment = f.fragment6(proto, segment, 7, 0, 0)      # an atomic fragment
                else:
                    segment = f.extension(proto, segment, units=rng.choice((0, 0, 1)))
                proto = kind
        if self.is_wild and rng.random() < 0.1:                         # jumbogram
            size = rng.choice((0, 70000, len(segment) + 8, 5))
            segment, proto, length = f.extension(proto, segment, body=b'\xc2\x04' + size.to_bytes(4, 'big')), 0, rng.choice((0, 0, None))
        return f.ipv6(src, dst, proto, segment, length, version=rng.choice((6, 4)) if self.is_wild and rng.random() < 0.03 else 6)

    def cuts(self, segment):
        segment += bytes(24 - len(segment)) if len(segment) < 24 else b''
        first = self.rng.choice((8, 16, 24, 24, 24))
        edges = [0, first, *([first + 8] if self.rng.random() < 0.4 else [])]
        pieces = [(a, segment[a:b]) for a, b in zip(edges, edges[1:] + [len(segment) + 8])]
        return pieces, self.rng.choice((1, 2, 3))

    def arrange(self, pieces):
        """Fragments in order, out of order, some missing, some twice."""
        rng = self.rng
        pieces = [p for p in pieces if rng.random() < 0.85]
        if rng.random() < 0.4:
            rng.shuffle(pieces)
        return pieces + (pieces[:1] if rng.random() < 0.2 else [])

    def fragments4(self, src, dst, proto, segment):
        pieces, ident = self.cuts(segment)
        last = pieces[-1][0]
        return self.arrange([(f.IP4, f.ipv4(src, dst, proto, data, ident=ident, offset=at, more=at != last)) for at, data in pieces])

    def fragments6(self, src, dst, proto, segment):
        pieces, ident = self.cuts(segment)
        last, before, inside = pieces[-1][0], self.rng.random() < 0.2, self.rng.random() < 0.2
        out = []
        for at, data in pieces:
            head = proto
            if inside:                                          # an extension header behind the fragment header
                data, head = (f.extension(proto, data) if at == 0 else data), 60
            data = f.fragment6(head, data, ident, at, at != last)
            out.append((f.IP6, f.ipv6(src, dst, 60, f.extension(44, data)) if before else f.ipv6(src, dst, 44, data)))
        return self.arrange(out)

    # -- tags and tunnels: (EtherType, payload) -> (EtherType, payload)

    def wrap(self, wrapping, kind, packet):
        rng = self.rng
        side = rng.randrange(2)
        src, dst, src6, dst6 = HOSTS4[side], HOSTS4[1 - side], HOSTS6[side], HOSTS6[1 - side]
        over_udp = lambda port, body: (f.IP4, f.ipv4(src, dst, 17, f.udp(*rng.choice(((5000, port), (5000, port), (port, 5000))), body),
                                                     ident=5, more=rng.random() < 0.05))
        proto = 4 if kind == f.IP4 else 41
        key = rng.choice((0, 1, 2))
        if wrapping == 'vlan': return 0x8100, f.tag(kind, packet, 10)
        if wrapping == 'vlan2': return 0x8100, f.tag(kind, packet, 11, priority=3)
        if wrapping == 'priority': return 0x8100, f.tag(kind, packet, 0, priority=5)
        if wrapping == 'qinq': return 0x88A8, f.tag(0x8100, f.tag(kind, packet, rng.choice((10, 12))), 10)
        if wrapping == 'five_tags':
            for _ in range(rng.choice((4, 5))):
                kind, packet = 0x9100, f.tag(kind, packet, 10)
            return kind, packet
        if wrapping == 'mpls': return 0x8847, f.mpls(packet, range(16, 16 + rng.choice((1, 2, 8, 9))))
        if wrapping == 'pppoe': return 0x8864, f.pppoe(packet, 0x21 if kind == f.IP4 else 0x57)
        if wrapping == 'snap': return len(packet) + 8 & 0x3FF, b'\xaa\xaa\x03\0\0\0' + kind.to_bytes(2, 'big') + packet
        if wrapping in ('ipip', '6in4'): return f.IP4, f.ipv4(src, dst, proto, packet)
        if wrapping == '4in6': return f.IP6, f.ipv6(src6, dst6, proto, packet)
        if wrapping == 'gre': return f.IP4, f.ipv4(src, dst, 47, f.gre(kind, packet, version=rng.choice((0, 0, 0, 1))))
        if wrapping == 'gre_key': return f.IP6, f.ipv6(src6, dst6, 47, f.gre(kind, packet, key, rng.random() < 0.3, rng.random() < 0.3))
        inner = f.ethernet(*rng.choice(((kind, packet), (0x8100, f.tag(kind, packet, key)))), src=f.MAC_B)
        if wrapping == 'gre_teb': return f.IP4, f.ipv4(src, dst, 47, f.gre(0x6558, inner, key))
        if wrapping == 'vxlan': return over_udp(4789, f.vxlan(key, inner))
        if wrapping == 'vxlan2': return over_udp(8472, f.vxlan(key, inner))
        if wrapping == 'geneve': return over_udp(6081, f.geneve(key, *rng.choice(((kind, packet), (0x6558, inner))), bytes(rng.choice((0, 4)))))
        if wrapping == 'gtpu': return over_udp(2152, f.gtpu(key, packet, kind=rng.choice((255, 255, 255, 254))))
        if wrapping == 'gtpu2': return over_udp(2152, f.gtpu(key, packet, True, rng.choice(((), (1,), (1, 1)))))
        if wrapping == 'teredo' and kind == f.IP6: return over_udp(3544, f.teredo(packet, rng.random() < 0.5, rng.random() < 0.5))
        if wrapping in BEFORE_IP: return before_ip(rng, wrapping, kind, packet, inner)
        if wrapping in OVER_IP: return f.IP4, f.ipv4(src, dst, *over_ip(rng, wrapping, kind, packet, inner))
        if wrapping in OVER_UDP: return over_udp(OVER_UDP[wrapping], in_udp(rng, wrapping, kind, packet, inner))
        if wrapping == 'deep':
            for _ in range(rng.choice((2, 3, 4, 5))):
                kind, packet = self.wrap(rng.choice(DEEP), kind, packet)
                if kind not in (f.IP4, f.IP6):
                    break
        return kind, packet

    # -- the frame, cut and lied about

    def frame(self, kind, packet):
        rng = self.rng
        kind, packet = self.wrap(rng.choice(self.wrappings), kind, packet)
        data = self.link(kind, packet)
        if rng.random() < 0.1:
            data += bytes(rng.choice((1, 6, 20)))               # a trailer
        wire = len(data)
        if self.is_wild:
            if rng.random() < 0.15:
                data = data[:rng.randrange(len(data) + 1)]
            if rng.random() < 0.15:
                wire = max(len(data), rng.choice((wire + 1, 70000, 65535 + 14, 65536 + 14, 65575 + 14, 65576 + 14)))
            if rng.random() < 0.1 and data:
                at = rng.randrange(min(len(data), 80))
                data = data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1:]
        return data, wire

    def link(self, kind, packet):
        if self.linktype == 1:
            return f.ethernet(kind, packet, *self.rng.choice(((f.MAC_A, f.MAC_B), (f.MAC_B, f.MAC_A))))
        if self.linktype == 113: return bytes(14) + kind.to_bytes(2, 'big') + packet
        if self.linktype == 276: return kind.to_bytes(2, 'big') + bytes(18) + packet
        if self.linktype == 104: return b'\x0f\x00' + kind.to_bytes(2, 'big') + packet
        if self.linktype == 0: return (2 if kind == f.IP4 else 30).to_bytes(4, self.rng.choice(('big', 'little'))) + packet
        if self.linktype == 9: return b'\xff\x03' + (b'\x21' if kind == f.IP4 else b'\x00\x57') + packet
        return packet

    # -- time

    def timestamp(self, times):
        rng = self.rng
        if not times:
            return rng.choice(BASES)
        newest, last = max(times), times[-1]
        if self.times == 'clocks':
            return self.by_some_clock(last)
        if self.times == 'late':                                # a file with earlier times after another, and both mixed
            self.behind += rng.choice((0, 1, SEC // 2, SEC, 60 * SEC, *(rng.choice(BOUNDARIES) * SEC + d for d in (-1, 0, 0, 1))))
            return newest + rng.choice((0, 1, SEC, 60 * SEC)) if rng.random() < 0.2 else times[0] - 8000 * SEC + self.behind
        boundary = lambda: rng.choice(BOUNDARIES) * SEC + rng.choice((-1, 0, 0, 1))
        if self.times == 'wild' and rng.random() < 0.3:
            return newest + rng.choice((-1, 1)) * rng.choice((1, 1000, SEC, 119 * SEC, 121 * SEC, 5000 * SEC))
        if self.times == 'boundaries' or rng.random() < (0.08 if self.times == 'conversation' else 0.15):
            since = rng.choice((times[0], newest, last, rng.choice(times)))
            return (since + boundary()) if rng.random() < 0.6 else last + rng.choice((0, 1, SEC // 2))
        if self.times == 'conversation':
            return last + rng.choice((0, 1000, 10 ** 6, SEC))
        return last + rng.choice((0, 1, 999, 1000, 10 ** 6, SEC // 2, SEC, 2 * SEC, 30 * SEC))

    def by_some_clock(self, last):
        """Runs of one packet to five by one clock, which then steps, or another is heard, or the first again."""
        rng = self.rng
        self.on_clock -= 1
        if self.on_clock < 0:
            self.on_clock = rng.choice((0, 0, 1, 1, 2, 2, 3, 4))
            self.clocks.append(last)
            if rng.random() < 0.4:
                return rng.choice(self.clocks) + rng.choice((0, 1, SEC // 2, SEC))
            return last + rng.choice((-1, 1)) * (rng.choice(APART) * SEC + rng.choice((-1, 0, 0, 1, SEC // 2)))
        if rng.random() < 0.1:                                  # near, and not so near
            return last + rng.choice((-1, 1)) * (rng.choice(APART[:6]) * SEC + rng.choice((-1, 0, 0, 1)))
        return last + rng.choice((0, 1, 1000, SEC // 2, SEC, -1, -1000))

    def sequence(self):
        rng = self.rng
        self.linktype = rng.choice((1,) * 50 + (113, 276, 101, 0, 9, 104, 12) * 4 + (999,))
        records, times, self.behind = [], [], 0
        for _ in range(rng.choice((2, 4, 8, 8, 16, 16, 24, 40) if self.mix != 'conversation' else (16, 24, 40))):
            for kind, packet in self.network(*self.transport()):
                ts = max(0, min(self.timestamp(times), ((1 << 32) - 1) * SEC))
                times.append(ts)
                records.append(Record(ts, *self.frame(kind, packet)))
        form = rng.choice((Format(), Format(), Format(), Format(), Format(end='>'), Format(resolution=10 ** 6),
                           Format(name='pcapng'), Format(name='pcapng', resolution=1 << 30, end='>'),
                           Format(name='pcapng', resolution=10 ** 6, tsoffset=-1000)))
        if form.name == 'pcapng' and records and rng.random() < 0.1:
            for _ in range(rng.choice((1, 2, 3))):
                far = rng.choice(((1 << 62) - 1, 1 << 62, -(1 << 62), -(1 << 62) - 1, -5 * SEC))
                records[rng.randrange(len(records))] = replace(rng.choice(records), ts=far)
            form = Format(name='pcapng', tsoffset=-(1 << 62) // SEC - 10)
        return Sequence(self.seed, self.linktype, form, tuple(records))


def make(seed):
    return Generator(seed).sequence()
