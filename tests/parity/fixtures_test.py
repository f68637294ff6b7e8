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
    return harness.summary([difference for of_variant in found for difference in of_variant],
                           f'fixtures: {len(captures)} under {len(VARIANTS)} sets of rules')


if __name__ == '__main__':
    sys.exit(main())
