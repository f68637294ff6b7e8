"""The right answers to ../shared/cases, by hand from cases.tsv, docs/semantics.md and the bytes of the captures."""
from dataclasses import dataclass, field

import harness

from settings import SEC

MS, US = SEC // 1000, SEC // 1_000_000
BEGIN = 1_700_000_000 * SEC         # nearly every capture begins here

COLUMNS = {'id': 'flow.id', 'first_seen': 'flow.first_seen', 'duration': 'flow.duration', 'reason': 'flow.end_reason',
           'end': 'flow.end_reason_text', 'style': 'flow.tcp_close_style', 'segment': 'flow.segment',
           'basis': 'flow.direction_basis', 'vlan': 'flow.vlan_id', 'tunnel': 'flow.tunnel_type',
           'tunnel_id': 'flow.tunnel_id', 'fragments': 'flow.fragment_packets', 'fwd': 'packet_length.fwd.count',
           'bwd': 'packet_length.bwd.count', 'bytes': 'packet_length.flow.total', 'longest_gap': 'iat.iat.max',
           'fwd_payload': 'payload_length.fwd.total', 'bwd_payload': 'payload_length.bwd.total',
           'fwd_retransmissions': 'retransmission.fwd', 'bwd_retransmissions': 'retransmission.bwd',
           'fwd_keep_alives': 'tcp_quality.fwd_keep_alives', 'bwd_keep_alives': 'tcp_quality.bwd_keep_alives'}
REASONS = {'Idle Timeout': 1, 'Active Timeout': 2, 'TCP Normal Termination': 3, 'TCP Reset': 3, 'TCP Port Reuse': 3,
           'Exporter Shutdown': 4}


@dataclass
class Answer:
    rows: list                      # {column: cell}, in the order of the table
    rules: dict = field(default_factory=dict)                   # what the profile says; empty: the default one
    schema: str = 'canonical'
    code: int = 0
    says: str = ''                  # a regular expression that the messages hold
    never_says: str = ''            # and one that they do not


def row(ends, fwd, bwd=0, *, begins=BEGIN, end='Exporter Shutdown', payload=(0, 0), retransmissions=(0, 0), **other):
    """A row of the canonical schema. `begins`: ns since the epoch; `other`: keys of COLUMNS."""
    cells = {'id': ends, 'fwd': fwd, 'bwd': bwd, 'first_seen': begins, 'duration': 0, 'end': end,
             'reason': REASONS[end],
             'style': 'none' if ends.endswith('-6') else 'not_applicable', 'segment': 0, 'vlan': '', 'tunnel': '',
             'tunnel_id': '', 'fragments': 0, 'fwd_payload': payload[0], 'bwd_payload': payload[1],
             'fwd_retransmissions': retransmissions[0], 'bwd_retransmissions': retransmissions[1], **other}
    return {COLUMNS[name]: str(cell) for name, cell in cells.items()}


def tcp(fwd, bwd=0, **other):
    return row('192.0.2.10:40000-198.51.100.20:80-6', fwd, bwd, **other)


def udp(fwd, bwd=0, **other):
    return row('192.0.2.10:5000-198.51.100.20:53-17', fwd, bwd, **other)


def inside(**other):
    """The one packet that all captures of tunnels hold."""
    return row('10.1.1.1:1111-10.2.2.2:53-17', 1, payload=(20, 0), bytes=48, **other)


def dns(fwd, **other):
    return row('192.0.2.10:1111-198.51.100.20:53-17', fwd, payload=(20 * fwd, 0), bytes=48 * fwd, **other)


def texts(schema, column, *moments, **other):
    return Answer([{column: moment} for moment in moments], schema=schema, **other)


CLOSED = dict(end='TCP Normal Termination', style='four_way_fin')
RESET = dict(end='TCP Reset', style='reset')
KEPT_ALIVE = dict(fwd_keep_alives=3, bwd_keep_alives=0)
REUSED = dict(end='TCP Port Reuse')
EXCHANGE = dict(payload=(40, 200))                              # a request and its answer
TEN = dict(duration=9 * SEC, longest_gap=SEC, payload=(100, 100))    # packets, a second apart
LONG_LINGER = {'flow': {'linger': '70s'}}
HALVES = '--flow-key no_vlan'

CASES = {
    'reuse_full.pcap': [Answer([tcp(5, 3, duration=7 * MS, **EXCHANGE, **CLOSED),
                                tcp(5, 3, begins=BEGIN + 2 * SEC, duration=7 * MS, **EXCHANGE, **CLOSED)])],
    # The client's last ACK is missing: two FINs, of which the server's is not acknowledged.
    'reuse_lastack_lost.pcap': [Answer([tcp(4, 3, duration=6 * MS, style='bidirectional_fin', **EXCHANGE, **REUSED),
                                        tcp(5, 3, begins=BEGIN + 2 * SEC, duration=7 * MS, **EXCHANGE, **CLOSED)])],
    'reuse_nofin.pcap': [Answer([tcp(3, 2, duration=4 * MS, **EXCHANGE, **REUSED),
                                 tcp(5, 3, begins=BEGIN + 10 * SEC, duration=7 * MS, **EXCHANGE, **CLOSED)])],
    'reuse_oneway.pcap': [Answer([
        tcp(5, begins=BEGIN + 2 * n * SEC, duration=7 * MS, style='half_close', payload=(40, 0), end=end)
        for n, end in enumerate(('TCP Port Reuse', 'TCP Port Reuse', 'Exporter Shutdown'))])],
    'fin_reorder.pcap': [Answer([tcp(4, 2, duration=6005 * US, **CLOSED)])],
    'syn_retrans.pcap': [Answer([tcp(7, duration=63 * SEC, retransmissions=(6, 0))])],
    'syn_rst_same.pcap': [Answer([tcp(3, 3, duration=1000_300 * US, retransmissions=(2, 0), **RESET)])],
    'syn_rst_new.pcap': [Answer([tcp(1, 1, begins=BEGIN + n * SEC, duration=300 * US, **RESET) for n in range(3)])],
    'syn_after_synack.pcap': [Answer([tcp(4, 2, duration=1030 * MS, payload=(5, 0), retransmissions=(1, 1))])],
    # The SYN-ACK, 1 ms younger, comes first.
    'synack_before_syn.pcap': [Answer([tcp(2, 1, duration=2 * MS, basis='syn_ack')])],
    'simopen.pcap': [Answer([tcp(4, 3, duration=2 * MS, payload=(3, 0), retransmissions=(1, 1))])],
    # The server sends its 200 bytes again, 1, 3, 7, 15, 31 and 63 s later, and the client resets each time.
    'rst_retrans2.pcap': [
        Answer([tcp(6, 4, duration=3005 * MS, payload=(40, 600), retransmissions=(0, 2), **RESET),
                *(tcp(1, 1, begins=BEGIN + s * SEC + 4 * MS, duration=MS, payload=(0, 200), segment=n, basis='inherited',
                      **RESET)
                  for n, s in enumerate((7, 15, 31, 63), 1))]),
        Answer([tcp(10, 8, duration=63_005 * MS, payload=(40, 1400), retransmissions=(0, 6), **RESET)], LONG_LINGER)],
    # The server's FIN again, 6, 12 and 24 s later: without the client's FIN, which segment 0 has, a half close.
    'timewait_fin.pcap': [
        Answer([tcp(4, 2, duration=7 * MS, **CLOSED),
                tcp(3, 3, begins=BEGIN + 6006 * MS, duration=18_001 * MS, retransmissions=(0, 2), segment=1,
                    basis='inherited', style='half_close')]),
        Answer([tcp(7, 5, duration=24_007 * MS, retransmissions=(0, 3), **CLOSED)], LONG_LINGER)],
    # Keep-alives of one byte count in the payload.
    'keepalive1.pcap': [Answer([tcp(6, 5, duration=90_009_500 * US, payload=(43, 200), **KEPT_ALIVE)])],
    'keepalive0.pcap': [Answer([tcp(6, 5, duration=90_009_500 * US, **EXCHANGE, **KEPT_ALIVE)])],
    'vlan_prio0.pcap': [Answer([udp(1, 1, duration=10 * US, payload=(1, 2))], never_says=HALVES)],
    'vlan_oneway.pcap': [
        Answer([udp(1, vlan=100, payload=(1, 0)),
                row('198.51.100.20:53-192.0.2.10:5000-17', 1, begins=BEGIN + 10 * US, payload=(2, 0))], says=HALVES),
        Answer([udp(1, 1, duration=10 * US, vlan=100, payload=(1, 2))], {'flow': {'flow_key': 'no_vlan'}},
               never_says=HALVES)],
    'erspan2.pcap': [Answer([inside(tunnel='erspan', tunnel_id=5)])],
    'erspan3.pcap': [Answer([inside(tunnel='erspan', tunnel_id=5)])],
    'cmd_8909.pcap': [Answer([inside()])],
    'vntag_8926.pcap': [Answer([inside()])],
    'nsh_eth.pcap': [Answer([inside()])],
    'mpls_eth_pw.pcap': [Answer([inside()])],
    'mpls_udp.pcap': [Answer([inside(tunnel='mpls_udp')])],
    'gre_mpls.pcap': [Answer([inside(tunnel='gre')])],
    'l2tpv2.pcap': [Answer([inside(tunnel='l2tp', tunnel_id=1 << 16 | 1)])],        # tunnel 1, session 1
    'etherip_97.pcap': [Answer([inside(tunnel='etherip')])],
    'vxlan_48879.pcap': [Answer([row('192.0.2.10:55555-198.51.100.20:48879-17', 1, payload=(70, 0))]),
                         Answer([inside(tunnel='vxlan', tunnel_id=42)], {'packets': {'vxlan_ports': [48879]}})],
    'vxlan_4790.pcap': [Answer([inside(tunnel='vxlan_gpe', tunnel_id=42)])],
    # A packet further than both timeouts from its flow's last, above or below, finds both passed at one clock: active,
    # which is remembered.
    'step_back.pcap': [Answer([udp(5, 5, end='Active Timeout', **TEN),
                               udp(5, 5, begins=BEGIN - 3600 * SEC, segment=1, basis='inherited', **TEN)],
                              says='the clock set back 1 time')],
    'step_fwd_once.pcap': [Answer([udp(5, 5, end='Active Timeout', **TEN),
                                   udp(1, begins=BEGIN + 31_536_000 * SEC, payload=(20, 0), segment=1,
                                       basis='inherited', end='Active Timeout'),
                                   udp(5, 5, begins=BEGIN + 10 * SEC, segment=2, basis='inherited', **TEN)],
                                  says='1 packet too far ahead')],
    'ts0_once.pcap': [Answer([udp(5, 5, end='Active Timeout', **TEN),
                              udp(1, begins=0, payload=(20, 0), segment=1, basis='inherited', end='Active Timeout'),
                              udp(5, 5, begins=BEGIN + 10 * SEC, segment=2, basis='inherited', **TEN)])],
    'udp_short.pcap': [Answer([udp(1, payload=(20, 0), bytes=120)])],
    'udplite.pcap': [Answer([row('192.0.2.10:5000-198.51.100.20:5001-136', 1, payload=(3, 0), bytes=31)])],
    'dccp.pcap': [Answer([row('192.0.2.10:5000-198.51.100.20:5001-33', 1, bytes=36)])],
    'mixed_decimals.pcap': [
        Answer([row(f'192.0.2.10:{port}-198.51.100.20:80-6', 1, begins=BEGIN + after * US)
                for port, after in ((1, 0), (2, 500_000), (3, 123_456))]),
        texts('basic', 'first_timestamp', '2023-11-14 22:13:20.000000 UTC', '2023-11-14 22:13:20.500000 UTC',
              '2023-11-14 22:13:20.123456 UTC'),
        texts('rustiflow', 'timestamp_first', '2023-11-14 22:13:20 UTC', '2023-11-14 22:13:20.500 UTC',
              '2023-11-14 22:13:20.123456 UTC', rules={'extends': str(harness.COMPAT_PROFILE)})],
    'frag_rev.pcap': [Answer([
        row('192.0.2.10:0-198.51.100.20:0-17', 2, duration=10 * US, payload=(48 + 1480, 0), fragments=2),
        row('192.0.2.10:5000-198.51.100.20:256-17', 1, begins=BEGIN + 20 * US, payload=(1472, 0), fragments=1)])],
    # Where its fourth record should be stands the second capture's header.
    'cat_two.pcap': [Answer([dns(3, duration=2 * SEC)], code=3,
                            says=r'cat_two\.pcap.*(joined|another capture|second capture|`cat`)')],
    'ng_two_linktypes.pcapng': [Answer([
        dns(2, duration=2 * SEC),
        row('192.0.2.10:2222-198.51.100.20:53-17', 1, begins=BEGIN + SEC, payload=(30, 0), bytes=58)])],
    'ng_unused_linktype.pcapng': [Answer([dns(2, duration=2 * SEC)])],
    'ng_two_snaplens.pcapng': [Answer([dns(2, duration=SEC)])],
    'ng_two_snap_ns.pcapng': [Answer([dns(2, begins=BEGIN + 123_456_789, duration=210)])],
    'ng_two_sections_end.pcapng': [Answer([dns(2, duration=SEC)])],
    'ng_spb_mixed.pcapng': [Answer([dns(3, duration=SEC)],
                                   says=r'\b1\b.*[Ss]imple [Pp]acket|[Ss]imple [Pp]acket.*\b1\b')],
}
