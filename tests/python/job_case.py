"""What every driver of jobs must do: the rows of one run, also where workers die and a capture is damaged."""
import os
import pathlib
import signal
import sys
import tempfile

from pyarrow import parquet

import flowgauge as fg

SOURCE = pathlib.Path(os.environ['FLOWGAUGE_SOURCE_DIR'])
sys.path += [str(SOURCE / 'tests' / 'parity'), str(SOURCE / 'tests' / 'oracle')]
from capture_writer import SEC, Format, write_capture  # noqa: E402
from determinism_test import many_flows  # noqa: E402
from stages_test import records_of, wrong_order  # noqa: E402

SHARED = pathlib.Path(os.environ.get('FLOWGAUGE_SHARED_DIR', ''), 'captures')
SAMPLE = 40  # each such public capture; FLOWGAUGE_LARGE=1: all

OPTIONS = {'schema': 'cic', 'order_columns': True, 'settings': {'flow.idle_timeout': '2s', 'flow.max_flows': 512}}


def dying_task(path, folder, number, count, options):
    """The first stage by workers that the system kills, at every other capture once."""
    mark = pathlib.Path(folder, f'died-{number}')
    if number % 2 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    from flowgauge._job import capture_task
    return capture_task(path, folder, number, count, options)


def in_order(rows):
    return sorted(rows.to_pylist(), key=repr)


class JobCase:
    """A test case has `driver`, the module with write(), and start_job(captures, folder, out, **options)."""
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

    def write(self):
        return self.start_job(self.captures, self.folder / 'job', self.folder / 'out', parts=3, **OPTIONS)

    def compare(self, account):
        whole = fg.read(self.captures, errors='warn', **OPTIONS)
        expected = whole.to_arrow()
        self.assertEqual(in_order(parquet.read_table(self.folder / 'out')), in_order(expected))
        self.assertEqual(account['rows'], expected.num_rows)
        ledger = whole.report['ledger']
        self.assertEqual(account['ledger'], {'frames_read': ledger['frames_read'], 'in_flows': ledger['in_flows'],
                                             'ignored': ledger['ignored'], 'balances': True})
        self.assertEqual(sorted(path.name for path in (self.folder / 'out').iterdir()),
                         ['part-000.parquet', 'part-001.parquet', 'part-002.parquet'])

    def test_rows_are_those_of_one_run(self):
        account = self.write()
        self.assertEqual(account['damaged'], [])
        self.compare(account)

    def test_rows_of_public_captures(self):
        """Each cut into seven files, which come in the wrong order."""
        if not SHARED.is_dir():
            self.skipTest(f'{SHARED} is not there; name the folder above in FLOWGAUGE_SHARED_DIR')
        paths = sorted(path for path in SHARED.iterdir() if '.pcap' in path.name or path.suffix in ('.cap', '.ntar'))
        self.assertGreater(len(paths), SAMPLE)
        for path in paths[::1 if os.environ.get('FLOWGAUGE_LARGE') else SAMPLE]:
            with self.subTest(path.name), tempfile.TemporaryDirectory(dir=self.folder) as folder:
                self.compare_files(pathlib.Path(folder), wrong_order(records_of(path)))

    def compare_files(self, folder, files):
        captures = [folder / f'{number}.pcapng' for number in range(len(files))]
        for path, records in zip(captures, files):
            write_capture(path, records, form=Format(name='pcapng', resolution=SEC))
        for name in ('job', 'out'):
            (folder / name).mkdir()
        account = self.start_job(captures, folder / 'job', folder / 'out', parts=2, **OPTIONS)
        expected = fg.read(captures, **OPTIONS).to_arrow()
        self.assertEqual(in_order(parquet.read_table(folder / 'out')), in_order(expected))
        self.assertEqual((account['damaged'], account['rows']), ([], expected.num_rows))

    def test_a_damaged_capture_is_named(self):
        path = self.captures[2]
        path.write_bytes(path.read_bytes()[:-7])
        account = self.write()
        self.assertEqual(len(account['damaged']), 1)
        self.assertIn('2.pcap', account['damaged'][0])
        with self.assertWarns(UserWarning):
            self.compare(account)

    def test_what_is_no_capture_is_named_and_left_out(self):
        good = self.captures
        self.captures = [*good[:3], self.folder / 'empty.pcap', *good[3:5], self.folder / 'text.pcap', *good[5:]]
        (self.folder / 'empty.pcap').touch()
        (self.folder / 'text.pcap').write_text('no capture')
        account = self.write()
        self.assertEqual(len(account['damaged']), 2)
        self.assertIn('empty.pcap', account['damaged'][0])
        self.assertIn('text.pcap', account['damaged'][1])
        self.captures = good
        self.compare(account)

    def test_a_capture_that_is_not_there_ends_the_job(self):
        self.captures[4].unlink()
        with self.assertRaisesRegex(fg.InputError, '4.pcap: there is no such file'):
            self.write()
        self.assertEqual(os.listdir(self.folder / 'job'), [])

    def test_what_fails_ends_the_job(self):
        (self.folder / 'out').rmdir()
        with self.assertRaisesRegex(Exception, 'No such file or directory'):
            self.write()

    def test_workers_that_die_change_nothing(self):
        self.addCleanup(setattr, self.driver, 'capture_task', self.driver.capture_task)
        self.driver.capture_task = dying_task
        account = self.write()
        self.assertEqual(len(list((self.folder / 'job').glob('died-*'))), 4)
        self.compare(account)
