"""Capture files: classic pcap in all its magics as libpcap reads it, pcapng as docs/semantics.md has it (section 1, "Files");
gzip and zstd around them."""
import gzip
import struct
import subprocess
from dataclasses import dataclass

SEC = 1_000_000_000

class CaptureError(Exception):
    """The file cannot be read (further): message, packet number, offset."""
    def __init__(self, message, number=0, offset=0):
        super().__init__(message)
        self.number, self.offset = number, offset


@dataclass
class Frame:
    number: int
    ts: int          # ns since the epoch
    wire_len: int
    data: bytes
    linktype: int    # libpcap's DLT
    interface: int = 0    # in its section of a pcapng file
    interface_name: str = ''    # '': it has none
    untimed: bool = False    # of a simple packet block


MAX_SNAP = 262144
MAX_BLOCK = 16 << 20
MAX_INTERFACES = 1 << 20
ZEROS_AHEAD = 65536
CLASSIC_MAGICS = {b'\xd4\xc3\xb2\xa1': ('<', 1000, 16), b'\xa1\xb2\xc3\xd4': ('>', 1000, 16),
                  b'\x4d\x3c\xb2\xa1': ('<', 1, 16), b'\xa1\xb2\x3c\x4d': ('>', 1, 16),
                  b'\x34\xcd\xb2\xa1': ('<', 1000, 24), b'\xa1\xb2\xcd\x34': ('>', 1000, 24)}
SECTION = b'\x0a\x0d\x0d\x0a'
BYTE_ORDERS = {b'\x4d\x3c\x2b\x1a': '<', b'\x1a\x2b\x3c\x4d': '>'}
# Numbers of link types in files that are other ones in libpcap's API.
DLT = {100: 11, 101: 12, 102: 15, 103: 16, 106: 19}


def read_capture(path):
    """Yields frames; raises CaptureError where the file ends too early or cannot be read."""
    with open(path, 'rb') as f:
        data = unpacked(f.read())
    if len(data) < 4:
        raise CaptureError('truncated file header')
    if data[:4] == SECTION:
        yield from read_pcapng(data)
    else:
        yield from read_pcap(data)


def unpacked(data):
    """The bytes inside gzip or zstd."""
    if data[:2] == b'\x1f\x8b':
        return gzip.decompress(data)
    if data[:4] == b'\x28\xb5\x2f\xfd':
        return subprocess.run(['zstd', '-dc'], input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


def read_pcap(data):
    if data[:4] not in CLASSIC_MAGICS:
        raise CaptureError('unknown file format')
    end, unit, record_header = CLASSIC_MAGICS[data[:4]]
    if len(data) < 24:
        raise CaptureError('truncated file header')
    major, minor, _, _, snaplen, linktype = struct.unpack_from(end + 'HHIIII', data, 4)
    if major < 2:
        raise CaptureError('archaic pcap savefile format')
    if not ((major == 2 and minor <= 4) or (major == 543 and minor == 0)):
        raise CaptureError(f'unsupported pcap savefile version {major}.{minor}')
    linktype &= 0x03FFFFFF
    if snaplen == 0 or snaplen > 0x7FFFFFFF:
        snaplen = MAX_SNAP
    offset, number = 24, 0
    while offset < len(data):
        number += 1
        if offset + record_header > len(data):
            raise CaptureError('truncated packet header', number, offset)
        if begins_a_capture(data[offset:offset + 24]):
            raise CaptureError('another capture begins', number, offset)
        sec, sub, caplen, wire = struct.unpack_from(end + 'IIII', data, offset)
        if caplen == 0 and not any(data[offset:offset + ZEROS_AHEAD]):
            raise CaptureError('only zeros follow', number, offset)
        if (major, minor) < (2, 3) or ((major, minor) == (2, 3) and caplen > wire):
            caplen, wire = wire, caplen
        if caplen > MAX_SNAP:
            raise CaptureError(f'invalid packet capture length {caplen}', number, offset)
        start = offset + record_header
        if start + caplen > len(data):
            raise CaptureError('truncated packet data', number, offset)
        yield Frame(number, sec * SEC + sub * unit, wire, data[start:start + min(caplen, snaplen)], DLT.get(linktype, linktype))
        offset = start + caplen


def begins_a_capture(header):
    """Whether these 24 bytes are a header: of a classic file of version 2.4, or of a pcapng section."""
    if len(header) < 24:
        return False
    if header[:4] == SECTION:
        return header[8:12] in BYTE_ORDERS
    if header[:4] not in CLASSIC_MAGICS:
        return False
    return struct.unpack_from(CLASSIC_MAGICS[header[:4]][0] + 'HHII', header, 4) == (2, 4, 0, 0)


@dataclass
class Interface:
    linktype: int
    snaplen: int
    per_second: int = 10 ** 6
    offset: int = 0    # seconds
    name: str = ''

    def ns(self, ticks):
        """Rounded down. An integer of any size: the range is the caller's matter."""
        return ticks * SEC // self.per_second + self.offset * SEC


def read_pcapng(data):
    """Walks the blocks. Only sections, interfaces and packets are looked into; every block must be whole, and as long at its end
    as at its begin."""
    offset, number, end, interfaces, last = 0, 0, None, [], 0
    while offset < len(data):
        def bad(why):
            return CaptureError(why, number + 1, offset)
        if offset + 12 > len(data):
            raise bad('truncated block header')
        is_section = data[offset:offset + 4] == SECTION
        if is_section:
            end = BYTE_ORDERS.get(data[offset + 8:offset + 12])
            if end is None:
                raise bad('bad byte-order magic')
        kind, total = struct.unpack_from(end + 'II', data, offset)
        if total % 4 or total < 12 or not is_section and begins_a_capture(data[offset:offset + 24]):
            raise bad('invalid block')
        if kind in (1, 2, 3, 6) or is_section:
            if total > MAX_BLOCK:
                raise bad('block too long')
        if offset + total > len(data):
            raise bad('truncated block')
        if struct.unpack_from(end + 'I', data, offset + total - 4)[0] != total:
            raise bad('the two lengths of the block differ')
        body = data[offset + 8:offset + total - 4]
        try:
            if is_section:
                if struct.unpack_from(end + 'HH', body, 4) not in ((1, 0), (1, 2)) or len(body) < 16:
                    raise bad('unknown version')
                interfaces = []
            elif kind == 1:
                if len(interfaces) == MAX_INTERFACES:
                    raise bad('too many interfaces')
                interfaces.append(read_interface(body, end))
            elif kind in (2, 3, 6):
                which, ticks, data_of, wire = read_packet(kind, body, end, interfaces)
                if ticks is None:
                    ts = last
                else:
                    ts = interfaces[which].ns(ticks)
                    if -(1 << 62) <= ts < 1 << 62:
                        last = ts
                number += 1
                yield Frame(number, ts, wire, data_of, interfaces[which].linktype, which, interfaces[which].name, ticks is None)
        except (struct.error, IndexError):
            raise bad('block too short, or of an unknown interface') from None
        offset += total


def read_packet(kind, body, end, interfaces):
    """(interface, ticks or None, frame, bytes on the wire). IndexError: no such interface; struct.error: no room."""
    if kind == 3:
        which, ticks, start = 0, None, 4
        wire, = struct.unpack_from(end + 'I', body)
        captured = min(wire, interfaces[0].snaplen or wire)
    else:
        which, high, low, captured, wire = struct.unpack_from(end + ('IIIII' if kind == 6 else 'HxxIIII'), body)
        ticks, start = high << 32 | low, 20
    interfaces[which]
    if start + captured > len(body):
        raise struct.error
    return which, ticks, body[start:start + captured], wire


def name_in(value):
    """Up to a NUL; '' where it is longer than 255 bytes, or not UTF-8."""
    name = value.split(b'\0')[0]
    try:
        return name.decode() if len(name) <= 255 else ''
    except UnicodeDecodeError:
        return ''


def read_interface(body, end):
    """The fixed part, then if_name, if_tsresol and if_tsoffset of the options; a list that overruns is an error, and so is a second of
    either, a length that is not theirs, or a resolution finer than 10^-19 or 2^-63."""
    linktype, snaplen = struct.unpack_from(end + 'HxxI', body)
    interface = Interface(DLT.get(linktype, linktype), snaplen)
    seen, pos = set(), 8
    while pos < len(body):
        code, length = struct.unpack_from(end + 'HH', body, pos)
        value, pos = body[pos + 4:pos + 4 + length], pos + 4 + (length + 3) // 4 * 4
        if pos > len(body):
            raise struct.error
        if code == 0:
            break
        if code == 2 and not interface.name:
            interface.name = name_in(value)
        if code not in (9, 14):
            continue
        if code in seen or length != {9: 1, 14: 8}[code]:
            raise struct.error
        seen.add(code)
        if code == 14:
            interface.offset, = struct.unpack(end + 'q', value)
        elif value[0] & 0x7F > (63 if value[0] & 0x80 else 19):
            raise struct.error
        else:
            interface.per_second = 2 ** (value[0] & 0x7F) if value[0] & 0x80 else 10 ** value[0]
    return interface
