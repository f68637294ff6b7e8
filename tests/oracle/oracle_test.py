#!/usr/bin/env python3
"""The oracle judges flowgauge; these cases, worked out by hand from docs/semantics.md, judge the oracle."""
import pathlib
import sys
import tempfile
import unittest
from dataclasses import replace

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'parity'))
import frames as f
from capture_writer import Record, write_capture

import oracle
from endpoint import community_id, path_locality, scope, service_group
from settings import ACK, COMPAT, DEFAULT, FIN, RST, SEC, SYN

A, B = bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2))
T0 = 1_600_000_000 * SEC


def udp(ts, port=1000, back=False, ident=0, **fragment):
    ends = (B, A) if back else (A, B)
    return ts, f.ipv4(*ends, 17, f.udp(*((53, port) if back else (port, 53)), bytes(10)), ident=ident, **fragment)


def tcp(ts, side, seq, ack, flags, payload=0):
    ends, ports = ((B, A), (80, 1000)) if side else ((A, B), (1000, 80))
    return ts, f.ipv4(*ends, 6, f.tcp(*ports, seq, ack, flags, payload=bytes(payload)))


def rows_of(packets, settings=DEFAULT):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'x.pcap')
        write_capture(path, [Record(T0 + ts, f.ethernet(f.IP4, ip), 14 + len(ip)) for ts, ip in packets])
        rows, ledger, errors = oracle.run([path], settings)
    assert not errors and ledger['frames_read'] == len(packets)
    return rows


def brief(rows, *names):
    return [tuple(row['flow.' + name] for name in names) for row in rows]


class Timeouts(unittest.TestCase):
    def test_a_gap_of_exactly_the_idle_timeout_does_not_end_the_flow(self):
        self.assertEqual(len(rows_of([udp(0), udp(120 * SEC)])), 1)

    def test_one_nanosecond_more_does(self):
        rows = rows_of([udp(0), udp(120 * SEC + 1)])
        self.assertEqual(brief(rows, 'end_reason_text', 'last_seen'), [('Idle Timeout', T0), ('Exporter Shutdown', T0 + 120 * SEC + 1)])

    def test_active_wins_a_tie(self):
        settings = replace(DEFAULT, active_timeout=120 * SEC)
        self.assertEqual(rows_of([udp(0), udp(121 * SEC)], settings)[0]['flow.end_reason'], 2)

    def test_the_clock_of_other_flows_ends_a_flow_at_the_end_of_input(self):
        self.assertEqual(brief(rows_of([udp(0), udp(121 * SEC - 1, port=2000)]), 'end_reason_text', 'src_port'),
                         [('Idle Timeout', 1000), ('Exporter Shutdown', 2000)])

    def test_a_late_packet_ends_nothing_and_moves_the_beginning_back(self):
        row, = rows_of([udp(10 * SEC), udp(0), udp(11 * SEC)])
        self.assertEqual((row['flow.duration'], row['flow.out_of_order_packets'], row['iat.iat.total']), (11 * SEC, 1, SEC))

    def test_a_flow_of_both_sides_is_continued(self):
        rows = rows_of([udp(0), udp(1, back=True), udp(130 * SEC, back=True)])
        self.assertEqual(brief(rows, 'segment', 'src_ip', 'direction_basis'), [(0, '10.0.0.1', 'first_packet'), (1, '10.0.0.1', 'inherited')])

    def test_a_flow_of_one_side_is_not(self):
        self.assertEqual(brief(rows_of([udp(0), udp(130 * SEC, back=True)]), 'segment', 'src_ip'), [(0, '10.0.0.1'), (0, '10.0.0.2')])


class Order(unittest.TestCase):
    def test_a_sweep_comes_at_the_next_whole_second_after_the_deadline(self):
        packets = [udp(0), udp(SEC // 2, port=2000), udp(120 * SEC + 1, port=3000), udp(121 * SEC, port=4000)]
        self.assertEqual([r['flow.src_port'] for r in rows_of(packets)], [1000, 2000, 3000, 4000])
        # Touched at 120 s + 1 ns, before the sweep of second 121 takes the other one.
        packets[2] = udp(120 * SEC + SEC // 2 + 1, port=2000)
        self.assertEqual([r['flow.src_port'] for r in rows_of(packets)], [2000, 1000, 2000, 4000])

    def test_what_is_left_at_the_end_leaves_by_creation(self):
        self.assertEqual([r['flow.src_port'] for r in rows_of([udp(5, port=9), udp(6, port=8), udp(7, port=9)])], [9, 8])


class EarlyExport(unittest.TestCase):
    settings = replace(DEFAULT, early_export=2 * SEC)

    def test_strictly_more_than_a_multiple_is_due_one_snapshot_of_what_came_before(self):
        rows = rows_of([udp(0), udp(2 * SEC), udp(2 * SEC + 1), udp(9 * SEC)], self.settings)
        self.assertEqual([(r['flow.snapshot'], r['packet_length.flow.count']) for r in rows], [(1, 2), (1, 3), (0, 4)])

    def test_the_clock_makes_one_due_too(self):
        rows = rows_of([udp(0), udp(2 * SEC + 1, port=2000), udp(3 * SEC)], self.settings)
        self.assertEqual([(r['flow.snapshot'], r['packet_length.flow.count'], r['flow.src_port']) for r in rows],
                         [(1, 1, 1000), (0, 2, 1000), (0, 1, 2000)])

    def test_none_after_a_deadline(self):
        self.assertEqual(brief(rows_of([udp(0), udp(121 * SEC)], replace(DEFAULT, early_export=60 * SEC)), 'snapshot'), [(0,), (0,)])


class Tcp(unittest.TestCase):
    handshake = [tcp(0, 0, 99, 0, SYN), tcp(1, 1, (1 << 32) - 1, 100, SYN | ACK), tcp(2, 0, 100, 0, ACK)]
    close = [tcp(3, 0, 100, 0, FIN | ACK), tcp(4, 1, 0, 101, FIN | ACK), tcp(5, 0, 101, 1, ACK)]

    def test_handshake_and_four_way_close_around_two_to_the_32nd(self):
        row, = rows_of(self.handshake + self.close)
        self.assertEqual((row['flow.tcp_handshake_completed'], row['flow.tcp_close_style'], row['flow.end_reason_text']),
                         (1, 'four_way_fin', 'TCP Normal Termination'))

    def test_linger_absorbs_for_five_seconds_from_the_closing_packet(self):
        late = lambda ts: tcp(5 + ts, 1, 1, 101, ACK)
        self.assertEqual([r['packet_length.flow.count'] for r in rows_of(self.handshake + self.close + [late(5 * SEC)])], [7])
        self.assertEqual([r['packet_length.flow.count'] for r in rows_of(self.handshake + self.close + [late(5 * SEC + 1)])], [6, 1])

    def test_at_once_in_the_other_mode(self):
        rows = rows_of(self.handshake + self.close + [tcp(6, 1, 1, 101, ACK)], COMPAT)
        self.assertEqual(brief(rows, 'end_reason_text', 'src_port'), [('TCP Normal Termination', 1000), ('Exporter Shutdown', 80)])

    def test_a_new_syn_opens_a_flow_at_once(self):
        self.assertEqual(len(rows_of(self.handshake + self.close + [tcp(6, 0, 99, 0, SYN)])), 1)
        self.assertEqual(len(rows_of(self.handshake + self.close + [tcp(6, 0, 98, 0, SYN)])), 2)

    def test_the_number_of_a_syn_tells_connections_apart(self):
        opened = self.handshake + [tcp(3, 0, 100, 0, ACK, 10)]
        again = lambda number: brief(rows_of(opened + [tcp(4, 0, number, 0, SYN)]), 'end_reason', 'end_reason_text')
        self.assertEqual(again(98), [(3, 'TCP Port Reuse'), (4, 'Exporter Shutdown')])
        self.assertEqual(again(99), [(4, 'Exporter Shutdown')])
        self.assertEqual(len(rows_of(opened + [tcp(4, 0, 98, 0, SYN)], replace(DEFAULT, tcp_reuse='merge'))), 1)

    def test_a_late_syn_is_known_by_what_was_acknowledged_and_else_by_what_its_side_sent(self):
        for before, number in (([tcp(0, 1, 0, 100, ACK)], 99), ([tcp(0, 0, 100, 5, ACK, 3)], 99), ([tcp(0, 1, 7, 0, SYN)], 12345)):
            self.assertEqual(len(rows_of(before + [tcp(1, 0, number, 0, SYN)])), 1)
        for before in ([tcp(0, 1, 0, 100, ACK)], [tcp(0, 0, 100, 5, ACK, 3)], [tcp(0, 1, 7, 0, RST)]):
            self.assertEqual(len(rows_of(before + [tcp(1, 0, 98, 0, SYN)])), 2)

    def test_a_syn_ack_belongs_to_another_connection_if_both_its_numbers_are_new(self):
        count = lambda seq, ack: len(rows_of(self.handshake + [tcp(3, 1, seq, ack, SYN | ACK)]))
        self.assertEqual([count((1 << 32) - 1, 7), count(50, 100), count(50, 7)], [1, 1, 2])
        self.assertEqual(brief(rows_of(self.handshake + [tcp(3, 1, 50, 7, SYN | ACK)]), 'src_port', 'direction_basis')[1], (1000, 'syn_ack'))

    def test_resets(self):
        row, = rows_of([self.handshake[0], tcp(1, 1, 0, 100, RST | ACK)])
        self.assertEqual((row['flow.tcp_reset_before_handshake'], row['flow.tcp_reset_after_handshake']), (1, 0))
        row, = rows_of(self.handshake + [tcp(3, 1, 0, 0, RST)])
        self.assertEqual((row['flow.tcp_reset_before_handshake'], row['flow.tcp_reset_after_handshake'], row['flow.tcp_close_style']), (0, 1, 'reset'))


def sctp(ts, side, kind, tag, number=0):
    """One chunk with an initiate tag, in a packet with this verification tag."""
    ends, ports = ((B, A), (2905, 1000)) if side else ((A, B), (1000, 2905))
    return ts, f.ipv4(*ends, 132, f.sctp(*ports, f.chunk(kind, number.to_bytes(4, 'big')), tag))


class Sctp(unittest.TestCase):
    opened = [sctp(0, 0, 1, 0, 100), sctp(1, 1, 2, 100, 500), sctp(2, 0, 10, 500)]

    def test_shutdown_complete_and_abort_end_a_flow(self):
        self.assertEqual(brief(rows_of(self.opened + [sctp(3, 0, 14, 500), sctp(4, 1, 0, 100)]), 'end_reason', 'end_reason_text'),
                         [(3, 'SCTP Shutdown Complete')])
        self.assertEqual(brief(rows_of(self.opened + [sctp(3, 1, 6, 100)]), 'end_reason', 'end_reason_text'), [(3, 'SCTP Abort')])

    def test_an_init_with_another_tag_begins_one(self):
        self.assertEqual(len(rows_of(self.opened + [sctp(3, 0, 1, 0, 100)])), 1)
        self.assertEqual(brief(rows_of(self.opened + [sctp(3, 0, 1, 0, 101)]), 'end_reason_text', 'segment'),
                         [('SCTP Port Reuse', 0), ('Exporter Shutdown', 0)])
        self.assertEqual(len(rows_of([sctp(0, 1, 0, 100), sctp(1, 0, 1, 0, 100)])), 1)

    def test_tags_wait_for_no_number_of_packets(self):
        self.assertEqual(len(rows_of([sctp(0, 0, 1, 0, 100), sctp(1, 1, 1, 0, 500), sctp(2, 1, 1, 0, 500)])), 1)


class Udp(unittest.TestCase):
    def test_the_payload_ends_where_its_length_says(self):
        for length, payload in ((8, 0), (18, 10), (107, 99), (108, 100), (109, 100), (0, 100), (7, 100)):
            packet = 0, f.ipv4(A, B, 17, f.udp(1, 2, bytes(100), length=length))
            self.assertEqual([r['payload_length.flow.total'] for r in rows_of([packet])], [payload], length)
            self.assertEqual([r['payload_length.flow.total'] for r in rows_of([packet], COMPAT)], [100], length)


class Fragments(unittest.TestCase):
    def test_a_later_fragment_joins_its_first_for_sixty_seconds(self):
        later = lambda ts: (ts, f.ipv4(A, B, 17, bytes(16), ident=7, offset=24))
        first = udp(0, ident=7, more=True)
        self.assertEqual([r['flow.fragment_packets'] for r in rows_of([first, later(60 * SEC)])], [2])
        self.assertEqual(brief(rows_of([first, later(60 * SEC + 1)]), 'src_port', 'fragment_packets'), [(1000, 1), (0, 1)])
        self.assertEqual(len(rows_of([later(0), first])), 2)


class Endpoints(unittest.TestCase):
    def test_community_id_of_its_specification(self):
        a, b = bytes((128, 232, 110, 120)), bytes((66, 35, 250, 204))
        self.assertEqual(community_id(a, b, 34855, 80, 6), '1:LQU9qZlK+B5F3KDmev6m5PMibrg=')
        self.assertEqual(community_id(b, a, 80, 34855, 6), '1:LQU9qZlK+B5F3KDmev6m5PMibrg=')
        ping, pong = bytes((192, 168, 0, 89)), bytes((192, 168, 0, 1))
        self.assertEqual(community_id(ping, pong, 0, 0, 1, 8, 0), community_id(pong, ping, 0, 0, 1, 0, 0))

    def test_scopes(self):
        for text, name in (('0.0.0.0', 'unspecified'), ('255.255.255.255', 'broadcast'), ('127.1.2.3', 'loopback'), ('169.254.0.1', 'link_local'),
                           ('172.31.255.255', 'private'), ('172.32.0.0', 'global'), ('100.127.0.1', 'shared'), ('239.1.1.1', 'multicast')):
            self.assertEqual(scope(bytes(map(int, text.split('.')))), name, text)
        self.assertEqual([path_locality('private', 'global'), path_locality('shared', 'loopback'), path_locality('global', 'unspecified')],
                         ['mixed', 'private', 'other'])

    def test_service_groups(self):
        for port, proto, name in ((53, 17, 'dns'), (80, 17, 'web'), (8080, 6, 'web'), (8080, 17, 'other'), (2049, 132, 'file'), (53, 132, 'other'),
                                  (0, 1, 'other'), (123, 17, 'time'), (11211, 17, 'database')):
            self.assertEqual(service_group(port, proto), name, (port, proto))


if __name__ == '__main__':
    unittest.main()
