"""The traffic of a small office for the picture of the view: always the same packets, of addresses for documentation (RFC 5737, RFC 3849)."""
import ipaddress
import math
import pathlib
import random
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'parity'))
from capture_writer import SEC, Format, Record, write_capture  # noqa: E402

START = 1_700_000_000 * SEC
TCP, UDP = 6, 17
# client, server, protocol, port, packets a second, bytes of a packet from the server; how fast and how far its rate
# swings; packets of a flow
TALKS = [('192.0.2.10', '198.51.100.20', TCP, 443, 420, 1440, 7, 0.8, 400), ('192.0.2.11', '198.51.100.7', UDP, 443, 300, 1240, 11, 0.6, 600),
         ('192.0.2.12', '203.0.113.5', TCP, 22, 60, 220, 3, 0.4, 5000), ('192.0.2.10', '203.0.113.80', TCP, 80, 110, 1100, 5, 0.9, 60),
         ('192.0.2.14', '192.0.2.2', TCP, 5432, 90, 640, 4, 0.5, 900), ('192.0.2.15', '198.51.100.25', TCP, 993, 35, 820, 6, 0.7, 150),
         ('192.0.2.17', '203.0.113.61', UDP, 3478, 100, 180, 9, 0.2, 3000)] + [
             (f'2001:db8:1::{host:x}', '2001:db8:9::53', UDP, 53, 6, 130, 2, 0.5, 2) for host in range(16, 24)]
FROM_CLIENT = 90                                        # bytes of a packet
ALL = 100_000                                           # each packet acknowledges all that the other side has sent


def ip_packet(source, target, protocol, ports, payload, flags):
    source, target = ipaddress.ip_address(source), ipaddress.ip_address(target)
    if protocol == TCP:
        layer = struct.pack('>HHIIBBHHH', *ports, 0, ALL, 0x50, flags, 64_000, 0, 0) + bytes(payload)
    else:
        layer = struct.pack('>HHHH', *ports, 8 + payload, 0) + bytes(payload)
    if source.version == 4:
        head = struct.pack('>BBHHHBBH4s4s', 0x45, 0, 20 + len(layer), 0, 0x4000, 64, protocol, 0, source.packed, target.packed)
        return b'\x08\x00' + head + layer
    return b'\x86\xdd' + struct.pack('>IHBB16s16s', 0x60000000, len(layer), protocol, 64, source.packed, target.packed) + layer


def frames(seconds):
    chance = random.Random(1)
    for number, (client, server, protocol, port, rate, size, swing, depth, of_flow) in enumerate(TALKS):
        at, sent = chance.random() / rate, 0
        while at < seconds:
            of, place = divmod(sent, of_flow)
            ports, left = (30_000 + (97 * number + of) % 30_000, port), of_flow - place
            from_server = place % 2 == 1 or (size > 1000 and place % 5 > 1)
            if protocol == TCP and left <= 3:           # FIN, FIN, ACK
                from_server = left != 2
            flags = 0x02 if place == 0 else 0x12 if place == 1 else 0x11 if left in (2, 3) else 0x10
            ends = (server, client, protocol, ports[::-1], size - 54) if from_server else (client, server, protocol, ports, FROM_CLIENT - 54)
            macs = b'\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01'
            data = (macs[6:] + macs[:6] if from_server else macs) + ip_packet(*ends, flags)
            yield Record(START + int(at * SEC), data, len(data))
            sent += 1
            at += chance.uniform(0.5, 1.5) / (rate * (1 + depth * math.sin(at / swing * 2 * math.pi)))


def write(path, seconds):
    write_capture(path, sorted(frames(seconds), key=lambda record: record.ts), form=Format())
