#!/usr/bin/env python3
"""Rows as data frames: pyarrow, pandas, polars and Parquet have the cells of the program's CSV; a lazy frame computes
what it uses."""
import io
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

try:
    import duckdb
    import pandas
    import polars
    import pyarrow
    from pyarrow import csv, parquet
except ImportError as missing:
    print(f'skipped: {missing}: this Python is not the one that the test python.environment makes')
    sys.exit(77)

import flowgauge as fg
import interrupt_test

DEMO = pathlib.Path(os.environ['FLOWGAUGE_SOURCE_DIR'], 'fixtures', 'demo.pcap')


def written_by_the_program(schema, arrow_schema):
    """Its CSV, with the types of the stream."""
    done = subprocess.run([os.environ['FLOWGAUGE_PROGRAM'], 'pcap', DEMO, '-f', schema, '-o', 'csv'],
                          capture_output=True, check=True)
    types = {field.name: pyarrow.string() if pyarrow.types.is_list(field.type) else field.type
             for field in arrow_schema}
    options = csv.ConvertOptions(column_types=types, true_values=['1'], false_values=['0'])
    return csv.read_csv(io.BytesIO(done.stdout), convert_options=options)


class Job(unittest.TestCase):
    """What tasks on a cluster do, one after the other."""
    def test_parts_have_the_rows_of_one_run(self):
        from flowgauge import _job
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / 'out').mkdir()
            cut = folder / 'cut.pcap'
            cut.write_bytes(DEMO.read_bytes()[:5000])
            captures = _job.capture_paths([DEMO, str(folder / 'c*.pcap')])
            options = {'schema': 'cic', 'order_columns': True, 'threads': 1}
            damaged = [_job.capture_task(path, name, number, 2, options) for number, path in enumerate(captures, 1)]
            self.assertIsNone(damaged[0])
            self.assertIn('cut.pcap', damaged[1])
            reports = [_job.part_task(name, f'{name}/out', part, 3, options) for part in range(3)]
            account = _job.account_of(damaged, reports)
            with self.assertWarns(UserWarning):
                whole = fg.read(captures, errors='warn', **options)
                expected = whole.to_arrow()
            self.assertEqual(sorted(parquet.read_table(folder / 'out').to_pylist(), key=repr),
                             sorted(expected.to_pylist(), key=repr))
            ledger = whole.report['ledger']
            self.assertEqual(account, {
                'paths': [f'{name}/out/part-00{part}.parquet' for part in range(3)], 'rows': expected.num_rows,
                'damaged': [damaged[1]],
                'ledger': {'frames_read': ledger['frames_read'], 'in_flows': ledger['in_flows'],
                           'ignored': ledger['ignored'], 'balances': True}})
            self.assertEqual(len(os.listdir(folder / 'out')), 3)

    def test_what_is_no_capture_has_an_event_file_of_nothing(self):
        from flowgauge import _job
        with tempfile.TemporaryDirectory() as name:
            text = pathlib.Path(name, 'text.pcap')
            text.write_text('no capture')
            options = {'schema': 'basic', 'threads': 1}
            self.assertIn('text.pcap', _job.capture_task(text, name, 1, 2, options))
            self.assertIsNone(_job.capture_task(DEMO, name, 2, 2, options))
            self.assertTrue(fg.flows(name).to_arrow().equals(fg.read(DEMO).to_arrow()))
            with self.assertRaisesRegex(fg.InputError, 'nowhere.pcap'):
                _job.capture_task(f'{name}/nowhere.pcap', name, 1, 2, options)

    def test_parts_have_each_partition_once(self):
        from flowgauge import _job
        for parts in (1, 3, 100, 256):
            self.assertEqual([one for part in range(parts) for one in _job.partitions_of(part, parts)], list(range(256)))
        for parts in (0, 257):
            with self.assertRaisesRegex(fg.UsageError, f'1 to 256 parts, not {parts}'):
                _job.partitions_of(0, parts)
        with self.assertRaisesRegex(fg.UsageError, 'is a folder'):
            _job.capture_paths([DEMO, DEMO.parent])


class Frames(unittest.TestCase):
    def test_all_of_them_have_the_programs_cells(self):
        for schema in ('basic', 'cic', 'cidds', 'nfstream', 'rustiflow'):
            with self.subTest(schema):
                flows = fg.read(DEMO, schema=schema)
                table = flows.to_arrow()
                self.assertEqual(table.num_rows, 16)
                expected = written_by_the_program(schema, table.schema)
                for name in table.column_names:
                    got = table[name].to_pylist()
                    want = expected[name].to_pylist()
                    self.assertEqual(['' if cell is None else cell for cell in got],
                                     ['' if cell is None else cell for cell in want], name)
                self.assertEqual(pyarrow.schema(flows.schema), table.schema)
                self.assertTrue(pyarrow.table(flows).equals(table))
                pandas.testing.assert_frame_equal(flows.to_pandas(), table.to_pandas())
                self.assertTrue(flows.to_polars().equals(polars.from_arrow(table)))
                self.assertTrue(polars.DataFrame(flows).equals(polars.from_arrow(table)))
                self.assertEqual(flows._empty_polars().schema, polars.from_arrow(table).schema)
                self.assertTrue(pyarrow.Table.from_batches(flows.batches(5)).equals(table))
                self.assertEqual([batch.num_rows for batch in flows.batches(5)], [5, 5, 5, 1])
                with tempfile.TemporaryDirectory() as folder:
                    flows.to_parquet(f'{folder}/rows.parquet')
                    self.assertTrue(parquet.read_table(f'{folder}/rows.parquet').equals(table))

    def test_a_file_that_is_not_complete_takes_no_ones_place(self):
        with tempfile.TemporaryDirectory() as folder:
            damaged, path = pathlib.Path(folder, 'damaged.pcap'), pathlib.Path(folder, 'rows.parquet')
            damaged.write_bytes(DEMO.read_bytes()[:-7])
            path.write_text('before')
            with self.assertRaises(fg.InputError):
                fg.read(damaged).to_parquet(path)
            self.assertEqual(path.read_text(), 'before')
            self.assertEqual({one.name for one in pathlib.Path(folder).iterdir()}, {'damaged.pcap', 'rows.parquet'})
            with self.assertWarns(UserWarning):
                fg.read(damaged, errors='warn').to_parquet(path)
            self.assertEqual(parquet.read_table(path).num_rows, 15)

    def test_numbers_without_a_sign(self):
        flows = fg.read(DEMO, columns=['source_port'], numbers='uint64')
        self.assertEqual(flows.to_arrow().schema.field('source_port').type, pyarrow.uint64())
        self.assertEqual(flows.to_polars().schema, {'source_port': polars.UInt64})

    def test_no_row_is_an_empty_frame(self):
        flows = fg.read(DEMO, filter='port 1')
        self.assertEqual((flows.to_arrow().num_rows, flows.to_arrow().column_names), (0, flows.schema.names))
        self.assertEqual(flows.to_polars().shape, (0, 10))
        self.assertEqual(flows.to_pandas().shape, (0, 10))

    def test_some_columns_have_the_cells_that_all_have(self):
        whole = fg.read(DEMO, schema='rustiflow').to_arrow()
        names = whole.column_names[::-7]
        self.assertTrue(fg.read(DEMO, schema='rustiflow', columns=names).to_arrow().equals(whole.select(names)))

    def test_what_a_stream_is_given_to_outlives_all_else(self):
        reader = pyarrow.RecordBatchReader.from_stream(fg.read(DEMO))
        self.assertEqual(reader.read_all().num_rows, 16)

    def test_a_query_reads_it_with_threads_of_its_own(self):
        flows = fg.read(DEMO, schema='cidds')  # by its name
        rows = duckdb.sql('select "Proto", count(*) from flows group by all order by all').fetchall()
        self.assertEqual(rows, [('ICMP', 3), ('OTHER', 1), ('TCP', 7), ('UDP', 5)])
        self.assertEqual(len(flows.schema), 10)

    def test_labels_of_frames(self):
        rules = {'protocol': ['tcp', ''], 'label': ['web', 'other'], 'attack': ['0', '1']}
        for frame in (pandas.DataFrame(rules), polars.DataFrame(rules), pyarrow.table(rules)):
            flows = fg.read(DEMO, labels=frame, columns=['protocol', 'attack'])
            table = flows.to_arrow()
            self.assertEqual(table.column_names, ['protocol', 'attack'])
            protocols = table['protocol'].to_pylist()
            self.assertEqual(table['attack'].to_pylist(), ['0' if protocol == 6 else '1' for protocol in protocols])


class Lazy(unittest.TestCase):
    def test_what_is_selected_is_what_is_computed(self):
        whole = fg.read(DEMO, schema='cic').to_polars()
        names = whole.columns[::-9]
        lazy = fg.scan(DEMO, schema='cic')
        self.assertEqual(lazy.collect_schema(), whole.schema)
        self.assertTrue(lazy.collect().equals(whole))
        self.assertTrue(lazy.select(names).collect().equals(whole.select(names)))
        self.assertTrue(lazy.head(3).collect().equals(whole.head(3)))
        self.assertEqual(lazy.select(polars.len()).collect().item(), 16)
        port = polars.col(whole.columns[2])
        self.assertTrue(lazy.filter(port == port.max()).collect().equals(whole.filter(port == port.max())))
        self.assertTrue(lazy.filter(port > 80).select(names[0]).head(2).collect().equals(
            whole.filter(port > 80).select(names[0]).head(2)))

    def test_what_rows_are_sorted_by_can_be_selected(self):
        whole = fg.read(DEMO, schema='cic', order_columns=True).to_polars()
        lazy = fg.scan(DEMO, schema='cic', order_columns=True)
        for names in (['flow.release_creation'], [whole.columns[3], 'flow.release_frame'], ['flow.release_cause', whole.columns[0]]):
            self.assertTrue(lazy.select(names).collect().equals(whole.select(names)), names)

    def test_the_run_is_asked_for_no_other_column(self):
        from flowgauge import _scan
        flows = fg.read(DEMO, schema='rustiflow', labels=pandas.DataFrame({'protocol': ['tcp'], 'label': ['web']}))
        asked = []
        new_run = flows._new_run
        flows._new_run = lambda columns=None: asked.append(columns) or new_run(columns)
        frame = polars.concat(_scan._frames(flows, ['destination_port'], None, 3, 2))
        self.assertEqual((asked[-1], frame.shape), (['destination_port'], (3, 1)))
        self.assertEqual([plugin['name'] for plugin in flows.report['plugins']], ['rustiflow'])
        frame = polars.concat(_scan._frames(flows, ['label'], None, None, None))  # labels alone are no table
        self.assertEqual((asked[-1], frame.shape), ([flows.schema.names[0], 'label'], (16, 1)))

    def test_a_limit_ends_the_run(self):
        flows_of = fg.scan([DEMO] * 100)
        self.assertEqual(flows_of.head(1).collect().shape, (1, 10))


class Interrupted(unittest.TestCase):
    def test_ctrl_c_while_another_library_reads(self):
        for consumer in (pyarrow.table, polars.DataFrame, lambda flows: fg.Flows.to_arrow(flows),
                         lambda flows: flows.to_polars()):
            with self.subTest(consumer), tempfile.TemporaryDirectory() as folder:
                pipe = interrupt_test.Pipe(folder)
                pipe.fill()
                is_sent = []

                def note(progress):
                    if progress.frames == 78 and not is_sent:
                        is_sent.append(True)
                        os.kill(os.getpid(), signal.SIGINT)
                flows = fg.read(pipe.path, on_progress=note)
                self.assertTrue(self.is_interrupted(consumer, flows))
                pipe.close()

    def is_interrupted(self, consumer, flows):
        """Its own error may come first; the interrupt is not lost in it."""
        try:
            try:
                consumer(flows)
            except Exception as error:
                self.assertIn('interrupted', str(error))
                for _ in range(10):  # Python's next turn
                    pass
        except KeyboardInterrupt:
            return True
        return False


class Memory(unittest.TestCase):
    """What batches take, apart from the flows that are open."""
    READ = """if 1:
        import resource, sys
        import flowgauge as fg
        flows = fg.read(sys.argv[1], schema='rustiflow', threads=1, settings={'flow.max_flows': 2000})
        rows = sum(batch.num_rows for batch in flows.batches(256))
        print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"""

    def rows_and_peak(self, packets):
        with tempfile.TemporaryDirectory() as folder:
            capture = pathlib.Path(folder, 'x.pcap')
            make_capture = pathlib.Path(os.environ['FLOWGAUGE_PROGRAM']).with_name('make_capture')
            subprocess.run([make_capture, capture, str(packets), '2000', '96'], check=True)
            done = subprocess.run([sys.executable, '-c', self.READ, capture], stdout=subprocess.PIPE, check=True)
            return map(int, done.stdout.split())

    def test_ten_times_the_packets_take_no_more(self):
        few, peak = self.rows_and_peak(80_000)
        many, same_peak = self.rows_and_peak(800_000)
        self.assertGreater(few, 10_000)
        self.assertGreater(many, 8 * few)
        self.assertLess(same_peak, 1.2 * peak)


if __name__ == '__main__':
    unittest.main()
