#!/usr/bin/env python3
"""Tells which tests of a run skipped and why, and whether they may; then repeats ctest's closing line.

usage: skips.py REPORT ALLOWED [--strict]

REPORT is what `ctest --output-junit` wrote, with the whole output of tests that passed. A line of ALLOWED is a test's name, a tab, and why it may skip; names may
have * in them. --strict, for machines where all can be tested: 1 if another test skipped.
"""
import fnmatch
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

NO_REASON = 'gives no reason'


def allowed_names(text):
    names = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith('#'):
            continue
        name, tab, why = line.partition('\t')
        if not tab or not why.strip():
            raise ValueError(f'line {number}: a name, a tab and a reason are wanted')
        names.append(name.strip())
    return names


def reason_in(output):
    """What a test said last; of a GoogleTest what stands behind its 'Skipped'."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for index, line in enumerate(lines):
        if re.search(r': Skipped$', line):
            said = lines[index + 1] if index + 1 < len(lines) else ''
            return NO_REASON if not said or said.startswith('[') else said
    return lines[-1] if lines else NO_REASON


def skipped_cases(output):
    """(name, reason) of each case of a GoogleTest program that skipped, where ctest has the whole program as one test."""
    for case in re.finditer(r'^\[ RUN +\] (\S+)\n(.*?)^\[  SKIPPED \] \1 ', output, re.MULTILINE | re.DOTALL):
        yield case[1], reason_in(case[2])


def skipped_tests(report):
    """(name, reason) of each test that skipped; how many tests there were, and how many failed."""
    suite = ElementTree.fromstring(report)
    skipped = []
    for case in suite.iter('testcase'):
        output = case.findtext('system-out') or ''
        if case.find('skipped') is not None:
            skipped.append((case.get('name'), reason_in(output)))
        else:
            skipped += skipped_cases(output)
    failed = sum(1 for case in suite.iter('testcase') if case.find('failure') is not None)
    return skipped, len(suite.findall('testcase')), failed


def judge(report, allowed, strict):
    """The lines to print, and the exit code."""
    skipped, tests, failed = skipped_tests(report)
    patterns = allowed_names(allowed)
    lines, wrong = [], []
    for name, reason in skipped:
        may = any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
        lines.append(f'skipped: {name}: {reason}')
        if not may or reason == NO_REASON:
            wrong.append(name)
    if strict and wrong:
        lines.append('these may not skip where all can be tested, or give no reason '
                     f'(tests/allowed_skips.tsv): {", ".join(wrong)}')
        return lines, 1
    passed = 100 * (tests - failed) // tests if tests else 0
    lines.append(f'{passed}% tests passed, {failed} tests failed out of {tests}')
    return lines, 0


def main(arguments):
    strict = '--strict' in arguments
    paths = [word for word in arguments if word != '--strict']
    if len(paths) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    lines, code = judge(*(pathlib.Path(path).read_text(encoding='utf-8', errors='replace') for path in paths), strict)
    print('\n'.join(lines))
    return code


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
