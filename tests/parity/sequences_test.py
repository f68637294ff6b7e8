#!/usr/bin/env python3
"""Generated packet sequences: flowgauge and the oracle write the same tables, under several rules.

A difference is shrunk to the fewest packets and saved in the current folder; put it into fixtures/sequences under a name
that says what it shows, with the fix. FLOWGAUGE_SEQUENCES and FLOWGAUGE_SEED set how many, and which.
"""
import functools
import os
import pathlib
import sys
import tempfile

import harness
import sequences
from capture_writer import write_capture
from judge import judge_captures
from profiles import VARIANTS, write_profiles
from program import Program
from shrink import shrink

BATCH = 100
MOST_SHRUNK = 3         # of a batch and a set of rules


def variants_of(batch):
    """The two modes always, two others in turn."""
    others = [name for name in VARIANTS if name not in ('default', 'compat')]
    return 'default', 'compat', others[2 * batch % len(others)], others[(2 * batch + 1) % len(others)]


def save_shrunk(program, sequence, variant, profile, threads):
    program = Program(program.executable, program.plugins, patience_s=20)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'candidate.pcap')

        def is_bad(records):
            write_capture(path, records, sequence.linktype, sequence.form)
            return bool(judge_captures(program, [path], variant, profile, threads))

        records = shrink(list(sequence.records), is_bad)
        name = pathlib.Path(f'sequence-{sequence.seed}-{variant}.pcap').resolve()
        write_capture(name, records, sequence.linktype, sequence.form)
        if not is_bad(records):
            return [f'{name}: differs only now and then']
        return [f'shrunk to {len(records)} packets: {name}', *judge_captures(program, [path], variant, profile, threads)[0][1]]


def judge_batch(program, first_seed, count, batch):
    seeds = range(first_seed + batch * BATCH, first_seed + min((batch + 1) * BATCH, count))
    threads = 1 + batch % 4
    out = []
    with tempfile.TemporaryDirectory() as folder:
        profiles = write_profiles(folder)
        made = {}
        for seed in seeds:
            path = pathlib.Path(folder, f'{seed}.pcap')
            made[path] = sequences.make(seed)
            write_capture(path, made[path].records, made[path].linktype, made[path].form)
        for variant in variants_of(batch):
            found = judge_captures(program, list(made), variant, profiles[variant], threads)
            for number, (path, sentences) in enumerate(found):
                if number < MOST_SHRUNK:
                    sentences = save_shrunk(program, made[path], variant, profiles[variant], threads)
                out.append((f'seed {path.stem} ({variant}, {threads} threads)', sentences))
    return out


def main():
    args = harness.arguments(__doc__, count=250, seed=int(os.environ.get('FLOWGAUGE_SEED', 1))).parse_args()
    count = int(os.environ.get('FLOWGAUGE_SEQUENCES', args.count))
    batches = range((count + BATCH - 1) // BATCH)
    program = Program(args.program, args.plugins)
    found = harness.in_parallel(args.jobs, functools.partial(judge_batch, program, args.seed, count), batches)
    return harness.summary([difference for batch in found for difference in batch], f'sequences: {count} from seed {args.seed}')


if __name__ == '__main__':
    sys.exit(main())
