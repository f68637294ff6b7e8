"""Frames with each header and each tunnel that the parser opens, around a packet; the choices come from a seeded generator, so
that a run can be repeated. What is wrong with a frame is for others to add."""
import struct

MACS = b'\x02\0\0\0\0\x02\x02\0\0\0\0\x01'
IP4, IP6, FRAME, MPLS, NSH, PPP = 0x0800, 0x86DD, 0x6558, 0x8847, 0x894F, 0x880B


def be(fmt, *numbers):
    return struct.pack('>' + fmt, *numbers)


def ipv4(proto, content):
    return be('BBHHHBBH4s4s', 0x45, 0, 20 + len(content), 1, 0, 64, proto, 0, b'\n\0\0\1', b'\n\0\0\2') + content


def ipv6(proto, content):
    return be('IHBB16s16s', 6 << 28, len(content), proto, 64, b'\xfd' + bytes(14) + b'\1', b'\xfd' + bytes(14) + b'\2') + content


def udp(sport, dport, content):
    return be('HHHH', sport, dport, 8 + len(content), 0) + content


def packet(rng):
    """(EtherType, bytes)"""
    content = udp(5000, 53, bytes(rng.randrange(12)))
    return (IP4, ipv4(17, content)) if rng.random() < 0.7 else (IP6, ipv6(17, content))


def frame(kind, content):
    return MACS + be('H', kind) + content


def nsh(rng, kind, content):
    metadata, words = rng.choice(((1, 6), (2, 2), (2, 3), (2, 6)))
    return be('BBBB', rng.choice((0, 0x20)), words, metadata, next_protocol(kind)) + bytes(words * 4 - 4) + content


def next_protocol(kind):
    return {IP4: 1, IP6: 2, FRAME: 3, NSH: 4, MPLS: 5}.get(kind, 9)


def labels(rng, content):
    count = rng.choice((1, 1, 2, 3))
    return b''.join(be('I', 16 << 12 | (i == count - 1) << 8 | 64) for i in range(count)) + content


def ppp(rng, kind, content):
    proto = rng.choice((be('H', 0x21 if kind == IP4 else 0x57), be('B', 0x21 if kind == IP4 else 0x57)))
    return rng.choice((b'\xff\x03', b'')) + proto + content


def header(rng, kind, content):
    """(EtherType, bytes) of one more header around it."""
    inside = frame(kind, content)
    which = rng.randrange(14)
    if which == 0: return 0x8909, b'\1\1\0\1\0\x11' + be('H', kind) + content
    if which == 1: return 0x8909, b'\1\2' + bytes(8) + be('H', kind) + content
    if which == 2: return 0x8926, bytes(4) + be('H', kind) + content
    if which == 3: return 0x893F, bytes(6) + be('H', kind) + content
    if which == 4: return 0x8903, b'\0\x40' + inside
    if which == 5: return 0x88E7, b'\0\0\0\5' + inside
    if which == 6: return NSH, nsh(rng, *rng.choice(((kind, content), (FRAME, inside))))
    if which == 7: return MPLS, labels(rng, content if kind in (IP4, IP6) else inside)
    if which == 8: return MPLS, labels(rng, inside)
    if which == 9: return MPLS, labels(rng, bytes(2) + b'\0\7' + inside)
    if which == 10: return 0x8100, be('HH', 5, kind) + content
    if which == 11: return 0x88E5, rng.choice((b'\0\0', b'\x20\0\0\0\0\1\0\0', b'\1\0')) + bytes(4) + be('H', kind) + content
    if which == 12: return PPP, ppp(rng, kind, content)
    return FRAME, inside


def gre(rng, kind, content):
    bits, fields = 0, b''
    for bit in (0x8000, 0x2000, 0x1000):
        if rng.random() < 0.4:
            bits, fields = bits | bit, fields + b'\0\0\0\7'
    return be('HH', bits, kind) + fields + content


def capwap(rng, kind, content):
    words = rng.choice((2, 3, 4))
    if rng.random() < 0.5:
        return be('BBBB', 0, words << 3, 0, 0) + bytes(words * 4 - 4) + frame(kind, content)
    quality, ends, swapped = rng.choice((0, 0x80)), rng.choice((1, 2, 3)), rng.random() < 0.5
    control = be('BB', 8 | quality, ends)
    dot11 = (control[::-1] if swapped else control) + bytes(20) + rng.choice((b'\0\0', b'\1\x10', b'\x10\1')) + (bytes(6) if ends == 3 else b'') + (bytes(2) if quality else b'')
    return be('BBBB', 0, words << 3, 3, 0) + bytes(words * 4 - 4) + dot11 + b'\xaa\xaa\3\0\0\0' + be('H', kind) + content


def tunnel(rng, kind, content):
    """(IP protocol, bytes) around it."""
    inside, over_ip = frame(kind, content), kind in (IP4, IP6)
    either = (kind, content) if over_ip and rng.random() < 0.5 else (FRAME, inside)
    which = rng.randrange(21)
    to = lambda port, body, back=False: (17, udp(*((port, 9) if back and rng.random() < 0.5 else (9, port)), body))
    if which == 0: return 47, be('HH', 0, 0x88BE) + inside
    if which == 1: return 47, be('HHI', 0x1000, 0x88BE, 1) + be('HHI', 0x1064, rng.randrange(1024), 0) + inside
    if which == 2:
        last = rng.choice((0, 1, 2 << 10, 2 << 10 | 1))
        body = be('HHIHH', 0x2064, 7, 1, 0, last) + (bytes(8) if last & 1 else b'') + (content if last >> 10 and over_ip else inside)
        return 47, be('HHI', 0x1000, 0x22EB, 1) + body
    if which == 3: return 47, gre(rng, *rng.choice((either, (MPLS, labels(rng, inside)), (NSH, nsh(rng, *either)))))
    if which == 4: return 47, gre(rng, 0x883E, rng.choice((b'', b'\x80\1\2\3')) + content)
    if which == 5:
        body, acked = ppp(rng, kind, content), rng.random() < 0.5
        return 47, be('HHHHI', 0x3081 if acked else 0x3001, PPP, len(body), 77, 1) + (bytes(4) if acked else b'') + body
    if which == 6:
        bits = 2 | rng.choice((0, 0x0800)) | rng.choice((0, 0x0200)) | rng.choice((0, 0x4000)) | rng.choice((0, 0x0100))
        body = be('HH', 3, 4) + (bytes(4) if bits & 0x0800 else b'') + (b'\0\2zz' if bits & 0x0200 else b'') + ppp(rng, kind, content)
        return to(1701, be('H', bits) + (be('H', len(body) + 4) if bits & 0x4000 else b'') + body, True)
    if which == 7: return 115, be('I', 9) + rng.choice((b'', bytes(4), b'\x40\0\0\1')) + inside
    if which == 8: return 97, b'\x30\0' + inside
    if which == 9: return to(6635, labels(rng, content if over_ip else inside))
    if which == 10:
        named = rng.choice((0, 4)) if either[0] == FRAME else 4
        return to(4790, be('BBBBI', named | rng.choice((0, 8, 10)), 0, 0, next_protocol(either[0]) if named else 0, 5 << 8) + either[1])
    if which == 11: return to(6080, content)
    if which == 12:
        words, proto = rng.choice((0, 1, 3)), 4 if kind == IP4 else 41
        proto, body = rng.choice(((proto, content), (97, b'\x30\0' + inside), (47, gre(rng, FRAME, inside))))
        return to(6080, be('BBH', words, proto, 0) + bytes(words * 4) + body)
    if which == 13: return to(4341, be('BBBBI', rng.choice((0, 0x80, 0xC8, 0x18)), 0, 0, 0, 6 << 8) + content)
    if which == 14: return to(4341, be('BBBBI', 0x0C, 0, 0, next_protocol(either[0]), 6 << 8) + either[1])
    if which == 15: return to(5247, capwap(rng, kind, content), True)
    if which == 16: return to(4789, be('II', 8 << 24, 5 << 8) + inside)
    if which == 17: return to(6081, be('BBHI', 0, 0, either[0], 5 << 8) + either[1])
    if which == 18: return 4 if kind == IP4 else 41, content
    if which == 19: return to(3544, rng.choice((b'', bytes(8))) + (content if kind == IP6 else ipv6(17, udp(1, 2, b''))), True)
    return to(2152, be('BBHI', 0x30, 255, len(content), 5) + content, True)


def make(rng):
    """A frame of Ethernet with up to 9 headers and 4 tunnels around a packet."""
    kind, content = packet(rng)
    for _ in range(rng.choice((0, 1, 1, 1, 2, 4, 5))):
        for _ in range(rng.choice((0, 0, 0, 1))):
            kind, content = header(rng, kind, content)
        proto, body = tunnel(rng, kind, content)
        kind, content = (IP4, ipv4(proto, body)) if rng.random() < 0.7 else (IP6, ipv6(proto, body))
    for _ in range(rng.choice((0, 0, 1, 1, 2, 3, 8, 9))):
        kind, content = header(rng, kind, content)
    return frame(kind, content)
