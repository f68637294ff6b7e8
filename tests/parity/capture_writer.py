"""Writes captures: classic pcap in its four magics, pcapng with any resolution."""
import struct
from dataclasses import dataclass

SEC = 1_000_000_000


@dataclass(frozen=True)
class Record:
    ts: int             # ns since the epoch
    data: bytes
    wire: int           # length on the wire
    linktype: int | None = None     # pcapng: if it is not the file's
    interface: bytes | None = None  # pcapng: its name


@dataclass(frozen=True)
class Format:
    name: str = 'pcap'          # pcap | pcapng
    end: str = '<'
    resolution: int = SEC       # ticks per second
    snaplen: int = 262144
    tsoffset: int = 0           # pcapng: seconds added to every timestamp


def write_capture(path, records, linktype=1, form=Format()):
    with open(path, 'wb') as f:
        f.write(pcap(records, linktype, form) if form.name == 'pcap' else pcapng(records, linktype, form))


def pcap(records, linktype, form):
    magic = 0xA1B23C4D if form.resolution == SEC else 0xA1B2C3D4
    out = [struct.pack(form.end + 'IHHiIII', magic, 2, 4, 0, 0, form.snaplen, linktype)]
    for r in records:
        sub = r.ts % SEC if form.resolution == SEC else r.ts % SEC // 1000
        out += [struct.pack(form.end + 'IIII', r.ts // SEC % (1 << 32), sub, len(r.data), r.wire), r.data]
    return b''.join(out)


def pcapng(records, linktype, form):
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack(form.end + 'II', kind, len(body) + 12) + body + struct.pack(form.end + 'I', len(body) + 12)

    def option(code, value):
        return struct.pack(form.end + 'HH', code, len(value)) + value + bytes(-len(value) % 4)

    power = form.resolution.bit_length() - 1
    resolution = 0x80 | power if form.resolution == 1 << power else len(str(form.resolution)) - 1
    options = option(9, bytes([resolution])) + option(14, struct.pack(form.end + 'q', form.tsoffset)) + option(0, b'')
    of = [(linktype if r.linktype is None else r.linktype, r.interface) for r in records]
    interfaces = {one: number for number, one in enumerate(dict.fromkeys([(linktype, None), *of]))}     # one for each link type and name

    def named(name):
        return (b'' if name is None else option(2, name)) + options

    out = [block(0x0A0D0D0A, struct.pack(form.end + 'IHHq', 0x1A2B3C4D, 1, 0, -1)),
           *(block(1, struct.pack(form.end + 'HHI', kind, 0, form.snaplen) + named(name)) for kind, name in interfaces)]
    for r, one in zip(records, of):
        ticks = (r.ts - form.tsoffset * SEC) * form.resolution // SEC % (1 << 64)
        out.append(block(6, struct.pack(form.end + 'IIIII', interfaces[one], ticks >> 32, ticks & 0xFFFFFFFF, len(r.data), r.wire) + r.data))
    return b''.join(out)
