#!/usr/bin/env python3
"""docs/semantics.md as a plain program: capture files -> one CSV row per flow, in the order flowgauge writes them.

    oracle.py CAPTURE... [--mode compat|default] [--out FILE.csv] [--set name=value ...]

Several captures are one stream. Rows go to --out (or stdout), the ledger to stderr as JSON. Exit code 0, or 3 where a
file is damaged or refused (the rows up to there are written). Pure standard library.
"""
import argparse
import csv
import json
import sys
from dataclasses import replace

from capture_file import CaptureError, read_capture
from decode import Decoder, Ignore
from life_cycle import FlowTable
from run_clock import with_clock
from settings import MODES

MAX_TIME = 1 << 62


def run(paths, settings, families=None):
    """(rows in order, ledger, errors) of captures read as one stream."""
    decoder, table = Decoder(settings), FlowTable(settings, families)
    ledger = {'frames_read': 0, 'in_flows': 0, 'ignored': {}}
    errors = []

    def packets():
        for path in paths:
            try:
                for frame in read_capture(path):
                    number, ledger['frames_read'] = ledger['frames_read'], ledger['frames_read'] + 1
                    try:
                        if not -MAX_TIME <= frame.ts < MAX_TIME:
                            raise Ignore('bad_timestamp')
                        packet = decoder.decode(frame)
                        ledger['in_flows'] += 1
                        yield packet, number
                    except Ignore as why:
                        ledger['ignored'][str(why)] = ledger['ignored'].get(str(why), 0) + 1
            except CaptureError as e:
                errors.append({'file': path, 'message': str(e), 'packet': e.number, 'offset': e.offset})

    for packet, number, clock in with_clock(packets(), settings.clock_jump, settings.idle_timeout or settings.active_timeout):
        table.process(packet, number, clock)
    table.finish()
    table.released.sort(key=lambda r: r[0])
    return [row for _, row in table.released], ledger, errors


def main():
    p = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    p.add_argument('captures', nargs='+', metavar='CAPTURE')
    p.add_argument('--mode', choices=MODES, default='default')
    p.add_argument('--out')
    p.add_argument('--set', action='append', default=[], metavar='NAME=VALUE', help='one rule; times in ns')
    a = p.parse_args()
    settings = replace(MODES[a.mode])
    for item in a.set:
        name, value = item.split('=')
        setattr(settings, name, int(value) if isinstance(getattr(settings, name), int) else value)
    rows, ledger, errors = run(a.captures, settings)
    if rows:
        with (open(a.out, 'w', newline='') if a.out else sys.stdout) as f:
            writer = csv.DictWriter(f, rows[0].keys(), lineterminator='\n')
            writer.writeheader()
            writer.writerows(rows)
    print(json.dumps(ledger | {'rows': len(rows), 'errors': errors}), file=sys.stderr)
    return 3 if errors else 0


if __name__ == '__main__':
    sys.exit(main())
