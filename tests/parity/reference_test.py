#!/usr/bin/env python3
"""Tables of the reference extractor, under its rules: all five schemas agree row by row, apart from the cells that
differences.tsv names - that of the reference's rows, and the one beside this file with what is younger: R25 and R26, and
link types that are read since (R8) - and those do differ, in just as many rows. The clean forms are projections of the full ones.

With --program oracle the oracle is judged in place of flowgauge: that proves this comparison.
"""
import collections
import csv
import functools
import math
import sys

import harness
from program import Program, read_table
from schemas import FORMULAS, IDENTITY, PORT_CLASSES

import oracle
from endpoint import port_class
from settings import MODES

BATCH = 16                                                      # captures to a run
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
        if here == there:
            continue
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


def projection(header, rows, clean_header, port_classes):
    """The clean table that belongs to a full one."""
    of = [(header.index(port_classes.get(name, name)), name in port_classes) for name in clean_header]
    return [[port_class(int(row[i])) if is_port else row[i] for i, is_port in of] for row in rows]


class Reference:
    def __init__(self, folder):
        self.folder = folder
        self.known = collections.defaultdict(collections.Counter)
        for path in folder / 'differences.tsv', harness.HERE / 'differences.tsv':               # ours: of later errata
            with open(path, newline='') as f:
                for row in csv.DictReader(f, delimiter='\t'):
                    self.known[row['capture'], row['schema']][row['column']] += int(row['rows'])    # one line per erratum

    def header(self, name):
        return (self.folder / 'headers' / f'{name}.txt').read_text().split('\n')[:-1]

    def rows(self, schema, capture):
        path = self.folder / 'rows' / schema / f'{capture}.csv'
        return read_table(path.read_text())[1] if path.exists() else []

    def disagreements(self, schema, capture, header, rows):
        if header != self.header(schema):
            return [f'the header is {header}, the reference has {self.header(schema)}']
        expected = self.known.get((capture, schema), {})
        if ALL in expected:                                     # the reference did not live to write a right one
            return [] if len(rows) == expected[ALL] else [f'{len(rows)} rows, expected {expected[ALL]}']
        found = count_differences(header, rows, self.rows(schema, capture), IDENTITY[schema])
        return [f'{name}: {found[name]} rows differ from the reference, {expected.get(name, 0)} are known to'
                for name in sorted(found.keys() | expected.keys()) if found[name] != expected.get(name, 0)]

    def clean_disagreements(self, schema, full, clean):
        header = self.header(f'{schema}.contamination-free')
        if clean[0] != header:
            return [f'the clean header is {clean[0]}, the reference has {header}']
        wanted = projection(*full, header, PORT_CLASSES[schema])
        return [] if clean[1] == wanted else ['the clean table is no projection of the full one']


def judge_program(program, reference, captures):
    """[(capture, [sentence])]"""
    (full, run), (clean, clean_run) = (
        program.tables_by_schema(captures, FORMULAS, {'extends': str(harness.COMPAT_PROFILE), 'contamination': level})
        for level in ('none_removed', 'raw_identifiers'))
    crashed = [r.messages[-2000:] for r in (run, clean_run) if r.crashed() or r.code not in (0, 3)]
    if crashed:
        return [(captures[0].name + ' and others', crashed)]
    return [(path.name, [f'{schema}: {sentence}' for schema in FORMULAS
                         for sentence in judge_table(reference, schema, path.name, full, clean)]) for path in captures]


def judge_table(reference, schema, capture, full, clean):
    if (schema, capture) not in full or (schema, capture) not in clean:
        return ['no table']
    table = full[schema, capture]
    return (reference.disagreements(schema, capture, *table)
            + reference.clean_disagreements(schema, table, clean[schema, capture]))


def judge_oracle(reference, captures):
    out = []
    for path in captures:
        rows, _, _ = oracle.run([path], MODES['compat'])
        sentences = []
        for schema, formula in FORMULAS.items():
            table = [list(map(str, formula(row))) for row in rows]
            sentences += [f'{schema}: {s}' for s in reference.disagreements(schema, path.name, reference.header(schema), table)]
        out.append((path.name, sentences))
    return out


def main():
    args = harness.arguments(__doc__).parse_args()
    reference = Reference(harness.shared_folder(args, 'reference'))
    captures = harness.shared_folder(args, 'captures')
    with open(reference.folder / 'index.tsv', newline='') as f:
        names = [row['capture'] for row in csv.DictReader(f, delimiter='\t') if row['read'] != 'refused']
    if args.program == 'oracle':
        judge = functools.partial(judge_oracle, reference)
    else:
        judge = functools.partial(judge_program, Program(args.program, args.plugins), reference)
    batches = [[captures / name for name in names[at:at + BATCH]] for at in range(0, len(names), BATCH)]
    found = harness.in_parallel(args.jobs, judge, batches)
    return harness.verdict([finding for batch in found for finding in batch], f'reference tables of {len(FORMULAS)} schemas')


if __name__ == '__main__':
    sys.exit(main())
