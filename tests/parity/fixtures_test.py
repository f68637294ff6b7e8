#!/usr/bin/env python3
"""Sequences that once showed a difference between flowgauge and the oracle, under all rules."""
import functools
import sys
import tempfile

import harness
from judge import judge_captures
from profiles import VARIANTS, write_profiles
from program import Program


def judge(program, captures, profiles, variant):
    return [(f'{path.name} ({variant})', sentences) for path, sentences in judge_captures(program, captures, variant, profiles[variant])]


def main():
    args = harness.arguments(__doc__).parse_args()
    captures = sorted((harness.SOURCE / 'fixtures' / 'sequences').glob('*.pcap*'))
    if not captures:
        print('skipped: fixtures/sequences is empty')
        return harness.SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        found = harness.in_parallel(args.jobs, functools.partial(judge, Program(args.program, args.plugins), captures, write_profiles(folder)), VARIANTS)
    bad = [difference for of_variant in found for difference in of_variant]
    harness.verdict(bad, 'differences')
    print(f'fixtures: {len(captures)} under {len(VARIANTS)} sets of rules, {len(bad)} with differences')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
