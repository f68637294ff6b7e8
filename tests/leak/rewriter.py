"""A capture as it would be with other addresses, ports, MACs, VLAN and tunnel ids, at another time. Order and lengths of frames,
and every byte that nobody reads, stay: checksums, MPLS labels, packets quoted in ICMP errors, what lies behind a header that
cannot be read."""
from bijections import Addresses, Shuffle, TunnelIds
from capture_file import SEC, CaptureError, read_capture
from capture_writer import Format, Record, write_capture
from decode import Decoder, Ignore
from settings import DCCP, DEFAULT, SCTP, TCP, UDP, UDPLITE

# Five months, and some hours, so that neither weekday nor time of day stay. Whole seconds: tables cut times to micro-
# and milliseconds, and differences of cut times depend on the part below the second.
SHIFT_S = 151 * 86400 + 5 * 3600 + 1234
FARTHEST_NS = 1 << 62                                           # beyond is `bad_timestamp`


class Places(Decoder):
    """Walks a frame like the oracle, through tunnels, and notes where what must change lies: (what, offset, bytes)."""
    def __init__(self):
        super().__init__(DEFAULT)

    def of(self, frame):
        self.found = []
        try:
            self.decode(frame)
        except (Ignore, IndexError):
            pass                                                # what was read up to there changes all the same
        return self.found

    def mac_addresses(self, packet, data, destination, source):
        self.found += [('mac', destination, 6), ('mac', source, 6)]
        super().mac_addresses(packet, data, destination, source)

    def tag(self, packet, data, at):
        self.found.append(('vlan', at, 2))
        super().tag(packet, data, at)

    def ipv4(self, packet, data, at, wire):
        if len(data) >= at + 20:
            self.found += [('address', at + 12, 4), ('address', at + 16, 4)]
        return super().ipv4(packet, data, at, wire)

    def ipv6(self, packet, data, at, wire):
        if len(data) >= at + 40:
            self.found += [('address', at + 8, 16), ('address', at + 24, 16)]
        return super().ipv6(packet, data, at, wire)

    def transport(self, packet, data, at):
        super().transport(packet, data, at)
        if packet.proto in (TCP, UDP, SCTP, UDPLITE, DCCP):
            self.found += [(packet.proto, at, 2), (packet.proto, at + 2, 2)]

    def identify(self, inner, number, at, size):
        super().identify(inner, number, at, size)
        self.found.append(('session' if inner.tunnel_type == 'erspan' else 'tunnel', at, size))


class Rewriter:
    def __init__(self, ports):
        self.places, self.addresses, self.ports = Places(), Addresses(), ports
        self.mac, self.vlan, self.tunnel_id = Shuffle(1 << 48), Shuffle((1 << 12) - 1), TunnelIds()

    def changed(self, what, old):
        value = int.from_bytes(old, 'big')
        if what == 'address':
            return self.addresses(old)
        if what == 'vlan':                                      # the priority bits stay, and id 0, which is no VLAN
            vlan = value & 0xFFF
            return (value & 0xF000 | (self.vlan(vlan - 1) + 1 if vlan else 0)).to_bytes(2, 'big')
        if what == 'mac':
            return self.mac(value).to_bytes(6, 'big')
        if what == 'tunnel':
            return self.tunnel_id(value).to_bytes(len(old), 'big')
        if what == 'session':                                   # 10 bits of ERSPAN's
            return (value & 0xFC00 | self.tunnel_id(value & 0x3FF)).to_bytes(2, 'big')
        return self.ports(value, what).to_bytes(2, 'big')

    def frame(self, frame):
        data = bytearray(frame.data)
        for what, at, size in self.places.of(frame):
            data[at:at + size] = self.changed(what, frame.data[at:at + size])
        return bytes(data)

    def capture(self, path, to):
        """Writes it; the shift in ns, or None if there is not one frame to read."""
        frames = []
        try:
            frames.extend(read_capture(path))
        except CaptureError:
            pass                                                # the frames before it count
        if not frames:
            return None
        inside = [frame.ts for frame in frames if abs(frame.ts) < FARTHEST_NS]
        # Forward, unless that leaves what is read; what is out of bounds stays so.
        shift = SHIFT_S * SEC if max(inside, default=0) + SHIFT_S * SEC < FARTHEST_NS else -SHIFT_S * SEC
        records = [Record(frame.ts + (shift if abs(frame.ts) < FARTHEST_NS else 0), self.frame(frame), frame.wire_len,
                          frame.linktype) for frame in frames]
        # pcapng holds every time; its offset is what lets it go below 1970.
        first = min(record.ts for record in records) // SEC
        write_capture(to, records, frames[0].linktype, Format('pcapng', tsoffset=min(0, first)))
        return shift
