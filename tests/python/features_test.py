#!/usr/bin/env python3
"""Functions of Python on packets, whose columns join the flows: as the engine's own features, row by row; what a function
does wrong is said."""
import os
import pathlib
import signal
import sys
import tempfile
import threading
import unittest

try:
    import pandas
    import polars
    import pyarrow
    from pyarrow import compute
except ImportError as missing:
    print(f'skipped: {missing}: this Python is not the one that the test python.environment makes')
    sys.exit(77)

SOURCE = pathlib.Path(os.environ['FLOWGAUGE_SOURCE_DIR'])
sys.path.insert(0, str(SOURCE / 'tests' / 'parity'))
import sequences
from capture_writer import write_capture

import flowgauge as fg

DEMO = SOURCE / 'fixtures' / 'demo.pcap'
PUBLIC = pathlib.Path(os.environ['FLOWGAUGE_SHARED_DIR'], 'captures')
NUMBER = 'flow.release_creation'
OWN = {'from': 'flow.src_ip', 'n': NUMBER, 'count': 'packet_length.flow.count', 'bytes': 'packet_length.flow.total',
       'lengths': 'first_packets.lengths', 'directions': 'first_packets.directions', 'flags': 'first_packets.tcp_flags'}


def splt(packets):
    """The first 20 packets of a flow."""
    frame = polars.from_arrow(packets).with_columns(polars.col('tcp_flags').fill_null(0))
    columns = frame.select('flow', 'ip_length', 'direction', 'tcp_flags')
    return columns.group_by('flow').agg(polars.all().head(20)).select(
        'flow', my_lengths='ip_length', my_directions='direction', my_flags='tcp_flags')


def totals(packets):
    made = packets.group_by('flow').aggregate([('ip_length', 'sum'), ('ip_length', 'count')])
    return made.rename_columns({'ip_length_sum': 'my_bytes', 'ip_length_count': 'my_count'})


def number_alone(packets):
    return {'flow': compute.unique(packets['flow']), 'twice': compute.multiply(compute.unique(packets['flow']), 2)}


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)


class AgainstTheEngine(Case):
    def judge(self, path, name, packets=10_000, **options):
        profile = {'features': [{'name': 'first_packets', 'options': {'packets': 20}}]}
        functions = [fg.features(splt, packets=packets), fg.features(totals, columns=['ip_length'], packets=packets)]
        flows = fg.read(path, columns=OWN, profile=profile, features=functions, errors='warn', **options)
        table = polars.from_arrow(pyarrow.Table.from_batches(flows.batches(7), pyarrow.schema(flows)))
        plain = fg.read(path, columns=OWN, profile=profile, errors='warn', **options).to_polars()
        self.assertEqual(table.select(*OWN).rows(), plain.rows(), name)
        for mine, theirs in (('my_lengths', 'lengths'), ('my_directions', 'directions'), ('my_flags', 'flags'),
                             ('my_bytes', 'bytes'), ('my_count', 'count')):
            self.assertEqual(table[mine].to_list(), plain[theirs].to_list(), f'{name}: {theirs}')
        self.assertTrue(flows.report['ledger']['balances'])
        return table.rows()

    def test_captures(self):
        captures = [DEMO, SOURCE / 'fixtures' / 'tls.pcap']
        captures += [PUBLIC / name for name in ('ipfixprobe__mixed.pcap', 'ndpi__1kxun.pcap', 'ndpi__synscan.pcap')]
        for path in captures:
            if path.exists():
                rows = [self.judge(path, path.name, packets, threads=threads)
                        for packets, threads in ((1, 1), (300, 3), (10_000, 1))]
                self.assertEqual(rows[0], rows[1])
                self.assertEqual(rows[0], rows[2])

    def test_rules_that_split_flows(self):
        rules = ({'flow.max_flows': 256}, {'flow.tcp_close': 'immediate', 'flow.tcp_reuse': 'merge'},
                 {'flow.idle_timeout': '2s', 'flow.active_timeout': '5s'})
        path = self.folder / 'sequence.pcap'
        for seed in range(1, 13):
            sequence = sequences.make(seed)
            write_capture(path, sequence.records, sequence.linktype, sequence.form)
            self.judge(path, f'seed {seed}', packets=1 + seed, threads=1 + seed % 3, settings=rules[seed % len(rules)])

    def test_damage_comes_behind_the_rows(self):
        cut = self.folder / 'cut.pcap'
        cut.write_bytes(DEMO.read_bytes()[:5000])
        flows = fg.read(cut, features=[fg.features(totals)])
        rows = []
        with self.assertRaisesRegex(fg.InputError, 'cut.pcap'):
            for batch in flows.batches():
                rows += batch.to_pylist()
        with self.assertWarnsRegex(UserWarning, 'cut.pcap') as told:
            expected = fg.read(cut, features=[fg.features(totals)], errors='warn').to_arrow()
        self.assertEqual(len(told.warnings), 1)
        self.assertEqual(rows, expected.to_pylist())
        self.assertGreater(len(rows), 0)


class Asked(Case):
    def flows(self, *functions, **options):
        return fg.read(DEMO, schema='basic', features=[fg.features(one) for one in functions], **options)

    def test_columns_say_what_they_are(self):
        flows = self.flows(totals, splt)
        names = fg.read(DEMO, schema='basic').schema.names
        self.assertEqual(flows.schema.names, [*names, 'my_bytes', 'my_count', 'my_lengths', 'my_directions', 'my_flags'])
        self.assertEqual(flows.schema['my_lengths'], fg.Column('my_lengths', 'list[int64]', '', '', 'feature', 'splt',
                                                               'The first 20 packets of a flow.'))
        self.assertEqual(pyarrow.schema(flows.schema).names, flows.schema.names)
        self.assertTrue(pyarrow.schema(flows).equals(flows.to_arrow().schema, check_metadata=True))

    def test_every_way_to_read_them(self):
        flows = self.flows(totals)
        expected = flows.to_polars().rows()
        self.assertEqual(len(expected), 16)
        self.assertEqual(polars.from_arrow(flows.to_arrow()).rows(), expected)
        self.assertEqual(polars.DataFrame(pyarrow.table(flows)).rows(), expected)
        self.assertEqual(flows.to_pandas()['my_bytes'].sum(), sum(row[-2] for row in expected))
        flows.to_parquet(self.folder / 'x.parquet')
        self.assertEqual(polars.read_parquet(self.folder / 'x.parquet').rows(), expected)
        lazy = fg.scan(DEMO, schema='basic', features=[fg.features(totals)])
        self.assertEqual(lazy.select('my_count', 'source_ip').collect().rows(),
                         [(row[-1], row[1]) for row in expected])
        self.assertEqual(lazy.select('source_ip').head(3).collect().rows(), [(row[1],) for row in expected[:3]])

    def test_results_may_be_frames_tables_or_dicts_in_any_order(self):
        def as_pandas(packets):
            frame = packets.to_pandas().groupby('flow', as_index=False)['ip_length'].sum().iloc[::-1]
            return frame.rename(columns={'ip_length': 'a'}).reset_index(drop=True)

        def as_dict(packets):
            sums = packets.group_by('flow').aggregate([('ip_length', 'sum')]).to_pydict()
            return {'flow': pyarrow.array(sums['flow'], pyarrow.int64()),
                    'b': pyarrow.array(sums['ip_length_sum'], pyarrow.int64())}
        found = self.flows(totals, as_pandas, as_dict).to_polars()
        self.assertEqual(found['a'].to_list(), found['my_bytes'].to_list())
        self.assertEqual(found['b'].to_list(), found['my_bytes'].to_list())

    def test_functions_see_the_columns_that_they_ask_for(self):
        seen = []

        def look(packets):
            seen.append(packets.schema.names)
            return number_alone(packets)
        for columns in (['ip_length'], {'to': 'flow.dst_ip'}, None):
            fg.read(DEMO, features=[fg.features(look, columns=columns)]).to_arrow()
        fg.read(DEMO, features=[fg.features(look)], profile={'contamination': ['os']}).to_arrow()
        self.assertNotIn('ttl', seen.pop())
        self.assertNotIn('ttl', seen.pop())
        self.assertEqual(seen[::2], [['flow', 'ip_length'], ['flow', 'to'], fg.packets(DEMO).schema.names])

    def test_a_function_gets_whole_flows_about_as_many_packets_as_are_wanted(self):
        sizes = []

        def look(packets):
            sizes.append(packets.num_rows)
            flow = packets['flow'].to_pylist()
            self.assertEqual(flow, sorted(flow))
            self.assertEqual(packets['frame'].to_pylist(),
                             [frame for _, frame in sorted(zip(flow, packets['frame'].to_pylist()))])
            return number_alone(packets)
        fg.read(DEMO, features=[fg.features(look, packets=20)]).to_arrow()
        self.assertEqual(sizes[0], 0)
        self.assertEqual(sum(sizes), 78)
        self.assertGreater(len(sizes), 3)
        self.assertTrue(all(size >= 20 for size in sizes[1:-1]))

    def test_a_snapshot_has_nulls(self):
        columns = {'snapshot': 'flow.snapshot', 'count': 'packet_length.flow.count'}
        found = fg.read(DEMO, columns=columns, features=[fg.features(totals)],
                        settings={'flow.early_export': '1s'}).to_polars()
        self.assertGreater(found['snapshot'].sum(), 0)
        self.assertEqual(found['my_count'].to_list(),
                         [None if row['snapshot'] else row['count'] for row in found.to_dicts()])

    def test_numbers_without_a_sign_and_parts(self):
        whole = self.flows(totals, numbers='uint64', order_columns=True).to_polars()
        self.assertEqual(whole[NUMBER].dtype, polars.UInt64)
        parts = [self.flows(totals, partitions=part, order_columns=True).to_polars().rows()
                 for part in ('0-99', range(100, 256))]
        self.assertEqual(sorted(parts[0] + parts[1], key=repr), sorted(whole.rows(), key=repr))

    def test_labels_and_order_columns_stay(self):
        labels = polars.DataFrame({'protocol': ['tcp'], 'label': ['web']})
        found = self.flows(totals, labels=labels, order_columns=True).to_arrow()
        self.assertEqual(found.schema.names[-7:], ['flow.release_frame', 'flow.release_cause', 'flow.release_deadline',
                                                   NUMBER, 'label', 'my_bytes', 'my_count'])
        self.assertEqual(found.column('label').to_pylist().count('web'), 7)


class Wrong(Case):
    def refused(self, function, sentence, **options):
        with self.assertRaisesRegex(fg.ProfileError, sentence):
            fg.read(DEMO, features=[fg.features(function)], **options).to_arrow()

    def test_what_a_function_raises_is_raised(self):
        class Mine(Exception):
            pass

        def fails(packets):
            if packets.num_rows:
                raise Mine('no')
            return number_alone(packets)
        before = threading.active_count()
        with self.assertRaises(Mine):
            fg.read(DEMO, features=[fg.features(fails)]).to_arrow()
        with self.assertRaisesRegex(pyarrow.ArrowInvalid, 'no'):  # an error of theirs, with the same sentence
            pyarrow.table(fg.read(DEMO, features=[fg.features(fails)]))
        self.assertEqual(threading.active_count(), before)

    def test_what_it_gives(self):
        self.refused(lambda packets: 5, 'it gave int, which makes no table')
        self.refused(lambda packets: {'x': pyarrow.array([1])}, "no column 'flow'")
        self.refused(lambda packets: {'flow': compute.unique(packets['flow'])}, "makes no column beside 'flow'")
        self.refused(lambda packets: {'flow': compute.unique(packets['flow']), 'x': []} if not packets.num_rows else 5,
                     "column 'x' has no type where there is no packet")
        self.refused(lambda packets: number_alone(packets.slice(10)), 'rows for [0-9]+ flows; each flow has one')
        self.refused(lambda packets: {'flow': compute.add(compute.unique(packets['flow']), 1),
                                      'x': compute.unique(packets['flow'])}, 'rows of other flows')
        self.refused(lambda packets: {**number_alone(packets), **({'more': compute.unique(packets['flow'])}
                                                                  if packets.num_rows else {})},
                     'its columns were twice, and now are twice, more')
        self.refused(lambda packets: {'flow': compute.unique(packets['flow']), 'x': pyarrow.array(
            ['x'] * len(compute.unique(packets['flow'])) if packets.num_rows else [],
            pyarrow.string() if packets.num_rows else pyarrow.int64())}, 'other types than without packets')

    def test_a_name_that_is_there_already(self):
        def named(packets):
            return {'flow': compute.unique(packets['flow']), 'protocol': compute.unique(packets['flow'])}
        self.refused(named, "named of features.*: its column 'protocol' is there already|column 'protocol' is there")
        with self.assertRaisesRegex(fg.ProfileError, "column 'twice' is there already"):
            fg.read(DEMO, features=[fg.features(number_alone), fg.features(number_alone)]).schema

    def test_what_does_not_fit(self):
        with self.assertRaises(TypeError):
            fg.features(5)
        with self.assertRaises(TypeError):
            fg.read(DEMO, features=[number_alone])
        with self.assertRaises(fg.ProfileError):
            fg.features(number_alone, packets=0)
        with self.assertRaisesRegex(fg.ProfileError, "'frame' can be packet.frame alone"):
            fg.read(DEMO, features=[fg.features(number_alone, columns={'frame': 'packet.ttl'})])
        with self.assertRaisesRegex(fg.ProfileError, 'contamination'):
            fg.read(DEMO, features=[fg.features(number_alone)], profile={'contamination': ['tool']}).to_arrow()
        with self.assertRaisesRegex(fg.UsageError, 'a pipe can be read once'):
            fg.read('-', features=[fg.features(number_alone)])

    def test_who_breaks_off_leaves_no_thread(self):
        def native_threads():
            return len(os.listdir('/proc/self/task'))

        def is_interrupted(packets):
            if packets.num_rows:
                os.kill(os.getpid(), signal.SIGINT)
            return number_alone(packets)
        list(fg.read(DEMO, features=[fg.features(number_alone)]).batches(1))  # threads of Arrow and polars begin
        before = native_threads()
        for _ in range(3):
            batches = fg.read(DEMO, features=[fg.features(number_alone, packets=1)]).batches(1)
            next(batches)
            batches.close()
            with self.assertRaises(KeyboardInterrupt):
                fg.read(DEMO, features=[fg.features(is_interrupted, packets=1)]).to_arrow()
        self.assertEqual(native_threads(), before)


if __name__ == '__main__':
    unittest.main()
