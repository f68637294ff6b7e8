#!/usr/bin/env python3
"""Runs over some partitions each, merged, give the bytes of one run over all of them: fixtures, public captures where
they are, and generated traffic under rules that evict flows and write snapshots. Some of the public
captures; FLOWGAUGE_LARGE=1 takes all, and more generated traffic."""
import json
import pathlib
import subprocess
import sys
import tempfile

import harness
from determinism_test import VARIANTS, first_difference, many_flows, mixed_sequences
from capture_writer import Format, write_capture
from program import Program

# Each list has all of the 256 partitions once. Odd and even ones, too: workers do not get the same number of them.
EVEN = ','.join(map(str, range(0, 256, 2)))
ODD = ','.join(map(str, range(1, 256, 2)))
QUARTERS = ('0-63', '64-127', '128-191', '192-255')
UNEVEN = ('0,7,200-255', '1-6', ','.join(str(p) for p in range(8, 200) if p % 2 == 0),
          ','.join(str(p) for p in range(8, 200) if p % 2))
EVERY = 8  # public capture: five runs of each
MANY_EVICTIONS = ('few_flows, no memory', None, {'flow': {'max_flows': 512, 'continuation': 'fresh', 'early_export': 2}})


def part_tables(program, path, profile, parts, folder):
    """The parts' tables as files, and what is wrong with their accounts."""
    tables, packets, sentences = [], 0, []
    for number, part in enumerate(parts):
        run = program.run([path], '--partitions', part, '--order-columns', '--threads', 1 + number % 3, profile=profile)
        ledger = run.report['ledger']
        packets += ledger['in_flows']
        if run.code == 0 and not ledger['balances']:
            sentences.append(f'partitions {part}: the ledger does not balance: {ledger}')
        if ledger['in_flows'] != ledger['frames_read'] - sum(ledger['ignored'].values()):
            sentences.append(f'partitions {part}: {ledger}')
        tables.append(pathlib.Path(folder, f'part-{number}.csv'))
        tables[-1].write_bytes(run.table)
    return tables, packets, sentences


def merged(program, tables):
    return subprocess.run([program.executable, 'merge', *map(str, tables)], stdin=subprocess.DEVNULL, capture_output=True)


def judge(task):
    program, path, profile, parts, what = task
    name = f'{path.name} ({what})'
    whole = program.run([path], '--threads', 1, profile=profile)
    if whole.code not in (0, 3) or not whole.table:
        return name, [] if whole.code in (0, 3) else [f'exit code {whole.code}: {whole.messages[-500:]}']
    with tempfile.TemporaryDirectory() as folder:
        tables, packets, sentences = part_tables(program, path, profile, parts, folder)
        if packets != whole.report['ledger']['in_flows']:
            sentences.append(f'{packets} packets in the parts, {whole.report["ledger"]["in_flows"]} in the whole')
        done = merged(program, reversed(tables))
        if done.returncode != 0:
            sentences.append(f'merge: exit code {done.returncode}: {done.stderr.decode()[-500:]}')
        elif done.stdout != whole.table:
            sentences.append(f'other bytes: {first_difference(whole.table, done.stdout)}')
    return name, sentences


def refused_captures(program, path):
    """A run that no row is expected of."""
    return program.run([path]).code not in (0, 3)


def main():
    args = harness.arguments(__doc__, packets=20000 if harness.ALL else 4000).parse_args()
    program = Program(args.program, args.plugins)
    with tempfile.TemporaryDirectory() as folder:
        tasks = []
        for name, records in (('many_flows', many_flows(3, args.packets)), ('mixed_sequences', mixed_sequences(range(args.packets // 40)))):
            path = pathlib.Path(folder, name + '.pcap')
            write_capture(path, records, form=Format())
            for rules, _, text in (*VARIANTS, MANY_EVICTIONS):
                profile = path.with_name(f'{name}-{rules}.yaml')
                profile.write_text(json.dumps(text))
                tasks += [(program, path, profile, QUARTERS, rules), (program, path, profile, UNEVEN, rules + ', uneven')]
        for path in sorted((harness.SOURCE / 'fixtures').rglob('*.pcap*')):
            tasks.append((program, path, None, (EVEN, ODD), 'fixture'))
        shared = [pathlib.Path(args.shared, folder) for folder in ('captures', 'captures2', 'cases')]
        if all(one.is_dir() for one in shared):
            public = harness.sample(args, EVERY)
            tasks += [(program, path, None, QUARTERS, 'capture') for path in public if not refused_captures(program, path)]
        else:
            print(f'public captures left out: {args.shared} is not whole; name their folder in FLOWGAUGE_SHARED_DIR')
        findings = harness.in_parallel(args.jobs, judge, tasks)
    return harness.verdict(findings, 'partitions')


if __name__ == '__main__':
    sys.exit(main())
