#!/usr/bin/env python3
"""Every series of every row against Python's `statistics` and fractions over the packets as tshark shows them
(fixtures/tshark/packets.tsv): another parser, another arithmetic. The oracle takes no part.

Two ways to cut flows, both simple enough to be played again here: never (the whole five-tuple), and by short timeouts. TCP
closes are the flow table's own matter: whole five-tuples have no end but the input's, and under timeouts TCP flows with FIN or
RST are left out.
"""
import collections
import csv
import math
import statistics
import sys
from decimal import Decimal
from fractions import Fraction

import harness
import tshark_fields
from program import Program

SEC = 1_000_000_000
TCP, UDP, ICMP, ICMP6, SCTP = 6, 17, 1, 58, 132
BULK_PACKETS, BULK_GAP, ACTIVE_GAP = 4, SEC, 5 * SEC
# A closed TCP flow lingers as long as any flow lives; 0: for ever.
RULES = {'whole': (0, 0), 'short': (2 * SEC, 20 * SEC)}
MEMBERS = ('count', 'total', 'mean', 'std', 'max', 'min')
CAPTURES_AT_LEAST = {'whole': 50, 'short': 25}                  # of which flows are compared
# Frames shorter than their IP header says: tshark counts what is there.
SHORT_FRAMES = {'zeek__pppoe-over-qinq.pcap', 'zeek__reassembly.pcap'}


def profile(idle, active):
    return {'flow': {'direction': 'first_packet', 'continuation': 'fresh', 'flow_key': 'five_tuple', 'linger': '1000000s',
                     'tcp_reuse': 'merge', 'clock_jump': '0s', 'idle_timeout': f'{idle}ns', 'active_timeout': f'{active}ns'},
            'packets': {'decapsulate': 'outer'}}


class Packet:
    def __init__(self, f):
        number = lambda name: int(f[name] or 0)
        self.ts = int(Decimal(f['frame.time_epoch']) * SEC)
        self.version = 4 if f['ip.src'] else 6
        self.proto = number('ip.proto') if self.version == 4 else number('ipv6.nxt')
        self.length = number('ip.len') if self.version == 4 else number('ipv6.plen') + 40
        l3 = number('ip.hdr_len') if self.version == 4 else 40
        ports = {TCP: ('tcp.srcport', 'tcp.dstport'), UDP: ('udp.srcport', 'udp.dstport')}.get(self.proto)
        addresses = (f['ip.src'], f['ip.dst']) if self.version == 4 else (f['ipv6.src'], f['ipv6.dst'])
        self.src, self.dst = zip(addresses, (number(p) for p in ports) if ports else (0, 0))
        self.header = {TCP: number('tcp.hdr_len'), UDP: 8, ICMP: 8, ICMP6: 8}.get(self.proto, 0)
        self.payload = self.length - l3 - self.header           # from the headers: a frame cut short changes no number
        self.window = number('tcp.window_size_value') if self.proto == TCP else 0
        flags = int(f['tcp.flags'] or '0', 16)
        self.closes, self.opens = flags & 5 != 0, flags & 0x12 == 2
        counted = {TCP: number('tcp.len'), UDP: number('udp.length') - 8}.get(self.proto, self.payload)
        assert self.payload == counted or f['file'] in SHORT_FRAMES, f


def flows_of(packets, idle, active):
    """[packets] in order of arrival; direction: as the first packet of the flow."""
    open_flows, done = {}, []
    for p in packets:
        key = (frozenset((p.src, p.dst)), p.proto, p.version)
        flow = open_flows.get(key)
        if flow and (idle and p.ts - flow[-1].ts > idle or active and p.ts - flow[0].ts > active):
            flow = None
        if flow is None:
            flow = open_flows[key] = []
            done.append(flow)
        flow.append(p)
    return done


def gaps(times):
    """Late packets have a gap of 0; the next counts from the greatest time so far."""
    out, newest = [], None
    for t in times:
        if newest is not None:
            out.append(max(0, t - newest))
        newest = t if newest is None else max(newest, t)
    return out


def bulks(packets, own):
    """[[packets]] of one direction: runs of payload packets without one of the other side or a long gap."""
    runs, run = [], []
    for p in packets:
        if p.payload == 0:
            continue
        if (p.src == own) is False or (run and p.ts - run[-1].ts > BULK_GAP):
            runs.append(run)
            run = []
        if p.src == own:
            run.append(p)
    return [r for r in (*runs, run) if len(r) >= BULK_PACKETS]


def active_and_idle(times):
    periods, idles = [[times[0], times[0]]], []
    for t in times[1:]:
        if t - periods[-1][1] > ACTIVE_GAP:
            idles.append(t - periods[-1][1])
            periods.append([t, t])
        periods[-1][1] = t
    return [b - a for a, b in periods if b > a], idles


def series_of(flow):
    """{canonical name of a series: its values}, and single cells."""
    own = flow[0].src
    sides = {'flow': flow, 'fwd': [p for p in flow if p.src == own], 'bwd': [p for p in flow if p.src != own]}
    series, cells = {}, {}
    for side, packets in sides.items():
        for family, field in (('packet_length', 'length'), ('header_length', 'header'), ('payload_length', 'payload'), ('window_size', 'window')):
            series[f'{family}.{side}'] = [getattr(p, field) for p in packets]
        series[f"iat.{'iat' if side == 'flow' else side}"] = gaps([p.ts for p in packets])
    for side, packets in (('fwd', sides['fwd']), ('bwd', sides['bwd'])):
        found = bulks(flow, packets[0].src) if packets else []
        series[f'bulk.{side}_packets'] = [len(b) for b in found]
        series[f'bulk.{side}_bytes'] = [sum(p.payload for p in b) for b in found]
        series[f'bulk.{side}_duration'] = [b[-1].ts - b[0].ts for b in found]
        cells[f'bulk.{side}_count'] = len(found)
        cells[f'payload_length.{side}_packets'] = sum(p.payload > 0 for p in packets)
        cells[f'window_size.{side}_init'] = packets[0].window if packets else 0
    times = [p.ts for p in flow]
    series['active_idle.active'], series['active_idle.idle'] = active_and_idle(times)
    cells['subflow.count'] = 1 + sum(gap > SEC for gap in gaps(times))
    return series, cells


def members(values):
    if not values:
        return dict.fromkeys(MEMBERS, 0)
    return {'count': len(values), 'total': sum(values), 'mean': float(Fraction(sum(values), len(values))),
            'std': statistics.pstdev(values), 'max': max(values), 'min': min(values)}


def agrees(cell, value):
    return math.isclose(float(cell), value, rel_tol=1e-12) if isinstance(value, float) else cell == str(value)


def reopened(flow):
    """A SYN after a FIN or RST may begin another flow."""
    closed = [i for i, p in enumerate(flow) if p.closes]
    return bool(closed) and any(p.opens for p in flow[closed[0]:])


def compared(flow, rules):
    """Flows whose cut this page can play again."""
    if flow[0].proto == SCTP:
        return False                                            # its ports are not in the file
    return not (reopened(flow) if rules == 'whole' else any(p.closes for p in flow))


def in_order(flow):
    return all(a.ts <= b.ts for a, b in zip(flow, flow[1:]))


def flow_findings(flow, row):
    series, cells = series_of(flow)
    if not in_order(flow):                                      # what a late packet does to periods is not played again
        series = {name: values for name, values in series.items() if not name.startswith(('bulk', 'active_idle'))}
        cells = {}
    for name, values in series.items():
        cells |= {f'{name}.{member}': value for member, value in members(values).items()}
    return [f'{name} is {row[name]}, from tshark {value}' for name, value in cells.items() if not agrees(row[name], value)]


def endpoints(row):
    return (row['flow.src_ip'], int(row['flow.src_port'])), (row['flow.dst_ip'], int(row['flow.dst_port'])), int(row['flow.protocol'])


def capture_findings(packets, table, rules):
    """(sentences, flows compared)."""
    whole = {frozenset((f[0].src, f[0].dst)) | {f[0].proto}: f for f in flows_of(packets, 0, 0)}
    if rules == 'short' and not in_order(packets):
        return [], 0
    left_out = {key for key, flow in whole.items() if not compared(flow, rules)}
    expected = {(f[0].src, f[0].dst, f[0].proto, min(p.ts for p in f)): f for f in flows_of(packets, *RULES[rules])
                if frozenset((f[0].src, f[0].dst)) | {f[0].proto} not in left_out}
    header, rows = table
    found = {}
    for row in (dict(zip(header, cells)) for cells in rows):
        src, dst, proto = endpoints(row)
        if proto != SCTP and frozenset((src, dst)) | {proto} not in left_out:
            found[src, dst, proto, int(row['flow.first_seen'])] = row
    if found.keys() != expected.keys():
        return [f'flows that tshark has not: {sorted(found.keys() - expected.keys())[:4]}; '
                f'flows that tshark has: {sorted(expected.keys() - found.keys())[:4]}'], 0
    return [f'{key}: {sentence}' for key, flow in expected.items() for sentence in flow_findings(flow, found[key])][:8], len(expected)


def check_the_arithmetic():
    """Of the numbers here, by hand: deviations of 2, 4, 4, 4, 5, 5, 7, 9 are 3 1 1 1 0 0 2 4, squares 9+1+1+1+0+0+4+16 = 32, / 8 = 4."""
    assert members([2, 4, 4, 4, 5, 5, 7, 9]) == {'count': 8, 'total': 40, 'mean': 5.0, 'std': 2.0, 'max': 9, 'min': 2}
    assert gaps([10, 30, 20, 35]) == [20, 0, 5] and active_and_idle([0, 1, 7 * SEC, 7 * SEC]) == ([1], [7 * SEC - 1])


def main():
    args = harness.arguments(__doc__).parse_args()
    folder = harness.shared_folder(args, 'captures')
    check_the_arithmetic()
    packets = collections.defaultdict(list)
    with open(tshark_fields.KEPT, newline='') as f:
        next(f)                                                 # how it was made
        for row in csv.DictReader(f, delimiter='\t'):
            packets[row['file']].append(Packet(row))
    captures = sorted(name for name in packets if (folder / name).exists())
    program, findings, counts = Program(args.program, args.plugins), [], collections.Counter()
    for rules, (idle, active) in RULES.items():
        tables, run = program.tables_by_schema([folder / name for name in captures], ['canonical'], profile(idle, active))
        if run.code not in (0, 3):
            findings.append((rules, [f'exit code {run.code}: {run.messages[-2000:]}']))
            continue
        for name in captures:
            sentences, flows = capture_findings(packets[name], tables['canonical', name], rules)
            counts[rules] += flows
            counts[rules, 'captures'] += flows > 0
            findings.append((f'{name} ({rules})', sentences))
    print(', '.join(f'{rules}: {counts[rules]} flows of {counts[rules, "captures"]} captures' for rules in RULES))
    findings += [(rules, [f'only {counts[rules, "captures"]} captures were compared, {least} should be'])
                 for rules, least in CAPTURES_AT_LEAST.items() if counts[rules, 'captures'] < least]
    return harness.verdict(findings, 'statistics')


if __name__ == '__main__':
    sys.exit(main())
