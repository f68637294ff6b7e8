#!/usr/bin/env python3
"""A job in two stages gives the bytes of one run: each capture is cut into 7 files, `flowgauge events` makes event files of
them, `flowgauge flows` the rows of some partitions each, `flowgauge merge` one table. Short timeouts, evictions, snapshots,
wild clocks, fragments, files in the wrong order; a worker that is killed; a damaged capture.

FLOWGAUGE_LARGE=1 takes all public captures, the large ones too."""
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace

import harness
from capture_file import CaptureError, DLT, read_capture
from capture_writer import Format, Record, SEC, write_capture
from determinism_test import first_difference, many_flows, mixed_sequences
from program import Program

FILES = 7
HALVES = ('0-127', '128-255')
UNEVEN = ('0,7,200-255', '1-6,8-150', '151-199')
FILE_LINK_TYPES = {dlt: link_type for link_type, dlt in DLT.items()}
CLOCK_COUNTS = ('packets_older_than_clock', 'packets_too_far_ahead', 'clock_steps_back')
LESS_THAN_ALL = 12      # public captures, the greatest ones, and those with these in their names
NAMED = ('fragment', 'vlan', 'gtp', 'teredo', 'sctp')


def runs_of(records):
    """The files one after the other."""
    return [records[len(records) * i // FILES:len(records) * (i + 1) // FILES] for i in range(FILES)]


def wrong_order(records):
    runs = runs_of(records)
    return [runs[i] for i in (3, 0, 6, 1, 5, 2, 4)]


def interleaved(records):
    """Each file spans the time of all, as those of several interfaces do."""
    return [records[i::FILES] for i in range(FILES)]


def with_wild_clocks(records):
    """Packets far ahead and far behind, alone and in runs, most of all where one file ends and the next begins."""
    rng, out = random.Random(5), list(records)
    wild = [(at, rng.choice((1, 2, 3, 4)), rng.choice((-1, 1)) * rng.randrange(700, 90_000) * SEC)
            for at in range(300, len(out) - 10, 701)]
    wild += [(len(out) * i // FILES - before, count, sign * (2000 + i) * SEC + i)
             for i, (before, count, sign) in enumerate(((1, 1, 1), (2, 3, 1), (1, 3, 1), (2, 2, 1), (2, 4, -1), (1, 3, -1)), 1)]
    for at, count, by in wild:
        for one in range(at, at + count):
            out[one] = replace(out[one], ts=max(0, out[one].ts + by))
    return out


CUTS = (
    ('in order', runs_of, HALVES, {'flow': {'linger': 5}}),
    ('wrong order, short, few flows', wrong_order, UNEVEN,
     {'flow': {'max_flows': 512, 'idle_timeout': 2, 'active_timeout': 10, 'linger': 1}}),
    ('interleaved, snapshots, one flow', interleaved, HALVES,
     {'flow': {'max_flows': 256, 'idle_timeout': 3, 'early_export': 2, 'continuation': 'fresh', 'clock_jump': 30}}),
)


class Job:
    """Files of one job in a folder, and how the program's commands are called on them."""
    def __init__(self, program, folder, files, rules):
        self.program, self.folder = program, pathlib.Path(folder)
        self.captures = [self.folder / f'capture-{i}.pcapng' for i in range(len(files))]
        for path, records in zip(self.captures, files):
            write_capture(path, records, form=Format(name='pcapng', resolution=SEC))
        self.profile = self.folder / 'profile.yaml'
        self.profile.write_text(json.dumps(rules))
        self.events = self.folder / 'job'
        self.events.mkdir()

    def call(self, command, *arguments):
        given = ['--plugin-dir', self.program.plugins, '-p', self.profile, '-f', 'canonical']
        return subprocess.run([self.program.executable, command, *map(str, (*arguments, *given))],
                              stdin=subprocess.DEVNULL, capture_output=True)

    def stage_1(self, number, capture=None):
        """The task of one capture."""
        return self.call('events', capture or self.captures[number], '--out', self.events, '--file-number', number + 1,
                         '--file-count', len(self.captures))

    def all_of_stage_1(self):
        return self.call('events', *self.captures, '--out', self.events)

    def stage_2(self, parts):
        """(the merged table, accounts of the parts, sentences)."""
        tables, accounts, sentences = [], [], []
        for number, part in enumerate(parts):
            report = self.folder / 'report.json'
            table = self.folder / f'part-{number}.csv'
            done = self.call('flows', self.events, '--partitions', part, '--order-columns', '--threads', 1 + number % 3,
                             '--force', '--export-path', table, '--report', report)
            if done.returncode != 0:
                return b'', [], [f'flows: exit code {done.returncode}: {done.stderr.decode()[-500:]}']
            tables.append(table)
            accounts.append(json.loads(report.read_text()))
        merged = subprocess.run([self.program.executable, 'merge', *map(str, reversed(tables))], stdin=subprocess.DEVNULL,
                                capture_output=True)
        if merged.returncode != 0:
            sentences.append(f'merge: exit code {merged.returncode}: {merged.stderr.decode()[-500:]}')
        return merged.stdout, accounts, sentences

    def whole(self):
        return self.program.run(self.captures, '--threads', 1, profile=self.profile)

    def compare(self, parts, whole):
        table, accounts, sentences = self.stage_2(parts)
        return sentences or differences(whole, table, accounts)


def differences(whole, table, accounts):
    sentences = [] if table == whole.table else [f'other bytes: {first_difference(whole.table, table)}']
    in_flows = 0
    for account in accounts:
        ledger = account['ledger']
        in_flows += ledger['in_flows']
        others = ledger['ignored'].pop('other_partition', 0)
        if not ledger['balances'] or ledger['in_flows'] + others != whole.report['ledger']['in_flows']:
            sentences.append(f'the ledger of a part: {ledger}, {others} of others; of the whole: {whole.report["ledger"]}')
        for what, keys in (('ledger', ('frames_read', 'untimed_frames', 'ignored')), ('flows', CLOCK_COUNTS)):
            told, expected = ({key: one[what][key] for key in keys} for one in (account, whole.report))
            if told != expected:
                sentences.append(f'another account: {told} against {expected}')
    if in_flows != whole.report['ledger']['in_flows']:
        sentences.append(f'{in_flows} packets in the parts, {whole.report["ledger"]["in_flows"]} in the whole')
    return sentences


def judge_cut(program, name, records, cut):
    what, cut_up, parts, rules = cut
    with tempfile.TemporaryDirectory() as folder:
        job = Job(program, folder, cut_up(records), rules)
        whole = job.whole()
        if whole.code != 0:
            return f'{name} ({what})', [f'one run: exit code {whole.code}: {whole.messages[-500:]}']
        done = job.all_of_stage_1()
        if done.returncode != 0:
            return f'{name} ({what})', [f'events: exit code {done.returncode}: {done.stderr.decode()[-500:]}']
        return f'{name} ({what})', job.compare(parts, whole)


def records_of(path):
    """Of a public capture, which is read as far as it goes."""
    records = []
    try:
        for frame in read_capture(path):
            records.append(Record(frame.ts, frame.data, frame.wire_len, FILE_LINK_TYPES.get(frame.linktype, frame.linktype)))
    except CaptureError:
        pass
    return records


def judge_capture(program, path, cuts):
    records = records_of(path)
    findings = [judge_cut(program, path.name, records, cut) for cut in cuts]
    return path.name, [f'{name}: {sentence}' for name, sentences in findings for sentence in sentences]


def judge_tasks(program, records):
    """Tasks in any order, each a process; one runs twice."""
    with tempfile.TemporaryDirectory() as folder:
        job = Job(program, folder, wrong_order(records), CUTS[1][3])
        for number in (5, 0, 3, 6, 1, 4, 2, 3):
            done = job.stage_1(number)
            if done.returncode != 0:
                return 'tasks', [f'events {number}: exit code {done.returncode}: {done.stderr.decode()[-500:]}']
        return 'tasks', job.compare(HALVES, job.whole())


def judge_killed_worker(program, records):
    """A worker dies with half of its capture read: nothing of it is read, and its task runs again."""
    with tempfile.TemporaryDirectory() as folder:
        job = Job(program, folder, runs_of(records), CUTS[0][3])
        sentences = []
        for number in (0, 1, 2, 4, 5, 6):
            job.stage_1(number)
        pipe = job.folder / 'pipe'
        os.mkfifo(pipe)
        worker = subprocess.Popen(list(map(str, (program.executable, 'events', pipe, '--out', job.events, '--file-number', 4,
                                                 '--file-count', FILES, '--plugin-dir', program.plugins, '-f', 'canonical'))),
                                  stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        capture = job.captures[3].read_bytes()
        with open(pipe, 'wb', buffering=0) as end:
            end.write(capture[:len(capture) // 2])              # which the worker may have taken in, all or some of it
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        names = [path.name for path in job.events.iterdir()]
        if '000004.events' in names:
            sentences.append(f'the killed worker left {names}')
        done = job.call('flows', job.events)
        if done.returncode != 3 or b'000004.events is missing, of 7' not in done.stderr:
            sentences.append(f'flows without it: exit code {done.returncode}: {done.stderr.decode()[-300:]}')
        if job.stage_1(3).returncode != 0:
            sentences.append('its task did not run again')
        return 'killed worker', sentences + job.compare(HALVES, job.whole())


def judge_damaged_capture(program, records):
    """Its good part counts, it is named, and the job goes on."""
    with tempfile.TemporaryDirectory() as folder:
        job = Job(program, folder, runs_of(records), CUTS[0][3])
        damaged = job.captures[2]
        damaged.write_bytes(damaged.read_bytes()[:-7])
        whole = job.whole()
        done = job.all_of_stage_1()
        sentences = []
        if done.returncode != 3 or damaged.name.encode() not in done.stderr:
            sentences.append(f'events: exit code {done.returncode}: {done.stderr.decode()[-300:]}')
        if len(list(job.events.iterdir())) != FILES:
            sentences.append('not every capture has an event file')
        table, accounts, more = job.stage_2(HALVES)
        if not all(any(damaged.name in text for text in account['warnings']) for account in accounts):
            sentences.append('a report does not name the damaged capture')
        return 'damaged capture', sentences + more + differences(whole, table, accounts)


def judge_refusals(program, records):
    """Event files that are missing, damaged, or made for something else: one message that names the file."""
    with tempfile.TemporaryDirectory() as folder:
        job = Job(program, folder, runs_of(records), CUTS[0][3])
        job.all_of_stage_1()
        file = job.events / '000005.events'
        good = file.read_bytes()
        sentences = []

        def refused(what, *words, options=()):
            done = job.call('flows', job.events, '--export-path', job.folder / 'refused.csv', *options)
            lines = [line for line in done.stderr.decode().splitlines() if line.startswith('flowgauge: error')]
            if done.returncode != 3 or len(lines) != 1 or not all(word in lines[0] for word in words):
                sentences.append(f'{what}: exit code {done.returncode}: {done.stderr.decode()[-400:]}')

        for cut in (len(good) - 1, len(good) // 2, 20, 0):
            file.write_bytes(good[:cut])
            refused(f'cut to {cut} bytes', '000005.events', 'no whole event file')
        for at in (len(good) // 3, len(good) - 60):             # events, and the texts about them
            file.write_bytes(good[:at] + bytes([good[at] ^ 0x40]) + good[at + 1:])
            refused(f'byte {at} changed', '000005.events', job.captures[4].name if at < len(good) // 2 else 'its capture')
            for part in job.folder.glob('refused.csv.part'):
                part.unlink()
        file.unlink()
        refused('missing', '000005.events is missing, of 7')
        shutil.copy(job.events / '000004.events', file)
        refused('of another number', '000005.events', 'number 4')
        file.write_bytes(good)
        refused('another filter', '000001.events', 'filter', options=('--filter', 'udp'))
        refused('another key', '000001.events', 'flow_key', options=('--flow-key', 'five_tuple'))
        return 'refusals', sentences


def judge(task):
    function, *arguments = task
    return function(*arguments)


def public_captures(args):
    everything = harness.captures(args)
    if harness.ALL:
        return harness.large_captures(args) + everything
    by_size = sorted((path for path in everything if path.parent.name == 'captures'), key=lambda path: -path.stat().st_size)
    named = [path for path in everything if any(part in path.name for part in NAMED)]
    return list(dict.fromkeys(by_size[:LESS_THAN_ALL] + named))


def main():
    args = harness.arguments(__doc__, packets=20000 if harness.ALL else 4000).parse_args()
    program = Program(args.program, args.plugins)
    flood, mixed = many_flows(3, args.packets), mixed_sequences(range(args.packets // 40))
    generated = (('flood', flood), ('mixed_sequences', mixed), ('wild_clocks', with_wild_clocks(flood)))
    tasks = [(judge_cut, program, name, records, cut) for name, records in generated for cut in CUTS]
    tasks += [(function, program, flood) for function in (judge_tasks, judge_killed_worker, judge_damaged_capture, judge_refusals)]
    shared = [pathlib.Path(args.shared, folder) for folder in ('captures', 'captures2', 'cases')]
    if all(one.is_dir() for one in shared):
        tasks += [(judge_capture, program, path, CUTS) for path in public_captures(args)]
    else:
        print(f'public captures left out: {args.shared} is not whole; name their folder in FLOWGAUGE_SHARED_DIR')
    return harness.verdict(harness.in_parallel(args.jobs, judge, tasks), 'stages')


if __name__ == '__main__':
    sys.exit(main())
