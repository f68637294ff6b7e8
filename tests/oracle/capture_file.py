"""Capture files as libpcap reads them: classic pcap in all its magics, pcapng; gzip and zstd around them."""
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
    linktype: int


MAX_SNAP = 262144


def read_capture(path):
    """Yields frames; raises CaptureError where the file ends too early or cannot be read."""
    with open(path, 'rb') as f:
        data = unpacked(f.read())
    if len(data) < 4:
        raise CaptureError('truncated file header')
    if data[:4] == b'\x0a\x0d\x0d\x0a':
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
    magics = {b'\xd4\xc3\xb2\xa1': ('<', 1000, 16), b'\xa1\xb2\xc3\xd4': ('>', 1000, 16),
              b'\x4d\x3c\xb2\xa1': ('<', 1, 16), b'\xa1\xb2\x3c\x4d': ('>', 1, 16),
              b'\x34\xcd\xb2\xa1': ('<', 1000, 24), b'\xa1\xb2\xcd\x34': ('>', 1000, 24)}
    if data[:4] not in magics:
        raise CaptureError('unknown file format')
    end, unit, record_header = magics[data[:4]]
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
        sec, sub, caplen, wire = struct.unpack_from(end + 'IIII', data, offset)
        if (major, minor) < (2, 3) or ((major, minor) == (2, 3) and caplen > wire):
            caplen, wire = wire, caplen
        if caplen > MAX_SNAP:
            raise CaptureError(f'invalid packet capture length {caplen}', number, offset)
        start = offset + record_header
        if start + caplen > len(data):
            raise CaptureError('truncated packet data', number, offset)
        yield Frame(number, sec * SEC + sub * unit, wire, data[start:start + min(caplen, snaplen)], linktype)
        offset = start + caplen


def read_pcapng(data):
    """Section, interface, enhanced, simple and old packet blocks. Refuses what libpcap refuses: interfaces that
    differ in link type or snap length, sections that differ in byte order."""
    offset, number, end, interfaces, first = 0, 0, None, [], None
    while offset < len(data):
        if offset + 12 > len(data):
            raise CaptureError('truncated block header', number + 1, offset)
        if data[offset:offset + 4] == b'\x0a\x0d\x0d\x0a':
            magic = data[offset + 8:offset + 12]
            this = {b'\x4d\x3c\x2b\x1a': '<', b'\x1a\x2b\x3c\x4d': '>'}.get(magic)
            if this is None:
                raise CaptureError('bad byte-order magic', number + 1, offset)
            if end is not None and this != end:
                raise CaptureError('the file has sections with different byte orders', number + 1, offset)
            end = this
        kind, total = struct.unpack_from(end + 'II', data, offset)
        if total < 12 or total % 4 or offset + total > len(data):
            raise CaptureError('truncated or invalid block', number + 1, offset)
        # libpcap takes the first section header's word for it.
        if offset and struct.unpack_from(end + 'I', data, offset + total - 4)[0] != total:
            raise CaptureError("block total length in header and trailer don't match", number + 1, offset)
        body = data[offset + 8:offset + total - 4]
        try:
            packet = None
            if kind == 0x0A0D0D0A:
                major, minor = struct.unpack_from(end + 'HH', body, 4)
                if major != 1 or minor not in (0, 2):
                    raise CaptureError(f'unsupported pcapng savefile version {major}.{minor}', number + 1, offset)
                interfaces = []
            elif kind == 1:
                linktype, _, snap = struct.unpack_from(end + 'HHI', body, 0)
                if first is None:
                    first = (linktype, snap)
                elif first != (linktype, snap):
                    raise CaptureError('an interface differs in link type or snap length from the first', number + 1, offset)
                interfaces.append((linktype, snap) + interface_time(body[8:], end))
            elif kind == 6:
                iface, high, low, caplen, wire = struct.unpack_from(end + 'IIIII', body, 0)
                packet = (iface, (high << 32) | low, caplen, wire, 20)
            elif kind == 2:
                iface, _, high, low, caplen, wire = struct.unpack_from(end + 'HHIIII', body, 0)
                packet = (iface, (high << 32) | low, caplen, wire, 20)
            elif kind == 3:
                wire, = struct.unpack_from(end + 'I', body, 0)
                snap = interfaces[0][1] if interfaces else 0
                packet = (0, 0, min(wire, snap or MAX_SNAP, len(body) - 4), wire, 4)
        except struct.error:
            raise CaptureError('block too short', number + 1, offset) from None
        if packet:
            iface, ticks, caplen, wire, start = packet
            number += 1
            if iface >= len(interfaces):
                raise CaptureError('packet of an unknown interface', number, offset)
            linktype, snap, per_sec, shift = interfaces[iface]
            if start + caplen > len(body) or caplen > (snap if 0 < snap <= 0x7FFFFFFF else MAX_SNAP):
                raise CaptureError(f'invalid packet capture length {caplen}', number, offset)
            ts = (ticks // per_sec + shift) * SEC + ticks % per_sec * SEC // per_sec   # ticks finer than 1 ns are cut
            yield Frame(number, ts, wire, body[start:start + caplen], linktype)
        offset += total


def interface_time(options, end):
    """(ticks per second, offset in seconds) from if_tsresol and if_tsoffset; a list that overruns is an error."""
    per_sec, shift, pos = 1_000_000, 0, 0
    while pos < len(options):
        code, length = struct.unpack_from(end + 'HH', options, pos)
        value, pos = options[pos + 4:pos + 4 + length], pos + 4 + (length + 3) // 4 * 4
        if pos > len(options):
            raise struct.error
        if code == 0:
            break
        if code == 9:
            resolution, = struct.unpack('B', value)
            if resolution & 0x7F > (63 if resolution & 0x80 else 19):
                raise struct.error
            per_sec = 2 ** (resolution & 0x7F) if resolution & 0x80 else 10 ** resolution
        if code == 14:
            shift, = struct.unpack(end + 'q', value)
    return per_sec, shift
