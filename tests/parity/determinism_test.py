#!/usr/bin/env python3
"""The same bytes run to run, for 1 to 4 threads, and for a capture cut into several files; with many flows also the
oracle's rows in the oracle's order. JSON lines hold the same cells. FLOWGAUGE_LARGE=1 takes four times the flows, and the
large captures."""
import json
import pathlib
import random
import sys
import tempfile
from dataclasses import replace

import frames as f
import harness
import sequences
from capture_writer import Format, Record, SEC, write_capture
from compare import packets_in, table_differences
from program import Program, read_table

import oracle
from settings import DEFAULT

SOME_CAPTURES = ('ndpi__1kxun.pcap', 'nfstream__skype.pcap', 'ipfixprobe__mixed.pcap', 'zeek__nmap-vsn.pcap', 'pcpp__ip6-fragments.pcap',
                 'zeek__gtp1-gn-normal-incl-fragmentation.pcap')


def many_flows(seed, count):
    """Small UDP and TCP flows that come, pause and end all the time, some packets late."""
    rng, now, records = random.Random(seed), 1_600_000_000 * SEC, []
    for _ in range(count):
        now += rng.choice((0, 1000, 10 ** 6, 10 ** 7))
        a, b = bytes((10, 0, 0, rng.randrange(8))), bytes((10, 0, 1, rng.randrange(8)))
        sport, dport = rng.randrange(1, 80), rng.choice((53, 443))
        if rng.random() < 0.5:
            a, b, sport, dport = b, a, dport, sport
        if rng.random() < 0.5:
            segment, proto = f.udp(sport, dport, bytes(rng.randrange(30))), 17
        else:
            segment, proto = f.tcp(sport, dport, rng.randrange(5), rng.randrange(5), rng.choice((16, 16, 24, 2, 18, 17, 4)), payload=bytes(rng.randrange(3))), 6
        frame = f.ethernet(f.IP4, f.ipv4(a, b, proto, segment))
        records.append(Record(now - rng.choice((0,) * 9 + (2 * SEC,)), frame, len(frame)))
    return records


def mixed_sequences(seeds):
    """The packets of many sequences one after the other: keys, tunnels and fragments collide, time jumps."""
    records = []
    for number, sequence in enumerate(map(sequences.make, seeds)):
        if sequence.linktype == 1 and sequence.records:
            shift = (1_600_000_000 + 7 * number) * SEC - sequence.records[0].ts
            records += [replace(r, ts=r.ts + shift) for r in sequence.records if abs(r.ts - sequence.records[0].ts) < 10_000 * SEC]
    return records


def counts(run):
    """Of flows; all but the sum of what each shard had at most."""
    return {name: value for name, value in run.report['flows'].items() if name != 'most_at_once'}


def same_bytes(program, inputs, profile):
    """(sentences, the table of the first run)."""
    first = program.run(inputs, '--threads', 1, profile=profile)
    if first.code not in (0, 3):
        return [f'exit code {first.code}: {first.messages[-1000:]}'], None
    out = []
    header, rows = first.rows()
    ledger = first.report['ledger']
    if not ledger['in_flows'] == ledger['frames_read'] - sum(ledger['ignored'].values()) == packets_in(header, rows):
        out.append(f'the ledger does not balance: {ledger}, {packets_in(header, rows)} packets in rows')
    for threads in (1, 2, 3, 4):
        again = program.run(inputs, '--threads', threads, profile=profile)
        if again.table != first.table:
            out.append(f'other bytes with {threads} threads: {first_difference(first.table, again.table)}')
        if counts(again) != counts(first) or again.report['ledger'] != ledger:
            out.append(f'other counts with {threads} threads: {counts(again)}, {counts(first)}')
    return out, first.table


def as_cell(value):
    """Of CSV. Numbers are text already, and lists are of numbers."""
    if isinstance(value, list):
        return f'[{",".join(value)}]'
    return '' if value is None else str(int(value)) if isinstance(value, bool) else value


def same_cells_in_json(program, path):
    """JSON lines hold the cells of the CSV table; what is empty there is null or an empty text."""
    header, rows = program.run([path]).rows()
    lines = program.run([path], '-o', 'jsonl').table.decode().splitlines()
    if len(lines) != len(rows):
        return [f'{len(lines)} JSON lines, {len(rows)} rows']
    for number, (line, row) in enumerate(zip(lines, rows), 1):
        # Numbers stay text, so that not a digit is lost.
        values = json.loads(line, parse_int=str, parse_float=str)
        if list(values) != header or [as_cell(value) for value in values.values()] != row:
            return [f'JSON line {number} is not row {number}: {line[:300]}']
    return []


def first_difference(a, b):
    lines = zip(a.decode().splitlines() + [''], b.decode().splitlines() + [''])
    return next((f'line {n}: {x[:200]} against {y[:200]}' for n, (x, y) in enumerate(lines, 1) if x != y), 'in length')


def write_generated(folder, name, records):
    """The records as one capture, and cut into three: (name, whole, parts)."""
    whole = pathlib.Path(folder, name + '.pcap')
    write_capture(whole, records, form=Format())
    parts = [pathlib.Path(folder, f'{name}-{i}.pcap') for i in range(3)]
    for i, part in enumerate(parts):
        write_capture(part, records[len(records) * i // 3:len(records) * (i + 1) // 3], form=Format(resolution=SEC))
    return name, whole, parts


def judge_generated(program, generated, variant):
    """(name, sentences) of one of write_generated() under one of VARIANTS."""
    name, whole, parts = generated
    rules, settings, text = variant
    profile = whole.with_name(f'{name}-{rules}.yaml')
    profile.write_text(json.dumps(text))
    sentences, table = same_bytes(program, [whole], profile)
    if table is not None:
        cut = program.run(parts, '--threads', 2, profile=profile)
        if cut.table != table:
            sentences.append(f'cut into files: {first_difference(table, cut.table)}')
        if settings:
            expected, _, _ = oracle.run([whole], settings)
            sentences += table_differences(*read_table(table.decode()), expected)
    return f'{name} ({rules})', sentences


def judge_capture(program, path):
    return path.name, same_bytes(program, [path], None)[0]


def judge_json(program, path):
    return path.name + ' (JSON lines)', same_cells_in_json(program, path)


def judge(task):
    function, *arguments = task
    return function(*arguments)


# (name, settings that the oracle knows or None, profile text)
VARIANTS = (
    ('default', DEFAULT, {'flow': {'linger': 5}}),
    ('short', replace(DEFAULT, idle_timeout=2 * SEC, active_timeout=20 * SEC, linger=SEC, early_export=3 * SEC),
     {'flow': {'idle_timeout': 2, 'active_timeout': 20, 'linger': 1, 'early_export': 3},
      'output': {'snapshots': 'unmarked'}}),
    # Which flow of a full partition leaves hangs on the partition hash, which the oracle does not know.
    ('few_flows', None, {'flow': {'max_flows': 512, 'idle_timeout': 2, 'active_timeout': 10, 'early_export': 1}}),
    ('one_flow', None, {'flow': {'max_flows': 1}}),
)


def main():
    args = harness.arguments(__doc__, packets=40000 if harness.ALL else 10000).parse_args()
    program = Program(args.program, args.plugins)
    with tempfile.TemporaryDirectory() as folder:
        generated = [write_generated(folder, 'many_flows', many_flows(1, args.packets)),
                     write_generated(folder, 'mixed_sequences', mixed_sequences(range(args.packets // 40)))]
        tasks = [(judge_generated, program, one, variant) for variant in VARIANTS for one in generated]
        captures = pathlib.Path(args.shared, 'captures')
        if captures.is_dir():
            some = [captures / name for name in SOME_CAPTURES]
            tasks += [(judge_capture, program, path) for path in some + (harness.large_captures(args) if harness.ALL else [])]
            tasks += [(judge_json, program, path) for path in some]
        else:
            print(f'public captures left out: {captures} is absent; name their folder in FLOWGAUGE_SHARED_DIR')
        findings = harness.in_parallel(args.jobs, judge, tasks)
    return harness.verdict(findings, 'determinism')


if __name__ == '__main__':
    sys.exit(main())
