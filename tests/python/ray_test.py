#!/usr/bin/env python3
"""A job on Ray has the rows of one run, also where workers die and a capture is damaged. FLOWGAUGE_RAY names a Python
that has ray and pyarrow."""
import os
import pathlib
import signal
import sys
import tempfile
import unittest

OTHER = os.environ.get('FLOWGAUGE_RAY')
if not OTHER:
    print('skipped: FLOWGAUGE_RAY names no Python that has ray and pyarrow')
    sys.exit(77)
if 'FLOWGAUGE_IN_RAY' not in os.environ:
    # A cluster of this test alone: no token is to be left in somebody's home.
    os.execve(OTHER, [OTHER, *sys.argv], {**os.environ, 'FLOWGAUGE_IN_RAY': '1', 'RAY_AUTH_MODE': 'disabled'})

import ray
from pyarrow import parquet

import flowgauge as fg
import flowgauge.ray

SOURCE = pathlib.Path(os.environ['FLOWGAUGE_SOURCE_DIR'])
sys.path += [str(SOURCE / 'tests' / 'parity'), str(SOURCE / 'tests' / 'oracle')]
from capture_writer import Format, write_capture  # noqa: E402
from determinism_test import many_flows  # noqa: E402

OPTIONS = {'schema': 'cic', 'order_columns': True, 'settings': {'flow.idle_timeout': '2s', 'flow.max_flows': 512}}


def dying(path, folder, number, count, options):
    """The task of a worker that the system kills, of every other capture once."""
    mark = pathlib.Path(folder, f'died-{number}')
    if number % 2 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    from flowgauge._job import capture_task
    return capture_task(path, folder, number, count, options)


def in_order(rows):
    return sorted(rows.to_pylist(), key=repr)


class Jobs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=100 << 20)
        cls.addClassCleanup(ray.shutdown)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        records = many_flows(7, 4000)
        self.captures = [self.folder / f'{number}.pcap' for number in range(7)]
        for number, path in enumerate(self.captures):
            write_capture(path, records[len(records) * number // 7:len(records) * (number + 1) // 7], form=Format())
        for name in ('job', 'out'):
            (self.folder / name).mkdir()

    def write(self, **more):
        return fg.ray.write(self.captures, self.folder / 'job', self.folder / 'out', parts=3, **OPTIONS, **more)

    def compare(self, account):
        whole = fg.read(self.captures, errors='warn', **OPTIONS)
        expected = whole.to_arrow()
        self.assertEqual(in_order(parquet.read_table(self.folder / 'out')), in_order(expected))
        self.assertEqual(account['rows'], expected.num_rows)
        ledger = whole.report['ledger']
        self.assertEqual(account['ledger'], {name: ledger[name] for name in ('frames_read', 'in_flows', 'ignored')} | {'balances': True})
        self.assertEqual(sorted(path.name for path in (self.folder / 'out').iterdir()),
                         ['part-000.parquet', 'part-001.parquet', 'part-002.parquet'])

    def test_rows_are_those_of_one_run(self):
        account = self.write()
        self.assertEqual(account['damaged'], [])
        self.compare(account)

    def test_a_damaged_capture_is_named(self):
        path = self.captures[2]
        path.write_bytes(path.read_bytes()[:-7])
        account = self.write()
        self.assertEqual(len(account['damaged']), 1)
        self.assertIn('2.pcap', account['damaged'][0])
        with self.assertWarns(UserWarning):
            self.compare(account)

    def test_workers_that_die_change_nothing(self):
        whole_task, fg.ray.capture_task = fg.ray.capture_task, dying
        try:
            account = self.write(task_options={'max_retries': 3})
        finally:
            fg.ray.capture_task = whole_task
        self.assertEqual(len(list((self.folder / 'job').glob('died-*'))), 4)
        self.compare(account)


if __name__ == '__main__':
    unittest.main()
