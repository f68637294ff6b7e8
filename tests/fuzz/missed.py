#!/usr/bin/env python3
"""Lines of the project that the inputs of a fuzz target do not reach, in files of which they reach some.

    missed.py PROJECT LCOV    of the counts that llvm-cov writes as LCOV
"""
import pathlib
import sys

FOLDERS = ('core', 'plugins')
NOT_OURS_TO_REACH = ('core/sdk',)  # the SDK is compiled into plugins


def counts_of(lcov):
    """Of each file the counts of its lines; a line of a template has those of all that it became."""
    files, lines = {}, {}
    for line in lcov.splitlines():
        kind, _, value = line.partition(':')
        if kind == 'SF':
            lines = files.setdefault(value, {})
        elif kind == 'DA':
            number, count = map(int, value.split(',')[:2])
            lines[number] = max(lines.get(number, 0), count)
    return files


def main():
    project, lcov = map(pathlib.Path, sys.argv[1:])
    for name, counts in sorted(counts_of(lcov.read_text()).items()):
        path = pathlib.Path(name)
        if not path.is_relative_to(project) or not any(counts.values()):
            continue
        shown = path.relative_to(project)
        if shown.parts[0] not in FOLDERS or any(shown.is_relative_to(one) for one in NOT_OURS_TO_REACH):
            continue
        text = path.read_text().splitlines()
        missed = [number for number, count in sorted(counts.items()) if count == 0 and text[number - 1].strip() not in ('', '}')]
        if missed:
            print(f'{shown}: {len(missed)} of {len(counts)} lines')
        for number in missed:
            print(f'{number:5}  {text[number - 1]}')


if __name__ == '__main__':
    main()
