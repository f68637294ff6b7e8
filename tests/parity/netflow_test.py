#!/usr/bin/env python3
"""The profiles nf_v2, nf_v3 and cesnet: their columns are those of the data sets, in their order, and their cells are those that
formulas over the oracle's rows give, on the bundled captures and some public ones."""
import csv
import datetime
import io
import itertools
import json
import pathlib
import subprocess
import sys

import harness

import oracle
from settings import MODES

FLAGS = (('fin', 1), ('syn', 2), ('rst', 4), ('psh', 8), ('ack', 16), ('urg', 32), ('ece', 64), ('cwr', 128))
# ICMP, fragments, retransmissions, IPv6, tunnels, flags that are rare
PUBLIC = ('ipfixprobe__mixed.pcap', 'nfstream__skype.pcap', 'ndpi__1kxun.pcap', 'zeek__ipv6-fragmented-dns.pcap', 'pcpp__icmppackets.pcap',
          'zeek__fin-retransmission.pcap', 'pcpp__gtp-u.pcap', 'ndpi__tcp-scan.pcapng', 'zeek__5-pings.pcap')
# Of application protocols: null.
OF_APPLICATIONS = ('L7_PROTO', 'DNS_QUERY_ID', 'DNS_QUERY_TYPE', 'DNS_TTL_ANSWER', 'FTP_COMMAND_RET_CODE')
MS = 1_000_000


def flags(r, of):
    return sum(value for name, value in FLAGS if r[f'tcp_flags.{of}_{name}'])


def per_second(r, side):
    over = r[f'timing.{side}_duration'] / 1e9
    return r[f'packet_length.{side}.total'] / over if over else 0.0


def bits_per_second(r, side):
    over = r[f'timing.{side}_duration'] / 1e9
    return rounded(8 * r[f'packet_length.{side}.total'] / over if over else 0.0)


def rounded(x):
    return int(x) + (x - int(x) >= 0.5)                         # halves away from 0


def nf_v2(r):
    has_icmp = r['icmp.type'] >= 0
    return {
        'IPV4_SRC_ADDR': r['flow.src_ip'], 'L4_SRC_PORT': r['flow.src_port'],
        'IPV4_DST_ADDR': r['flow.dst_ip'], 'L4_DST_PORT': r['flow.dst_port'], 'PROTOCOL': r['flow.protocol'], 'L7_PROTO': '',
        'IN_BYTES': r['packet_length.fwd.total'], 'IN_PKTS': r['packet_length.fwd.count'],
        'OUT_BYTES': r['packet_length.bwd.total'], 'OUT_PKTS': r['packet_length.bwd.count'],
        'TCP_FLAGS': flags(r, 'all'), 'CLIENT_TCP_FLAGS': flags(r, 'fwd'), 'SERVER_TCP_FLAGS': flags(r, 'bwd'),
        'FLOW_DURATION_MILLISECONDS': r['flow.duration'] // 1_000_000,
        'DURATION_IN': r['timing.fwd_duration'] // 1_000_000, 'DURATION_OUT': r['timing.bwd_duration'] // 1_000_000,
        'MIN_TTL': r['ttl.flow.min'], 'MAX_TTL': r['ttl.flow.max'],
        'LONGEST_FLOW_PKT': r['packet_length.flow.max'], 'SHORTEST_FLOW_PKT': r['packet_length.flow.min'],
        'MIN_IP_PKT_LEN': r['packet_length.flow.min'], 'MAX_IP_PKT_LEN': r['packet_length.flow.max'],
        'SRC_TO_DST_SECOND_BYTES': per_second(r, 'fwd'), 'DST_TO_SRC_SECOND_BYTES': per_second(r, 'bwd'),
        'RETRANSMITTED_IN_BYTES': r['retransmission_bytes.fwd'], 'RETRANSMITTED_IN_PKTS': r['retransmission.fwd'],
        'RETRANSMITTED_OUT_BYTES': r['retransmission_bytes.bwd'], 'RETRANSMITTED_OUT_PKTS': r['retransmission.bwd'],
        'SRC_TO_DST_AVG_THROUGHPUT': bits_per_second(r, 'fwd'), 'DST_TO_SRC_AVG_THROUGHPUT': bits_per_second(r, 'bwd'),
        'NUM_PKTS_UP_TO_128_BYTES': r['size_bins.up_to_128'], 'NUM_PKTS_128_TO_256_BYTES': r['size_bins.up_to_256'],
        'NUM_PKTS_256_TO_512_BYTES': r['size_bins.up_to_512'], 'NUM_PKTS_512_TO_1024_BYTES': r['size_bins.up_to_1024'],
        'NUM_PKTS_1024_TO_1514_BYTES': r['size_bins.up_to_1514'],
        'TCP_WIN_MAX_IN': r['window_size.fwd.max'], 'TCP_WIN_MAX_OUT': r['window_size.bwd.max'],
        'ICMP_TYPE': 256 * r['icmp.type'] + r['icmp.code'] if has_icmp else 0,
        'ICMP_IPV4_TYPE': r['icmp.type'] if has_icmp and r['flow.protocol'] == 1 else 0,
        'DNS_QUERY_ID': '', 'DNS_QUERY_TYPE': '', 'DNS_TTL_ANSWER': '', 'FTP_COMMAND_RET_CODE': '',
    }


def nf_v3(r):
    gaps = {}
    for name, side in (('SRC_TO_DST', 'fwd'), ('DST_TO_SRC', 'bwd')):
        count, total, std = (r[f'iat.{side}.{member}'] for member in ('count', 'total', 'std'))
        gaps |= {f'{name}_IAT_MIN': r[f'iat.{side}.min'] // MS, f'{name}_IAT_MAX': r[f'iat.{side}.max'] // MS,
                 f'{name}_IAT_AVG': total // (count * MS) if count else 0, f'{name}_IAT_STDDEV': rounded(std / MS)}
    return {'FLOW_START_MILLISECONDS': r['flow.first_seen'] // MS, 'FLOW_END_MILLISECONDS': r['flow.last_seen'] // MS, **nf_v2(r), **gaps}


def moment(ns):
    seconds, rest = divmod(ns // 1000, 1_000_000)
    return f'{datetime.datetime.fromtimestamp(seconds, datetime.UTC):%Y-%m-%d %H:%M:%S}.{rest:06} UTC'


def cesnet(r):
    flags = {f'FLAG_{flag.upper()}{end}': int(r[f'tcp_flags.{of}_{flag}'] > 0)
             for flag in ('cwr', 'ece', 'urg', 'ack', 'psh', 'rst', 'syn', 'fin') for end, of in (('', 'fwd'), ('_REV', 'bwd'))}
    first, bins = 'first_packets_of_payload.', 'packet_histograms_of_payload.'
    directions = json.loads(r[first + 'directions'])
    runs = len(list(itertools.groupby(directions)))
    reason = r['flow.end_reason']
    return {
        'SRC_IP': r['flow.src_ip'], 'DST_IP': r['flow.dst_ip'], 'SRC_PORT': r['flow.src_port'], 'DST_PORT': r['flow.dst_port'],
        'PROTOCOL': r['flow.protocol'], **flags, 'TIME_FIRST': moment(r['flow.first_seen']), 'TIME_LAST': moment(r['flow.last_seen']),
        'DURATION': r['flow.duration'] / 1e9, 'BYTES': r['packet_length.fwd.total'], 'BYTES_REV': r['packet_length.bwd.total'],
        'PACKETS': r['packet_length.fwd.count'], 'PACKETS_REV': r['packet_length.bwd.count'],
        'PPI_IPT': r[first + 'gaps_ms'], 'PPI_DIR': r[first + 'directions'], 'PPI_SIZE': r[first + 'payload_lengths'],
        'PPI_PUSH_FLAG': r[first + 'psh'], 'PPI_LEN': len(directions),
        'PPI_DURATION': sum(json.loads(r[first + 'gaps'])) / 1e9, 'PPI_ROUNDTRIPS': runs // 2,
        'PHIST_SRC_SIZES': r[bins + 'fwd_payload'], 'PHIST_DST_SIZES': r[bins + 'bwd_payload'],
        'PHIST_SRC_IPT': r[bins + 'fwd_gaps'], 'PHIST_DST_IPT': r[bins + 'bwd_gaps'],
        'FLOW_ENDREASON_IDLE': int(reason == 1), 'FLOW_ENDREASON_ACTIVE': int(reason == 2), 'FLOW_ENDREASON_END': int(reason == 3),
        'FLOW_ENDREASON_OTHER': int(reason > 3),
    }


# What a row has to be, and how many columns the data sets have.
PROFILES = {'nf_v2': (nf_v2, 43), 'nf_v3': (nf_v3, 53), 'cesnet': (cesnet, 43)}


def value(cell):
    try:
        return float(cell)
    except ValueError:
        return cell


def differences(program, name, capture, rows):
    expected, columns = PROFILES[name]
    run = subprocess.run([program, 'pcap', capture, '-p', harness.SOURCE / f'configs/{name}.yaml'], capture_output=True, text=True, check=False)
    made = list(csv.DictReader(io.StringIO(run.stdout)))
    wanted = [expected(row) for row in rows]
    sentences = [] if run.returncode == 0 else [f'exit code {run.returncode}: {run.stderr}']
    if made and (list(made[0]) != list(wanted[0]) or len(made[0]) != columns):
        sentences.append(f'other columns: {list(made[0])}')
    if len(made) != len(wanted):
        return sentences + [f'{len(made)} rows, not {len(wanted)}']
    for number, (ours, theirs) in enumerate(zip(made, wanted), 1):
        sentences += [f'row {number}, {of}: {ours[of]}, not {cell}' for of, cell in theirs.items() if value(ours.get(of, '-')) != value(str(cell))]
    return sentences


def not_said(name):
    """Columns that are null, of which the profile does not say so."""
    said = (harness.SOURCE / f'configs/{name}.yaml').read_text().split('description:')[0]
    return [f'does not say that {column} is null' for column in OF_APPLICATIONS if column not in said]


def main():
    args = harness.arguments(__doc__).parse_args()
    folder = pathlib.Path(args.shared, 'captures')
    captures = sorted((harness.SOURCE / 'fixtures').glob('*.pcap')) + [folder / name for name in PUBLIC if (folder / name).exists()]
    found = [(f'configs/{name}.yaml', not_said(name)) for name in ('nf_v2', 'nf_v3')]
    for capture in captures:
        rows = oracle.run([str(capture)], MODES['default'])[0]
        found += [(f'{name} of {capture.name}', differences(args.program, name, capture, rows)) for name in PROFILES]
    return harness.verdict(found, 'tables of data sets')


if __name__ == '__main__':
    sys.exit(main())
