"""Bytes of protocol headers. No checksums: nobody reads them. What a header says of itself can be made to lie."""
import struct

IP4, IP6 = 0x0800, 0x86DD
MAC_A, MAC_B = bytes.fromhex('02000000000a'), bytes.fromhex('02000000000b')


def ethernet(kind, payload, src=MAC_A, dst=MAC_B):
    return dst + src + struct.pack('>H', kind) + payload


def tag(kind, payload, vid, priority=0):
    """What follows a tag's own EtherType."""
    return struct.pack('>HH', priority << 13 | vid, kind) + payload


def mpls(payload, labels=(16,)):
    stack = b''.join(struct.pack('>I', label << 12 | (i == len(labels) - 1) << 8 | 64) for i, label in enumerate(labels))
    return stack + payload


def pppoe(payload, proto):
    return struct.pack('>BBHHH', 0x11, 0, 1, len(payload) + 2, proto) + payload


def ipv4(src, dst, proto, payload, ident=0, offset=0, more=False, options=b'', total=None, ihl=None, version=4):
    header = 5 + len(options) // 4
    length = header * 4 + len(payload) if total is None else total
    return struct.pack('>BBHHHBBH4s4s', version << 4 | (header if ihl is None else ihl), 0, length & 0xFFFF, ident,
                       more << 13 | offset // 8, 64, proto, 0, src, dst) + options + payload


def ipv6(src, dst, proto, payload, length=None, version=6):
    return struct.pack('>IHBB16s16s', version << 28, (len(payload) if length is None else length) & 0xFFFF, proto, 64,
                       src, dst) + payload


def extension(proto, payload, units=0, body=None):
    """Hop-by-hop, routing, destination options: 8 + 8 * units bytes."""
    body = b'\x01' + bytes([4 + 8 * units]) + bytes(4 + 8 * units) if body is None else body
    return struct.pack('>BB', proto, units) + body + payload


def authentication(proto, payload):
    return struct.pack('>BBHII', proto, 4, 0, 1, 1) + bytes(12) + payload


def fragment6(proto, payload, ident, offset, more):
    return struct.pack('>BBHI', proto, 0, offset & 0xFFF8 | more, ident) + payload


def tcp(sport, dport, seq, ack, flags, window=1000, payload=b'', options=b'', offset=None):
    words = 5 + len(options) // 4 if offset is None else offset
    return struct.pack('>HHIIBBHHH', sport, dport, seq % (1 << 32), ack % (1 << 32), words << 4, flags, window, 0, 0) + options + payload


def udp(sport, dport, payload=b'', length=None):
    return struct.pack('>HHHH', sport, dport, 8 + len(payload) if length is None else length, 0) + payload


def udplite(sport, dport, payload=b'', coverage=0):
    return struct.pack('>HHHH', sport, dport, coverage, 0) + payload


def dccp(sport, dport, payload=b'', words=4, offset=None):
    """With 24-bit sequence numbers 3 words are enough."""
    return struct.pack('>HHBBHI', sport, dport, words if offset is None else offset, 0, 0, 0) + bytes(words * 4 - 12) + payload


def icmp(kind, code, payload=b''):
    return struct.pack('>BBHI', kind, code, 0, 0) + payload


def sctp(sport, dport, payload=b'', tag=1):
    return struct.pack('>HHII', sport, dport, tag, 0) + payload


def chunk(kind, body=b'', size=None):
    """Of SCTP, padded to 4 bytes."""
    return struct.pack('>BBH', kind, 0, 4 + len(body) if size is None else size) + body + bytes(-len(body) % 4)


def gre(kind, payload, key=None, checksum=False, sequence=False, version=0):
    bits = checksum << 15 | (key is not None) << 13 | sequence << 12 | version
    return (struct.pack('>HH', bits, kind) + (bytes(4) if checksum else b'') +
            (b'' if key is None else struct.pack('>I', key)) + (bytes(4) if sequence else b'') + payload)


def vxlan(vni, frame):
    return struct.pack('>II', 8 << 24, vni << 8) + frame


def geneve(vni, kind, payload, options=b''):
    return struct.pack('>BBHI', len(options) // 4, 0, kind, vni << 8) + options + payload


def gtpu(teid, payload, sequence=False, extensions=(), kind=255):
    flags = 0x30 | (2 if sequence else 0) | (4 if extensions else 0)
    middle = b''
    if flags & 7:
        middle = struct.pack('>HBB', 1, 0, 0x85 if extensions else 0)
        for i, _ in enumerate(extensions):
            middle += b'\x01\x00\x00' + (b'\x85' if i + 1 < len(extensions) else b'\x00')
    return struct.pack('>BBHI', flags, kind, len(middle) + len(payload), teid) + middle + payload


def cisco_metadata(kind, payload, words=1, version=1):
    return struct.pack('>BB', version, words) + bytes(4 * words) + struct.pack('>H', kind) + payload


def vn_tag(kind, payload):
    return bytes(4) + struct.pack('>H', kind) + payload


def e_tag(kind, payload):
    return bytes(6) + struct.pack('>H', kind) + payload


def fabric_path(frame):
    return struct.pack('>H', 64) + frame


def nsh(following, payload, metadata=1, words=6, version=0):
    return struct.pack('>HBBI', version << 14 | words, metadata, following, 0) + bytes(max(0, 4 * words - 8)) + payload


def i_tag(frame, flags=0):
    return struct.pack('>I', flags << 24 | 7) + frame


def macsec(kind, payload, tci=0):
    return struct.pack('>BBI', tci, 0, 1) + (bytes(8) if tci & 0x20 else b'') + struct.pack('>H', kind) + payload


def ppp(proto, payload, framed=True, short=False):
    return (b'\xff\x03' if framed else b'') + (bytes([proto]) if short else struct.pack('>H', proto)) + payload


def erspan(kind, frame, session, version=None, frame_type=0):
    """Of type I (no header of its own), II or III."""
    if kind == 1:
        return frame
    head = struct.pack('>HHI', ({2: 1, 3: 2}[kind] if version is None else version) << 12 | 100, session, 0)
    return head + (struct.pack('>HH', 0, frame_type << 10) if kind == 3 else b'') + frame


def pptp(call, payload, ack=False, length=None, flags=0x3001):
    return (struct.pack('>HHHHI', flags | ack << 7, 0x880B, len(payload) if length is None else length, call, 1)
            + (bytes(4) if ack else b'') + payload)


def etherip(frame, version=0x3000):
    return struct.pack('>H', version) + frame


def l2tp(tunnel, session, payload, length=False, sequence=False, offset=None, flags=2):
    bits = flags | length << 14 | sequence << 11 | (offset is not None) << 9
    rest = (struct.pack('>HH', tunnel, session) + (bytes(4) if sequence else b'')
            + (b'' if offset is None else struct.pack('>H', offset) + bytes(offset)) + payload)
    return struct.pack('>H', bits) + (struct.pack('>H', len(rest) + 4) if length else b'') + rest


def l2tpv3(session, frame, cookie=b''):
    return struct.pack('>I', session) + cookie + frame


def vxlan_gpe(vni, following, payload, flags=0x0C):
    return struct.pack('>BHBI', flags, 0, following, vni << 8) + payload


def gue(proto, payload, words=0, control=False, version=0):
    return struct.pack('>BBH', version << 6 | control << 5 | words, proto, 0) + bytes(4 * words) + payload


def lisp(instance, payload, flags=0x08):
    return struct.pack('>BHBI', flags, 0, 0, instance << 8) + payload


def wifi(kind, payload, control=b'\x08\x01'):
    """IEEE 802.11 data."""
    addresses = MAC_A + MAC_B + MAC_A
    return control + bytes(2) + addresses + bytes(2) + b'\xaa\xaa\x03\0\0\0' + struct.pack('>H', kind) + payload


def capwap(payload, words=2, binding=1, flags=0):
    """`flags`: of the header's 24 bits behind preamble, length, radio and binding (RFC 5415, 4.3): T is 0x100."""
    return struct.pack('>II', words << 19 | binding << 9 | flags, 0) + bytes(max(0, 4 * words - 8)) + payload


def teredo(payload, authentication_bytes=False, origin=False):
    return (b'\x00\x01\x00\x00' + bytes(9) if authentication_bytes else b'') + (bytes(8) if origin else b'') + payload
