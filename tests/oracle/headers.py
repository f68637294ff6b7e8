"""From an EtherType to the IP header (docs/semantics.md, section 1, row "tags"): tags, labels, PPP, and headers that have an
Ethernet frame behind them."""


class Ignore(Exception):
    """The frame is no packet of a flow; the argument is the ledger's reason."""


IP4, IP6, FRAME = 0x0800, 0x86DD, 0x6558
TAGS = (0x8100, 0x88A8, 0x9100)
MPLS, MPLS_UPSTREAM, PPPOE, PPP = 0x8847, 0x8848, 0x8864, 0x880B
MACSEC, PBB, FABRIC_PATH, CISCO_METADATA, VN_TAG, E_TAG, NSH = 0x88E5, 0x88E7, 0x8903, 0x8909, 0x8926, 0x893F, 0x894F
LENGTH = 0x5FF                                  # stands for any 802.3 length
NEXT_PROTOCOLS = {1: IP4, 2: IP6, 3: FRAME, 4: NSH, 5: MPLS}    # of NSH, VXLAN-GPE, LISP


def u16(data, at): return int.from_bytes(data[at:at + 2], 'big')
def u32(data, at): return int.from_bytes(data[at:at + 4], 'big')


def need(data, at, size):
    if len(data) < at + size:
        raise Ignore('truncated_l2')


def refuse(wrong):
    if wrong:
        raise Ignore('not_ip')


class Headers:
    """What a Decoder knows of headers before the packet. Each `step_` gives the EtherType and place of what follows."""

    def ethernet(self, packet, data, at):
        """(IP version, offset of the IP header) of a frame."""
        return self.ethertype(packet, data, self.mac_header(packet, data, at), at + 14)

    def mac_addresses(self, packet, data, destination, source):
        """The outermost count."""
        if not packet.src_mac:
            packet.dst_mac, packet.src_mac = (data[at:at + 6].hex(':') for at in (destination, source))

    def mac_header(self, packet, data, at):
        need(data, at, 14)
        self.mac_addresses(packet, data, at, at + 6)
        return u16(data, at + 12)

    def tag(self, packet, data, at):
        if u16(data, at) & 0xFFF:                               # id 0 is no VLAN
            packet.vlans.append(u16(data, at) & 0xFFF)

    def ethertype(self, packet, data, kind, at):
        """(IP version, offset of the IP header)"""
        tags = others = 0
        while kind not in (IP4, IP6):
            if kind in TAGS:
                if tags == 4:
                    raise Ignore('too_many_tags')
                need(data, at, 4)
                self.tag(packet, data, at)
                kind, at, tags = u16(data, at + 2), at + 4, tags + 1
                continue
            refuse(kind >= 0x600 and kind not in STEPS)
            if others == 8:
                raise Ignore('too_many_tags')
            if kind < 0x600 or kind == FRAME:                   # tags are counted anew
                tags = 0
            others += 1
            kind, at = STEPS.get(kind, Headers.step_snap)(self, packet, data, at)
        return (4 if kind == IP4 else 6), at

    def step_frame(self, packet, data, at):
        return self.mac_header(packet, data, at), at + 14

    def step_snap(self, packet, data, at):
        refuse(len(data) < at + 8 or data[at:at + 6] != b'\xaa\xaa\x03\x00\x00\x00')
        return u16(data, at + 6), at + 8

    def step_mpls(self, packet, data, at):
        for _ in range(8):
            need(data, at, 4)
            bottom, at = data[at + 2] & 1, at + 4
            if bottom:
                need(data, at, 1)
                if data[at] >> 4 in (4, 6):
                    return {4: IP4, 6: IP6}[data[at] >> 4], at
                place = frame_place(data, at, data[at:at + 2] == b'\0\0')
                refuse(place is None)
                return FRAME, place
        raise Ignore('too_many_labels')

    def step_pppoe(self, packet, data, at):
        need(data, at, 8)
        return self.ppp_protocol(data, at + 6)

    def step_ppp(self, packet, data, at):
        return self.ppp_protocol(data, at + 2 if data[at:at + 2] == b'\xff\x03' else at)

    def ppp_protocol(self, data, at):
        need(data, at, 1)
        size = 1 if data[at] & 1 else 2                         # an odd byte: compressed
        need(data, at, size)
        proto = int.from_bytes(data[at:at + size], 'big')
        refuse(proto not in (0x21, 0x57, 0x281, 0x283))
        return {0x21: IP4, 0x57: IP6}.get(proto, MPLS), at + size

    def step_macsec(self, packet, data, at):
        need(data, at, 1)
        refuse(data[at] & 0x8C)                                 # another version, encrypted, changed
        size = 14 if data[at] & 0x20 else 6
        need(data, at, size + 2)
        return u16(data, at + size), at + size + 2

    def step_cisco_metadata(self, packet, data, at):
        need(data, at, 2)
        refuse(data[at] != 1 or not data[at + 1])
        size = 2 + 4 * data[at + 1]
        need(data, at, size + 2)
        return u16(data, at + size), at + size + 2

    def step_vn_tag(self, packet, data, at):
        need(data, at, 6)
        return u16(data, at + 4), at + 6

    def step_e_tag(self, packet, data, at):
        need(data, at, 8)
        return u16(data, at + 6), at + 8

    def step_fabric_path(self, packet, data, at):
        return FRAME, at + 2

    def step_pbb(self, packet, data, at):
        need(data, at, 4)
        refuse(data[at] & 3)
        return FRAME, at + 4

    def step_nsh(self, packet, data, at):
        need(data, at, 8)
        words, metadata, following = data[at + 1] & 0x3F, data[at + 2] & 0xF, data[at + 3]
        refuse(data[at] >> 6 or metadata not in (1, 2) or (words != 6 if metadata == 1 else words < 2))
        refuse(following not in NEXT_PROTOCOLS)
        return NEXT_PROTOCOLS[following], at + 4 * words


STEPS = {FRAME: Headers.step_frame, MPLS: Headers.step_mpls, MPLS_UPSTREAM: Headers.step_mpls, PPPOE: Headers.step_pppoe,
         PPP: Headers.step_ppp, MACSEC: Headers.step_macsec, PBB: Headers.step_pbb, FABRIC_PATH: Headers.step_fabric_path,
         CISCO_METADATA: Headers.step_cisco_metadata, VN_TAG: Headers.step_vn_tag, E_TAG: Headers.step_e_tag, NSH: Headers.step_nsh}


def frame_place(data, at, may_have_word):
    """Where an Ethernet frame begins that nothing announces: behind a control word, if there may be one, or at once; None if
    neither place has an EtherType of a packet, a tag or a header of ours."""
    for place in (at + 4, at) if may_have_word else (at,):
        if len(data) >= place + 14 and u16(data, place + 12) in (IP4, IP6, *TAGS, *STEPS):
            return place
    return None
