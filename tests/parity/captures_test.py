#!/usr/bin/env python3
"""Every public capture and every case, in both modes: no crash, the exit code of its condition, a balanced ledger, as
many frames as capinfos counts, and every cell and the order of the rows as the oracle has them.

FLOWGAUGE_LARGE=1 takes the large captures too.
"""
import csv
import functools
import os
import sys

import harness
from compare import ledger_differences, packets_in, table_differences
from program import Program

import oracle
from settings import MODES

PROFILES = {'default': None, 'compat': harness.COMPAT_PROFILE}


def judge(program, frames_of, task):
    path, mode = task
    expected, ledger, errors = oracle.run([path], MODES[mode])
    run = program.run([path], profile=PROFILES[mode])
    if run.crashed():
        return [f'crash, exit code {run.code}: {run.messages[-2000:]}']
    out = []
    if run.code != (3 if errors else 0):
        out.append(f'exit code {run.code}, expected {3 if errors else 0}: {run.messages[-500:]}')
    if errors and path.name not in run.messages:
        out.append(f'the message does not name the file: {run.messages[-500:]}')
    try:
        header, rows = run.rows()
    except ValueError as e:
        return [*out, str(e)]
    if not header:
        return out + ([] if errors and not ledger['frames_read'] else ['no table'])
    out += ledger_differences(run.report, ledger, packets_in(header, rows))
    # capinfos counts zeros at the end of a file as packets.
    counted = None if any('zeros' in error['message'] for error in errors) else frames_of.get(path.name)
    if counted is not None and (ledger['frames_read'] or not errors) and run.report['ledger']['frames_read'] != counted:
        out.append(f"{run.report['ledger']['frames_read']} frames read, capinfos counts {counted}")
    return out + table_differences(header, rows, expected)


def capinfos_counts(folder, refused):
    """Of the captures that are read at all."""
    with open(folder / 'tshark-conversations.tsv', newline='') as f:
        return {row['file']: int(row['packets_capinfos']) for row in csv.DictReader(f, delimiter='\t')
                if row['file'] not in refused and row['packets_capinfos'].isdigit()}


def main():
    args = harness.arguments(__doc__).parse_args()
    folder = harness.shared_folder(args, 'captures')
    with open(harness.shared_folder(args, 'reference') / 'index.tsv', newline='') as f:
        refused = {row['capture'] for row in csv.DictReader(f, delimiter='\t') if row['read'] == 'refused'}
    captures = harness.captures(args)
    if os.environ.get('FLOWGAUGE_LARGE'):
        captures = sorted((folder / 'large').glob('*.zst')) + captures
    tasks = [(path, mode) for path in captures for mode in PROFILES]
    program = Program(args.program, args.plugins)
    found = harness.in_parallel(args.jobs, functools.partial(judge, program, capinfos_counts(folder, refused)), tasks)
    return harness.verdict([(f'{path.name} ({mode})', sentences) for (path, mode), sentences in zip(tasks, found)], 'captures')


if __name__ == '__main__':
    sys.exit(main())
