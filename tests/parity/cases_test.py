#!/usr/bin/env python3
"""Every line of ../shared/cases/cases.tsv: its capture gives the rows, exit code and messages that cases.py holds."""
import csv
import functools
import json
import pathlib
import re
import sys
import tempfile

import harness
from cases import CASES
from program import Program


def differences(answer, run):
    """Sentences about what is not as the answer has it."""
    if run.crashed():
        return [f'crash, exit code {run.code}: {run.messages[-2000:]}']
    out = []
    if run.code != answer.code:
        out.append(f'exit code {run.code}, expected {answer.code}')
    if answer.says and not re.search(answer.says, run.messages):
        out.append(f'no message matches {answer.says!r}')
    if answer.never_says and re.search(answer.never_says, run.messages):
        out.append(f'a message matches {answer.never_says!r}')
    ledger = run.report.get('ledger', {})
    if ledger.get('frames_read') != ledger.get('in_flows', 0) + sum(ledger.get('ignored', {}).values()):
        out.append(f'the ledger does not balance: {ledger}')
    header, rows = run.rows()
    if len(rows) != len(answer.rows):
        out.append(f'{len(rows)} rows, expected {len(answer.rows)}')
    for number, (cells, expected) in enumerate(zip(rows, answer.rows), 1):
        found = dict(zip(header, cells))
        wrong = [f'{name} is {found.get(name, "no column")!r}, expected {want!r}'
                 for name, want in expected.items() if found.get(name) != want]
        out += [f'row {number}: ' + ', '.join(wrong)] if wrong else []
    return out + ([f'the messages are: {run.messages[-1000:]}'] if out and run.messages else [])


def judge(program, folder, name):
    out = []
    for answer in CASES[name]:
        with tempfile.TemporaryDirectory() as rules_folder:
            profile = pathlib.Path(rules_folder, 'rules.yaml')  # JSON is YAML
            profile.write_text(json.dumps(answer.rules))
            run = program.run([folder / name], schema=answer.schema, profile=profile if answer.rules else None)
        about = f'{answer.schema}, {json.dumps(answer.rules)}: ' if len(CASES[name]) > 1 else ''
        out += [about + sentence for sentence in differences(answer, run)]
    return out


def incomplete(lines):
    """Sentences about lines without an answer, answers without a line, and numbers of flows that are not the line's."""
    out = [f'{name} has a line in cases.tsv and no answer in cases.py' for name in lines.keys() - CASES.keys()]
    out += [f'{name} has an answer in cases.py and no line in cases.tsv' for name in CASES.keys() - lines.keys()]
    rows = {name: str(len(answers[0].rows)) for name, answers in CASES.items()}
    return out + [f'{name} has {rows[name]} rows in cases.py and {flows} flows in cases.tsv'
                  for name, flows in lines.items() if name in rows and flows not in ('-', rows[name])]


def main():
    args = harness.arguments(__doc__).parse_args()
    folder = harness.shared_folder(args, 'cases')
    with open(folder / 'cases.tsv', newline='') as f:
        lines = {line['file']: line['flows'] for line in csv.DictReader(f, delimiter='\t')}
    names = sorted(lines.keys() & CASES.keys())
    found = harness.in_parallel(args.jobs, functools.partial(judge, Program(args.program, args.plugins), folder), names)
    return harness.verdict([('the table', incomplete(lines)), *zip(names, found)], 'cases')


if __name__ == '__main__':
    sys.exit(main())
