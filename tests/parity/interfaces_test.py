#!/usr/bin/env python3
"""flow.ingress, flow.interface and flow.sensor of captures whose packets come from several interfaces, against the oracle: whole
rows, with snapshots, in one run on any number of threads, in parts, in two stages. Evictions too, without the oracle, which has
no limit."""
import csv
import io
import json
import pathlib
import random
import subprocess
import sys
import tempfile
from dataclasses import replace

import harness
from capture_writer import Format, SEC, write_capture
from determinism_test import first_difference, many_flows, mixed_sequences
from oracle import run as run_oracle
from settings import DEFAULT

# Of names that are none: no UTF-8, too long, without a byte. A NUL ends a name.
NAMES = (b'eth0', b'eth1', b'eth0', 'Br\u00fccke "1", a'.encode(), b'if\0junk', b'\xff', b'x' * 256, b'y' * 255, b'', None)
COLUMNS = ('flow.id', 'flow.first_seen', 'flow.segment', 'flow.snapshot', 'flow.ingress', 'flow.interface', 'flow.sensor')
SENSOR = 'gate "B", 2nd floor: S\u00fcd'
PARTS = ('0-99', '100-255')
RULES = (('plain', {}, {}),
         ('snapshots, short', {'flow': {'early_export': 2, 'idle_timeout': 3, 'active_timeout': 10, 'linger': 1}},
          {'early_export': 2 * SEC, 'idle_timeout': 3 * SEC, 'active_timeout': 10 * SEC, 'linger': SEC}),
         ('few flows', {'flow': {'max_flows': 256, 'early_export': 2, 'continuation': 'fresh'}}, None))


def on_interfaces(records, seed, chance):
    """Most packets of a flow keep to an interface: that of its ports. The others are anywhere."""
    rng = random.Random(seed)
    return [replace(r, interface=rng.choice(NAMES) if rng.random() < chance else NAMES[sum(r.data[34:38]) % len(NAMES)])
            for r in records]


def table_of(paths, rules):
    """What the oracle says, as the program writes it."""
    rows, _, _ = run_oracle(paths, replace(DEFAULT, **rules), families=['flow'])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator='\n')
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([{**row, 'flow.sensor': SENSOR}[name] for name in COLUMNS])
    return text.getvalue().encode()


def call(args, *words):
    return subprocess.run([args.program, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True)


def in_parts(args, command, inputs, profile, folder):
    tables = [folder / f'{command}-{number}.csv' for number in range(len(PARTS))]
    for part, table in zip(PARTS, tables):
        done = call(args, command, *inputs, '-p', profile, '--partitions', part, '--order-columns', '--threads', 2,
                    '--export-path', table)
        if done.returncode != 0:
            return done.stderr
    done = call(args, 'merge', *reversed(tables))
    return done.stdout if done.returncode == 0 else done.stderr


def judge(task):
    args, name, records, (rules_name, rules, of_oracle) = task
    with tempfile.TemporaryDirectory() as given:
        folder = pathlib.Path(given)
        paths = [folder / 'a.pcapng', folder / 'b.pcapng', folder / 'c.pcap']
        forms = Format(name='pcapng'), Format(name='pcapng', end='>', resolution=1 << 30), Format()
        for number, (path, form) in enumerate(zip(paths, forms)):
            write_capture(path, records[len(records) * number // 3:len(records) * (number + 1) // 3], form=form)
        profile, events = folder / 'p.yaml', folder / 'events'
        profile.write_text(json.dumps({'sensor': SENSOR, **rules, 'exporters': [
            {'columns': [{'name': one, 'expression': one} for one in COLUMNS], 'format': 'csv'}]}))
        events.mkdir()
        first, *others = (call(args, 'pcap', *paths, '-p', profile, '--threads', threads) for threads in (1, 2, 3))
        if first.returncode != 0:
            return f'{name}, {rules_name}', [f'exit code {first.returncode}: {first.stderr.decode()}']
        staged = call(args, 'events', *paths, '-p', profile, '--out', events)
        ways = {'2 threads': others[0].stdout, '3 threads': others[1].stdout,
                'parts': in_parts(args, 'pcap', paths, profile, folder),
                'stages': in_parts(args, 'flows', [events], profile, folder) if staged.returncode == 0 else staged.stderr}
        if of_oracle is not None:
            ways['oracle'] = table_of(paths, of_oracle)
        sentences = [f'{way}: {first_difference(first.stdout, table)}' for way, table in ways.items() if table != first.stdout]
        rows = list(csv.DictReader(io.StringIO(first.stdout.decode())))
        kinds = {(row['flow.ingress'] != '', row['flow.interface'] != '') for row in rows}
        if kinds != {(False, False), (True, False), (True, True)}:
            sentences.append(f'not every kind of flow is there: {kinds}')
        return f'{name}, {rules_name}', sentences


def main():
    args = harness.arguments(__doc__, packets=3000).parse_args()
    inputs = (('many_flows', on_interfaces(many_flows(3, args.packets), 1, 0.05)),
              ('mixed_sequences', on_interfaces(mixed_sequences(range(args.packets // 40)), 2, 0.02)))
    tasks = [(args, name, records, rules) for name, records in inputs for rules in RULES]
    return harness.verdict(harness.in_parallel(args.jobs, judge, tasks), 'interfaces')


if __name__ == '__main__':
    sys.exit(main())
