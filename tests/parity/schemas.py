"""The five schemas as formulas over the oracle's rows, as `compat/rustiflow` writes them. Times are cut to microseconds, as the reference's are; durations are
differences of the cut times; deviations are of the population."""
import datetime

SIDES = ('fwd', 'bwd')
CIC_FLAGS = ('fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'cwr', 'ece')
NFSTREAM_FLAGS = ('syn', 'cwr', 'ece', 'urg', 'ack', 'psh', 'rst', 'fin')
US, MS = 1000, 1_000_000                                        # in ns


def us(ns):
    return ns // US


def time_text(value_us):
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=value_us)
    part = value_us % 1_000_000                                 # time_decimals: shortest
    decimals = '' if part == 0 else f'.{part // 1000:03d}' if part % 1000 == 0 else f'.{part:06d}'
    return moment.strftime('%Y-%m-%d %H:%M:%S') + decimals + ' UTC'


def duration_us(r):
    return us(r['flow.last_seen']) - us(r['flow.first_seen'])


def rate(value, over_us):
    return value / (over_us / 1e6) if over_us else 0.0


def quotient(a, b):
    return a / b if b else 0.0


def trunc_div(a, b):
    return abs(a) // b * (1 if a >= 0 else -1)


def series(r, name, unit=1, order='total mean std max min'):
    return [r[f'{name}.{member}'] / unit for member in order.split()]


def cells(r, names):
    return [r[name] for name in names]


def endpoints(r):
    return cells(r, ('flow.src_ip', 'flow.src_port', 'flow.dst_ip', 'flow.dst_port'))


def tcp_marks(r):
    return cells(r, ('flow.tcp_handshake_completed', 'flow.tcp_reset_before_handshake', 'flow.tcp_reset_after_handshake'))


def per_subflow(r):
    return [quotient(r[f'payload_length.{side}.{member}'], r['subflow.count']) for side in SIDES for member in ('count', 'total')]


def down_up_ratio(r):
    return quotient(r['payload_length.bwd.count'], r['payload_length.fwd.count'])


def both_sides(r, name):
    """[sum, fwd, bwd]"""
    fwd, bwd = (r[name.format(side)] for side in SIDES)
    return [fwd + bwd, fwd, bwd]


def icmp(r, *first):
    return cells(r, [f'icmp.{name}' for name in (*first, 'echo_request', 'echo_reply', 'error', 'destination_unreachable')])


def basic(r):
    return [r['flow.id'], *endpoints(r), r['flow.protocol'], time_text(us(r['flow.first_seen'])), time_text(us(r['flow.last_seen'])),
            duration_us(r), r['flow.end_reason_text']]


def cidds(r):
    return [*endpoints(r), {6: 'TCP', 17: 'UDP', 1: 'ICMP', 58: 'ICMP'}.get(r['flow.protocol'], 'OTHER'),
            time_text(us(r['flow.first_seen'])), duration_us(r) // 1000, r['packet_length.flow.total'], r['packet_length.flow.count'],
            r['tcp_flags.text']]


def cic(r):
    duration = duration_us(r)
    out = [r['flow.id'], *endpoints(r), r['flow.protocol'], time_text(us(r['flow.first_seen'])), duration, *tcp_marks(r)]
    out += [r[f'payload_length.{side}.{member}'] for member in ('count', 'total') for side in SIDES]
    for side in SIDES:
        out += series(r, f'payload_length.{side}', 1, 'max min mean std')
    out += [rate(r[f'payload_length.flow.{member}'], duration) for member in ('total', 'count')]
    out += series(r, 'iat.iat', US, 'mean std max min') + series(r, 'iat.fwd', US) + series(r, 'iat.bwd', US)
    out += [r[f'tcp_flags.{side}_{flag}'] for flag in ('psh', 'urg', 'rst') for side in SIDES]
    out += [r[f'header_length.{side}.total'] for side in SIDES]
    out += [rate(r[f'payload_length.{side}.count'], duration) for side in SIDES]
    out += series(r, 'payload_length.flow', 1, 'min max mean std') + [r['payload_length.flow.std'] ** 2]
    out += [r[f'tcp_flags.all_{flag}'] for flag in CIC_FLAGS] + [down_up_ratio(r)]
    out += [r[f'payload_length.{d}.mean'] for d in ('flow', *SIDES)]
    for side in SIDES:
        out += cells(r, (f'bulk.{side}_bytes.mean', f'bulk.{side}_packets.mean', f'bulk.{side}_rate'))
    out += per_subflow(r)
    for name in ('window_size.{}_init', 'payload_length.{}_packets', 'header_length.{}.min'):
        out += both_sides(r, name)[1:]
    for name in ('active', 'idle'):
        out += series(r, f'active_idle.{name}', MS, 'mean std max min')
    retransmissions, *sides = both_sides(r, 'retransmission.{}')
    return out + icmp(r, 'code', 'type') + sides + [retransmissions, duration]


def nfstream(r):
    first, last = us(r['flow.first_seen']), us(r['flow.last_seen'])
    expiration = {'Active Timeout': 1, 'Idle Timeout': 0, 'TCP Normal Termination': 0}.get(r['flow.end_reason_text'], -1)
    out = [r['flow.id'], expiration, *endpoints(r), r['flow.protocol'], r['flow.ip_version']]
    out += [trunc_div(t, 1000) for t in (first, last, last - first)] + cells(r, ('packet_length.flow.count', 'packet_length.flow.total'))
    for side in SIDES:
        begin, end = us(r[f'timing.{side}_first']), us(r[f'timing.{side}_last'])
        out += [begin / 1000, end / 1000, (end - begin) / 1000, r[f'packet_length.{side}.count'], r[f'packet_length.{side}.total']]
    for d in ('flow', *SIDES):
        out += series(r, f'packet_length.{d}', 1, 'min mean std max')
    for d in ('iat', *SIDES):
        out += series(r, f'iat.{d}', MS, 'min mean std max')
    return out + [r[f'tcp_flags.{d}_{flag}'] for d in ('all', *SIDES) for flag in NFSTREAM_FLAGS]


def rustiflow(r):
    duration = duration_us(r)
    out = [r['flow.id'], *endpoints(r), r['flow.protocol'], r['flow.ip_version']]
    out += cells(r, ('endpoint.src_scope', 'endpoint.dst_scope', 'endpoint.path_locality'))
    out += [time_text(us(r['flow.first_seen'])), time_text(us(r['flow.last_seen'])), duration, r['flow.end_reason_text'], *tcp_marks(r),
            r['flow.tcp_close_style']]
    times = [us(r[f'timing.{side}_{end}']) for end in ('first', 'last') for side in SIDES]
    out += [t / 1000 for t in times] + [(times[2] - times[0]) / 1000, (times[3] - times[1]) / 1000]
    for d in ('iat', *SIDES):
        out += series(r, f'iat.{d}', MS)
    out += [r['packet_length.flow.count']] + series(r, 'packet_length.flow', 1, 'total mean max min std')
    out += [r[f'packet_length.{side}.count'] for side in SIDES]
    out += series(r, 'packet_length.fwd') + series(r, 'packet_length.bwd')
    for d in ('flow', *SIDES):
        out += series(r, f'header_length.{d}')
    out += series(r, 'payload_length.flow') + [r['payload_length.flow.std'] ** 2]
    out += series(r, 'payload_length.fwd') + series(r, 'payload_length.bwd')
    for name in ('payload_length.{}_packets', 'bulk.{}_rate', 'bulk.{}_count'):
        out += both_sides(r, name)[1:]
    for part, unit in (('packets', 1), ('bytes', 1), ('duration', MS)):
        for side in SIDES:
            out += series(r, f'bulk.{side}_{part}', unit)
    out += [r['subflow.count']] + series(r, 'active_idle.active', MS) + series(r, 'active_idle.idle', MS) + icmp(r, 'type', 'code')
    for name in ('retransmission.{}', 'tcp_quality.{}_duplicate_ack', 'tcp_quality.{}_zero_window'):
        out += both_sides(r, name)
    out += both_sides(r, 'window_size.{}_init')[1:]
    for d in ('flow', *SIDES):
        out += series(r, f'window_size.{d}')
    out += [r[f'tcp_flags.{d}_{flag}'] for d in (*SIDES, 'all') for flag in CIC_FLAGS] + [r['tcp_flags.text']]
    out += [rate(r[f'payload_length.{d}.{member}'], duration) for d in ('flow', *SIDES) for member in ('total', 'count')]
    return out + per_subflow(r) + [down_up_ratio(r)]


FORMULAS = {'basic': basic, 'cic': cic, 'cidds': cidds, 'nfstream': nfstream, 'rustiflow': rustiflow}
# What pairs a row with the reference's: who, and since when.
IDENTITY = {'basic': ('flow_id', 'first_timestamp'),
            'cic': ('Flow ID', 'Timestamp'),
            'cidds': ('Src IP', 'Src Port', 'Dst IP', 'Dst Port', 'Proto', 'Date first seen'),
            'nfstream': ('id', 'bidirectional_first_seen_ms'),
            'rustiflow': ('flow_id', 'timestamp_first')}
# The clean tables are projections of the full ones, but for the classes that stand in the ports' places.
PORT_CLASSES = {'basic': {'src_port_iana': 'source_port', 'dst_port_iana': 'destination_port'},
                'cic': {'Src Port (IANA)': 'Src Port', 'Dst Port (IANA)': 'Dst Port'},
                'cidds': {'Src Port (IANA)': 'Src Port', 'Dst Port (IANA)': 'Dst Port'},
                'nfstream': {'src_port_iana': 'src_port', 'dst_port_iana': 'dst_port'},
                'rustiflow': {'source_port_iana': 'source_port', 'destination_port_iana': 'destination_port'}}
