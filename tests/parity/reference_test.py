#!/usr/bin/env python3
"""Tables of the reference extractor, under its rules: `basic` and `cidds` agree row by row, apart from the cells that
differences.tsv names, and those do differ, in just as many rows. The clean forms are projections of the full ones.

With --program oracle the oracle is judged in place of flowgauge: that proves this comparison.
"""
import collections
import csv
import functools
import math
import sys

import harness
from program import Program, read_table
from schemas import CLEAN, FORMULAS, IDENTITY, PORT_COLUMNS

import oracle
from endpoint import port_class
from settings import MODES

ONLY_HERE, ONLY_THERE, ALL = '(row only here)', '(row only in reference)', '(all)'


def same(a, b):
    if a == b:
        return True
    try:
        return math.isclose(float(a), float(b), rel_tol=1e-9, abs_tol=1e-9)
    except ValueError:
        return False


def count_differences(header, ours, reference, identity):
    """Counter: column or kind of row -> rows. Rows pair by identity; of several, those that agree in most cells."""
    of = [header.index(name) for name in identity]
    groups = collections.defaultdict(lambda: ([], []))
    for side, rows in enumerate((ours, reference)):
        for row in rows:
            groups[tuple(row[i] for i in of)][side].append(row)
    counts = collections.Counter()
    for here, there in groups.values():
        agreement = sorted(((sum(map(same, a, b)), i, j) for i, a in enumerate(here) for j, b in enumerate(there)),
                           key=lambda t: -t[0])
        paired_here, paired_there = set(), set()
        for _, i, j in agreement:
            if i not in paired_here and j not in paired_there:
                paired_here.add(i), paired_there.add(j)
                counts.update(name for name, a, b in zip(header, here[i], there[j]) if not same(a, b))
        counts[ONLY_HERE] += len(here) - len(paired_here)
        counts[ONLY_THERE] += len(there) - len(paired_there)
    return +counts


def projection(header, rows, schema):
    columns = [(header.index(full), full in PORT_COLUMNS) for full in CLEAN[schema].values()]
    return collections.Counter(tuple(port_class(int(row[i])) if is_port else row[i] for i, is_port in columns) for row in rows)


def oracle_table(capture, schema, header):
    rows, _, _ = oracle.run([capture], MODES['compat'], ('flow', 'packet_length', 'tcp_flags'))
    return header, [list(map(str, FORMULAS[schema](row))) for row in rows]


def judge(program, folder, known, task):
    capture, schema = task
    header = (folder / 'headers' / f'{schema}.txt').read_text().split('\n')[:-1]
    if program is None:
        ours, clean = oracle_table(capture, schema, header), None
    else:
        run = program.run([capture], schema=schema, profile=harness.COMPAT_PROFILE)
        if run.crashed() or not run.table:
            return [f'exit code {run.code}: {run.messages[-2000:]}']
        ours = run.rows()
        clean = program.run([capture], '--drop-contaminant-features', schema=schema, profile=harness.COMPAT_PROFILE).rows()
    if ours[0] != header:
        return [f'the header is {ours[0]}, the reference has {header}']
    path = folder / 'rows' / schema / f'{capture.name}.csv'
    theirs = read_table(path.read_text())[1] if path.exists() else []
    expected = dict(known.get((capture.name, schema), {}))
    out = []
    if ALL in expected:                                         # the reference did not live to write a right one
        if len(ours[1]) != expected[ALL]:
            out.append(f'{len(ours[1])} rows, expected {expected[ALL]}')
    else:
        found = count_differences(header, ours[1], theirs, IDENTITY[schema])
        for name in sorted(found.keys() | expected.keys()):
            if found[name] != expected.get(name, 0):
                out.append(f'{name}: {found[name]} rows differ from the reference, {expected.get(name, 0)} are known to')
    if clean is not None:
        clean_header = (folder / 'headers' / f'{schema}.contamination-free.txt').read_text().split('\n')[:-1]
        if clean[0] != clean_header:
            out.append(f'the clean header is {clean[0]}, the reference has {clean_header}')
        elif collections.Counter(map(tuple, clean[1])) != projection(header, ours[1], schema):
            out.append('the clean table is no projection of the full one')
        elif not expected and collections.Counter(map(tuple, clean[1])) != projection(header, theirs, schema):
            out.append('the clean table differs from the projection of the reference')
    return out


def known_differences(path):
    known = collections.defaultdict(collections.Counter)
    with open(path, newline='') as f:
        for row in csv.DictReader(f, delimiter='\t'):
            if row['schema'] in FORMULAS:
                known[row['capture'], row['schema']][row['column']] += int(row['rows'])     # one line per erratum
                known[row['capture'], row['schema']].setdefault(row['column'], 0)
    return dict(known)


def main():
    args = harness.arguments(__doc__).parse_args()
    folder = harness.shared_folder(args, 'reference')
    captures = harness.shared_folder(args, 'captures')
    known = known_differences(folder / 'differences.tsv')
    with open(folder / 'index.tsv', newline='') as f:
        names = [row['capture'] for row in csv.DictReader(f, delimiter='\t') if row['read'] != 'refused']
    tasks = [(captures / name, schema) for name in names for schema in FORMULAS]
    program = None if args.program == 'oracle' else Program(args.program, args.plugins)
    found = harness.in_parallel(args.jobs, functools.partial(judge, program, folder, known), tasks)
    return harness.verdict([(f'{capture.name} ({schema})', s) for (capture, schema), s in zip(tasks, found)], 'reference tables')


if __name__ == '__main__':
    sys.exit(main())
