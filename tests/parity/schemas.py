"""The schemas `basic` and `cidds` as formulas over the oracle's rows. Times are cut to microseconds, as the reference's are;
durations are differences of the cut times."""
import datetime


def us(ns):
    return ns // 1000


def time_text(value_us):
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=value_us)
    part = value_us % 1_000_000                                 # 0, 3 or 6 decimals, as many as needed
    decimals = '' if part == 0 else f'.{part // 1000:03d}' if part % 1000 == 0 else f'.{part:06d}'
    return moment.strftime('%Y-%m-%d %H:%M:%S') + decimals + ' UTC'


def basic(r):
    first, last = us(r['flow.first_seen']), us(r['flow.last_seen'])
    return [r['flow.id'], r['flow.src_ip'], r['flow.src_port'], r['flow.dst_ip'], r['flow.dst_port'], r['flow.protocol'],
            time_text(first), time_text(last), last - first, r['flow.end_reason_text']]


def cidds(r):
    first, last = us(r['flow.first_seen']), us(r['flow.last_seen'])
    return [r['flow.src_ip'], r['flow.src_port'], r['flow.dst_ip'], r['flow.dst_port'],
            {6: 'TCP', 17: 'UDP', 1: 'ICMP', 58: 'ICMP'}.get(r['flow.protocol'], 'OTHER'), time_text(first),
            (last - first) // 1000, r['packet_length.flow.total'], r['packet_length.flow.count'], r['tcp_flags.text']]


FORMULAS = {'basic': basic, 'cidds': cidds}
# What pairs a row with the reference's: who, and since when.
IDENTITY = {'basic': ('flow_id', 'first_timestamp'),
            'cidds': ('Src IP', 'Src Port', 'Dst IP', 'Dst Port', 'Proto', 'Date first seen')}
# The clean table as a projection of the full one: its column -> the full table's; ports become their classes.
CLEAN = {'basic': {'src_port_iana': 'source_port', 'dst_port_iana': 'destination_port', 'protocol': 'protocol',
                   'duration': 'duration', 'flow_expire_cause': 'flow_expire_cause'},
         'cidds': {'Src Port (IANA)': 'Src Port', 'Dst Port (IANA)': 'Dst Port', 'Proto': 'Proto', 'Duration': 'Duration',
                   'Bytes': 'Bytes', 'Packets': 'Packets', 'Flags': 'Flags'}}
PORT_COLUMNS = {'source_port', 'destination_port', 'Src Port', 'Dst Port'}
