#!/usr/bin/env python3
"""Packets as rows: each cell of a small capture, and of many captures the flows that polars makes of them are the flows
that the engine makes."""
import os
import pathlib
import sys
import tempfile
import unittest

try:
    import polars
    import pyarrow
except ImportError as missing:
    print(f'skipped: {missing}: this Python is not the one that the test python.environment makes')
    sys.exit(77)

SOURCE = pathlib.Path(os.environ['FLOWGAUGE_SOURCE_DIR'])
sys.path.insert(0, str(SOURCE / 'tests' / 'parity'))
import frames
import sequences
from capture_writer import Record, write_capture

import flowgauge as fg

DEMO = SOURCE / 'fixtures' / 'demo.pcap'
PUBLIC = pathlib.Path(os.environ['FLOWGAUGE_SHARED_DIR'], 'captures')
MS = 1_000_000
HERE, THERE = bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2))
SYN, RST, ACK = 2, 4, 16

FLOWS = {'flow': 'flow.release_creation', 'packets': 'packet_length.flow.count', 'bytes': 'packet_length.flow.total',
         'first': 'flow.first_seen', 'duration': 'flow.duration', 'forward': 'packet_length.fwd.count',
         'payload': 'payload_length.flow.total', 'older': 'flow.out_of_order_packets',
         'fragments': 'flow.fragment_packets', 'from': 'flow.src_ip'}
PACKETS = {'frame': 'packet.frame', 'flow': 'packet.flow', 'time': 'packet.time', 'flow_time': 'packet.flow_time',
           'gap': 'packet.gap', 'index': 'packet.index', 'direction': 'packet.direction', 'length': 'packet.ip_length',
           'payload': 'packet.payload_length', 'fragment': 'packet.fragment', 'from': 'flow.src_ip'}


def flows_of(packets):
    """What polars makes of packets, as FLOWS has it."""
    newest = polars.col('time').cum_max().shift(1).over('flow')
    packets = packets.with_columns(is_older=(polars.col('time') < newest).fill_null(False))
    return packets.group_by('flow').agg(
        packets=polars.len(), bytes=polars.col('length').sum(), first=polars.col('time').min(),
        duration=polars.col('time').max() - polars.col('time').min(), forward=(polars.col('direction') == 1).sum(),
        payload=polars.col('payload').sum(), older=polars.col('is_older').sum(),
        fragments=polars.col('fragment').sum(), **{'from': polars.col('from').first()})


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def capture(self, *packets):
        """Of (nanoseconds, IPv4 packet), or whole frames with an EtherType of their own."""
        records = []
        for time, packet in packets:
            frame = packet if isinstance(packet, Whole) else frames.ethernet(0x0800, packet)
            records.append(Record(time, bytes(frame), len(frame)))
        path = self.folder / 'made.pcap'
        write_capture(path, records)
        return path


class Whole(bytes):
    pass


def tcp(src, dst, sport, dport, seq, ack, flags, payload=b''):
    return frames.ipv4(src, dst, 6, frames.tcp(sport, dport, seq, ack, flags, payload=payload))


class SmallCapture(Folder):
    def setUp(self):
        super().setUp()
        datagram = frames.udp(5000, 53, bytes(16), length=48)
        self.path = self.capture(
            (0, Whole(frames.ethernet(0x0806, bytes(28)))),
            (10 * MS, tcp(HERE, THERE, 1000, 80, 100, 0, SYN)),
            (12 * MS, tcp(THERE, HERE, 80, 1000, 700, 101, SYN | ACK)),
            (13 * MS, frames.ipv4(HERE, THERE, 17, datagram, ident=7, more=True)),
            (14 * MS, frames.ipv4(HERE, THERE, 17, bytes(24), ident=7, offset=24)),
            (11 * MS, tcp(HERE, THERE, 1000, 80, 101, 701, ACK, b'hello')),
            (15 * MS, frames.ipv4(THERE, HERE, 1, frames.icmp(3, 1, bytes(8)))))

    def test_every_cell(self):
        found = fg.packets(self.path).to_polars()
        expected = [  # frame flow time flow_time gap own_gap index own_index direction
            (1, 1, 10 * MS, 0, 0, 0, 0, 0, 1, 4, 6, 40, 0, 20, 20, 64, False, SYN, 100, 0, 1000, None, None),
            (2, 1, 12 * MS, 2 * MS, 2 * MS, 0, 1, 0, -1, 4, 6, 40, 0, 20, 20, 64, False, SYN | ACK, 700, 101, 1000, None, None),
            (3, 3, 13 * MS, 0, 0, 0, 0, 0, 1, 4, 17, 44, 16, 20, 8, 64, True, None, None, None, None, None, None),
            (4, 3, 14 * MS, 1 * MS, 1 * MS, 1 * MS, 1, 1, 1, 4, 17, 44, 24, 20, 0, 64, True, None, None, None, None, None, None),
            (5, 1, 11 * MS, 1 * MS, 0, 1 * MS, 2, 1, 1, 4, 6, 45, 5, 20, 20, 64, False, ACK, 101, 701, 1000, None, None),
            (6, 6, 15 * MS, 0, 0, 0, 0, 0, 1, 4, 1, 36, 8, 20, 8, 64, False, None, None, None, None, 3, 1)]
        self.assertEqual(found.rows(), expected)
        self.assertEqual(found.columns, [
            'frame', 'flow', 'time', 'flow_time', 'gap', 'direction_gap', 'index', 'direction_index', 'direction',
            'ip_version', 'protocol', 'ip_length', 'payload_length', 'l3_header_length', 'l4_header_length', 'ttl',
            'fragment', 'tcp_flags', 'tcp_seq', 'tcp_ack', 'tcp_window', 'icmp_type', 'icmp_code'])

    def test_of_a_tcp_fragment_only_the_first_has_numbers(self):
        header = frames.tcp(1000, 80, 5, 0, ACK, payload=bytes(4))
        path = self.capture((0, frames.ipv4(HERE, THERE, 6, header, ident=1, more=True)),
                            (1, frames.ipv4(HERE, THERE, 6, bytes(8), ident=1, offset=24)))
        found = fg.packets(path, columns=['flow', 'tcp_seq', 'tcp_flags', 'l4_header_length']).to_polars()
        self.assertEqual(found.rows(), [(0, 5, ACK, 20), (0, None, None, 0)])

    def test_what_is_excluded_is_left_out(self):
        found = fg.packets(self.path, profile={'contamination': ['time', 'os']})
        names = {'time', 'l3_header_length', 'l4_header_length', 'ttl', 'tcp_seq', 'tcp_ack', 'tcp_window'}
        self.assertEqual(set(fg.packets(self.path).schema.names) - set(found.schema.names), names)
        self.assertEqual(found.to_polars()['flow'].to_list(), [1, 1, 3, 3, 1, 6])
        with self.assertRaisesRegex(fg.ProfileError, "'time' is asked for"):
            fg.packets(self.path, columns=['flow', 'time'], profile={'contamination': ['time']}).to_arrow()

    def test_ignored_frames_have_numbers_and_no_rows(self):
        packets = fg.packets(self.path, filter='not udp')
        self.assertEqual(packets.to_polars()['frame'].to_list(), [1, 2, 5, 6])
        ledger = packets.report['ledger']
        self.assertTrue(ledger['balances'])
        self.assertEqual((ledger['frames_read'], ledger['in_flows']), (7, 4))

    def test_flows_are_told_apart_by_number(self):
        """A timeout, the active timeout, a closed connection and one that takes its ports."""
        second = 1000 * MS
        packet = frames.ipv4(HERE, THERE, 17, frames.udp(1, 2))
        path = self.capture((0, packet), (3 * second, packet), (6 * second, packet), (9 * second, packet),
                            (20 * second, packet), (20 * second, tcp(HERE, THERE, 5, 6, 1, 0, SYN)),
                            (20 * second, tcp(THERE, HERE, 6, 5, 1, 2, RST | ACK)),
                            (21 * second, tcp(HERE, THERE, 5, 6, 900, 0, SYN)))
        packets = fg.packets(path, settings={'flow.idle_timeout': '5s', 'flow.active_timeout': '7s'})
        self.assertEqual(packets.to_polars()['flow'].to_list(), [0, 0, 0, 3, 4, 5, 5, 7])


class Asked(Folder):
    def test_columns(self):
        packets = fg.packets(DEMO, columns=['ip_length', 'flow'])
        self.assertEqual(packets.schema.names, ['ip_length', 'flow'])
        self.assertEqual(packets.schema['flow'],
                         fg.Column('flow', 'uint64', '', 'tool', 'feature', 'packet.flow',
                                   "Number of the packet's flow: the index of the frame that began it, "
                                   'flow.release_creation'))
        self.assertEqual(packets.to_polars().rows(), fg.packets(DEMO).to_polars().select('ip_length', 'flow').rows())
        self.assertEqual([plugin['name'] for plugin in packets.report['plugins']], ['packets'])

    def test_columns_of_ones_own_with_what_the_first_packet_decides(self):
        packets = fg.packets(DEMO, columns={'n': 'packet.flow', 'to': 'flow.dst_ip', 'port': 'flow.dst_port',
                                            'id': 'flow.community_id', 'kb': 'packet.ip_length / 1000'})
        flows = fg.read(DEMO, columns={'n': 'flow.release_creation', 'to': 'flow.dst_ip', 'port': 'flow.dst_port',
                                       'id': 'flow.community_id'})
        found = packets.to_polars()
        self.assertEqual(found.drop('kb').unique().sort('n').rows(), flows.to_polars().sort('n').rows())
        self.assertAlmostEqual(found['kb'].sum() * 1000, fg.packets(DEMO).to_polars()['ip_length'].sum())

    def test_what_is_known_at_the_end_is_refused(self):
        for column in ('flow.duration', 'flow.end_reason', 'flow.release_creation', 'iat.fwd.mean'):
            with self.assertRaisesRegex(fg.ProfileError, "has a row for each packet, but '" + column.rsplit('.mean')[0]):
                fg.packets(DEMO, columns={'n': 'packet.flow', 'x': column}).to_arrow()
        with self.assertRaisesRegex(fg.ProfileError, 'a row for each flow'):
            fg.packets(DEMO, columns={'x': 'flow.duration'}).to_arrow()
        with self.assertRaisesRegex(fg.ProfileError, 'label rules are of flows'):
            fg.read(DEMO, schema='packets', labels=polars.DataFrame({'protocol': ['tcp'], 'label': ['x']})).to_arrow()
        with self.assertRaisesRegex(fg.ProfileError, 'one for each flow; a run makes one kind'):
            fg.profile_check({'exporters': [{'schema': 'packets', 'path': 'a.csv'}, {'schema': 'cic', 'path': 'b.csv'}]})

    def test_every_way_to_read_them(self):
        packets = fg.packets(DEMO, columns=['flow', 'ip_length'])
        expected = packets.to_polars().rows()
        self.assertEqual(polars.from_arrow(packets.to_arrow()).rows(), expected)
        self.assertEqual(polars.DataFrame(pyarrow.table(packets)).rows(), expected)
        self.assertEqual([batch.num_rows for batch in packets.batches(10)], [10, 10, 10, 10, 10, 10, 10, 8])
        self.assertIn('Packets of', repr(packets))

    def test_they_are_of_captures(self):
        with self.assertRaisesRegex(fg.ProfileError, 'rows of packets are made of captures'), \
                fg.live('lo', schema='packets', try_plugins=False):
            pass

    def test_event_files_have_the_same_packets(self):
        fg.events(DEMO, self.folder)
        found = fg.flows(self.folder, schema='packets').to_polars()
        self.assertEqual(found.rows(), fg.packets(DEMO).to_polars().rows())


class AgainstFlows(Folder):
    def judge(self, path, name, **options):
        flows = fg.read(path, columns=FLOWS, errors='warn', **options).to_polars()
        packets = fg.packets(path, columns=PACKETS, errors='warn', **options)
        rows = packets.to_polars()
        self.assertTrue(flows['flow'].is_unique().all(), name)
        self.assertTrue((rows['frame'].diff().drop_nulls() > 0).all(), name)
        found = flows_of(rows).sort('flow').select(flows.columns)
        self.assertEqual(found.rows(), flows.sort('flow').rows(), name)
        self.assertTrue(packets.report['ledger']['balances'], name)
        self.assertEqual(len(rows), packets.report['ledger']['in_flows'], name)
        return rows

    def test_captures(self):
        captures = [DEMO, SOURCE / 'fixtures' / 'tls.pcap', *sorted((SOURCE / 'fixtures' / 'sequences').glob('*.pcap*'))]
        captures += [PUBLIC / name for name in ('ipfixprobe__mixed.pcap', 'ndpi__6in4tunnel.pcap', 'ndpi__1kxun.pcap',
                                                'flowtest__icmp-across-dot1q.pcap', 'ipfixprobe__vlan.pcap')]
        for path in captures:
            if not path.exists():
                continue
            rows = [self.judge(path, path.name, threads=threads).rows() for threads in (1, 3)]
            self.assertEqual(rows[0], rows[1], path.name)

    def test_rules_that_split_flows(self):
        """Sequences that are hard on a flow meter, under rules that end flows in every way."""
        rules = ({'flow.max_flows': 256}, {'flow.tcp_close': 'immediate', 'flow.tcp_reuse': 'merge'},
                 {'flow.idle_timeout': '2s', 'flow.active_timeout': '5s'}, {'flow.direction': 'first_packet'})
        path = self.folder / 'sequence.pcap'
        for seed in range(1, 41):
            sequence = sequences.make(seed)
            write_capture(path, sequence.records, sequence.linktype, sequence.form)
            self.judge(path, f'seed {seed}', threads=1 + seed % 3, settings=rules[seed % len(rules)])

    def test_snapshots_make_no_rows_of_packets(self):
        settings = {'flow.early_export': '1s'}
        packets = fg.packets(DEMO, settings=settings)
        self.assertEqual(packets.to_polars().rows(), fg.packets(DEMO).to_polars().rows())
        self.assertTrue(packets.report['ledger']['balances'])

    def test_parts_have_each_packet_once(self):
        whole = fg.packets(DEMO).to_polars()
        parts = [fg.packets(DEMO, partitions=part).to_polars() for part in ('0-99', range(100, 256))]
        self.assertEqual(polars.concat(parts).sort('frame').rows(), whole.rows())


if __name__ == '__main__':
    unittest.main()
