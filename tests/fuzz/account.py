#!/usr/bin/env python3
"""What fuzzing has done so far, a line for each time a target ran.

    account.py add FILE TARGET COMMIT SECONDS LOG    appends what libFuzzer says at the end of LOG, and prints it;
                                                     SECONDS of processor time, "USER SYSTEM"
    account.py table FILE...                         the sums of each target, as Markdown
"""
import pathlib
import re
import sys
import time

COLUMNS = ('date', 'commit', 'target', 'seconds', 'executions', 'edges', 'all_edges', 'features', 'inputs', 'finding')


def last(pattern, log):
    found = re.findall(pattern, log)
    return found[-1] if found else '0'


def add(path, target, commit, seconds, log_path):
    log = pathlib.Path(log_path).read_text(errors='replace')
    is_finding = 'artifact_prefix=' in log or 'SUMMARY:' in log
    line = (time.strftime('%Y-%m-%d %H:%M'), commit, target, str(round(sum(map(float, seconds.split())))),
            last(r'stat::number_of_executed_units:\s*(\d+)', log), last(r'cov: (\d+)', log),
            last(r'\((\d+) inline 8-bit counters\)', log), last(r'ft: (\d+)', log), last(r'corp: (\d+)/', log),
            'yes' if is_finding else 'no')
    is_new = not path.exists()
    with open(path, 'a') as file:
        file.write(('\t'.join(COLUMNS) + '\n' if is_new else '') + '\t'.join(line) + '\n')
    print(', '.join(f'{name} {value}' for name, value in zip(COLUMNS[2:], line[2:])))


def table(paths):
    rows = {}
    for path in paths:
        for line in path.read_text().splitlines()[1:]:
            row = dict(zip(COLUMNS, line.split('\t')))
            sums = rows.setdefault(row['target'], {'seconds': 0, 'executions': 0, 'edges': 0, 'features': 0, 'findings': 0})
            for key in ('seconds', 'executions'):
                sums[key] += int(row[key])
            for key in ('edges', 'features'):
                sums[key] = max(sums[key], int(row[key]))
            sums['all_edges'] = int(row['all_edges'])
            sums['findings'] += row['finding'] == 'yes'
    print('| target | minutes | executions | edges | features | runs with a finding |\n|---|---|---|---|---|---|')
    for target, sums in sorted(rows.items()):
        print(f"| `{target}` | {sums['seconds'] / 60:.1f} | {sums['executions']:,} | {sums['edges']:,} of {sums['all_edges']:,} "
              f"| {sums['features']:,} | {sums['findings']} |")
    hours = sum(sums['seconds'] for sums in rows.values()) / 3600
    print(f"\n{hours:.2f} core-hours, {sum(sums['executions'] for sums in rows.values()):,} executions")


def main():
    command, *words = sys.argv[1:]
    if command == 'add':
        add(pathlib.Path(words[0]), *words[1:])
    else:
        table([pathlib.Path(word) for word in words])


if __name__ == '__main__':
    main()
