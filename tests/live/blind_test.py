#!/usr/bin/env python3
"""What takes the kernel program away behind the back of a run: a link of TCX that is detached by force, a filter or the whole
qdisc of clsact that is removed, a program that takes all packets before. The run says so once with a time, attaches again, counts
how long it was blind, and all packets after that are in rows; or it ends with exit code 3, with rows of what was open."""
import csv
import os
import pathlib
import re
import signal
import sys
import tempfile
import time

import bpf_calls
import common
import processes
from network import ADDRESS, Network
from realtime import Realtime

PORT, PACKETS = 40001, 20
NO_INPUT = 3                                            # exit code of flowgauge
METHODS = {'tcx': ('--capture', 'ebpf', '--attach', 'tcx'), 'clsact': ('--capture', 'ebpf', '--attach', 'clsact')}
DETACHED = re.compile(r'warning: interface flow-t0: the kernel program at (ingress|egress) was detached by somebody; it is attached again since '
                      r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, and up to \d+\.\d\d s of packets before are in no row')
UNSEEN = re.compile(r'warning: interface flow-t0 ingress: it has counted \d+ packets of which none was seen, at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ')
BOTH = ['egress', 'ingress']


def talk(net, port):
    """PACKETS datagrams to us, of one flow, and as many from us, of another."""
    send = ("import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('', {port})); "
            "[s.sendto(b'x' * 100, ('{host}', {port})) for _ in range({count})]")
    for end, side in ((net.there, 't'), (net.here, 'p')):
        end.run(sys.executable, '-c', send.format(port=port if side == 't' else port + 1, host=ADDRESS[side][0], count=PACKETS))


def expected(*ports):
    return {key: PACKETS for port in ports for key in ((ADDRESS['t'][0], port), (ADDRESS['p'][0], port + 1))}


def counted(monitor):
    """{(destination address, port): packets} of its table."""
    with open(monitor.table, newline='') as f:
        return {(row['flow.dst_ip'], int(row['flow.dst_port'])): int(row['packet_length.flow.count'])
                for row in csv.DictReader(f) if row['flow.protocol'] == '17'}


def keeper_of(monitor):
    """The process that keeps the programs attached."""
    return processes.only_child_of(processes.worker_of(monitor.process))


def detach_links(net, monitor):
    text = '\n'.join(path.read_text() for path in pathlib.Path(f'/proc/{keeper_of(monitor)}/fdinfo').iterdir())
    for link in re.findall(r'^link_id:\s*(\d+)$', text, re.M):
        net.here.run('bpftool', 'link', 'detach', 'id', link)


def tc(*words):
    return lambda net, monitor: net.here.run('tc', *words)


def delete_filters(net, monitor):
    for direction, preference in (('ingress', '61'), ('egress', '61061')):
        net.here.run('tc', 'filter', 'del', 'dev', 'flow-t0', direction, 'pref', preference)


WAYS = {'a link of TCX is detached': ('tcx', detach_links, BOTH),
        'the filters are removed': ('clsact', delete_filters, BOTH),
        'one filter is removed': ('clsact', tc('filter', 'del', 'dev', 'flow-t0', 'egress', 'pref', '61061'), ['egress']),
        'the qdisc is removed': ('clsact', tc('qdisc', 'del', 'dev', 'flow-t0', 'clsact'), BOTH)}


def start(net, args, folder, method):
    monitor = Realtime(args.program, net.here, ['flow-t0'], folder, *METHODS[method], '--plugin-dir', args.plugins)
    monitor.wait_until_attached()
    return monitor


def attached_again(args, way):
    method, detach, directions = WAYS[way]
    with Network() as net, tempfile.TemporaryDirectory() as folder:
        monitor = start(net, args, folder, method)
        with processes.running(monitor.process):
            talk(net, PORT)
            detach(net, monitor)
            said = monitor.lines.wait_for('was detached by somebody', len(directions))
            talk(net, PORT + 10)
            code = monitor.stop()
        wrong = [] if said and code == 0 else [f'exit code {code}: {monitor.said}']
        told = sorted(DETACHED.findall(monitor.said))
        wrong += [] if told == directions else [f'said of {told}, expected {directions}: {monitor.said}']
        wrong += [] if counted(monitor) == expected(PORT, PORT + 10) else [f'counted {counted(monitor)}']
        blind = sorted(one['direction'] for one in monitor.report['live']['interfaces'] if one['blind_seconds'] > 0)
        wrong += [] if blind == directions else [f'blind at {blind}, expected {directions}']
        wrong += [] if any('were not seen, since somebody detached' in one for one in monitor.report['warnings']) else ['the report has no warning']
        left = net.here.run('tc', 'qdisc', 'show', 'dev', 'flow-t0', capture_output=True, text=True).stdout
        return wrong + ([] if 'clsact' not in left else [f'left {left}'])


def cannot_be(args, what):
    """Ends the run, with rows of the flows that are open."""
    with Network() as net, tempfile.TemporaryDirectory() as folder:
        monitor = start(net, args, folder, 'clsact')
        with processes.running(monitor.process):
            talk(net, PORT)
            keeper = keeper_of(monitor)
            if what == 'the place is taken':
                os.kill(keeper, signal.SIGSTOP)         # so that nothing is attached between the two
                tc('qdisc', 'del', 'dev', 'flow-t0', 'clsact')(net, monitor)
                tc('qdisc', 'add', 'dev', 'flow-t0', 'ingress')(net, monitor)
                os.kill(keeper, signal.SIGCONT)
                reason = "cannot be attached again: flow-t0: its qdisc 'ingress' is in the way of clsact"
            else:
                os.kill(keeper, signal.SIGKILL)
                reason = 'the process that keeps the kernel programs attached is gone'
            code = monitor.code
        wrong = [] if code == NO_INPUT and reason in monitor.said else [f'exit code {code}: {monitor.said}']
        wrong += [] if monitor.report['live']['ended_by'] == 'detached' else [f"ended by {monitor.report['live']['ended_by']}"]
        return wrong + ([] if counted(monitor) == expected(PORT) else [f'counted {counted(monitor)}'])


def killed(args, method):
    """The process of the run: the one that keeps the programs detaches them and ends."""
    with Network() as net, tempfile.TemporaryDirectory() as folder:
        monitor = start(net, args, folder, method)
        with processes.running(monitor.process):
            keeper = keeper_of(monitor)
            monitor.stop(signal.SIGKILL)
        until = time.monotonic() + processes.LIMIT_SECONDS
        while pathlib.Path(f'/proc/{keeper}/stat').exists() and time.monotonic() < until:
            os.sched_yield()
        left = net.here.run('tc', 'qdisc', 'show', 'dev', 'flow-t0', capture_output=True, text=True).stdout
        return [f'left {left}'] if 'clsact' in left or pathlib.Path(f'/proc/{keeper}/stat').exists() else []


def taken_before(args):
    """An XDP program drops what comes: said once, and no packet of it is in a row."""
    with Network() as net, tempfile.TemporaryDirectory() as folder:
        monitor = start(net, args, folder, 'tcx')
        with processes.running(monitor.process):
            talk(net, PORT)
            dropper = net.here.start(sys.executable, bpf_calls.__file__, 'drop', 'flow-t0', stdout=-1)
            with processes.running(dropper):
                processes.Lines(dropper.stdout).wait_for('dropping')
                until = time.monotonic() + processes.LIMIT_SECONDS
                while not monitor.lines.wait_for('none was seen', seconds=0.2) and time.monotonic() < until:
                    talk(net, PORT + 10)
            code = monitor.stop()
        wrong = [] if code == 0 and len(UNSEEN.findall(monitor.said)) == 1 else [f'exit code {code}: {monitor.said}']
        seen = counted(monitor)
        return wrong + ([] if (ADDRESS['t'][0], PORT) in seen and (ADDRESS['t'][0], PORT + 10) not in seen else [f'counted {seen}'])


def main():
    args = common.arguments(__doc__).parse_args()
    common.require('tc', 'bpftool')
    with Network() as net:
        if 'ebpf' not in common.methods(args, net.here):
            common.skip('eBPF is not allowed here')
    findings = [(way, attached_again(args, way)) for way in WAYS]
    findings += [(what, cannot_be(args, what)) for what in ('the place is taken', 'the keeper is killed')]
    findings += [(f'{method}: the run is killed', killed(args, method)) for method in METHODS]
    findings.append(('a program before ours', taken_before(args)))
    return common.verdict(findings, 'blind')


if __name__ == '__main__':
    sys.exit(main())
