#!/usr/bin/env python3
"""The package by itself, without any library of data frames: what is asked for, what comes, and what is refused."""
import inspect
import json
import logging
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

import flowgauge as fg

SOURCE = pathlib.Path(os.environ['FLOWGAUGE_SOURCE_DIR'])
DEMO = SOURCE / 'fixtures' / 'demo.pcap'
FLOWS = 16  # of that
FAULTY = os.environ['FLOWGAUGE_FAULTY']


def rows_of(flows):
    return sum(len(batch) for batch in flows._pull())


def faulty(fault):
    return {'features': [{'name': 'faulty', 'module': FAULTY, 'options': {'fault': fault}}],
            'exporters': [{'schema': 'faulty', 'module': FAULTY}]}


class Stages(unittest.TestCase):
    """A run on many machines, by two of them."""
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_event_files_give_the_rows_of_their_captures(self):
        for number in (2, 1):
            fg.events(DEMO, self.folder, file_number=number, file_count=2, settings={'flow.flow_key': 'no_vlan'})
        self.assertEqual(sorted(os.listdir(self.folder)), ['000001.events', '000002.events'])
        rows = [rows_of(fg.flows(self.folder, partitions=part, settings={'flow.flow_key': 'no_vlan'}))
                for part in ('0-99', range(100, 256))]
        self.assertEqual(sum(rows), 18)
        self.assertEqual(rows_of(fg.flows(os.fsencode(self.folder), settings={'flow.flow_key': 'no_vlan'})), 18)
        with self.assertRaisesRegex(fg.InputError, "was made with 'flow_key: no_vlan', this run has 'flow_key: full'"):
            rows_of(fg.flows(self.folder))

    def test_a_damaged_capture_is_named_and_the_others_are_written(self):
        cut = self.folder / 'cut.pcap'
        cut.write_bytes(DEMO.read_bytes()[:5000])
        with self.assertRaisesRegex(fg.InputError, 'cut.pcap'):
            fg.events([cut, DEMO], self.folder)
        with self.assertWarnsRegex(UserWarning, 'cut.pcap'):
            fg.events([cut, DEMO], self.folder, errors='warn')
        flows = fg.flows(self.folder)
        self.assertGreater(rows_of(flows), 0)
        self.assertEqual(flows.report['exit_code'], 0)
        self.assertIn('cut.pcap', flows.report['warnings'][0])

    def test_what_is_missing_is_named(self):
        with self.assertRaisesRegex(fg.InputError, 'has no event files'):
            rows_of(fg.flows(self.folder))
        fg.events(DEMO, self.folder, file_number=2, file_count=2)
        with self.assertRaisesRegex(fg.InputError, '000001.events is missing, of 2'):
            rows_of(fg.flows(self.folder))
        with self.assertRaisesRegex(fg.UsageError, 'file_count'):
            fg.events(DEMO, self.folder, file_number=2)
        with self.assertRaises(fg.OutputError):
            fg.events(DEMO, self.folder / 'nowhere')


class Asked(unittest.TestCase):
    def test_all_rows_of_all_ways_to_name_a_capture(self):
        for paths in (str(DEMO), DEMO, [DEMO], str(SOURCE / 'fixtures' / 'dem*.pcap'), os.fsencode(DEMO)):
            self.assertEqual(rows_of(fg.read(paths)), FLOWS, paths)
        self.assertEqual(rows_of(fg.read([DEMO, DEMO], settings={'flow.flow_key': 'no_vlan'})), 18)

    def test_columns_are_known_without_an_input(self):
        flows = fg.read('/nowhere.pcap', schema='cidds')
        self.assertEqual(flows.schema.names[:3], ['Src IP', 'Src Port', 'Dst IP'])
        self.assertEqual(flows.schema['Src Port'],
                         fg.Column('Src Port', 'uint64', '', 'port', 'feature', 'flow.src_port',
                                   'Port of the source side, 0 where the protocol has none'))
        self.assertIn('Src Port', flows.schema)
        self.assertEqual(len(flows.schema), 10)
        with self.assertRaises(fg.InputError):
            rows_of(flows)

    def test_some_columns_are_some_columns(self):
        flows = fg.read(DEMO, schema='rustiflow', columns=['destination_port', 'source_ip'])
        self.assertEqual(flows.schema.names, ['destination_port', 'source_ip'])
        self.assertEqual(rows_of(flows), FLOWS)
        # Nothing else was computed: no feature was loaded for them.
        self.assertEqual([plugin['name'] for plugin in flows.report['plugins']], ['rustiflow'])

    def test_a_table_of_ones_own(self):
        flows = fg.read(DEMO, columns={'from': 'flow.src_ip', 'gap': 'us(iat.fwd.mean)'})
        self.assertEqual([(c.name, c.type, c.expression) for c in flows.schema],
                         [('from', 'string', 'flow.src_ip'), ('gap', 'float64', 'us(iat.fwd.mean)')])
        self.assertEqual(rows_of(flows), FLOWS)

    def test_a_profile_may_be_a_name_a_path_text_or_a_dict(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, 'my.yaml')
            path.write_text('flow:\n  linger: 7s\n')
            plain = pathlib.Path(folder, 'plain')
            shutil.copy(path, plain)
            for profile in (path, str(path), plain, 'flow: {linger: 7s}', {'flow': {'linger': '7s'}}):
                self.assertIn('linger: 7s', fg.profile_check(profile), profile)
        self.assertIn('linger: 5s', fg.profile_check('basic'))
        self.assertIn('filter: "tcp port 80"', fg.profile_check(None, filter='tcp port 80', settings={'threads': 3}))

    def test_partitions(self):
        parts = [rows_of(fg.read(DEMO, partitions=part)) for part in (range(100), [*range(100, 255), 255])]
        self.assertEqual(sum(parts), FLOWS)
        self.assertEqual(parts[0], rows_of(fg.read(DEMO, partitions='0-99')))
        self.assertNotIn(0, parts)

    def test_labels_from_a_frame(self):
        class Frame:
            def to_csv(self, index):
                assert not index
                return 'protocol,label\ntcp,web\n'
        flows = fg.read(DEMO, labels=Frame())
        self.assertEqual(flows.schema['label'].role, 'label')
        rows_of(flows)
        self.assertEqual(flows.report['labels']['rules'][0]['rows'], 7)
        flows = fg.read(DEMO, labels=Frame(), columns=['source_ip'])
        self.assertEqual(flows.schema.names, ['source_ip'])

    def test_what_there_is(self):
        self.assertLessEqual({'basic', 'cic', 'cidds', 'nfstream', 'rustiflow'}, set(fg.schemas()))
        self.assertEqual([column.name for column in fg.columns('basic')], fg.read(DEMO).schema.names)
        self.assertIn('flow.src_ip', [column['name'] for column in fg.columns()])


class Told(unittest.TestCase):
    def test_the_report_is_that_of_the_run(self):
        flows = fg.read(DEMO)
        with self.assertRaisesRegex(fg.UsageError, 'no run has ended yet'):
            flows.report
        rows_of(flows)
        self.assertEqual(flows.report['ledger']['frames_read'], 78)
        self.assertEqual(flows.report['outputs'][0]['rows'], FLOWS)

    def test_progress_ends_with_what_the_report_says(self):
        seen = []
        rows_of(fg.read(DEMO, on_progress=seen.append))
        self.assertEqual((seen[-1].is_last, seen[-1].frames, seen[-1].rows), (True, 78, FLOWS))

    def test_what_progress_raises_ends_the_run(self):
        class Enough(Exception):
            pass

        def enough(progress):
            raise Enough(progress.frames)
        with self.assertRaises(Enough):
            rows_of(fg.read([DEMO] * 50, on_progress=enough))

    def test_messages_go_to_logging(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(DEMO, folder)
            pathlib.Path(folder, 'notes.txt').write_text('no capture')
            with self.assertLogs('flowgauge', logging.INFO) as logs:
                rows_of(fg.read(folder))
        self.assertTrue(any('notes.txt' in line for line in logs.output), logs.output)

    def test_notebooks_show_columns_and_what_a_run_did(self):
        flows = fg.read(DEMO)
        self.assertIn('<td>source_ip</td><td>string</td>', flows._repr_html_())
        rows_of(flows)
        self.assertIn('16 rows; frames: 78 read = 78 in flows + 0 ignored', flows._repr_html_())

    def test_everything_has_a_docstring_and_types(self):
        for name in fg.__all__:
            one = getattr(fg, name)
            self.assertTrue(inspect.getdoc(one), name)
            if inspect.isfunction(one):
                missing = [p.name for p in inspect.signature(one).parameters.values() if p.annotation is p.empty]
                self.assertEqual(missing, [], name)
        self.assertTrue(pathlib.Path(fg.__file__).with_name('py.typed').exists())


class Refused(unittest.TestCase):
    def test_each_by_its_kind(self):
        damaged = tempfile.NamedTemporaryFile(suffix='.pcap')
        self.addCleanup(damaged.close)
        damaged.write(DEMO.read_bytes()[:-7])
        damaged.flush()
        cases = (
            (fg.ProfileError, ValueError, dict(columns=['sourceip']),
             "schema 'basic' has no column 'sourceip'; did you mean 'source_ip'?"),
            (fg.ProfileError, ValueError, dict(columns=['source_ip', 'source_ip']),
             "the column 'source_ip' is asked for twice"),
            (fg.ProfileError, ValueError, dict(columns=['source_ip', 'protocol'], settings={'contamination': 'raw_identifiers'}),
             "the column 'source_ip' is asked for, but its contamination classes are excluded"),
            (fg.ProfileError, ValueError, dict(profile={'flow': {'idle_timout': 3}}), "unknown key 'idle_timout'"),
            (fg.ProfileError, ValueError, dict(filter='tcp porrt'), "filter 'tcp porrt' is not valid"),
            (fg.ProfileError, ValueError, dict(partitions=[]), 'partitions: none is named'),
            (fg.ProfileError, ValueError, dict(numbers='int8'), "numbers is 'int64' or 'uint64'"),
            (fg.ProfileError, ValueError, dict(columns={'a': 'flow.src_ip'}, schema='basic'), 'leave the schema out'),
            (fg.ProfileError, ValueError,
             dict(columns=['source_ip'], profile={'exporters': ['basic', {'schema': 'cidds', 'path': 'x.csv'}]}),
             'columns are chosen of one table, but the profile has 2 tables'),
            (fg.PluginError, fg.Error, dict(schema='bassic'), "did you mean 'basic'?"),
            (fg.PluginError, fg.Error, dict(plugins=[FAULTY]), 'is a file; plugins are given as the folders'),
            (fg.InputError, OSError, dict(paths='/nowhere.pcap'), 'cannot open /nowhere.pcap'),
            (fg.InputError, OSError, dict(paths='/nowhere/*.pcap'), 'no file has such a name'),
            (fg.InputError, OSError, dict(paths=damaged.name), 'the file ends in the middle of a packet'),
            (TypeError, TypeError, dict(columns='source_ip'), 'columns is a list'),
        )
        for kind, also, options, text in cases:
            with self.subTest(text):
                with self.assertRaises(kind) as caught:
                    rows_of(fg.read(options.pop('paths', DEMO), **options))
                self.assertIn(text, str(caught.exception))
                self.assertIsInstance(caught.exception, also)

    def test_a_damaged_capture_gives_its_rows_first(self):
        with tempfile.NamedTemporaryFile(suffix='.pcap') as damaged:
            damaged.write(DEMO.read_bytes()[:-7])
            damaged.flush()
            rows = 0
            with self.assertRaises(fg.InputError):
                for batch in fg.read(damaged.name)._pull():
                    rows += len(batch)
            self.assertEqual(rows, FLOWS - 1)  # the last packet is a flow of its own
            flows = fg.read(damaged.name, errors='warn')
            with self.assertWarnsRegex(UserWarning, 'the file ends in the middle of a packet'):
                self.assertEqual(rows_of(flows), FLOWS - 1)
            self.assertEqual(flows.report['exit_code'], 3)

    def test_a_plugins_fault_is_told_apart_from_ours(self):
        for fault, text in (('trap in create', 'crashed in create (signal 6, Aborted) in a trial before the run'),
                            ('throw in create', 'cannot start: no licence found'),
                            ('throw in update', "threw an exception in 'update'")):
            with self.subTest(fault), self.assertRaises(fg.PluginError) as caught:
                rows_of(fg.read(DEMO, profile=faulty(fault), insecure_plugins=True))
            self.assertIn("'faulty'", str(caught.exception))


class Lives(unittest.TestCase):
    def test_two_reads_in_two_threads(self):
        found = {}

        def read(schema):
            flows = fg.read([DEMO] * 20, schema=schema)
            found[schema] = (rows_of(flows), flows.report['outputs'][0]['schema'])
        threads = [threading.Thread(target=read, args=(schema,)) for schema in ('cic', 'rustiflow', 'basic')]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rows = rows_of(fg.read([DEMO] * 20))
        self.assertEqual(found, {schema: (rows, schema) for schema in ('cic', 'rustiflow', 'basic')})

    def test_who_stops_early_leaves_no_thread(self):
        # In a process without threads that others have left.
        code = (f'import flowgauge as fg, os\n'
                f'flows = fg.read([{str(DEMO)!r}] * 50, threads=3)\n'
                f'batches = flows._pull(1)\n'
                f'first = len(next(batches))\n'
                f'batches.close()\n'
                f'print(first, len(os.listdir("/proc/self/task")), flows.report["exit_code"])\n')
        done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, timeout=60)
        self.assertRegex(done.stdout + done.stderr, r'^1 1 \d+\n$')

    def test_an_interpreter_that_goes_in_the_middle_of_a_run(self):
        for hold in ('batches = flows._pull(1); next(batches)', 'stream = flows.__arrow_c_stream__()',
                     'flows.schema', 'stream = flows._begin(1); stream.next(); kept = stream.stream()'):
            code = f'import flowgauge as fg\nflows = fg.read([{str(DEMO)!r}] * 50)\n{hold}'
            done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, '', ''), hold)

    def test_a_copy_of_the_process_is_told_to_read_anew(self):
        flows = fg.read(DEMO)
        batches = flows._pull(1)
        next(batches)
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                next(batches)
                said = 'rows'
            except fg.UsageError as error:
                said = str(error)
            os.write(writer, f'{said}; {rows_of(fg.read(DEMO))}'.encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            self.assertEqual(pipe.read(), 'the run was begun by another process, of which this is a copy; read anew; '
                                          f'{FLOWS}')
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertEqual(sum(len(batch) for batch in batches), FLOWS - 1)

    def test_the_program_comes_with_it(self):
        from flowgauge import _program
        done = subprocess.run([_program.PATH, 'plugins', '--json'], capture_output=True, text=True, check=True)
        self.assertIn('basic', [module['name'] for module in json.loads(done.stdout)])


if __name__ == '__main__':
    unittest.main()
