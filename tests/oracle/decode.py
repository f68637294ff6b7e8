"""From frame to packet record (docs/semantics.md, section 1)."""
from dataclasses import dataclass, field

import header_fields
import links
import sctp
from headers import PPP, TAGS, Headers, Ignore, u16, u32       # noqa: F401 (for those that import them from here)
from settings import DCCP, ICMP, ICMP6, SCTP, TCP, UDP, UDPLITE
from tunnels import Tunnels


@dataclass
class Packet:
    ts: int = 0
    interface_name: str = ''
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
    ttl: int = 0           # or hop limit
    bound: int = 0         # where a header before the packet says that it ends; 0: nothing says so
    sctp: str = ''         # what the chunks say of the association
    sctp_tag: int = 0
    icmp_type: int = -1
    icmp_code: int = -1
    fragment: str = ''     # '', 'first', 'later'
    frag_key: tuple = ()
    fields: dict = field(default_factory=dict)     # what stands in the headers beyond that (header_fields.py)


EXTENSIONS = (0, 43, 60, 135, 139, 140)        # hop-by-hop, routing, destination options, mobility, HIP, shim6


class Decoder(Headers, Tunnels):
    def __init__(self, settings):
        self.settings = settings

    def decode(self, frame):
        """Packet, or raises Ignore(reason)."""
        packet, self.frame = Packet(ts=frame.ts, interface_name=frame.interface_name), frame
        version, at = self.link_layer(packet, frame.data, frame.linktype, frame.wire_len)
        data, wire = frame.data, max(0, frame.wire_len - at)
        if packet.bound:
            data, wire = data[:packet.bound], min(wire, packet.bound - at)
        self.ip(packet, version, data, at, wire, 0)
        if packet.fragment == 'later' and self.settings.fragments == 'drop':
            raise Ignore('fragment')
        if self.settings.protocols and packet.proto not in self.settings.protocols:
            raise Ignore('protocol')
        return packet

    # -- link layer: returns (IP version, offset of the IP header)

    def link_layer(self, packet, data, linktype, wire):
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
            return self.ethertype(packet, data, PPP, 0)
        if linktype == 104:                                     # C-HDLC
            need(4)
            return self.ethertype(packet, data, u16(data, 2), 4)
        return links.find(self, packet, data, linktype, wire)

    # -- network layer

    def ip(self, packet, version, data, at, wire, layer, must_fit=False):
        """Fills the record from the IP header at `at`; `wire` is the number of bytes on the wire from there on."""
        if version == 4:
            proto, l4, first_proto = self.ipv4(packet, data, at, wire)
        else:
            proto, l4, first_proto = self.ipv6(packet, data, at, wire)
        if must_fit and packet.length > wire:
            raise Ignore('malformed_ip')
        packet.version, packet.proto = version, proto
        if packet.fragment:
            packet.frag_key = (packet.src, packet.dst, packet.frag_key[0], first_proto, version)
        stop = min(len(data), at + packet.length)               # Ethernet padding never counts
        packet.sport = packet.dport = packet.l4_len = packet.flags = packet.seq = packet.ack = packet.window = 0
        packet.icmp_type = packet.icmp_code = -1
        packet.sctp, packet.sctp_tag = '', 0
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
        packet.fields = header_fields.read(packet, self.frame.data[at:at + packet.length], packet.l3_len + header)
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
        packet.src, packet.dst, packet.ttl = data[at + 12:at + 16], data[at + 16:at + 20], data[at + 8]
        return data[at + 9], at + ihl, data[at + 9]

    def ipv6(self, packet, data, at, wire):
        if len(data) < at + 40:
            raise Ignore('truncated_l3')
        if data[at] >> 4 != 6:
            raise Ignore('malformed_ip')
        length, proto, here, packet.ttl = u16(data, at + 4), data[at + 6], at + 40, data[at + 7]
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
            packet.sctp, tag = sctp.read_chunks(data[at + 12:], bool(packet.fragment))
            packet.sctp_tag = 0 if packet.fragment else u32(data, at + 4) if tag is None else tag


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
