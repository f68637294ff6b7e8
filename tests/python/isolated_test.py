#!/usr/bin/env python3
"""Runs in a process of their own (`isolate=True`): the rows of a run in this one, and what a crash leaves of it."""
import gc
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from unittest import mock

try:
    import pandas
    import polars
    import pyarrow
except ImportError as missing:
    print(f'skipped: {missing}: this Python is not the one that the test python.environment makes')
    sys.exit(77)

import flowgauge as fg
import interrupt_test
from flowgauge import _isolated, _job, _program

SOURCE = pathlib.Path(os.environ['FLOWGAUGE_SOURCE_DIR'])
DEMO = SOURCE / 'fixtures' / 'demo.pcap'
FAULTY = os.environ['FLOWGAUGE_FAULTY']
SCHEMAS = ('basic', 'cic', 'cidds', 'nfstream', 'rustiflow')
# Tunnels and VLANs, where the public captures are at hand.
PUBLIC = ('ipfixprobe__vlan.pcap', 'ndpi__1kxun.pcap')


def captures():
    folder = pathlib.Path(os.environ['FLOWGAUGE_SHARED_DIR'], 'captures')
    return [DEMO, SOURCE / 'fixtures' / 'tls.pcap'] + [folder / name for name in PUBLIC if (folder / name).exists()]


def faulty(fault):
    return {'features': [{'name': 'faulty', 'module': FAULTY, 'options': {'fault': fault}}],
            'exporters': [{'schema': 'faulty', 'module': FAULTY}]}


def children():
    """Of this process, zombies too."""
    return pathlib.Path(f'/proc/self/task/{threading.get_native_id()}/children').read_text(encoding='ascii').split()


def folders():
    return set(pathlib.Path(tempfile.gettempdir()).glob('flowgauge-*'))


def of_both(paths, read=fg.read, **options):
    return [read(paths, isolate=isolate, **options) for isolate in (False, True)]


class Isolated(unittest.TestCase):
    """Leaves no process and no file behind."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        # Of this test alone: others run beside it.
        self.enterContext(mock.patch.object(tempfile, 'tempdir', folder.name))
        self.addCleanup(self.leaves_nothing)

    def leaves_nothing(self):
        gc.collect()
        self.assertEqual(children(), [])
        self.assertEqual(folders(), set())

    def damaged(self):
        path = self.folder / 'damaged.pcap'
        path.write_bytes(DEMO.read_bytes()[:-7])
        return path


class Rows(Isolated):
    def assert_equal(self, paths, read=fg.read, **options):
        here, there = of_both(paths, read, **options)
        expected = here.to_arrow()
        # The definition of a label column names the file that its frame was written to.
        self.assertTrue(there.to_arrow().equals(expected, check_metadata='labels' not in options), (paths, options))
        return here, there

    def test_are_those_of_a_run_in_this_process(self):
        for path in captures():
            for schema in SCHEMAS if path == DEMO else ('basic', 'rustiflow'):
                with self.subTest(path=path.name, schema=schema):
                    here, there = self.assert_equal(path, schema=schema, numbers='uint64', threads=1)
                    for part in ('ledger', 'flows', 'cut_cells', 'exit_code', 'warnings'):
                        self.assertEqual(there.report[part], here.report[part], part)

    def test_all_that_can_be_asked_for(self):
        (self.folder / 'base.yaml').write_text('flow: {linger: 7s}\n')
        (self.folder / 'own.yaml').write_text(f'extends: {self.folder}/base.yaml\nexporters: [cic]\n')
        rules = pandas.DataFrame({'protocol': ['tcp', ''], 'label': ['web, "the"', 'other'], 'attack': ['0', '1']})
        for options in (
                {}, {'numbers': 'int64', 'schema': 'rustiflow'}, {'columns': ['protocol', 'source_ip']},
                {'columns': {'a, "b"': 'flow.src_ip', '-c': 'us(iat.fwd.mean)'}},
                {'partitions': range(100), 'threads': 3},
                {'filter': 'tcp port 80 or udp'}, {'filter': 'port 1'}, {'max_packets': 20}, {'order_columns': True},
                {'labels': rules}, {'labels': polars.DataFrame(rules), 'columns': ['protocol', 'attack']},
                {'profile': 'cic'}, {'profile': self.folder / 'own.yaml'}, {'profile': 'flow: {linger: 1s}'},
                {'profile': {'exporters': ['cidds', {'schema': 'basic', 'path': f'{self.folder}/never.csv'}]}},
                {'profile': {'exporters': [{'schema': 'nfstream', 'options': {'gaps': 'fill'},
                                            'path': f'{self.folder}/never.csv'}]}},
                {'settings': {'flow.flow_key': 'no_vlan', 'contamination': 'raw_identifiers'}, 'schema': 'cic'}):
            with self.subTest(options):
                here, there = self.assert_equal([DEMO, os.fsencode(DEMO)], **options)
                if 'labels' not in options:
                    self.assertEqual(list(there.schema), list(here.schema))
                self.assertEqual((there.schema.name, there.schema.version), (here.schema.name, here.schema.version))
        self.assertFalse((self.folder / 'never.csv').exists())

    def test_relative_paths_begin_where_they_do_in_this_process(self):
        (self.folder / 'rules.csv').write_text('label\nall\n')
        (self.folder / '-x.pcap').write_bytes(DEMO.read_bytes())
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)
        self.assert_equal('-x.pcap', profile='labels: rules.csv\nexporters: [basic]\n')

    def test_of_the_second_stage_of_a_job(self):
        for number in (1, 2):
            self.assertIsNone(_job.capture_task(DEMO, str(self.folder), number, 2, {'isolate': True}))
        self.assert_equal(self.folder, fg.flows, schema='cic', partitions='0-99')

    def test_as_all_that_reads_them(self):
        here, there = of_both(DEMO, schema='cic')
        self.assertEqual(pyarrow.schema(there.schema), pyarrow.schema(here.schema))
        self.assertTrue(pyarrow.table(there).equals(here.to_arrow()))
        self.assertTrue(there.to_polars().equals(here.to_polars()))
        self.assertTrue(polars.DataFrame(there).equals(here.to_polars()))
        self.assertEqual([batch.num_rows for batch in there.batches(5)], [5, 5, 5, 1])
        self.assertEqual(there._empty_polars().schema, here.to_polars().schema)
        there.to_parquet(self.folder / 'rows.parquet')
        self.assertTrue(pandas.read_parquet(self.folder / 'rows.parquet').equals(here.to_pandas()))
        lazy = fg.scan(DEMO, schema='cic', isolate=True)
        names = here.schema.names[::-9]
        self.assertTrue(lazy.select(names).head(3).collect().equals(here.to_polars().select(names).head(3)))

    def test_many_batches(self):
        here, there = of_both([DEMO] * 300)
        self.assertTrue(there.to_arrow().equals(here.to_arrow()))

    def test_messages_go_to_logging(self):
        (self.folder / 'notes.txt').write_text('no capture')
        shutil.copy(DEMO, self.folder)
        with self.assertLogs('flowgauge', 'INFO') as logs:
            fg.read(self.folder, isolate=True).to_arrow()
        self.assertTrue(any('notes.txt' in line for line in logs.output), logs.output)


class Crashes(Isolated):
    def test_what_is_no_stream(self):
        for written in ('printf nonsense', 'head -c 200000 /dev/zero; true', 'true'):
            program = self.folder / 'program'
            program.write_text(f'#!/bin/sh\n{written}\n')
            program.chmod(0o755)
            with mock.patch.object(_program, 'PATH', str(program)), self.subTest(written), self.assertRaisesRegex(
                    fg.InternalError, 'what the process of the run wrote is no Arrow stream'):
                fg.read(DEMO, isolate=True).to_arrow()

    def test_of_plugins_are_errors_with_the_programs_sentence(self):
        for fault, sentence in (
                ('trap in update', r"^crashed \(abort\) in 'update' of plugin 'faulty' \(.*faulty.so\); leave it out"),
                ('overflow in update', r"^crashed \(segmentation fault\) in 'update' of plugin 'faulty'"),
                ('thread traps in update', r'^crashed \(abort\) in a thread that a plugin has started'),
                ('exit in update', r"'faulty' ended the process in update \(exit code 0\)"),
                ('segv handled in update', r"'faulty' ended the process in update \(exit code 0\)"),
                ('throw in update', r"'faulty' threw|'faulty' failed in update"),
                ('trap in destroy', r"'faulty'"),
                ('trap in create', r"'faulty' crashed in create .* in a trial before the run")):
            with self.subTest(fault), self.assertRaisesRegex(fg.PluginError, sentence):
                fg.read(DEMO, profile=faulty(fault), insecure_plugins=True, isolate=True).to_arrow()

    def test_all_memory(self):
        # The process may take so much and no more.
        with self.assertRaisesRegex(fg.PluginError, 'faulty'), mock.patch.object(_program, 'PATH', self.limited()):
            fg.read(DEMO, profile=faulty('allocate in update'), insecure_plugins=True, isolate=True).to_arrow()

    def limited(self):
        path = self.folder / 'limited'
        path.write_text(f'#!/bin/sh\nulimit -v 4000000\nexec {_program.PATH} "$@"\n')
        path.chmod(0o755)
        return str(path)

    def test_the_rows_before_come_first(self):
        flows, rows = fg.read(self.damaged(), isolate=True), 0
        with self.assertRaisesRegex(fg.InputError, 'the file ends in the middle of a packet'):
            for batch in flows.batches():
                rows += len(batch)
        self.assertEqual((rows, flows.report['exit_code']), (15, 3))
        flows = fg.read(self.damaged(), isolate=True, errors='warn')
        with self.assertWarnsRegex(UserWarning, 'the file ends in the middle of a packet'):
            self.assertEqual(flows.to_arrow().num_rows, 15)

    def test_a_process_that_is_killed(self):
        pipe = interrupt_test.Pipe(self.folder)
        self.addCleanup(pipe.close)
        pipe.fill()
        flows = fg.read(pipe.path, isolate=True)
        run = flows._new_run()
        run.add_capture(pipe.path)
        run.open_stream(None, 0, 0)
        run._child = run._new_child('pcap', [pipe.path], False)
        run._child._process.kill()
        with self.assertRaisesRegex(fg.PluginError, 'the process of the run was ended by signal 9'):
            run._opened(run._child)
        run.close()

    def test_each_kind_of_error_is_that_of_this_process(self):
        for kind, text, options in (
                (fg.ProfileError, "schema 'basic' has no column 'sourceip'; did you mean 'source_ip'?",
                 {'columns': ['sourceip']}),
                (fg.ProfileError, "profile:1: unknown key 'idle_timout'", {'profile': 'flow: {idle_timout: 3}'}),
                (fg.PluginError, "did you mean 'basic'?", {'schema': 'bassic'}),
                (fg.InputError, '/nowhere.pcap', {'paths': '/nowhere.pcap'})):
            with self.subTest(text):
                for flows in of_both(options.pop('paths', DEMO), **options):
                    with self.assertRaises(kind) as caught:
                        flows.to_arrow()
                    self.assertIn(text, str(caught.exception))
        for call in (lambda: fg.read(DEMO, isolate=True, on_progress=print).to_arrow(),
                     lambda: fg.read(DEMO, isolate=True).profile()):
            with self.assertRaisesRegex(fg.UsageError, 'isolate=True'):
                call()

    def test_an_installation_without_its_parts(self):
        with mock.patch.object(_program, 'PATH', '/nowhere/flowgauge'), self.assertRaisesRegex(
                fg.UsageError, 'isolate=True needs the program of the package: .*/nowhere/flowgauge'):
            fg.read(DEMO, isolate=True).to_arrow()
        installed = pathlib.Path(_program.PATH).parent.parent.resolve()
        (self.folder / 'bin').mkdir()
        shutil.copy(installed / 'bin' / 'flowgauge', self.folder / 'bin')
        plugins = self.folder / 'lib' / 'flowgauge' / 'plugins'
        plugins.mkdir(parents=True)
        shutil.copy(installed / 'lib' / 'flowgauge' / 'plugins' / 'basic.so', plugins)
        with mock.patch.object(_program, 'PATH', str(self.folder / 'bin' / 'flowgauge')), self.assertRaisesRegex(
                fg.UsageError, "isolate=True: the sink 'arrow' is not installed; .* flowgauge-arrow"):
            fg.read(DEMO, isolate=True).to_arrow()


class Ends(Isolated):
    def pipe(self):
        folder = tempfile.mkdtemp(dir=self.folder)
        pipe = interrupt_test.Pipe(folder)
        self.addCleanup(pipe.close)
        pipe.fill()
        return pipe.path

    def test_who_breaks_off_ends_it(self):
        flows = fg.read([DEMO] * 50, isolate=True)
        batches = flows.batches(1)
        self.assertEqual(next(batches).num_rows, 1)
        batches.close()
        self.assertEqual(children(), [])
        self.assertEqual(flows.report['ledger']['frames_read'] % 78, 0)

    def test_who_forgets_it_ends_it(self):
        run = fg.read([DEMO] * 50, isolate=True)._begin()
        run.start()
        self.assertEqual(len(children()), 1)
        del run
        stream = pyarrow.RecordBatchReader.from_stream(fg.read([DEMO] * 50, isolate=True))
        self.assertGreater(stream.read_next_batch().num_rows, 0)
        del stream

    def signalled(self, read):
        """By Ctrl-C, once the process is there."""
        flows = fg.read(self.pipe(), isolate=True)
        new_child = _isolated.Run._new_child

        def interrupting(*words):
            child = new_child(*words)
            threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGINT)).start()
            return child
        with mock.patch.object(_isolated.Run, '_new_child', interrupting):
            read(flows)

    def interrupted(self, read):
        """The error that a library makes of it may come first."""
        with self.assertRaises(KeyboardInterrupt):
            try:
                self.signalled(read)
            except Exception as error:
                for _ in range(10):  # Python's next turn
                    pass
                raise AssertionError('no interrupt behind it') from error
        self.assertEqual(children(), [])

    def test_ctrl_c(self):
        for read in (fg.Flows.to_arrow, pyarrow.table, polars.DataFrame, fg.Flows.to_polars):
            with self.subTest(read):
                self.interrupted(read)

    def test_another_thread_ends_it(self):
        flows, ends = fg.read(self.pipe(), isolate=True), []
        is_begun = threading.Event()
        new_child = _isolated.Run._new_child

        def noting(*words):
            child = new_child(*words)
            is_begun.set()
            return child

        def read():
            try:
                flows.to_arrow()
            except fg.InterruptedRunError as error:
                ends.append(str(error))
        with mock.patch.object(_isolated.Run, '_new_child', noting):
            reader = threading.Thread(target=read)
            reader.start()
            is_begun.wait()
            flows.close()
            reader.join()
        self.assertEqual(ends, ['interrupted: the rows are of what was read until then'])

    def test_what_a_handler_raises_is_raised(self):
        def handler(number, frame):
            raise TimeoutError('late')
        old = signal.signal(signal.SIGINT, handler)
        self.addCleanup(signal.signal, signal.SIGINT, old)
        with self.assertRaisesRegex(TimeoutError, 'late'):
            self.signalled(fg.Flows.to_arrow)

    def test_a_run_that_was_ended_before_does_not_begin(self):
        flows = fg.read(DEMO, isolate=True)
        run = flows._begin()
        flows.close()
        with self.assertRaises(fg.InterruptedRunError):
            run.next()

    def test_an_interpreter_that_goes_leaves_nothing(self):
        code = (f'import flowgauge as fg, os\n'
                f'run = fg.read([{str(DEMO)!r}] * 50, isolate=True)._begin(1)\n'
                f'run.next()\n'
                f'print(run._child._process.pid)\n')
        done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, timeout=60,
                              env={**os.environ, 'TMPDIR': str(self.folder)})
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertFalse(pathlib.Path('/proc', done.stdout.strip()).exists())

    def test_a_copy_of_the_process_is_told_to_read_anew(self):
        batches = fg.read([DEMO], isolate=True).batches(1)
        next(batches)
        reader, writer = os.pipe()
        copy = os.fork()
        if copy == 0:
            try:
                next(batches)
            except fg.UsageError as error:
                os.write(writer, str(error).encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            self.assertEqual(pipe.read(), 'the run was begun by another process, of which this is a copy; read anew')
        self.assertEqual(os.waitpid(copy, 0)[1], 0)
        self.assertEqual(sum(len(batch) for batch in batches), 15)


if __name__ == '__main__':
    unittest.main()
