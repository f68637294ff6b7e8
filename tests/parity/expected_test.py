#!/usr/bin/env python3
"""Flows as nDPI, NFStream, ipfixprobe and Arkime found them in the same captures, against flowgauge's rows: packets, bytes, durations,
statistics of lengths and gaps. What differs must follow from a named rule, which is applied here: with `cut`, `later`, `gaps` and
`icmp` each of our numbers becomes theirs. With `span` and `ignored` packets and bytes alone are compared, as a count of frames;
why such a flow begins and ends where it does is not explained. With `tunnel` the frames that it can be made of are there, no more
is shown. docs/compatibility.md shows the outcome, one line per file; --write puts it there.

Bytes on the link, and which packets a tool left out, are not in our rows: the frames of a row are those of its five-tuple
between its first and last time, and must add up to it.
"""
import collections
import functools
import ipaddress
import itertools
import json
import statistics
import struct
import sys
from dataclasses import dataclass, replace

import foreign
import harness
from program import Program

from capture_file import SEC, CaptureError, read_capture
from decode import Decoder, Ignore
from endpoint import text
from settings import DEFAULT, FIN, RST, SYN

DOCS = harness.SOURCE / 'docs' / 'compatibility.md'
CAPWAP = {5246, 5247}
BINS = (0, 16, 32, 64, 128, 256, 512, 1024, 1 << 32)            # where each begins
BEGIN, END = '<!-- expected: begin -->', '<!-- expected: end -->'
# Each tool's own cut of flows, as rules of ours.
WHOLE = {'direction': 'first_packet', 'continuation': 'fresh', 'tcp_reuse': 'merge', 'flow_key': 'five_tuple', 'idle_timeout': 0, 'active_timeout': 0,
         'linger': 1000000}
TOOLS = {'ndpi': (WHOLE, 'inner'), 'arkime': (WHOLE, 'inner'),
         'nfstream': ({**WHOLE, 'idle_timeout': 120, 'active_timeout': 1800}, 'inner'),
         'ipfixprobe': ({**WHOLE, 'flow_key': 'full', 'idle_timeout': 30, 'active_timeout': 300}, 'outer')}
RULES = {
    'cut': 'leaves out packets whose IP header announces more bytes than the frame has',
    'later': 'leaves out IP fragments other than the first',
    'gaps': 'leaves out gaps: to an older packet; of the other side to a SYN, FIN or RST; after every 10 packets of the flow the next of each side. The statistics of the others are its own',
    'span': 'ends flows at other moments (a request answered, a record full); the packets of the five-tuple within its times are those it counts',
    'ignored': 'makes flows of frames that are no IP packets to us (`unsupported_link_type`, `malformed_ip`, `not_ip`); as many frames with its addresses, as long, are in our ledger',
    'tunnel': 'opens CAPWAP otherwise than we do, or counts its frames with all that is around them; its flows are made of frames that we count in the inner or the outer one',
    'icmp': 'counts the ICMP header as payload',
}


@dataclass
class Packet:
    ts: int
    src: tuple
    key: tuple
    vlan: int
    ip: int
    wire: int
    payload: int
    fragment: str
    cut: bool
    data: bytes
    flags: int


class Ours:
    """A row with its packets."""
    def __init__(self, row, packets):
        self.row, self.packets = row, packets
        self.src = row['flow.src_ip'], int(row['flow.src_port'])

    def side(self, src, packets=None):
        packets = self.packets if packets is None else packets
        return [p for p in packets if p.src == src], [p for p in packets if p.src != src]

    def cells(self, family, src, side):
        """The row's series of that side; `src`: whom the other tool calls source."""
        name = ('fwd', 'bwd')[side if src == self.src else 1 - side]
        return {m: float(self.row[f'{family}.{name}.{m}']) for m in ('count', 'total', 'mean', 'std', 'max', 'min')}


def packets_of(path, decapsulate):
    """What the frames hold, and the frames that are no packets."""
    decoder, out, ignored, ports = Decoder(replace(DEFAULT, decapsulate=decapsulate)), [], [], {}
    try:
        for frame in read_capture(path):
            try:
                p = decoder.decode(frame)
            except Ignore:
                ignored.append(frame)
                continue
            where = (p.frag_key, *p.vlans[:1], p.tunnel_type)
            if p.fragment == 'first':
                ports[where] = p.sport, p.dport
            if p.fragment == 'later':
                p.sport, p.dport = ports.get(where, (0, 0))
            src, dst = (text(p.src), p.sport), (text(p.dst), p.dport)
            overhead = frame.wire_len - p.length
            out.append(Packet(frame.ts, src, (frozenset((src, dst)), p.proto), p.vlans[0] if p.vlans else None, p.length,
                              frame.wire_len, p.payload, p.fragment, overhead < 14, frame.data, p.flags))
    except CaptureError:
        pass
    return out, ignored


def our_flows(rows, header, packets, full_key):
    """({five-tuple: [Ours]}, sentences about rows whose packets do not add up)."""
    by_key, flows, wrong = collections.defaultdict(list), collections.defaultdict(list), []
    for p in packets:
        by_key[p.key].append(p)
    for row in (dict(zip(header, cells)) for cells in rows):
        ends = [(row[f'flow.{side}_ip'], int(row[f'flow.{side}_port'])) for side in ('src', 'dst')]
        key = frozenset(ends), int(row['flow.protocol'])
        first, last = int(row['flow.first_seen']), int(row['flow.last_seen'])
        of_row = [p for p in by_key[key] if first <= p.ts <= last and (not full_key or row['flow.vlan_id'] == ('' if p.vlan is None else str(p.vlan)))]
        mine = of_row[:int(row['packet_length.flow.count'])]    # of a capture that repeats itself, the first
        taken = set(map(id, mine))
        by_key[key] = [p for p in by_key[key] if id(p) not in taken]
        if (len(mine), sum(p.ip for p in mine)) != (int(row['packet_length.flow.count']), int(row['packet_length.flow.total'])):
            wrong.append(f"{row['flow.id']}: {row['packet_length.flow.count']} packets, {len(mine)} frames of its five-tuple and time")
        flows[key].append(Ours(row, mine))
    return flows, wrong


def near(a, b, tolerance):
    return abs(a - b) <= tolerance + 1e-9


def totals(sides, length):
    return tuple(len(side) for side in sides), tuple(sum(getattr(p, length) for p in side) for side in sides)


def frame_lengths_agree(theirs, ours, packets):
    """min, avg, max, stddev of frame lengths, as whole numbers. From the row's cells where every frame adds as much to its IP
    packet; from the frames where padding or dropped packets stand between."""
    for side, (said, of) in enumerate(zip(theirs.facts['frame_length'], ours.side(theirs.src, packets))):
        added = {p.wire - p.ip for p in of}
        if len(packets) == len(ours.packets) and len(added) == 1:
            cells, more = ours.cells('packet_length', theirs.src, side), added.pop()
            numbers = cells['min'] + more, cells['mean'] + more, cells['max'] + more, cells['std']
        else:
            lengths = [p.wire for p in of] or [0]
            numbers = min(lengths), statistics.mean(lengths), max(lengths), statistics.pstdev(lengths)
        if not all(near(a, b, 0.5) for a, b in zip(numbers, said)):
            return False
    return True


def ndpi_gaps(packets, src):
    """By direction the gaps [ms] that ndpiReader counts: between packets of the direction, cut to whole milliseconds; none to a
    packet that is older, of the other side none to one with SYN, FIN or RST; after each 10 packets of the flow it begins anew."""
    last, gaps = [None, None], ([], [])
    for number, p in enumerate(packets, 1):
        side, now = int(p.src != src), p.ts // 1000
        if last[side] is not None and (now >= last[side] if side == 0 else not p.flags & (SYN | FIN | RST)):
            gaps[side].append((now - last[side]) // 1000)
        last[side] = now
        if number % 10 == 0:
            last = [None, None]
    return gaps


def ndpi_statistics(values):
    """(min, mean, max, standard deviation) as ndpiReader has them: zeros before the first other value are no minimum."""
    if not values:
        return 0, 0, 0, 0
    begun = values[next((i for i, value in enumerate(values) if value), len(values) - 1):]
    return min(begun), statistics.mean(values), max(begun), statistics.pstdev(values)


def gaps_agree(theirs, ours, packets):
    """(the row's four numbers are theirs, within a millisecond; those of the gaps that they count are, as whole numbers)"""
    whole = counted = True
    gaps = ndpi_gaps(packets, theirs.src)
    for side, said in enumerate(theirs.facts.get('iat_ms', ())):
        cells = ours.cells('iat', theirs.src, side)
        whole &= all(near(cells[name] / 1e6, number, 1) for name, number in zip(('min', 'mean', 'max', 'std'), said))
        counted &= all(near(a, b, 0.5) for a, b in zip(ndpi_statistics(gaps[side]), said))
    return whole, counted


def judge_ndpi(theirs, candidates):
    """The rules of one flow: () if it agrees as it is; None if nothing explains it."""
    for ours in candidates:
        for left_out in ((), ('later',), ('cut',), ('cut', 'later')):
            kept = [p for p in ours.packets if not ('cut' in left_out and p.cut or 'later' in left_out and p.fragment == 'later')]
            if left_out and len(kept) == len(ours.packets) or (theirs.packets, theirs.bytes) != totals(ours.side(theirs.src, kept), 'wire'):
                continue
            span = (max(p.ts for p in kept) - min(p.ts for p in kept)) / SEC if left_out else int(ours.row['flow.duration']) / SEC
            if not near(theirs.facts.get('duration_s', span), span, 0.011):
                continue
            if 'frame_length' in theirs.facts and not frame_lengths_agree(theirs, ours, kept):
                continue
            whole, counted = gaps_agree(theirs, ours, kept)
            if counted:
                return left_out or (() if whole else ('gaps',))
    return None


def in_span(theirs, candidates):
    first, last = theirs.facts['span_us']
    return [p for ours in candidates for p in ours.packets if first <= p.ts // 1000 <= last]


def payload_rules(theirs, ours):
    """Statistics of payloads from the row's cells: RMS^2 = mean^2 + std^2. Empty: nothing to say; None: they differ."""
    said, add = theirs.facts['payload'], 8 if theirs.proto in (1, 58) else 0
    r = {m: float(ours.row[f'payload_length.flow.{m}']) for m in ('min', 'max', 'mean', 'std')}
    mean = r['mean'] + add
    pairs = ((said['MIN'], r['min'] + add), (said['MAX'], r['max'] + add), (said['MEAN'], mean),
             (said['ROOT_MEAN_SQUARE'], (mean ** 2 + r['std'] ** 2) ** 0.5),
             (theirs.facts['longest_gap_us'], float(ours.row['iat.iat.max']) / 1000))
    return (('icmp',) if add else ()) if all(near(a, b, 1e-4 * max(1, abs(b))) for a, b in pairs) else None


def first_packets(ours, src, add):
    """The row's lists as ipfixprobe has them: (payload, direction, time [us]). `add`: what else counts as payload."""
    payload, directions, gaps = (json.loads(ours.row['first_packets.' + name]) for name in ('payload_lengths', 'directions', 'gaps'))
    sign, first = 1 if src == ours.src else -1, ours.packets[0].ts
    return [(size + add, sign * direction, (first + passed) // 1000)
            for size, direction, passed in zip(payload, directions, itertools.accumulate(gaps))]


def histograms_agree(theirs, ours, add):
    """The row's bins. Of payloads with `add`, which bins do not tell, those of its frames; a gap that lies so near to the bound
    of a bin that the cut of its two times decides is not in the data."""
    sides = ('fwd', 'bwd') if theirs.src == ours.src else ('bwd', 'fwd')
    bins = {what: tuple(json.loads(ours.row[f'packet_histograms.{side}_{what}']) for side in sides) for what in theirs.facts['histograms']}
    if add:
        bins['payload'] = tuple([sum(a <= p.payload + add < b for p in side) for a, b in zip(BINS, BINS[1:])] for side in ours.side(theirs.src))
    return bins == theirs.facts['histograms']


def judge_ipfixprobe(theirs, candidates):
    first, last = theirs.facts['span_us']
    for ours in candidates:
        times = int(ours.row['flow.first_seen']) // 1000, int(ours.row['flow.last_seen']) // 1000
        if times != (first, last) or (theirs.packets, theirs.bytes) != totals(ours.side(theirs.src), 'ip'):
            continue
        if 'payload' in theirs.facts:
            return payload_rules(theirs, ours)
        add = 8 if theirs.proto in (1, 58) else 0
        if 'packets' in theirs.facts and theirs.facts['packets'] != first_packets(ours, theirs.src, add):
            continue
        if 'histograms' in theirs.facts and not histograms_agree(theirs, ours, add):
            continue
        return ('icmp',) if add and theirs.facts.keys() & {'packets', 'histograms'} else ()
    within = in_span(theirs, candidates)
    sides = [[p for p in within if p.src == theirs.src], [p for p in within if p.src != theirs.src]]
    return ('span',) if within and (theirs.packets, theirs.bytes) == totals(sides, 'ip') else None


def judge_arkime(theirs, candidates):
    for ours in candidates:
        times = int(ours.row['flow.first_seen']) // 10 ** 6, int(ours.row['flow.last_seen']) // 10 ** 6
        if times == theirs.facts['span_ms'] and (theirs.packets, theirs.bytes) == totals(ours.side(theirs.src), 'wire'):
            return ()
    first, last = theirs.facts['span_ms']
    within = [p for ours in candidates for p in ours.packets if first <= p.ts // 10 ** 6 <= last]
    sides = [[p for p in within if p.src == theirs.src], [p for p in within if p.src != theirs.src]]
    return ('span',) if within and (theirs.packets, theirs.bytes) == totals(sides, 'wire') else None


def judge_nfstream(theirs, left):
    """`left`: Counter of our (packets, bytes), from which agreeing flows are taken."""
    found = theirs.packets[0], theirs.bytes[0]
    if left[found] > 0:
        left[found] -= 1
        return ()
    return None


def holding(theirs, frames):
    """Frames in which the flow's addresses stand side by side, as in a header."""
    if 'link' in theirs.facts:                                  # no addresses: EtherType behind the source's MAC
        needles = [theirs.facts['link']]
    else:
        ends = [ipaddress.ip_address(end[0]).packed for end in (theirs.src, theirs.dst) if end[0]]
        needles = [b''.join(ends), b''.join(reversed(ends))]
    return [f for f in frames if any(needle in f.data for needle in needles)]


def judge_ignored(theirs, frames):
    """Frames that are no packets to us, as many and as long (or as long as captured)."""
    found = holding(theirs, frames) if theirs.src or 'link' in theirs.facts else []
    return len(found) == sum(theirs.packets) and sum(theirs.bytes) in (sum(f.wire_len for f in found), sum(len(f.data) for f in found))


def judge_tunnel(theirs, candidates, capwap):
    """What CAPWAP's data packets hold; or what is left of them. `capwap`: [Packet]"""
    if any(all(a <= b for a, b in zip(theirs.packets, totals(ours.side(theirs.src), 'wire')[0])) for ours in candidates):
        return theirs.key in {p.key for p in capwap}
    count, size = sum(theirs.packets), sum(theirs.bytes)
    if theirs.src:
        found = holding(theirs, capwap)
        return (len(found), sum(p.wire for p in found)) == (count, size)
    lengths = collections.Counter(p.wire for p in capwap)       # no endpoints: so many frames of that length, or two of that sum
    alike = size % count == 0 and lengths[size // count] >= count
    return alike or count == 2 and any(lengths[size - n] for n in lengths)


JUDGES = {'ndpi': judge_ndpi, 'ipfixprobe': judge_ipfixprobe, 'arkime': judge_arkime}


def judge(program, folder, path):
    """(table's line, sentences)"""
    tool, flows = foreign.read(path)
    capture = next(folder / path.name[:i] for i in range(len(path.name), 0, -1) if (folder / path.name[:i]).is_file())
    rules, decapsulate = TOOLS[tool]
    tables, run = program.tables_by_schema([capture], ['canonical'], {'flow': rules, 'packets': {'decapsulate': decapsulate}})
    if run.code not in (0, 3):
        return None, [f'exit code {run.code}: {run.messages[-1000:]}']
    header, rows = tables['canonical', capture.name]
    packets, ignored = packets_of(capture, decapsulate)
    ours, sentences = our_flows(rows, header, packets, rules['flow_key'] == 'full')
    left = collections.Counter((len(o.packets), sum(p.wire for p in o.packets)) for of in ours.values() for o in of)
    used, agreed, unexplained = collections.Counter(), 0, []
    for theirs in flows:
        verdict = judge_nfstream(theirs, left) if tool == 'nfstream' else JUDGES[tool](theirs, ours.get(theirs.key, []))
        if verdict is None:
            unexplained.append(theirs)
            continue
        agreed += verdict == ()
        used.update([verdict] if verdict else [])
    capwap = [p for p in packets if any(port in CAPWAP for _, port in p.key[0]) and p.key[1] == 17]
    for t in unexplained:
        candidates = ours.get(t.key, [])
        if judge_ignored(t, ignored):
            used['ignored',] += 1
        elif judge_tunnel(t, candidates, capwap):
            used['tunnel',] += 1
        else:
            sentences.append(f'nothing explains {t}; ours: {[(totals(o.side(t.src), "wire"), totals(o.side(t.src), "ip")) for o in candidates]}')
    why = ', '.join(f'{number} {" and ".join(f"`{r}`" for r in names)}' for names, number in sorted(used.items())) or '-'
    return f'| `{path.name}` | {tool} | {len(flows)} | {agreed} | {why} |', sentences


def table(lines):
    return '\n'.join([BEGIN, '| file | tool | flows | agree | the others, by rule |', '|---|---|---|---|---|', *lines, '',
                      '| rule | the tool |', '|---|---|', *(f'| `{name}` | {meaning} |' for name, meaning in RULES.items()), END])


def main():
    parser = harness.arguments(__doc__)
    parser.add_argument('--write', action='store_true', help='put the table into docs/compatibility.md')
    args = parser.parse_args()
    folder = harness.shared_folder(args, 'captures')
    paths = sorted((folder / 'expected').iterdir())
    found = harness.in_parallel(args.jobs, functools.partial(judge, Program(args.program, args.plugins), folder), paths)
    findings = [(path.name, sentences) for path, (_, sentences) in zip(paths, found)]
    fresh = table([line for line, _ in found if line])
    page = DOCS.read_text()
    start, end = page.index(BEGIN), page.index(END) + len(END)
    if args.write:
        DOCS.write_text(page[:start] + fresh + page[end:])
    elif page[start:end] != fresh:
        findings.append((str(DOCS), ['its table is not what is found; tests/parity/expected_test.py --write puts it there']))
    return harness.verdict(findings, 'results of other tools')


if __name__ == '__main__':
    sys.exit(main())
