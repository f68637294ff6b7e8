"""What a packet carries in a tunnel (docs/semantics.md, section 1, row "tunnels")."""
from dataclasses import replace

from headers import FRAME, IP4, IP6, LENGTH, MPLS, MPLS_UPSTREAM, NEXT_PROTOCOLS, NSH, PPP, Ignore, frame_place, u16, u32
from settings import GRE, UDP

ETHERIP, L2TP = 97, 115
IP = 'ip'                                       # the first 4 bits tell the version
CONTENTS = {IP4: IP, IP6: IP, FRAME: FRAME, MPLS: MPLS, MPLS_UPSTREAM: MPLS, NSH: NSH}     # of GRE and GENEVE
TO_PORT = {4341: 'lisp', 4790: 'vxlan_gpe', 6080: 'gue', 6635: 'mpls_udp'}
EITHER_PORT = {1701: 'l2tp', 3544: 'teredo', 5247: 'capwap'}


class Closed(Exception):
    """It is no such tunnel, or none that is opened."""


def close(wrong):
    if wrong:
        raise Closed


def take(data, at, size):
    close(len(data) < at + size)
    return data[at:at + size]


class Tunnels:
    """Each method named for a type: (kind of what is inside, its offset); type and id of the tunnel go into `inner`. `at` is
    where the tunnel's header begins, `end` where the outer packet ends on the wire."""

    def tunnel(self, outer, data, at, wire_end, layer):
        """The inner packet, or None where there is none (or it cannot be read: the outer packet stays)."""
        inner = replace(outer, vlans=list(outer.vlans), outer_src=outer.src, outer_dst=outer.dst, tunnel_id=-1)
        try:
            kind, here = self.tunnel_header(inner, data, at, wire_end)
            if kind in (IP, IP4, IP6):
                version = take(data, here, 1)[0] >> 4
                close(version not in (4, 6))
            else:
                version, here = self.ethertype(inner, data, kind, here)
            self.ip(inner, version, data, here, wire_end - here, layer + 1, must_fit=outer.proto == UDP)
            return inner
        except (Ignore, Closed):
            return None

    def tunnel_header(self, inner, data, at, end):
        kind = self.tunnel_kind(inner)
        close(kind is None)
        inner.tunnel_type = kind
        if kind in ('ipip', '6in4', '4in6', 'ip6in6'):
            return IP, at
        return getattr(self, kind)(inner, data, at + 8 if inner.proto == UDP else at, end)

    def tunnel_kind(self, packet):
        if packet.proto == UDP:
            rules = self.settings
            to = {**TO_PORT, **EITHER_PORT, **dict.fromkeys(rules.geneve_ports, 'geneve'),
                  **dict.fromkeys(rules.vxlan_ports, 'vxlan'), **dict.fromkeys(rules.gtpu_ports, 'gtpu')}
            return to.get(packet.dport) or {**EITHER_PORT, **dict.fromkeys(rules.gtpu_ports, 'gtpu')}.get(packet.sport)
        return {(4, 4): 'ipip', (4, 41): '6in4', (6, 4): '4in6', (6, 41): 'ip6in6'}.get((packet.version, packet.proto)) or {
            GRE: 'gre', ETHERIP: 'etherip', L2TP: 'l2tpv3'}.get(packet.proto)

    def identify(self, inner, number, at, size):
        """The tunnel's id, which stands in `size` bytes at `at`."""
        inner.tunnel_id = number

    # -- over IP

    def gre(self, inner, data, at, end):
        bits, kind = u16(take(data, at, 4), 0), u16(data, at + 2)
        if bits & 7 == 1:
            return self.pptp(inner, data, at, end)
        close(bits & 7 or bits & 0x4000)                        # version, source routing
        here = at + (8 if bits & 0x8000 else 4)                 # checksum
        if bits & 0x2000:
            self.identify(inner, u32(take(data, here, 4), 0), here, 4)
            here += 4
        here += 4 if bits & 0x1000 else 0                       # sequence number
        inner.tunnel_type = 'gre'
        if kind == 0x883E:
            return self.wccp(inner, data, here)
        if kind in (0x88BE, 0x22EB):
            return self.erspan(inner, data, here, kind, bits)
        close(kind not in CONTENTS)
        return CONTENTS[kind], here

    def pptp(self, inner, data, at, end):
        take(data, at, 8)
        bits, kind, length, call = (u16(data, at + i) for i in (0, 2, 4, 6))
        close(kind != PPP or bits & ~0x80 != 0x3001)            # key, sequence number and version; perhaps an acknowledgement
        here = at + (16 if bits & 0x80 else 12)
        close(here + length > end)
        inner.tunnel_type = 'pptp'
        self.identify(inner, call, at + 6, 2)
        return PPP, here

    def wccp(self, inner, data, at):
        inner.tunnel_type, inner.tunnel_id = 'wccp', -1
        return IP, at + (4 if take(data, at, 1)[0] & 0x3F == 0 else 0)

    def erspan(self, inner, data, at, kind, bits):
        inner.tunnel_type, inner.tunnel_id = 'erspan', -1
        if kind == 0x88BE and not bits & 0xB000:                # type I
            return FRAME, at
        first = take(data, at, 8)
        close(first[0] >> 4 != (1 if kind == 0x88BE else 2))
        self.identify(inner, u16(first, 2) & 0x3FF, at + 2, 2)
        if kind == 0x88BE:
            return FRAME, at + 8
        last = u16(take(data, at + 10, 2), 0)
        content = {0: FRAME, 2: IP}.get(last >> 10 & 0x1F)
        close(content is None)
        return content, at + (20 if last & 1 else 12)

    def etherip(self, inner, data, at, end):
        close(take(data, at, 2) != b'\x30\x00')
        inner.tunnel_type = 'etherip'
        return FRAME, at + 2

    def l2tpv3(self, inner, data, at, end):
        session = u32(take(data, at, 4), 0)
        close(session == 0)
        self.identify(inner, session, at, 4)
        here = at + 4 + self.settings.l2tpv3_cookie
        place = frame_place(data, here, take(data, here, 1)[0] & 0xBF == 0)
        close(place is None)
        return FRAME, place

    # -- over UDP

    def vxlan(self, inner, data, at, end):
        header = take(data, at, 8)
        close(not header[0] & 8)
        self.identify(inner, u32(header, 4) >> 8, at + 4, 3)
        return FRAME, at + 8

    def vxlan_gpe(self, inner, data, at, end):
        header = take(data, at, 8)
        close(header[0] & 0xF1 or header[1] or header[2])
        if header[0] & 8:
            self.identify(inner, u32(header, 4) >> 8, at + 4, 3)
        contents = NEXT_PROTOCOLS if header[0] & 4 else {0: FRAME}
        close(header[3] not in contents)
        return contents[header[3]], at + 8

    def geneve(self, inner, data, at, end):
        header = take(data, at, 8)
        close(header[0] >> 6 or u16(header, 2) not in CONTENTS)
        self.identify(inner, u32(header, 4) >> 8, at + 4, 3)
        return CONTENTS[u16(header, 2)], at + 8 + (header[0] & 0x3F) * 4

    def gtpu(self, inner, data, at, end):
        header = take(data, at, 8)
        close(header[0] & 0xF0 != 0x30 or header[1] != 255)
        self.identify(inner, u32(header, 4), at + 4, 4)
        here = at + 8
        if header[0] & 7:
            kind, here = take(data, here, 4)[3], here + 4
            extensions = 0
            while header[0] & 4 and kind:
                size = take(data, here, 1)[0] * 4
                close(size == 0 or extensions == 8)
                kind, here, extensions = take(data, here, size)[-1], here + size, extensions + 1
        return IP, here

    def teredo(self, inner, data, at, end):
        if data[at:at + 2] == b'\x00\x01':                      # authentication
            sizes = take(data, at, 4)
            at += 13 + sizes[2] + sizes[3]
        if data[at:at + 2] == b'\x00\x00':                      # origin indication
            at += 8
        close(take(data, at, 1)[0] >> 4 != 6)
        return IP, at

    def l2tp(self, inner, data, at, end):
        bits, here = u16(take(data, at, 2), 0), at + 2
        close(bits & ~0x4B00 != 2)                              # version 2, and of the other bits only L, S, O, P
        length = None
        if bits & 0x4000:
            length, here = u16(take(data, here, 2), 0), here + 2
        self.identify(inner, u32(take(data, here, 4), 0), here, 4)
        here += 8 if bits & 0x0800 else 4
        if bits & 0x0200:
            here += 2 + u16(take(data, here, 2), 0)
        close(length is not None and not here <= at + length <= end)
        return PPP, here

    def mpls_udp(self, inner, data, at, end):
        return MPLS, at

    def gue(self, inner, data, at, end):
        first = take(data, at, 1)[0]
        if first >> 6 == 1:
            return IP, at
        close(first & 0xE0)
        proto, here = take(data, at, 4)[1], at + 4 + (first & 0x1F) * 4
        if proto in (4, 41):
            return IP, here
        close(proto not in (GRE, ETHERIP))
        return (self.gre if proto == GRE else self.etherip)(inner, data, here, end)

    def lisp(self, inner, data, at, end):
        header = take(data, at, 8)
        close(header[0] & 3 or header[0] & 0x90 == 0x90)
        if header[0] & 8:
            self.identify(inner, u32(header, 4) >> 8, at + 4, 3)
        if not header[0] & 4:
            return IP, at + 8
        close(header[3] not in NEXT_PROTOCOLS)
        return NEXT_PROTOCOLS[header[3]], at + 8

    def capwap(self, inner, data, at, end):
        header = take(data, at, 8)
        words = header[1] >> 3
        close(header[0] or words < 2 or header[3] & 0x8F)
        if not header[2] & 1:
            return FRAME, at + 4 * words
        close(header[2] >> 1 & 0x1F != 1)
        return LENGTH, wireless_data(data, at + 4 * words)


def wireless_data(data, at):
    """Where the LLC header behind an IEEE 802.11 header begins."""
    header = take(data, at, 24)
    swapped = header[0] & 3 != 0                                        # the bytes of each field of 16 bits
    control, flags = header[1::-1] if swapped else header[:2]
    close(control & 3 or control >> 2 & 3 != 2 or control & 0x40)       # version 0, data, and some of it
    close(flags & 0x44 or header[22 + swapped] & 0xF)                             # protected, more fragments; a later one
    here = at + (30 if flags & 3 == 3 else 24)
    if control & 0x80:
        close(take(data, here, 2)[swapped] & 0x80)                            # several in one
        here += 6 if flags & 0x80 else 2
    return here
