"""One flow: its identity, its features and its row."""
import copy

from endpoint import community_id, path_locality, port_class, scope, service_group, text
from features import ActiveIdle, Bulk, FirstPackets, Histograms, KeepAlives, Retransmission, SequenceNumbers, Series, TcpState, Timing
from sctp import Association
from settings import ACK, FLAG_BITS, ICMP, ICMP6, SCTP, SEC, TCP

SERIES = ('packet_length', 'header_length', 'payload_length', 'window_size', 'ttl')
VALUE = {'packet_length': 'length', 'header_length': 'l4_len', 'payload_length': 'payload', 'window_size': 'window',
         'ttl': 'ttl'}
BINS = (128, 256, 512, 1024, 1514)        # the last one is of longer packets
REASONS = {'idle_timeout': (1, 'Idle Timeout'), 'active_timeout': (2, 'Active Timeout'), 'fin': (3, 'TCP Normal Termination'),
           'rst': (3, 'TCP Reset'), 'reuse': (3, 'TCP Port Reuse'),
           'feature': (3, ''), 'forced_end': (4, 'Exporter Shutdown'), 'lack_of_resources': (5, 'Resource Limit')}
SCTP_TEXTS = {'fin': 'SCTP Shutdown Complete', 'rst': 'SCTP Abort', 'reuse': 'SCTP Port Reuse'}
FAMILIES = ('flow', 'endpoint', 'timing', 'iat', *SERIES, 'tcp_flags', 'bulk', 'subflow', 'active_idle', 'icmp',
            'retransmission', 'tcp_quality', 'size_bins', 'retransmission_bytes', 'first_packets', 'packet_histograms')
SIDES = (('fwd', 0), ('bwd', 1))
# The two features that may look at packets with payload alone; that form has a name of the oracle's own.
OF_PAYLOAD = '_of_payload'


class Flow:
    def __init__(self, packet, source_is_sender, basis, segment, number):
        p = packet
        self.basis, self.segment, self.number = basis, segment, number      # number: of the frame that began the flow
        ends = (p.src, p.sport, p.src_mac, p.outer_src), (p.dst, p.dport, p.dst_mac, p.outer_dst)
        ((self.src, self.sport, self.src_mac, self.outer_src),
         (self.dst, self.dport, self.dst_mac, self.outer_dst)) = ends if source_is_sender else ends[::-1]
        self.proto, self.version = p.proto, p.version
        self.vlans, self.tunnel_type, self.tunnel_id = p.vlans, p.tunnel_type, p.tunnel_id
        self.ingress, self.interfaces = p.interface_name, {p.interface_name}
        self.community_id = community_id(p.src, p.dst, p.sport, p.dport, p.proto, p.icmp_type, p.icmp_code)
        self.timing = [Timing(), Timing(), Timing()]                    # flow, fwd, bwd
        self.series = {name: [Series(), Series(), Series()] for name in SERIES}
        self.with_payload, self.init_window = [0, 0], [0, 0]
        self.bins = [[0] * (len(BINS) + 1) for _ in (0, 1)]
        self.last_ttl, self.ttl_changes = [None, None], [0, 0]
        self.first_packets = {'': FirstPackets(False), OF_PAYLOAD: FirstPackets(True)}
        self.histograms = {'': Histograms(False), OF_PAYLOAD: Histograms(True)}
        self.flags = [{name: 0 for name, _ in FLAG_BITS} for _ in (0, 1)]
        self.bulk, self.active_idle, self.subflows = Bulk(), ActiveIdle(), 0
        self.icmp = dict(type=-1, code=-1, echo_request=0, echo_reply=0, error=0, destination_unreachable=0)
        self.retransmission = [Retransmission(), Retransmission()]
        self.keep_alives = [KeepAlives(), KeepAlives()]
        self.duplicate_ack, self.zero_window, self.last_ack = [0, 0], [0, 0], [None, None]
        self.out_of_order = self.fragment_packets = 0
        self.tcp, self.numbers = Association() if p.proto == SCTP else TcpState(), SequenceNumbers()
        # life cycle: own time of the closing packet, and the clock at the arrival of packets
        self.closed_at = self.closed_arrived = None
        self.arrived_first = self.arrived_last = None
        self.snapshots = 0                                              # multiples of early_export passed so far

    @property
    def first(self): return self.timing[0].first

    @property
    def last(self): return self.timing[0].last

    def side_of(self, packet):
        return 0 if (packet.src, packet.sport) == (self.src, self.sport) else 1

    def add(self, packet, side):
        self.interfaces.add(packet.interface_name)
        previous = self.last
        if previous is not None and packet.ts < previous:
            self.out_of_order += 1
        if previous is None or packet.ts - previous > SEC:
            self.subflows += 1
        self.active_idle.add(packet)
        for timing in (self.timing[0], self.timing[1 + side]):
            timing.add(packet.ts)
        for name in SERIES:
            for series in (self.series[name][0], self.series[name][1 + side]):
                series.add(getattr(packet, VALUE[name]))
        if self.series['window_size'][1 + side].count == 1:
            self.init_window[side] = packet.window
        self.with_payload[side] += packet.payload > 0
        self.bins[side][sum(packet.length > up_to for up_to in BINS)] += 1
        self.ttl_changes[side] += self.last_ttl[side] not in (None, packet.ttl)
        self.last_ttl[side] = packet.ttl
        for lists in (*self.first_packets.values(), *self.histograms.values()):
            lists.add(packet, side)
        self.fragment_packets += bool(packet.fragment)
        self.bulk.add(packet, side)
        if packet.proto in (ICMP, ICMP6) and packet.icmp_type >= 0:
            self.add_icmp(packet)
        if packet.proto == TCP and packet.fragment != 'later':
            self.add_tcp(packet, side)
        if packet.proto == SCTP:
            self.tcp.add(packet, side)

    def add_icmp(self, packet):
        if self.icmp['type'] < 0:
            self.icmp['type'], self.icmp['code'] = packet.icmp_type, packet.icmp_code
        kind = packet.icmp_type
        request, reply, unreachable, errors = (8, 0, 3, (3, 4, 5, 11, 12)) if packet.proto == ICMP else (128, 129, 1, (1, 2, 3, 4))
        self.icmp['echo_request'] += kind == request
        self.icmp['echo_reply'] += kind == reply
        self.icmp['error'] += kind in errors
        self.icmp['destination_unreachable'] += kind == unreachable

    def add_tcp(self, packet, side):
        for name, bit in FLAG_BITS:
            self.flags[side][name] += bool(packet.flags & bit)
        if not self.keep_alives[side].add(packet):
            self.retransmission[side].add(packet)
        self.zero_window[side] += packet.window == 0
        observation = (packet.ack, packet.window) if packet.flags == ACK and packet.payload == 0 else None
        self.duplicate_ack[side] += observation is not None and observation == self.last_ack[side]
        self.last_ack[side] = observation
        self.tcp.add(packet, side, self.numbers.expected_isn(side))
        self.numbers.add(packet, side)

    def row(self, reason, snapshot=False, families=None):
        """The columns as if the flow ended at its last packet; of all families, or of those named."""
        r = {}
        for family in families or FAMILIES:
            r.update(getattr(self, family + '_columns')())
        if 'flow.id' in r:
            r['flow.end_reason'], r['flow.end_reason_text'] = REASONS[reason]
            if self.proto == SCTP:
                r['flow.end_reason_text'] = SCTP_TEXTS.get(reason, r['flow.end_reason_text'])
            r['flow.snapshot'] = int(snapshot)
        return r

    def flow_columns(self):
        src, dst = text(self.src), text(self.dst)
        return {'flow.id': f'{src}:{self.sport}-{dst}:{self.dport}-{self.proto}', 'flow.community_id': self.community_id,
                'flow.src_ip': src, 'flow.dst_ip': dst, 'flow.src_port': self.sport, 'flow.dst_port': self.dport,
                'flow.protocol': self.proto, 'flow.ip_version': self.version,
                'flow.src_mac': self.src_mac, 'flow.dst_mac': self.dst_mac,
                'flow.outer_src_ip': text(self.outer_src) if self.outer_src else '',
                'flow.outer_dst_ip': text(self.outer_dst) if self.outer_dst else '',
                'flow.vlan_id': self.vlans[0] if self.vlans else '',
                'flow.inner_vlan_id': self.vlans[-1] if len(self.vlans) > 1 else '',
                'flow.tunnel_type': self.tunnel_type, 'flow.tunnel_id': self.tunnel_id if self.tunnel_id >= 0 else '',
                'flow.ingress': self.ingress, 'flow.interface': self.ingress if len(self.interfaces) == 1 else '', 'flow.sensor': '',
                'flow.first_seen': self.first, 'flow.last_seen': self.last, 'flow.duration': self.last - self.first,
                'flow.end_reason': 0, 'flow.end_reason_text': '', 'flow.segment': self.segment, 'flow.snapshot': 0,
                'flow.direction_basis': self.basis, 'flow.tcp_handshake_completed': int(self.tcp.handshake),
                'flow.tcp_reset_before_handshake': int(self.tcp.reset_before),
                'flow.tcp_reset_after_handshake': int(self.tcp.reset_after),
                'flow.tcp_close_style': self.tcp.style() if self.proto == TCP else 'not_applicable',
                'flow.out_of_order_packets': self.out_of_order, 'flow.fragment_packets': self.fragment_packets}

    def endpoint_columns(self):
        src, dst = scope(self.src), scope(self.dst)
        return {'endpoint.src_scope': src, 'endpoint.dst_scope': dst, 'endpoint.path_locality': path_locality(src, dst),
                'endpoint.src_port_class': port_class(self.sport), 'endpoint.dst_port_class': port_class(self.dport),
                'endpoint.service_group': service_group(self.dport, self.proto)}

    def timing_columns(self):
        r = {}
        for name, timing in zip(('fwd', 'bwd'), self.timing[1:]):
            r[f'timing.{name}_first'] = timing.first or 0
            r[f'timing.{name}_last'] = timing.last or 0
            r[f'timing.{name}_duration'] = 0 if timing.first is None else timing.last - timing.first
        return r

    def iat_columns(self):
        return {k: v for name, timing in zip(('iat', 'fwd', 'bwd'), self.timing) for k, v in timing.iat.columns('iat.' + name).items()}

    def series_columns(self, family):
        return {k: v for name, series in zip(('flow', 'fwd', 'bwd'), self.series[family])
                for k, v in series.columns(f'{family}.{name}').items()}

    def packet_length_columns(self):
        return self.series_columns('packet_length')

    def header_length_columns(self):
        return self.series_columns('header_length')

    def payload_length_columns(self):
        r = self.series_columns('payload_length')
        r.update({f'payload_length.{name}_packets': n for name, n in zip(('fwd', 'bwd'), self.with_payload)})
        return r

    def window_size_columns(self):
        r = self.series_columns('window_size')
        r.update({f'window_size.{name}_init': n for name, n in zip(('fwd', 'bwd'), self.init_window)})
        return r

    def tcp_flags_columns(self):
        fwd, bwd = self.flags
        both = {name: fwd[name] + bwd[name] for name, _ in FLAG_BITS}
        r = {f'tcp_flags.{of}_{name}': counts[name] for of, counts in (('fwd', fwd), ('bwd', bwd), ('all', both)) for name in counts}
        r['tcp_flags.text'] = ''.join(letter if both[name] else '.' for letter, name in
                                      zip('UAPRSF', ('urg', 'ack', 'psh', 'rst', 'syn', 'fin')))
        return r

    def bulk_columns(self):
        bulk, r = copy.deepcopy(self.bulk), {}
        bulk.close()
        for side, name in enumerate(('fwd', 'bwd')):
            r[f'bulk.{name}_count'] = bulk.packets[side].count
            r[f'bulk.{name}_rate'] = bulk.rate(side)
            for part in ('packets', 'bytes', 'duration'):
                r.update(getattr(bulk, part)[side].columns(f'bulk.{name}_{part}'))
        return r

    def subflow_columns(self):
        return {'subflow.count': self.subflows}

    def active_idle_columns(self):
        periods = copy.deepcopy(self.active_idle)
        periods.close()
        return periods.active.columns('active_idle.active') | periods.idle.columns('active_idle.idle')

    def icmp_columns(self):
        return {'icmp.' + k: v for k, v in self.icmp.items()}

    def ttl_columns(self):
        return self.series_columns('ttl') | {f'ttl.{name}_changes': self.ttl_changes[side] for name, side in SIDES}

    def size_bins_columns(self):
        names = *(f'up_to_{up_to}' for up_to in BINS), f'above_{BINS[-1]}'
        r = {f'size_bins.{name}': sum(both) for name, both in zip(names, zip(*self.bins))}
        return r | {f'size_bins.{of}_{name}': packets for of, side in SIDES for name, packets in zip(names, self.bins[side])}

    def first_packets_columns(self):
        return {k: v for form, lists in self.first_packets.items() for k, v in lists.columns('first_packets' + form).items()}

    def packet_histograms_columns(self):
        return {k: v for form, bins in self.histograms.items() for k, v in bins.columns('packet_histograms' + form).items()}

    def retransmission_columns(self):
        return {f'retransmission.{name}': r.count for name, r in zip(('fwd', 'bwd'), self.retransmission)}

    def retransmission_bytes_columns(self):
        return {f'retransmission_bytes.{name}': r.bytes for name, r in zip(('fwd', 'bwd'), self.retransmission)}

    def tcp_quality_columns(self):
        r = {}
        for side, name in enumerate(('fwd', 'bwd')):
            r[f'tcp_quality.{name}_duplicate_ack'] = self.duplicate_ack[side]
            r[f'tcp_quality.{name}_zero_window'] = self.zero_window[side]
            r[f'tcp_quality.{name}_keep_alives'] = self.keep_alives[side].count
        return r
