#!/usr/bin/env python3
"""What one wrong timestamp, or a file in the wrong place, costs: no flow ends otherwise than without it, and no more flows are in memory."""
import functools
import pathlib
import sys
import tempfile

import frames as f
import harness
from capture_writer import SEC, Record, write_capture
from program import Program

BEGIN = 1_700_000_000 * SEC
PER_SECOND = 100
DAY = 86400 * SEC
YEAR = 365 * DAY
FLOWS = 30_000                      # of one packet each: 300 s, of which 120 are in memory


def record(ts, number):
    a, b = bytes((10, 0, number >> 14 & 255, number >> 6 & 255)), bytes((10, 1, 0, 1))
    frame = f.ethernet(f.IP4, f.ipv4(a, b, 17, f.udp(1000 + number % 64, 53, b'x')))
    return Record(ts, frame, len(frame))


def flows(begin, first, count):
    return [record(begin + i * SEC // PER_SECOND, first + i) for i in range(count)]


def run(program, folder, threads, *files):
    """(rows, what the report says of flows, the last lines); the rows are all different."""
    paths = []
    for number, records in enumerate(files):
        paths.append(pathlib.Path(folder, f'{number}.pcap'))
        write_capture(paths[-1], records)
    done = program.run(paths, '--threads', threads, schema='basic')
    if done.code != 0:
        raise SystemExit(f'exit code {done.code}: {done.messages}')
    return {tuple(row) for row in done.rows()[1]}, done.report['flows'], done.messages


def compare(found, expected, more, threads, **counts):
    """Sentences about what is not as expected: the same rows and `more` others, hardly more flows in memory, and these counts."""
    (rows, told, _), (all_rows, before, _) = found, expected
    out = []
    if not all_rows <= rows or len(rows) != len(all_rows) + more:
        out.append(f'{len(all_rows - rows)} rows are missing, {len(rows - all_rows)} are others, expected {more}')
    if told['most_at_once'] > before['most_at_once'] + more * threads + PER_SECOND:
        out.append(f"{told['most_at_once']} flows in memory at one time, without it {before['most_at_once']}")
    return out + [f'{name} is {told[name]}, expected {count}' for name, count in counts.items() if told[name] != count]


def judge(program, threads):
    """[(what, sentences)]"""
    normal, half = flows(BEGIN, 0, FLOWS), FLOWS // 2
    ahead, zero = record(BEGIN + 10 * YEAR, FLOWS), record(0, FLOWS)
    later = flows(BEGIN + DAY, FLOWS, 1000)
    with tempfile.TemporaryDirectory() as folder:
        run_files = functools.partial(run, program, folder, threads)
        alone, late = run_files(normal), run_files(later, normal)
        found = {
            'the first packet ten years ahead': compare(
                run_files([ahead, *normal]), alone, 1, threads, packets_too_far_ahead=0, clock_steps_back=1, packets_older_than_clock=3),
            'one packet ten years ahead': compare(
                run_files([*normal[:half], ahead, *normal[half:]]), alone, 1, threads, packets_too_far_ahead=1, clock_steps_back=0,
                packets_older_than_clock=0),
            'one packet of 1970': compare(
                run_files([*normal[:half], zero, *normal[half:]]), alone, 1, threads, packets_too_far_ahead=0, clock_steps_back=0,
                packets_older_than_clock=1),
            'files in the wrong order': compare(late, alone, len(later), 1, clock_steps_back=1)
            + ([] if 'the clock set back 1 time' in late[2] else [f'the last lines say nothing of the step: {late[2]}']),
        }
    return [(f'{what}, {threads} threads', sentences) for what, sentences in found.items()]


def main():
    args = harness.arguments(__doc__).parse_args()
    program = Program(args.program, args.plugins)
    found = harness.in_parallel(args.jobs, functools.partial(judge, program), (1, 3))
    return harness.verdict([finding for findings in found for finding in findings], 'clock')


if __name__ == '__main__':
    sys.exit(main())
