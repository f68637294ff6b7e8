#!/usr/bin/env python3
"""An interface that is set down or deleted in the middle of a run: a message; the flows are exported; exit code 3 once none
is left, and not before."""
import csv
import subprocess
import sys
import tempfile

import common
import processes
from network import ADDRESS, Network
from realtime import Realtime

PORT = 40001
NO_INPUT = 3                                            # exit code of flowgauge
END = 'no interface is left that packets could come from'
DOWN, GONE = 'went down: none of its packets are seen until', 'is gone: it was deleted, or moved to another network namespace'
CHANGES = {'down': (['ip', 'link', 'set', 'dev', 'flow-t0', 'down'], DOWN), 'deleted': (['ip', 'link', 'del', 'flow-t0'], GONE)}


def say(net, port):
    send = f"import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x' * 100, ('{ADDRESS['t'][0]}', {port}))"
    net.there.run(sys.executable, '-c', send)


def ports(monitor):
    with open(monitor.table, newline='') as f:
        return [row['flow.dst_port'] for row in csv.DictReader(f) if row['flow.protocol'] == '17']


def start(net, args, folder, interfaces, options):
    monitor = Realtime(args.program, net.here, interfaces, folder, *options, '--plugin-dir', args.plugins)
    monitor.wait_until_attached()
    return monitor


def the_only_one(args, options, change, renamed):
    """`renamed`: it has another name by then, which is not the one that is followed."""
    words, sentence = CHANGES[change]
    with Network() as net, tempfile.TemporaryDirectory() as folder:
        monitor = start(net, args, folder, ['flow-t0'], options)
        with processes.running(monitor.process):
            say(net, PORT)
            if renamed:
                net.here.run('ip', 'link', 'set', 'dev', 'flow-t0', 'name', 'other')
                words = ['other' if word == 'flow-t0' else word for word in words]
            net.here.run(*words)
            code = monitor.code
        wrong = [] if code == NO_INPUT else [f'exit code {code}']
        wrong += [f'does not say {part!r}: {monitor.said}' for part in (f'flow-t0 {sentence}', END) if part not in monitor.said]
        return wrong + ([] if ports(monitor) == [str(PORT)] else [f'flows to {ports(monitor)}'])


def one_of_two(args, options, change):
    """The other goes on."""
    words, sentence = CHANGES[change]
    with Network(wires=2) as net, tempfile.TemporaryDirectory() as folder:
        monitor = start(net, args, folder, ['flow-t0', 'flow-t1'], options)
        with processes.running(monitor.process):
            say(net, PORT)
            net.there.run('ip', 'addr', 'add', '10.203.1.2/24', 'dev', 'flow-p1')
            net.here.run(*words)
            said = monitor.lines.wait_for(f'flow-t0 {sentence}')
            net.there.run('ip', 'neigh', 'replace', '10.203.1.1', 'lladdr', '02:00:00:00:00:09', 'dev', 'flow-p1')
            net.there.run(sys.executable, '-c', f"import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('10.203.1.1', {PORT + 1}))")
            code = monitor.stop()
        wrong = [] if said else [f'does not say {sentence!r}: {monitor.said}']
        wrong += [] if code == 0 else [f'exit code {code}: {monitor.said}']
        return wrong + ([] if sorted(ports(monitor)) == [str(PORT), str(PORT + 1)] else [f'flows to {ports(monitor)}'])


def refused(net, args, interface, sentence):
    """At the start."""
    done = subprocess.run(net.here.command(args.program, 'realtime', interface, '-f', 'basic', '-o', 'csv', '--duration', '5'), capture_output=True,
                          text=True, timeout=processes.LIMIT_SECONDS, check=False)
    return [] if (done.returncode, done.stdout) == (NO_INPUT, '') and sentence in done.stderr else [f'{done.returncode}: {done.stderr}{done.stdout}']


def main():
    args = common.arguments(__doc__).parse_args()
    common.require()
    with Network() as net:
        methods = common.methods(args, net.here)
        findings = [('not there', refused(net, args, 'flow-t7', "there is no interface 'flow-t7'; did you mean 'flow-t0'?"))]
        net.here.run('ip', 'link', 'set', 'dev', 'flow-t0', 'down')
        findings.append(('down from the start', refused(net, args, 'flow-t0', "interface flow-t0 is down; set it up with 'ip link set dev flow-t0 up'")))
    pcap, tcx, clsact = ['--capture', 'pcap'], ['--capture', 'ebpf', '--attach', 'tcx'], ['--capture', 'ebpf', '--attach', 'clsact']
    ways = {'pcap': [('libpcap', pcap)], 'ebpf': [('TCX', tcx), ('clsact', clsact)]}
    for name, options in [way for method in methods for way in ways[method]]:
        for change in CHANGES:
            # By a new name, and with clsact by the old one.
            findings.append((f'{name}: {change}', the_only_one(args, options, change, renamed=options is not clsact)))
            if options is not clsact:
                findings.append((f'{name}: one of two {change}', one_of_two(args, options, change)))
    return common.verdict(findings, 'lost interfaces')


if __name__ == '__main__':
    sys.exit(main())
