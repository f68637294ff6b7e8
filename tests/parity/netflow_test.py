#!/usr/bin/env python3
"""The profile nf_v2: its cells are those that formulas over the oracle's rows give, on the bundled captures and some public ones."""
import csv
import io
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
NOT_SAID = {'L7_PROTO', 'DNS_QUERY_ID', 'DNS_QUERY_TYPE', 'DNS_TTL_ANSWER', 'FTP_COMMAND_RET_CODE'}


def flags(r, of):
    return sum(value for name, value in FLAGS if r[f'tcp_flags.{of}_{name}'])


def per_second(r, side):
    over = r[f'timing.{side}_duration'] / 1e9
    return r[f'packet_length.{side}.total'] / over if over else 0.0


def bits_per_second(r, side):
    over = r[f'timing.{side}_duration'] / 1e9
    bits = 8 * r[f'packet_length.{side}.total'] / over if over else 0.0
    return int(bits) + (bits - int(bits) >= 0.5)                # halves away from 0


def expected(r):
    has_icmp = r['icmp.type'] >= 0
    return {
        'IPV4_SRC_ADDR': r['flow.src_ip'], 'L4_SRC_PORT': r['flow.src_port'],
        'IPV4_DST_ADDR': r['flow.dst_ip'], 'L4_DST_PORT': r['flow.dst_port'], 'PROTOCOL': r['flow.protocol'],
        'IN_BYTES': r['packet_length.fwd.total'], 'IN_PKTS': r['packet_length.fwd.count'],
        'OUT_BYTES': r['packet_length.bwd.total'], 'OUT_PKTS': r['packet_length.bwd.count'],
        'TCP_FLAGS': flags(r, 'all'), 'CLIENT_TCP_FLAGS': flags(r, 'fwd'), 'SERVER_TCP_FLAGS': flags(r, 'bwd'),
        'FLOW_DURATION_MILLISECONDS': r['flow.duration'] // 1_000_000,
        'DURATION_IN': r['timing.fwd_duration'] // 1_000_000, 'DURATION_OUT': r['timing.bwd_duration'] // 1_000_000,
        'MIN_TTL': r['hop_limit.flow.min'], 'MAX_TTL': r['hop_limit.flow.max'],
        'LONGEST_FLOW_PKT': r['packet_length.flow.max'], 'SHORTEST_FLOW_PKT': r['packet_length.flow.min'],
        'MIN_IP_PKT_LEN': r['packet_length.flow.min'], 'MAX_IP_PKT_LEN': r['packet_length.flow.max'],
        'SRC_TO_DST_SECOND_BYTES': per_second(r, 'fwd'), 'DST_TO_SRC_SECOND_BYTES': per_second(r, 'bwd'),
        'RETRANSMITTED_IN_BYTES': r['retransmission_bytes.fwd'], 'RETRANSMITTED_IN_PKTS': r['retransmission.fwd'],
        'RETRANSMITTED_OUT_BYTES': r['retransmission_bytes.bwd'], 'RETRANSMITTED_OUT_PKTS': r['retransmission.bwd'],
        'SRC_TO_DST_AVG_THROUGHPUT': bits_per_second(r, 'fwd'), 'DST_TO_SRC_AVG_THROUGHPUT': bits_per_second(r, 'bwd'),
        'NUM_PKTS_UP_TO_128_BYTES': r['length_bins.up_to_128'], 'NUM_PKTS_128_TO_256_BYTES': r['length_bins.up_to_256'],
        'NUM_PKTS_256_TO_512_BYTES': r['length_bins.up_to_512'], 'NUM_PKTS_512_TO_1024_BYTES': r['length_bins.up_to_1024'],
        'NUM_PKTS_1024_TO_1514_BYTES': r['length_bins.up_to_1514'],
        'TCP_WIN_MAX_IN': r['window_size.fwd.max'], 'TCP_WIN_MAX_OUT': r['window_size.bwd.max'],
        'ICMP_TYPE': 256 * r['icmp.type'] + r['icmp.code'] if has_icmp else 0,
        'ICMP_IPV4_TYPE': r['icmp.type'] if has_icmp and r['flow.protocol'] == 1 else 0,
    }


def value(cell):
    try:
        return float(cell)
    except ValueError:
        return cell


def differences(program, capture):
    run = subprocess.run([program, 'pcap', capture, '-p', harness.SOURCE / 'configs/nf_v2.yaml'], capture_output=True, text=True, check=False)
    made = list(csv.DictReader(io.StringIO(run.stdout)))
    wanted = [expected(row) for row in oracle.run([str(capture)], MODES['default'])[0]]
    sentences = [] if run.returncode == 0 else [f'exit code {run.returncode}: {run.stderr}']
    if made and list(made[0]) != list(wanted[0]):
        sentences.append(f'other columns: {list(made[0])}')
    if len(made) != len(wanted):
        return sentences + [f'{len(made)} rows, not {len(wanted)}']
    for number, (ours, theirs) in enumerate(zip(made, wanted), 1):
        sentences += [f'row {number}, {name}: {ours[name]}, not {cell}' for name, cell in theirs.items() if value(ours.get(name, '')) != value(str(cell))]
    return sentences


def main():
    args = harness.arguments(__doc__).parse_args()
    folder = pathlib.Path(args.shared, 'captures')
    captures = sorted((harness.SOURCE / 'fixtures').glob('*.pcap')) + [folder / name for name in PUBLIC if (folder / name).exists()]
    text = (harness.SOURCE / 'configs/nf_v2.yaml').read_text()
    found = [(capture.name, differences(args.program, capture)) for capture in captures]
    missing = {name for name in NOT_SAID if name not in text.split('description:')[0]}
    found.append(('configs/nf_v2.yaml', [f'does not say that {name} is missing' for name in sorted(missing)]))
    return harness.verdict(found, 'nf_v2')


if __name__ == '__main__':
    sys.exit(main())
