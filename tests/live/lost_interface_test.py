#!/usr/bin/env python3
"""Interfaces that are set down, deleted, made again, renamed, and that come later: a message each; rows go on. With --until-down
the flows are exported once none is left, and the exit code is 3, and not before."""
import contextlib
import csv
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import common
import processes
from network import ADDRESS, Network
from realtime import Realtime

PORT = 40001
NO_INPUT = 3                                            # exit code of flowgauge
TIME = re.compile(r'\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\)$')
END = 'all interfaces are gone or down'
DOWN, GONE = 'went down: none of its packets are seen until', 'is gone: it was deleted, or moved to another network namespace'
CHANGES = {'down': (['ip', 'link', 'set', 'dev', 'flow-t0', 'down'], DOWN), 'deleted': (['ip', 'link', 'del', 'flow-t0'], GONE)}


def say(net, port):
    send = f"import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x' * 100, ('{ADDRESS['t'][0]}', {port}))"
    net.there.run(sys.executable, '-c', send)


def flows(monitor):
    """(port, ingress, interface) of each row."""
    with open(monitor.table, newline='') as f:
        return [(row['flow.dst_port'], row['flow.ingress'], row['flow.interface']) for row in csv.DictReader(f) if row['flow.protocol'] == '17']


def ports(monitor):
    return [port for port, _, _ in flows(monitor)]


def start(net, args, folder, interfaces, options):
    profile = pathlib.Path(folder, 'p.yaml')
    profile.write_text('exporters: [{columns: [flow.protocol, flow.dst_port, flow.ingress, flow.interface]}]\n')
    monitor = Realtime(args.program, net.here, interfaces, folder, *options, '-p', profile, '--stats-interval', '0.1', '--plugin-dir', args.plugins, schema=None)
    monitor.wait_until_attached()
    return monitor


def the_only_one(args, options, change, renamed):
    """With --until-down. `renamed`: it has another name by then, which is not the one that is followed."""
    words, sentence = CHANGES[change]
    with Network() as net, tempfile.TemporaryDirectory() as folder:
        monitor = start(net, args, folder, ['flow-t0'], [*options, '--until-down'])
        with processes.running(monitor.process):
            say(net, PORT)
            if renamed:
                rename(net, 'flow-t0', 'other')
                words = ['other' if word == 'flow-t0' else word for word in words]
            net.here.run(*words)
            code = monitor.code
        wrong = [] if code == NO_INPUT else [f'exit code {code}']
        wrong += [f'does not say {part!r}: {monitor.said}' for part in (f'flow-t0 {sentence}', END) if part not in monitor.said]
        return wrong + ([] if ports(monitor) == [str(PORT)] else [f'flows to {ports(monitor)}'])


def rename(net, old, new):
    """Of an interface that is up: newer kernels allow it, older ones want it down, as --until-down does not."""
    net.here.run('ip', 'link', 'set', 'dev', old, 'name', new)


def lay_again(net):
    """The cable that was deleted, with new interfaces of the same names."""
    net.lay(0)
    for end in (net.here, net.there):
        end.run('ip', '-batch', '-', input='\n'.join(net.set_up(end)).encode())


def gone_and_back(args, options, wait):
    """Down, up, renamed, deleted, made again: rows go on, each is said once with a time, and nothing ends before it is asked
    to. `wait`: it was not there at the start."""
    said = {'down': 'flow-t0 went down: none', 'up': 'flow-t0 is up again', 'gone': 'flow-t0 is gone:', 'there': 'flow-t0 is there: its packets are seen',
            'renamed': 'flow-t0 is called other now'}
    with Network() as net, tempfile.TemporaryDirectory() as folder:
        if wait:
            net.here.run('ip', 'link', 'del', 'flow-t0')
        monitor = start(net, args, folder, ['flow-t0'], [*options, '--wait'] if wait else options)
        with processes.running(monitor.process):
            times = 0
            if wait:
                lay_again(net)
                times += monitor.lines.wait_for(said['there'])
            say_until_seen(net, monitor, PORT)
            net.here.run('ip', 'link', 'set', 'dev', 'flow-t0', 'down')
            monitor.lines.wait_for(said['down'])
            net.here.run('ip', 'link', 'set', 'dev', 'flow-t0', 'up')
            monitor.lines.wait_for(said['up'])
            say_until_seen(net, monitor, PORT + 1)
            rename(net, 'flow-t0', 'other')
            monitor.lines.wait_for(said['renamed'])
            net.here.run('ip', 'link', 'del', 'other')
            monitor.lines.wait_for(said['gone'])
            lay_again(net)
            monitor.lines.wait_for(said['there'], 2 if wait else 1)
            say_until_seen(net, monitor, PORT + 2)
            code = monitor.stop()
        wrong = [] if code == 0 else [f'exit code {code}']
        for what, sentence in said.items():
            lines = [line for line in monitor.said.splitlines() if sentence in line]
            expected = 2 if wait and what == 'there' else 1
            wrong += [] if len(lines) == expected and all(TIME.search(line) for line in lines) else [f'{what}: {lines}']
        wrong += [] if monitor.report['live']['ended_by'] == 'stopped' and monitor.report['ledger']['balances'] else ['the report is wrong']
        # Whatever it is called now, it is the one that was followed.
        expected = [(str(PORT + i), 'flow-t0', 'flow-t0') for i in range(3)]
        return wrong + ([] if sorted(set(flows(monitor))) == expected else [f'flows {flows(monitor)}'])


def say_until_seen(net, monitor, port):
    """A cable carries nothing for a moment after it is there; so until the statistics show a packet more."""
    until = time.monotonic() + processes.LIMIT_SECONDS
    before = submitted(monitor)
    while submitted(monitor) == before:
        if time.monotonic() > until:
            raise RuntimeError(f'nothing is seen any more: {monitor.lines.said}')
        with contextlib.suppress(subprocess.CalledProcessError):
            say(net, port)
        time.sleep(0.05)


def submitted(monitor):
    found = [int(number.replace(',', '')) for line in list(monitor.lines.said) for number in re.findall(r'flow-t0 (?:ingress|both): .* = ([\d,]+) submitted', line)]
    return found[-1] if found else 0


def patterns(args, options):
    """By pattern and by another name: two that are there and one that comes; one that does not match is left alone."""
    with Network(wires=3) as net, tempfile.TemporaryDirectory() as folder:
        net.here.run('ip', 'link', 'property', 'add', 'dev', 'flow-t0', 'altname', 'the-uplink')
        net.here.run('ip', 'link', 'set', 'dev', 'flow-t2', 'name', 'else2')
        monitor = start(net, args, folder, ['the-uplink', 'flow-t[1-9]'], options)
        with processes.running(monitor.process):
            say(net, PORT)
            net.here.run('ip', 'link', 'set', 'dev', 'else2', 'down')
            net.here.run('ip', 'link', 'set', 'dev', 'else2', 'name', 'flow-t2')
            net.here.run('ip', 'link', 'set', 'dev', 'flow-t2', 'up')
            said = monitor.lines.wait_for('flow-t2 is there: its packets are seen')
            code = monitor.stop()
        names = list(dict.fromkeys(one['interface'] for one in monitor.report['live']['interfaces']))
        wrong = [] if code == 0 and said and names == ['flow-t0', 'flow-t1', 'flow-t2'] else [f'{code}, {names}: {monitor.said}']
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
        expected = [(str(PORT), 'flow-t0', 'flow-t0'), (str(PORT + 1), 'flow-t1', 'flow-t1')]
        return wrong + ([] if sorted(flows(monitor)) == expected else [f'flows {flows(monitor)}'])


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
        findings += [(f'{name}: gone and back{", awaited" if wait else ""}', gone_and_back(args, options, wait)) for wait in (False, True)]
        findings.append((f'{name}: patterns', patterns(args, options)))
    return common.verdict(findings, 'lost interfaces')


if __name__ == '__main__':
    sys.exit(main())
