"""Seeded frames of the link types that few public captures have, well-formed or with some bytes changed."""
import struct

import frames as f

A, B = bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2))
A6, B6 = bytes(15) + b'\x01', bytes(15) + b'\x02'


class LinkFrames:
    def __init__(self, rng):
        self.rng = rng
        self.simple = {1: self.ethernet, 101: lambda p: p, 0: self.null, 105: self.wlan, 107: self.frame_relay, 119: self.prism,
                       127: self.radiotap, 163: self.avs, 178: self.juniper, 226: self.ipnet, 239: self.nflog}
        self.all = self.simple | {192: self.ppi, 258: self.pktap}

    def packet(self):
        rng = self.rng
        if rng.random() < 0.6:
            return f.ipv4(A, B, 17, f.udp(1, 2, bytes(9), length=rng.choice((None, None, 0, 7, 8, 12, 99))))
        return f.ipv6(A6, B6, 132, f.sctp(1, 2, f.chunk(rng.choice((0, 1, 6, 14)), bytes(8))))

    @staticmethod
    def kind(packet): return struct.pack('>H', f.IP4 if packet[0] >> 4 == 4 else f.IP6)
    def ethernet(self, packet): return bytes(12) + self.kind(packet) + packet
    def null(self, packet): return (2 if packet[0] >> 4 == 4 else 30).to_bytes(4, 'big') + packet
    def snap(self, packet): return b'\xaa\xaa\x03\0\0\0' + self.kind(packet) + packet

    def wlan(self, packet):
        rng = self.rng
        control, flags = rng.choice((0x08, 0x88, 0x88, 0x48, 0x80, 0x18)), rng.choice((0, 1, 2, 3, 0x83, 0x81, 0x41, 5))
        header = bytes((control, flags, 0, 0)) + bytes(range(18)) + bytes((rng.choice((0, 0, 0, 1)), 0))
        header += bytes(range(6)) if flags & 3 == 3 else b''
        if control & 0x80:
            header += bytes(6 if flags & 0x80 else 2)
        return header + (bytes(-len(header) % 4) if rng.random() < 0.2 else b'') + self.snap(packet)

    def radiotap(self, packet):
        rng = self.rng
        words = rng.choice((1, 1, 2, 3))
        present = b''.join(struct.pack('<I', (i + 1 < words) << 31 | rng.randrange(4)) for i in range(words))
        fields = bytes(rng.choice((0, 0x20, 0x10)) for _ in range(rng.choice((0, 1, 9, 17, 20))))
        return b'\0\0' + struct.pack('<H', 4 + len(present + fields)) + present + fields + self.wlan(packet)

    def avs(self, packet): return struct.pack('>II', 0x80211001, 64) + bytes(56) + self.wlan(packet)

    def prism(self, packet):
        if self.rng.random() < 0.3:
            return self.avs(packet)
        return struct.pack(self.rng.choice('<>') + 'II', 0x44, 24) + bytes(16) + self.wlan(packet)

    def frame_relay(self, packet):
        rng, is4 = self.rng, packet[0] >> 4 == 4
        address = rng.choice((b'\x18\x41', b'\x18\x40\x01', b'\x18\x40\x00\x01', b'\x18\x40\0\0'))
        return address + rng.choice((
            b'\x03\xcc' if is4 else b'\x03\x8e', b'\x03\0\x80\0\0\0' + self.kind(packet), self.kind(packet),
            b'\x03\xcf\x00' + (b'\x21' if is4 else b'\x57'), b'\x03\x80\0\x80\xc2\0\x07' + bytes(12) + self.kind(packet))) + packet

    def juniper(self, packet):
        flags, extensions = self.rng.choice((0, 1, 0x80, 2, 0x82)), bytes(self.rng.choice((0, 4, 9)))
        header = b'MGC' + bytes((flags,)) + (struct.pack('>H', len(extensions)) + extensions if flags & 0x80 else b'')
        return header + (bytes(4) + packet if flags & 2 else self.ethernet(packet))

    def ipnet(self, packet): return bytes((1, 2 if packet[0] >> 4 == 4 else 26)) + bytes(22) + packet

    def nflog(self, packet):
        rng = self.rng
        end = rng.choice('<>')
        attribute = lambda kind, body: struct.pack(end + 'HH', len(body) + 4, kind) + body + bytes(-len(body) % 4)
        family = rng.choice((2, 10, 7, 2 if packet[0] >> 4 == 4 else 10))
        return (bytes((family, 0, 0, 0)) + (attribute(1, self.kind(packet) + b'\0\0') if rng.random() < 0.5 else b'')
                + attribute(9, packet) + rng.choice((b'', bytes(4), attribute(3, bytes(4)))))

    def ppi(self, packet):
        inner, fields = self.rng.choice([*self.simple, 147, 258]), bytes(self.rng.choice((0, 0, 8)))
        return b'\0\0' + struct.pack('<HI', 8 + len(fields), inner) + fields + self.simple.get(inner, self.ethernet)(packet)

    def pktap(self, packet):
        inner = self.rng.choice([*self.simple, 192])
        return struct.pack('<III', 108, 1, inner) + bytes(96) + self.simple.get(inner, self.ethernet)(packet)

    def frame(self):
        """(link type, bytes, wire bytes)"""
        rng = self.rng
        linktype = rng.choice(list(self.all))
        data = bytearray(self.all[linktype](self.packet()) + bytes(rng.choice((0, 0, 0, 4))))
        wire = len(data)
        if rng.random() < 0.3:
            data = data[:rng.randrange(len(data) + 1)]
        if data and rng.random() < 0.5:
            for _ in range(rng.choice((1, 1, 2))):
                data[rng.randrange(min(len(data), 60))] = rng.choice((0, 1, 2, 3, 8, 9, 0x80, 0xFF, rng.randrange(256)))
        return linktype, bytes(data), wire if rng.random() < 0.9 else rng.choice((0, 20, len(data), 70000))
