"""Link types that only files have (docs/semantics.md, section 1). Each gives (IP version, offset of the IP header)."""
from headers import PPP, Ignore

BELOW_ANY_KIND = 1              # as an EtherType: an LLC header follows


def big(data, at, size): return int.from_bytes(data[at:at + size], 'big')
def little(data, at, size): return int.from_bytes(data[at:at + size], 'little')


def need(data, end):
    if len(data) < end:
        raise Ignore('truncated_l2')


def expect(condition):
    if not condition:
        raise Ignore('not_ip')


def wlan(decoder, packet, data, at, padded=False):
    need(data, at + 2)
    version, kind, subtype = data[at] & 3, data[at] >> 2 & 3, data[at] >> 4
    to_ds, from_ds, protected, order = (data[at + 1] & bit for bit in (1, 2, 0x40, 0x80))
    expect(version == 0 and kind == 2 and not subtype & 4 and not protected)
    need(data, at + 24)
    expect(data[at + 22] & 15 == 0)                             # the first fragment
    size = 24
    if to_ds and from_ds:
        size = 30
        need(data, at + 30)
    destination = at + (16 if to_ds else 4)
    source = at + (10 if not from_ds else 24 if to_ds else 16)
    decoder.mac_addresses(packet, data, destination, source)
    if subtype & 8:
        need(data, at + size + 2)
        expect(not data[at + size] & 0x80)                      # A-MSDU
        size += 6 if order else 2
    if padded:
        size = -(-size // 4) * 4
    return decoder.ethertype(packet, data, BELOW_ANY_KIND, at + size)


def radiotap(decoder, packet, data, at):
    need(data, at + 8)
    size, present = little(data, at + 2, 2), [little(data, at + 4, 4)]
    expect(data[at] == 0 and size >= 8)
    while present[-1] >> 31:
        expect(len(present) < 32 and 8 + 4 * len(present) <= size)
        need(data, at + 8 + 4 * len(present))
        present.append(little(data, at + 4 + 4 * len(present), 4))
    padded = False
    if present[0] & 2:
        field = 4 + 4 * len(present)
        if present[0] & 1:
            field = -(-field // 8) * 8 + 8                      # time stamps lie at multiples of 8
        expect(field < size)
        need(data, at + field + 1)
        padded = bool(data[at + field] & 0x20)
    return wlan(decoder, packet, data, at + size, padded)


def avs(decoder, packet, data, at):
    need(data, at + 8)
    size = big(data, at + 4, 4)
    expect(big(data, at, 4) in (0x80211001, 0x80211002) and size >= 8)
    return wlan(decoder, packet, data, at + size)


def prism(decoder, packet, data, at):
    need(data, at + 8)
    if data[at:at + 3] == b'\x80\x21\x10' and data[at + 3] >> 4 == 0:
        return avs(decoder, packet, data, at)
    for read in (little, big):
        if read(data, at, 4) in (0x41, 0x44):
            size = read(data, at + 4, 4)
            expect(size >= 24)
            return wlan(decoder, packet, data, at + size)
    raise Ignore('not_ip')


def frame_relay(decoder, packet, data, at):
    begin = at
    while True:
        need(data, at + 1)
        at += 1
        if data[at - 1] & 1 or at == begin + 4:
            break
    expect(at - begin >= 2 and data[at - 1] & 1)
    need(data, at + 2)
    if data[at] != 3:                                           # Cisco
        expect(big(data, at, 2) >= 0x600)
        return decoder.ethertype(packet, data, big(data, at, 2), at + 2)
    at += 1
    if data[at] == 0:
        at += 1
        need(data, at + 1)
    protocol, at = data[at], at + 1
    if protocol in (0xCC, 0x8E):
        return {0xCC: 4, 0x8E: 6}[protocol], at
    if protocol == 0xCF:
        return decoder.ethertype(packet, data, PPP, at)
    expect(protocol == 0x80)
    need(data, at + 5)
    if data[at:at + 3] == b'\0\0\0':
        expect(big(data, at + 3, 2) >= 0x600)
        return decoder.ethertype(packet, data, big(data, at + 3, 2), at + 5)
    expect(data[at:at + 5] in (b'\x00\x80\xc2\x00\x01', b'\x00\x80\xc2\x00\x07'))
    return decoder.ethernet(packet, data, at + 5)


def juniper(decoder, packet, data, at):
    need(data, at + 4)
    expect(data[at:at + 3] == b'MGC')
    has_extensions, is_bare = data[at + 3] & 0x80, data[at + 3] & 2
    at += 4
    if has_extensions:
        need(data, at + 2)
        at += 2 + big(data, at, 2)
    if not is_bare:
        return decoder.ethernet(packet, data, at)
    at = at + 4
    need(data, at + 1)
    expect(data[at] >> 4 in (4, 6))
    return data[at] >> 4, at


def ipnet(decoder, packet, data, at):
    need(data, at + 24)
    expect(data[at] == 1 and data[at + 1] in (2, 26))
    return {2: 4, 26: 6}[data[at + 1]], at + 24


def nflog(decoder, packet, data, at, wire):
    """The attribute of the packet bounds it."""
    need(data, at + 4)
    family, version = data[at], data[at + 1]
    expect(version == 0)
    kind = {2: 0x0800, 10: 0x86DD}.get(family, 0)
    end, at = at + wire, at + 4
    for _ in range(32):
        expect(at < end)
        need(data, at + 4)
        read = little if data[at + 3] == 0 else big
        size, name = read(data, at, 2), read(data, at + 2, 2)
        expect(0 < name < 256 and size >= 4)
        if name == 9:
            packet.bound = at + size
            return decoder.ethertype(packet, data[:at + size], kind, at + 4)
        if name == 1 and kind == 0:
            need(data, at + 6)
            kind = big(data, at + 4, 2)
        at += -(-size // 4) * 4
    raise Ignore('not_ip')


def wrapped(decoder, packet, data, linktype, wire):
    """PPI and PKTAP."""
    need(data, 8)
    if linktype == 192:
        size, inner = little(data, 2, 2), little(data, 4, 4)
        expect(data[0] == 0 and size >= 8)
    else:
        size = little(data, 0, 4)
        expect(size >= 108 and little(data, 4, 4) == 1)
        need(data, 12)
        inner = little(data, 8, 4)
    need(data, size)
    expect(inner not in (192, 258))
    try:
        version, at = decoder.link_layer(packet, data[size:], inner, wire - size)
    except Ignore as ignored:
        raise Ignore('not_ip' if str(ignored) == 'unsupported_link_type' else str(ignored)) from None
    if packet.bound:
        packet.bound += size
    return version, at + size


WLAN = {105: wlan, 119: prism, 127: radiotap, 163: avs}
OTHERS = {107: frame_relay, 178: juniper, 226: ipnet}


def find(decoder, packet, data, linktype, wire):
    if linktype in (192, 258):
        return wrapped(decoder, packet, data, linktype, wire)
    if linktype == 239:
        return nflog(decoder, packet, data, 0, wire)
    read = (WLAN | OTHERS).get(linktype)
    if read is None:
        raise Ignore('unsupported_link_type')
    return read(decoder, packet, data, 0)
