"""From frame to packet record (docs/semantics.md, section 1)."""
from dataclasses import dataclass, field, replace

from settings import DCCP, GRE, ICMP, ICMP6, SCTP, TCP, UDP, UDPLITE


class Ignore(Exception):
    """The frame is no packet of a flow; the argument is the ledger's reason."""


@dataclass
class Packet:
    ts: int = 0
    src_mac: str = ''
    dst_mac: str = ''
    vlans: list = field(default_factory=list)
    tunnel_type: str = ''
    tunnel_id: int = -1
    outer_src: bytes = b''
    outer_dst: bytes = b''
    version: int = 0
    src: bytes = b''
    dst: bytes = b''
    proto: int = 0
    sport: int = 0
    dport: int = 0
    length: int = 0        # IP length
    l3_len: int = 0
    l4_len: int = 0
    payload: int = 0
    flags: int = 0
    seq: int = 0
    ack: int = 0
    window: int = 0
    icmp_type: int = -1
    icmp_code: int = -1
    fragment: str = ''     # '', 'first', 'later'
    frag_key: tuple = ()


IP4, IP6 = 0x0800, 0x86DD
TAGS = (0x8100, 0x88A8, 0x9100)
MPLS = (0x8847, 0x8848)
EXTENSIONS = (0, 43, 60, 135, 139, 140)        # hop-by-hop, routing, destination options, mobility, HIP, shim6


def u16(data, at): return int.from_bytes(data[at:at + 2], 'big')
def u32(data, at): return int.from_bytes(data[at:at + 4], 'big')


class Decoder:
    def __init__(self, settings):
        self.settings = settings

    def decode(self, frame):
        """Packet, or raises Ignore(reason)."""
        packet = Packet(ts=frame.ts)
        version, at = self.link_layer(packet, frame.data, frame.linktype)
        self.ip(packet, version, frame.data, at, frame.wire_len - at, 0)
        if packet.fragment == 'later' and self.settings.fragments == 'drop':
            raise Ignore('fragment')
        if self.settings.protocols and packet.proto not in self.settings.protocols:
            raise Ignore('protocol')
        return packet

    # -- link layer: returns (IP version, offset of the IP header)

    def link_layer(self, packet, data, linktype):
        def need(n):
            if len(data) < n:
                raise Ignore('truncated_l2')
        if linktype == 1:
            return self.ethernet(packet, data, 0)
        if linktype == 113:                                     # SLL
            need(16)
            return self.ethertype(packet, data, u16(data, 14), 16)
        if linktype == 276:                                     # SLL2
            need(20)
            return self.ethertype(packet, data, u16(data, 0), 20)
        if linktype in (12, 101, 228, 229):                     # raw IP
            need(1)
            version = {228: 4, 229: 6}.get(linktype, data[0] >> 4)
            if version not in (4, 6):
                raise Ignore('not_ip')
            return version, 0
        if linktype in (0, 108):                                # null, loop
            need(4)
            family = int.from_bytes(data[:4], 'big')
            if family > 0xFFFF:
                family = int.from_bytes(data[:4], 'little')
            if family == 2:
                return 4, 4
            if family in (10, 24, 28, 30):
                return 6, 4
            raise Ignore('not_ip')
        if linktype in (9, 50):                                 # PPP, PPP in HDLC-like framing
            need(2)
            if linktype == 50 and data[0] in (0x0F, 0x8F):      # Cisco framing
                need(4)
                return self.ethertype(packet, data, u16(data, 2), 4)
            return self.ppp(packet, data, 2 if data[:2] == b'\xff\x03' else 0)
        if linktype == 104:                                     # C-HDLC
            need(4)
            return self.ethertype(packet, data, u16(data, 2), 4)
        raise Ignore('unsupported_link_type')

    def ethernet(self, packet, data, at):
        if len(data) < at + 14:
            raise Ignore('truncated_l2')
        if not packet.src_mac:
            packet.dst_mac, packet.src_mac = data[at:at + 6].hex(':'), data[at + 6:at + 12].hex(':')
        return self.ethertype(packet, data, u16(data, at + 12), at + 14)

    def ppp(self, packet, data, at):
        if len(data) <= at:
            raise Ignore('truncated_l2')
        if data[at] & 1:                                        # compressed protocol field
            proto, at = data[at], at + 1
        else:
            if len(data) < at + 2:
                raise Ignore('truncated_l2')
            proto, at = u16(data, at), at + 2
        if proto in (0x21, 0x57):
            return {0x21: 4, 0x57: 6}[proto], at
        if proto in (0x281, 0x283):
            return self.mpls(packet, data, at)
        raise Ignore('not_ip')

    def ethertype(self, packet, data, kind, at):
        """Walks tags, labels and PPPoE."""
        tags = 0
        while kind in TAGS:
            if tags == 4:
                raise Ignore('too_many_tags')
            if len(data) < at + 4:
                raise Ignore('truncated_l2')
            if u16(data, at) & 0xFFF:                           # id 0 is no VLAN
                packet.vlans.append(u16(data, at) & 0xFFF)
            kind, at, tags = u16(data, at + 2), at + 4, tags + 1
        if kind == IP4:
            return 4, at
        if kind == IP6:
            return 6, at
        if kind in MPLS:
            return self.mpls(packet, data, at)
        if kind == 0x8864:                                      # PPPoE session
            if len(data) < at + 8:
                raise Ignore('truncated_l2')
            return self.ppp(packet, data, at + 6)
        if kind < 0x600 and data[at:at + 6] == b'\xaa\xaa\x03\x00\x00\x00' and len(data) >= at + 8:
            return self.ethertype(packet, data, u16(data, at + 6), at + 8)      # 802.3 with SNAP
        raise Ignore('not_ip')

    def mpls(self, packet, data, at):
        for _ in range(8):
            if len(data) < at + 4:
                raise Ignore('truncated_l2')
            bottom, at = data[at + 2] & 1, at + 4
            if bottom:
                if len(data) <= at:
                    raise Ignore('truncated_l2')
                if data[at] >> 4 in (4, 6):
                    return data[at] >> 4, at
                raise Ignore('not_ip')
        raise Ignore('too_many_labels')

    # -- network layer

    def ip(self, packet, version, data, at, wire, layer):
        """Fills the record from the IP header at `at`; `wire` is the number of bytes on the wire from there on."""
        if version == 4:
            proto, l4, first_proto = self.ipv4(packet, data, at, wire)
        else:
            proto, l4, first_proto = self.ipv6(packet, data, at, wire)
        packet.version, packet.proto = version, proto
        if packet.fragment:
            packet.frag_key = (packet.src, packet.dst, packet.frag_key[0], first_proto, version)
        stop = min(len(data), at + packet.length)               # Ethernet padding never counts
        packet.sport = packet.dport = packet.l4_len = packet.flags = packet.seq = packet.ack = packet.window = 0
        packet.icmp_type = packet.icmp_code = -1
        if packet.fragment != 'later':
            self.transport(packet, data[:stop], l4)
        header = packet.l4_len if packet.fragment == 'later' else max(packet.l4_len, {TCP: 20, DCCP: 12}.get(packet.proto, 0))
        inside = packet.length - packet.l3_len                  # what the IP header leaves to the transport layer
        has_length = packet.proto == UDP and packet.fragment != 'later' and self.settings.udp_payload == 'datagram'
        told = u16(data, l4 + 4) if has_length else 0
        if 8 <= told < inside:                                  # the datagram ends before the packet
            inside, stop = told, min(stop, l4 + told)
        packet.payload = max(0, inside - header)
        packet.l4_len = min(packet.l4_len, 255)
        if self.settings.decapsulate == 'inner' and layer < 4 and not packet.fragment:
            inner = self.tunnel(packet, data[:stop], l4, l4 + inside, layer)
            if inner:
                packet.__dict__.update(inner.__dict__)

    def ipv4(self, packet, data, at, wire):
        if len(data) < at + 20:
            raise Ignore('truncated_l3')
        ihl, total = (data[at] & 15) * 4, u16(data, at + 2)
        if data[at] >> 4 != 4 or ihl < 20:
            raise Ignore('malformed_ip')
        if total == 0 or wire > 65535:
            total = wire
        if total < ihl:
            raise Ignore('malformed_ip')
        if len(data) < at + ihl:
            raise Ignore('truncated_l3')
        bits = u16(data, at + 6)
        packet.fragment = 'later' if bits & 0x1FFF else 'first' if bits & 0x2000 else ''
        packet.frag_key = (u16(data, at + 4),)
        packet.length, packet.l3_len = total, ihl
        packet.src, packet.dst = data[at + 12:at + 16], data[at + 16:at + 20]
        return data[at + 9], at + ihl, data[at + 9]

    def ipv6(self, packet, data, at, wire):
        if len(data) < at + 40:
            raise Ignore('truncated_l3')
        if data[at] >> 4 != 6:
            raise Ignore('malformed_ip')
        length, proto, here = u16(data, at + 4), data[at + 6], at + 40
        packet.length = length + 40 if length else wire         # jumbogram: replaced below
        if wire - 40 > 65535 and length:
            packet.length = wire
        packet.src, packet.dst, packet.fragment = data[at + 8:at + 24], data[at + 24:at + 40], ''
        first_proto = proto
        for _ in range(8):
            if proto not in EXTENSIONS and proto not in (44, 51):
                break
            stop = min(len(data), at + packet.length)
            if here + 8 > stop:
                raise Ignore('truncated_l3')
            size = 8 if proto == 44 else (data[here + 1] + 2) * 4 if proto == 51 else (data[here + 1] + 1) * 8
            if here + size > stop:
                raise Ignore('truncated_l3')
            if proto == 0 and length == 0:
                jumbo = jumbo_length(data[here + 2:here + size])
                if jumbo:
                    packet.length = jumbo + 40
            if proto == 44:
                bits = u16(data, here + 2)
                packet.fragment = 'later' if bits & 0xFFF8 else 'first' if bits & 1 else ''
                packet.frag_key = (u32(data, here + 4),)
                first_proto = data[here]
            proto, here = data[here], here + size
            if packet.fragment == 'later':
                break
        else:
            if proto in EXTENSIONS or proto in (44, 51):
                raise Ignore('too_many_extensions')
        packet.l3_len = here - at
        return proto, here, first_proto

    # -- transport layer; data ends where the IP packet ends

    def transport(self, packet, data, at):
        have = len(data) - at
        if packet.proto == TCP:
            if have < 20:
                raise Ignore('truncated_l4')
            packet.sport, packet.dport, packet.seq, packet.ack = u16(data, at), u16(data, at + 2), u32(data, at + 4), u32(data, at + 8)
            packet.l4_len, packet.flags, packet.window = (data[at + 12] >> 4) * 4, data[at + 13], u16(data, at + 14)
        elif packet.proto in (UDP, UDPLITE):
            if have < 8:
                raise Ignore('truncated_l4')
            packet.sport, packet.dport, packet.l4_len = u16(data, at), u16(data, at + 2), 8
        elif packet.proto == DCCP:
            if have < 12:
                raise Ignore('truncated_l4')
            packet.sport, packet.dport, packet.l4_len = u16(data, at), u16(data, at + 2), data[at + 4] * 4
        elif packet.proto in (ICMP, ICMP6):
            if have < 4:                                        # type, code and checksum are enough
                raise Ignore('truncated_l4')
            packet.icmp_type, packet.icmp_code, packet.l4_len = data[at], data[at + 1], 8
        elif packet.proto == SCTP:
            if have < 12:
                raise Ignore('truncated_l4')
            packet.sport, packet.dport, packet.l4_len = u16(data, at), u16(data, at + 2), 12

    # -- tunnels: the inner packet, or None where there is none (or it cannot be read: the outer packet stays)

    def tunnel(self, outer, data, at, wire_end, layer):
        inner = replace(outer, vlans=list(outer.vlans), outer_src=outer.src, outer_dst=outer.dst, tunnel_id=-1)
        try:
            found = self.tunnel_header(inner, data, at)
            if not found:
                return None
            kind, here = found
            version = data[here] >> 4 if kind == 'ip' and here < len(data) else 0
            if kind == 'ethernet':
                version, here = self.ethernet(inner, data, here)
            if version not in (4, 6):
                return None
            self.ip(inner, version, data, here, wire_end - here, layer + 1)
            return inner
        except (Ignore, IndexError):
            return None

    def tunnel_header(self, inner, data, at):
        proto, ports = inner.proto, (inner.sport, inner.dport)
        if proto in (4, 41):
            inner.tunnel_type = {(4, 4): 'ipip', (4, 41): '6in4', (6, 4): '4in6', (6, 41): 'ip6in6'}[inner.version, proto]
            return 'ip', at
        if proto == GRE and len(data) >= at + 4 and data[at + 1] & 7 == 0:
            bits, kind, here = data[at], u16(data, at + 2), at + 4
            here += 4 if bits & 0x80 else 0                     # checksum
            if bits & 0x40:
                return None                                     # source routing
            inner.tunnel_type = 'gre'
            if bits & 0x20:
                inner.tunnel_id, here = u32(data, here), here + 4
            here += 4 if bits & 0x10 else 0                     # sequence number
            return {IP4: ('ip', here), IP6: ('ip', here), 0x6558: ('ethernet', here)}.get(kind)
        if proto != UDP:
            return None
        body = at + 8
        if ports[1] in (4789, 8472) and len(data) >= body + 8 and data[body] & 8:
            inner.tunnel_type, inner.tunnel_id = 'vxlan', u32(data, body + 4) >> 8
            return 'ethernet', body + 8
        if ports[1] == 6081 and len(data) >= body + 8 and data[body] >> 6 == 0:
            inner.tunnel_type, inner.tunnel_id = 'geneve', u32(data, body + 4) >> 8
            here = body + 8 + (data[body] & 0x3F) * 4
            return {IP4: ('ip', here), IP6: ('ip', here), 0x6558: ('ethernet', here)}.get(u16(data, body + 2))
        if 2152 in ports and len(data) >= body + 8 and data[body] & 0xF0 == 0x30 and data[body + 1] == 255:
            inner.tunnel_type, inner.tunnel_id, here = 'gtpu', u32(data, body + 4), body + 8
            if data[body] & 7:
                kind, here = data[body + 11], here + 4
                while data[body] & 4 and kind:                  # extension headers
                    size = data[here] * 4
                    if not size:
                        return None
                    kind, here = data[here + size - 1], here + size
            return 'ip', here
        if 3544 in ports:
            here = body
            if data[here:here + 2] == b'\x00\x01':              # authentication
                here += 13 + data[here + 2] + data[here + 3]
            if data[here:here + 2] == b'\x00\x00':              # origin indication
                here += 8
            if len(data) > here and data[here] >> 4 == 6:
                inner.tunnel_type = 'teredo'
                return 'ip', here
        return None


def jumbo_length(options):
    at = 0
    while at + 2 <= len(options):
        if options[at] == 0:
            at += 1
            continue
        if options[at] == 0xC2 and options[at + 1] == 4:
            return u32(options, at + 2)
        at += 2 + options[at + 1]
    return 0
