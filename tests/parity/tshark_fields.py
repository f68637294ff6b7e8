#!/usr/bin/env python3
"""What tshark says of each packet, kept in fixtures/tshark/packets.tsv, so that the tests that compare with it need no tshark.

    tshark_fields.py FOLDER_OF_CAPTURES        writes the file anew

Of every header the first occurrence counts: the outermost IP packet, not one that an ICMP error quotes. Captures are those whose
licence allows to keep something of them, of the link types that flowgauge reads, which tshark reads whole, without IP fragments and extension headers, and of a
size that keeps the file readable.
"""
import csv
import pathlib
import subprocess
import sys

KEPT = pathlib.Path(__file__).resolve().parent.parent.parent / 'fixtures' / 'tshark' / 'packets.tsv'
FIELDS = ('frame.time_epoch', 'ip.src', 'ip.dst', 'ip.proto', 'ip.len', 'ip.hdr_len', 'ipv6.src', 'ipv6.dst', 'ipv6.nxt', 'ipv6.plen',
          'tcp.srcport', 'tcp.dstport', 'tcp.hdr_len', 'tcp.len', 'tcp.window_size_value', 'tcp.flags', 'udp.srcport', 'udp.dstport',
          'udp.length')
CHECKED = ('ip.flags.mf', 'ip.frag_offset', 'ipv6.fraghdr.ident', '_ws.malformed', 'eth.trailer')
OPTIONS = ('-n', '-o', 'ip.defragment:FALSE', '-o', 'tcp.desegment_tcp_streams:FALSE', '-T', 'fields', '-E', 'occurrence=f')
MOST_PACKETS = 320
LINK_TYPES = {0, 1, 9, 12, 50, 101, 104, 108, 113, 228, 229, 276}        # docs/semantics.md, section 1


def ask_tshark(path, fields):
    command = ['tshark', '-r', str(path), *OPTIONS, *(word for field in fields for word in ('-e', field))]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return [line.split('\t') for line in done.stdout.splitlines()] if done.returncode == 0 else None


def suits(packets):
    """A list of {field: text}: IP, whole, and with a transport header where the protocol has one."""
    for p in packets:
        if not p['frame.time_epoch'] or p['ip.flags.mf'] == '1' or p['ip.frag_offset'] not in ('', '0') or p['ipv6.fraghdr.ident']:
            return False
        if p['ip.src'] and p['ip.len'] in ('', '0') or p['ipv6.src'] and not p['ip.src'] and p['ipv6.nxt'] not in ('6', '17', '58'):
            return False
        protocol = p['ip.proto'] or p['ipv6.nxt']
        if protocol == '6' and not p['tcp.flags'] or protocol == '17' and not p['udp.length']:
            return False
    return True


def link_type(row):
    """None where a file has several."""
    number = row['link_types'].split(':')[0]
    return int(number) if number.isdigit() and ',' not in row['link_types'] else None


def main():
    folder = pathlib.Path(sys.argv[1])
    with open(folder / 'manifest.tsv', newline='') as f:
        allowed = [row['file'] for row in csv.DictReader(f, delimiter='\t')
                   if row['licence'].startswith(('BSD', 'MIT', 'Apache', 'Unlicense')) and row['tshark_read'] == 'ok'
                   and link_type(row) in LINK_TYPES and row['packets'].isdigit() and int(row['packets']) <= MOST_PACKETS]
    version = subprocess.run(['tshark', '--version'], stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout.split('\n')[0]
    lines, captures = [], 0
    for name in sorted(allowed):
        answers = ask_tshark(folder / name, FIELDS + CHECKED)
        packets = [dict(zip(FIELDS + CHECKED, row)) for row in answers or []]
        packets = [p for p in packets if p['ip.src'] or p['ipv6.src']]
        if len(packets) < 4 or not suits(packets):
            continue
        captures += 1
        lines += ['\t'.join([name, *(p[field] for field in FIELDS)]) for p in packets]
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(f'# {version}; tests/parity/tshark_fields.py: tshark -r FILE {" ".join(OPTIONS)} -e ...; IP packets alone\n'
                    + '\t'.join(['file', *FIELDS]) + '\n' + '\n'.join(lines) + '\n')
    print(f'{captures} captures, {len(lines)} packets, {KEPT.stat().st_size} bytes')


if __name__ == '__main__':
    main()
