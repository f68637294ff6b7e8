"""Results of other tools, one list of flows per file: nDPI's ndpiReader, NFStream, ipfixprobe, Arkime. What they say is kept in
their units; texts of addresses as ours."""
import csv
import datetime
import ipaddress
import json
import re
from dataclasses import dataclass, field

PROTOCOLS = {'TCP': 6, 'UDP': 17, 'ICMP': 1, 'ICMPV6': 58, 'IGMP': 2, 'SCTP': 132, 'VRRP': 112, 'OSPF': 89, 'GRE': 47, 'ESP': 50, 'EGP': 8}


@dataclass
class Theirs:
    """A flow. Without endpoints (NFStream) packets and bytes are of both directions."""
    packets: tuple
    bytes: tuple
    src: tuple = None               # (address, port)
    dst: tuple = None
    proto: int = None
    facts: dict = field(default_factory=dict)

    @property
    def key(self):
        return frozenset((self.src, self.dst)), self.proto


NDPI_LINE = re.compile(r'\s+\d+\s+(\S+) \[?([0-9a-f.:]+?)\]?:(\d+) <?-> \[?([0-9a-f.:]+?)\]?:(\d+) .*?'
                       r'\[(\d+) pkts/(\d+) bytes <?-> (\d+) pkts/(\d+) bytes\](.*)')
NDPI_STATISTICS = {name: re.compile(r'\[' + re.escape(label) + r' c2s/s2c min/avg/max/stddev: ' + ' '.join([r'(\d+)/(\d+)'] * 4) + r'\]')
                   for name, label in (('iat_ms', 'IAT'), ('frame_length', 'Pkt Len'))}


def ndpi_address(text):
    """ndpiReader writes :: for every single zero group; None if that leaves no address."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def ndpi(path):
    flows = []
    for line in path.read_text(errors='replace').splitlines():
        if ' pkts/' not in line or 'pkts/flow' in line:
            continue
        protocol, a, sport, b, dport, *numbers, rest = NDPI_LINE.match(line).groups()
        packets, size = (int(numbers[0]), int(numbers[2])), (int(numbers[1]), int(numbers[3]))
        facts = {}
        for name, pattern in NDPI_STATISTICS.items():
            found = pattern.search(rest)
            if found:                                           # by direction: min, avg, max, stddev
                facts[name] = [tuple(map(int, found.groups()[side::2])) for side in (0, 1)]
        duration = re.search(r'\[(< 1|[\d.]+) sec\]', rest)
        if duration:                                            # "< 1" is less than a millisecond
            facts['duration_s'] = 0.0 if duration[1] == '< 1' else float(duration[1])
        number = PROTOCOLS.get(protocol)
        flows.append(Theirs(packets, size, (ndpi_address(a), int(sport)), (ndpi_address(b), int(dport)),
                            int(protocol) if number is None else number, facts))
    return flows


def nfstream(path):
    with open(path, newline='') as f:
        return [Theirs((int(r['bidirectional_packets']),), (int(r['bidirectional_bytes']),)) for r in csv.DictReader(f)]


def microseconds(text):
    return (datetime.datetime.fromisoformat(text) - datetime.datetime(1970, 1, 1)) // datetime.timedelta(microseconds=1)


def ipfixprobe(path):
    """The names of the columns are the last line."""
    with open(path, newline='') as f:
        *rows, header = list(csv.reader(f))
    names = [column.split()[1] for column in header]
    flows = []
    for r in (dict(zip(names, row)) for row in rows):
        facts = {'span_us': (microseconds(r['TIME_FIRST']), microseconds(r['TIME_LAST']))}
        if 'NTS_MEAN' in r:
            facts['payload'] = {name: float(r['NTS_' + name]) for name in ('MIN', 'MAX', 'MEAN', 'ROOT_MEAN_SQUARE')}
            facts['longest_gap_us'] = float(r['NTS_MAX_DIFFTIMES'])
        if 'PPI_PKT_LENGTHS' in r:
            lists = [r[name].strip('[]').split('|') for name in ('PPI_PKT_LENGTHS', 'PPI_PKT_DIRECTIONS', 'PPI_PKT_TIMES')]
            facts['packets'] = [(int(a), int(b), microseconds(c)) for a, b, c in zip(*lists)]
        if 'S_PHISTS_SIZES' in r:                               # of each side
            facts['histograms'] = {name: tuple([int(n) for n in r[f'{side}_PHISTS_{what}'].strip('[]').split('|')] for side in 'SD')
                                   for name, what in (('payload', 'SIZES'), ('gaps', 'IPT'))}
        flows.append(Theirs((int(r['PACKETS']), int(r['PACKETS_REV'])), (int(r['BYTES']), int(r['BYTES_REV'])),
                            (r['SRC_IP'], int(r['SRC_PORT'])), (r['DST_IP'], int(r['DST_PORT'])), int(r['PROTOCOL']), facts))
    return flows


def arkime(path):
    flows = []
    for body in (session['body'] for session in json.loads(path.read_text())['sessions3']):
        ends = [body[side] for side in ('source', 'destination')]
        packets, size = tuple(end['packets'] for end in ends), tuple(end['bytes'] for end in ends)
        points = [(end['ip'], end['port']) if 'ip' in end else None for end in ends]
        facts = {'span_ms': (body['firstPacket'], body['lastPacket'])}
        if 'ip' not in ends[0]:
            facts['link'] = bytes.fromhex(ends[0]['mac'][0].replace(':', '')) + body['ethertype'].to_bytes(2, 'big')
        flows.append(Theirs(packets, size, *points, body.get('ipProtocol'), facts))
    return flows


READERS = {'.ndpi.out': ndpi, '.nfstream.csv': nfstream, '.arkime.json': arkime}


def read(path):
    """(tool, flows)"""
    for end, reader in READERS.items():
        if path.name.endswith(end):
            return reader.__name__, reader(path)
    return 'ipfixprobe', ipfixprobe(path)
