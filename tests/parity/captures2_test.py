#!/usr/bin/env python3
"""Every capture of ../shared/captures2: frames, IP frames, TCP and UDP conversations are as many as tshark counts, or
captures2.tsv names the rule that explains the difference. Its lines are all needed, and all that are needed are there.

    --write    puts the numbers found into captures2.tsv; the rule of a new line is left open, which no test accepts
"""
import csv
import functools
import pathlib
import sys

import harness
from program import Program

TABLE = pathlib.Path(__file__).resolve().parent / 'captures2.tsv'
FIELDS = ('file', 'counted', 'ours', 'tshark', 'rule')
COUNTED = {'frames': 'tshark_frames', 'ip_frames': 'tshark_ip_frames', 'tcp': 'tshark_tcp', 'udp': 'tshark_udp'}
RULES = {
    'ah_of_ipv4': 'IPv4 with an authentication header is of protocol 51; tshark goes on behind it, and into IPcomp',
    'block_length': 'a pcapng block whose length is no multiple of 4 is damage; tshark rounds it up',
    'custom_block': 'tshark shows a custom block of pcapng as a frame; here only packets are frames',
    'header': 'a header whose version, length or flags are not as defined is not gone through, but is by tshark',
    'link_type': 'frames of a link type that is not supported here; tshark knows it',
    'loopback_family': 'a null header without an address family of IP: not_ip; tshark takes an EtherType from it',
    'malformed_ip': 'headers that contradict themselves or are cut off: malformed_ip, truncated_l3, truncated_l4',
    'offload': 'a length of 0 stands for all bytes on the wire, so that the tunnel inside opens; tshark stops there',
    'outer_udp': 'tshark counts the datagrams around a tunnel\'s TCP, too; here the inner packet is the flow\'s',
    'tunnel_port': 'GENEVE is known by its destination port; tshark also takes the source port for it',
    'unread_by_tshark': 'tshark does not know the link type, and refuses the file',
}


def conversations(header, rows, protocol):
    """As tshark: neither VLAN nor tunnel nor time tells two of them apart."""
    columns = [[header.index(f'flow.{end}_{part}') for part in ('ip', 'port')] for end in ('src', 'dst')]
    of = header.index('flow.protocol')
    return len({frozenset((row[address], row[port]) for address, port in columns)
                for row in rows if row[of] == protocol})


def counts(program, path):
    """{counted: number}, and sentences about a run that went wrong."""
    run = program.run([path])
    if run.code not in (0, 3):
        return {}, [f'exit code {run.code}: {run.messages[-2000:]}']
    header, rows = run.rows()
    tcp, udp = (conversations(header, rows, protocol) if rows else 0 for protocol in ('6', '17'))
    ledger = run.report['ledger']
    return {'frames': ledger['frames_read'], 'ip_frames': ledger['in_flows'], 'tcp': tcp, 'udp': udp}, []


def main():
    parser = harness.arguments(__doc__)
    parser.add_argument('--write', action='store_true')
    args = parser.parse_args()
    folder = harness.shared_folder(args, 'captures2')
    with open(folder / 'manifest.tsv', newline='') as f:
        tshark = {line['file']: {name: int(line[of]) for name, of in COUNTED.items()}
                  for line in csv.DictReader(f, delimiter='\t')}
    with open(TABLE, newline='') as f:
        table = {(line['file'], line['counted']): line for line in csv.DictReader(f, delimiter='\t')}
    found = harness.in_parallel(args.jobs, functools.partial(counts, Program(args.program, args.plugins)),
                                [folder / name for name in tshark])
    findings, lines = [], []
    for (name, theirs), (ours, sentences) in zip(tshark.items(), found):
        for counted in ours:
            line = table.pop((name, counted), None)
            if ours[counted] == theirs[counted]:
                if line:
                    sentences.append(f'{counted}: {theirs[counted]} both: the line in {TABLE.name} explains nothing')
                continue
            numbers = str(ours[counted]), str(theirs[counted])
            fresh = dict(zip(FIELDS, (name, counted, *numbers, line['rule'] if line else '')))
            lines.append(fresh)
            if line != fresh:
                sentences.append(f'{counted}: {ours[counted]}, tshark counts {theirs[counted]}; {TABLE.name} has '
                                 f'{line or "no line"}')
            elif line['rule'] not in RULES:
                sentences.append(f'{counted}: the rule {line["rule"]!r} is not one of {sorted(RULES)}')
        findings.append((name, sentences))
    findings += [(f'{name} {counted}', [f'is in {TABLE.name} and no capture']) for name, counted in table]
    if args.write:
        with open(TABLE, 'w', newline='') as f:
            writer = csv.DictWriter(f, FIELDS, delimiter='\t', lineterminator='\n')
            writer.writeheader()
            writer.writerows(lines)
    return harness.verdict(findings, 'captures against tshark')


if __name__ == '__main__':
    sys.exit(main())
