#!/usr/bin/env python3
"""Public captures with bytes changed or cut off: no crash, the exit code, the ledger and the rows up to the damage as the
oracle has them. FLOWGAUGE_SEQUENCES sets how many (a quarter of it), FLOWGAUGE_SEED which."""
import functools
import os
import pathlib
import random
import sys
import tempfile

import harness
from compare import ledger_differences, packets_in, table_differences
from program import Program

import oracle
from settings import DEFAULT

MOST_BYTES = 30_000


def damaged(rng, data):
    if rng.random() < 0.2:
        return data[:rng.randrange(len(data))]
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        at = rng.randrange(len(data) if rng.random() < 0.8 else min(len(data), 120))
        data[at] = rng.choice((0, 1, 255, rng.randrange(256), data[at] ^ 1 << rng.randrange(8)))
    return bytes(data)


def judge(program, captures, seed):
    rng = random.Random(seed)
    original = rng.choice(captures)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, original.name)
        path.write_bytes(damaged(rng, original.read_bytes()))
        expected, ledger, errors = oracle.run([path], DEFAULT)
        run = program.run([path])
        out = []
        if run.crashed() or run.code != (3 if errors else 0):
            out.append(f'exit code {run.code}, the oracle found {errors or "nothing wrong"}: {run.messages[-2000:]}')
        header, rows = run.rows()
        if header:
            out += ledger_differences(run.report, ledger, packets_in(header, rows)) + table_differences(header, rows, expected)
        elif expected:
            out.append(f'no table, expected {len(expected)} rows')
        if out:
            kept = pathlib.Path(f'damage-{seed}-{original.name}').resolve()
            kept.write_bytes(path.read_bytes())
            out.append(f'saved as {kept}')
        return out


def main():
    args = harness.arguments(__doc__, count=250, seed=int(os.environ.get('FLOWGAUGE_SEED', 1))).parse_args()
    if 'FLOWGAUGE_SEQUENCES' in os.environ:
        args.count = int(os.environ['FLOWGAUGE_SEQUENCES']) // 4
    captures = [path for path in harness.captures(args) if path.suffix != '.gz' and 0 < path.stat().st_size <= MOST_BYTES]
    seeds = range(args.seed, args.seed + args.count)
    found = harness.in_parallel(args.jobs, functools.partial(judge, Program(args.program, args.plugins), captures), seeds)
    return harness.verdict([(f'seed {seed}', sentences) for seed, sentences in zip(seeds, found)], 'damaged captures')


if __name__ == '__main__':
    sys.exit(main())
