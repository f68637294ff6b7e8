#!/usr/bin/env python3
"""Every public capture and every case, in both modes: no crash, the exit code of its condition, a balanced ledger, as
many frames as capinfos counts, and every cell and the order of the rows as the oracle has them.

FLOWGAUGE_LARGE=1 takes the large captures too.
"""
import collections
import csv
import functools
import sys

import harness
from compare import ledger_differences, packets_in, table_differences
from program import Program, read_table

import oracle
from settings import MODES

PROFILES = {'default': None, 'compat': harness.COMPAT_PROFILE}


GROUP = 16              # captures of one run: a start takes longer than most of them


def judge_alone(program, frames_of, path, mode, answer):
    expected, ledger, errors = answer
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


def agree(program, frames_of, paths, mode, answers):
    """Whether one run has the table of each, and the frames of all."""
    tables, run = program.tables(paths, profile=PROFILES[mode])
    if run.code != 0 or not all(tables):
        return False
    try:
        found = [read_table(table) for table in tables]
    except ValueError:
        return False
    ledgers = [answers[path][1] for path in paths]
    ignored = sum((collections.Counter(ledger['ignored']) for ledger in ledgers), collections.Counter())
    total = {'frames_read': sum(ledger['frames_read'] for ledger in ledgers), 'in_flows': sum(ledger['in_flows'] for ledger in ledgers),
             'ignored': dict(ignored)}
    counted = all(frames_of.get(path.name, ledger['frames_read']) == ledger['frames_read'] for path, ledger in zip(paths, ledgers))
    return (counted and not ledger_differences(run.report, total, sum(packets_in(*table) for table in found))
            and not any(table_differences(*table, answers[path][0]) for path, table in zip(paths, found)))


def judge(program, frames_of, task):
    """[[sentence]] of each capture. Those that can be read to their end have one run; where it is not as it should be, and for all
    others, each has its own."""
    paths, mode = task
    answers = {path: oracle.run([path], MODES[mode]) for path in paths}
    whole = [path for path in paths if not answers[path][2]]
    agreed = whole if agree(program, frames_of, whole, mode, answers) else []
    return [[] if path in agreed else judge_alone(program, frames_of, path, mode, answers[path]) for path in paths]


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
    if harness.ALL:
        captures = harness.large_captures(args) + captures
    tasks = [(captures[i:i + GROUP], mode) for i in range(0, len(captures), GROUP) for mode in PROFILES]
    program = Program(args.program, args.plugins)
    found = harness.in_parallel(args.jobs, functools.partial(judge, program, capinfos_counts(folder, refused)), tasks)
    return harness.verdict([(f'{path.name} ({mode})', sentences) for (paths, mode), of_all in zip(tasks, found)
                            for path, sentences in zip(paths, of_all)], 'captures')


if __name__ == '__main__':
    sys.exit(main())
