#!/usr/bin/env python3
"""Every way of attaching, on cables of the test's own: killed in the middle and started again, beside what belongs to others,
and two monitors at once. All packets are counted, what is foreign stays as it was, and nothing of ours is left."""
import contextlib
import csv
import functools
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

import bpf_calls
import common
import processes
from network import ADDRESS, Network
from realtime import Realtime

PORT, PACKETS = 40001, 20
CALLS = pathlib.Path(bpf_calls.__file__)
METHODS = {'tcx': ('--capture', 'ebpf', '--attach', 'tcx'), 'clsact': ('--capture', 'ebpf', '--attach', 'clsact'), 'pcap': ('--capture', 'pcap')}
NO_INPUT = 3                                            # exit code of flowgauge
PASSES_ON = "1,6 0 0 0,"                                # classic BPF: matches nothing


def filters(namespace, interface):
    """What tc and TCX have on the interface, without counters that move."""
    found = {'qdiscs': namespace.run('tc', 'qdisc', 'show', 'dev', interface, capture_output=True, text=True).stdout}
    for direction in bpf_calls.TCX:
        words = ['tc', 'filter', 'show', 'dev', interface, direction]
        shown = subprocess.run(namespace.command(*words), capture_output=True, text=True, check=False)
        found[direction] = shown.stdout
    found['tcx'] = json.loads(namespace.run(sys.executable, CALLS, 'query', interface, capture_output=True).stdout)
    return found


def kernel_objects(process):
    """(kind, id) of each program, map and link that the process holds."""
    found = set()
    for path in pathlib.Path(f'/proc/{processes.worker_of(process)}/fdinfo').iterdir():
        with contextlib.suppress(FileNotFoundError):  # a file that was open for a moment: its status, read twice a second
            found |= {(kind, int(number)) for kind, number in re.findall(r'^(prog|map|link)_id:\s*(\d+)$', path.read_text(), re.M)}
    return found


def gone(objects):
    """Sentences about those that are still there; the kernel frees them a moment after their last use."""
    until = time.monotonic() + 10
    while left := [f'{kind} {number} is still there' for kind, number in sorted(objects) if bpf_calls.exists(kind, number)]:
        if time.monotonic() > until:
            return left
        time.sleep(0.02)
    return []


def talk(net):
    """PACKETS datagrams to us, of one flow, and as many from us, of another."""
    send = ("import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('', {port})); "
            "[s.sendto(b'x' * 100, ('{host}', {port})) for _ in range({count})]")
    for end, side in ((net.there, 't'), (net.here, 'p')):
        end.run(sys.executable, '-c', send.format(port=PORT if side == 't' else PORT + 1, host=ADDRESS[side][0], count=PACKETS))


def counted(monitor):
    """{(destination address, port): packets} of its table."""
    with open(monitor.table, newline='') as f:
        return {(row['flow.dst_ip'], int(row['flow.dst_port'])): int(row['packet_length.flow.count'])
                for row in csv.DictReader(f) if row['flow.protocol'] == '17'}


EXPECTED = {(ADDRESS['t'][0], PORT): PACKETS, (ADDRESS['p'][0], PORT + 1): PACKETS}


class Trial:
    def __init__(self, net, args, folder):
        self.net, self.args, self.folder, self.count = net, args, folder, 0
        self.interface = net.here.interface()

    def start(self, method):
        self.count += 1
        folder = self.folder / str(self.count)
        folder.mkdir()
        monitor = Realtime(self.args.program, self.net.here, [self.interface], folder, *METHODS[method], '--plugin-dir', self.args.plugins)
        monitor.wait_until_attached()
        return monitor

    def refusal(self, method):
        """(exit code, what it says) of a run that cannot start."""
        done = subprocess.run(self.net.here.command(self.args.program, 'realtime', self.interface, *METHODS[method], '-f', 'basic', '-o', 'csv',
                                                    '--duration', '5'), capture_output=True, text=True, timeout=processes.LIMIT_SECONDS, check=False)
        return done.returncode, done.stderr

    def state(self):
        return filters(self.net.here, self.interface)

    def judge(self, monitor, what):
        code = monitor.stop()
        wrong = [] if code == 0 else [f'{what}: exit code {code}: {monitor.said}']
        return wrong or ([] if counted(monitor) == EXPECTED else [f'{what}: counted {counted(monitor)}, expected {EXPECTED}'])

    def one_run(self, method, what):
        """A run from start to end: counts all packets, leaves nothing."""
        monitor = self.start(method)
        with processes.running(monitor.process):
            objects = kernel_objects(monitor.process)
            talk(self.net)
            wrong = self.judge(monitor, what)
        if not objects and method != 'pcap':
            wrong.append(f'{what}: no program of it was seen')
        return wrong + gone(objects)

    def killed(self, method, number=signal.SIGKILL):
        """Its kernel objects, and what is attached behind its back."""
        monitor = self.start(method)
        with processes.running(monitor.process):
            objects = kernel_objects(monitor.process)
            talk(self.net)
            if method != 'pcap':                        # what a run leaves whose keeper is killed too
                os.kill(processes.only_child_of(processes.worker_of(monitor.process)), signal.SIGKILL)
            monitor.stop(number)
        return objects, self.state()

    def kill_and_restart(self, method, again):
        """Killed in the middle, then started again with method `again`: eBPF removes what a killed run left, however it
        attaches itself; libpcap may not have the rights."""
        before = self.state()
        objects, left = self.killed(method)
        wrong = []
        if method == 'clsact' and left == before:
            wrong.append('clsact left nothing when it was killed: there is nothing to test')
        if method != 'clsact' and left != before:
            wrong.append(f'left at the kill: {left}')
        wrong += self.one_run(again, 'after the kill') + gone(objects)
        after = self.state()
        return wrong + ([] if after == before else [f'left at the end: {after}, before: {before}'])

    def beside_others(self, method):
        """What others have attached, before us and behind us, is left alone by a run, a killed one, and the next."""
        with self.foreign(method):
            return self.kill_and_restart(method, method)

    def foreign(self, method):
        """Also of the same preference as our own filters have."""
        places = self.places if method == 'clsact' else []
        return Foreign(self.net.here, self.interface, [(direction, pref, '0x1') for direction, pref, _ in places])

    def in_our_place(self):
        """Preference and handle of our own filter are taken by somebody else's,
        in the form that it has where clsact itself is not ours."""
        taken = [(direction, pref, hex(int(handle, 16) & ~1)) for direction, pref, handle in self.places]
        with Foreign(self.net.here, self.interface, taken) as before:
            code, said = self.refusal('clsact')
            wrong = [] if code == NO_INPUT and 'cannot attach to flow-t0 through clsact' in said else [f'{code}: {said}']
            return wrong + ([] if self.state() == before else [f'changed what is foreign: {self.state()}, before: {before}'])

    @functools.cached_property
    def places(self):
        """(direction, preference, handle) of our own filters, as tc shows them."""
        monitor = self.start('clsact')
        with processes.running(monitor.process):
            shown = self.state()
            monitor.stop()
        return [(direction, pref, handle) for direction in bpf_calls.TCX
                for pref, handle in re.findall(r'pref (\d+) bpf chain 0 handle (0x[0-9a-f]+)', shown[direction])]

    def clsact_at_once(self):
        """One at a time: the second is refused and leaves the first alone."""
        before = self.state()
        first = self.start('clsact')
        with processes.running(first.process):
            during = self.state()
            code, said = self.refusal('clsact')
            wrong = [] if code == NO_INPUT and 'another flowgauge captures here through clsact' in said else [f'{code}: {said}']
            wrong += [] if self.state() == during else [f'the refused one changed {during} to {self.state()}']
            talk(self.net)
            wrong += self.judge(first, 'the first of two')
        return wrong + ([] if self.state() == before else [f'left at the end: {self.state()}, before: {before}'])

    def two_at_once(self, method):
        """Neither takes the other's place; the one that ends first leaves the other alone."""
        before = self.state()
        first = self.start(method)
        with processes.running(first.process):
            second = self.start(method)
            with processes.running(second.process):
                talk(self.net)
                wrong = self.judge(first, 'the first of two')
                talk(self.net)
                code = second.stop()
        twice = {key: 2 * value for key, value in EXPECTED.items()}
        wrong += [] if code == 0 and counted(second) == twice else [f'the second of two: {code}, {counted(second)}, expected {twice}']
        return wrong + ([] if self.state() == before else [f'left at the end: {self.state()}, before: {before}'])


class Foreign:
    """Filters of tc, and programs of TCX, that belong to somebody else. Gives the state with them."""

    def __init__(self, namespace, interface, places):
        self.namespace, self.interface = namespace, interface
        self.places = [('ingress', '7', '0x1'), ('egress', '49152', '0x1'), *places]

    def __enter__(self):
        self.namespace.run('tc', 'qdisc', 'add', 'dev', self.interface, 'clsact')
        for direction, pref, handle in self.places:
            self.namespace.run('tc', 'filter', 'add', 'dev', self.interface, direction, 'pref', pref, 'handle', handle, 'protocol', 'all', 'bpf',
                               'bytecode', PASSES_ON)
        self.holder = self.namespace.start(sys.executable, CALLS, 'hold', self.interface, stdout=-1)
        if not processes.Lines(self.holder.stdout).wait_for('holding'):
            raise RuntimeError('no foreign program could be attached')
        return filters(self.namespace, self.interface)

    def __exit__(self, *_):
        with processes.running(self.holder):
            pass
        self.namespace.run('tc', 'qdisc', 'del', 'dev', self.interface, 'clsact')


def one_program(args, folder):
    """However many interfaces there are, the kernel verifies one program for each direction."""
    with Network(wires=3) as net:
        monitor = Realtime(args.program, net.here, [net.here.interface(wire) for wire in range(3)], folder, *METHODS['tcx'], '--plugin-dir', args.plugins)
        with processes.running(monitor.process):
            monitor.wait_until_attached()
            programs = [number for kind, number in kernel_objects(monitor.process) if kind == 'prog']
            attached = [json.loads(net.here.run(sys.executable, CALLS, 'query', net.here.interface(wire), capture_output=True).stdout) for wire in range(3)]
            monitor.stop()
    everywhere = {direction: {number for one in attached for number in one[direction]} for direction in bpf_calls.TCX}
    is_one = len(programs) == 2 and all(len(found) == 1 for found in everywhere.values()) and set.union(*everywhere.values()) == set(programs)
    return [] if is_one else [f'has the programs {programs}; attached are {attached}']


def cases(trial, methods):
    for method in methods:
        yield f'{method}, killed beside others, then again', lambda m=method: trial.beside_others(m)
        yield f'{method} twice at once', trial.clsact_at_once if method == 'clsact' else lambda m=method: trial.two_at_once(m)
    if 'clsact' in methods:
        for again in ('clsact', 'tcx'):
            yield f'clsact, killed, then {again}', lambda a=again: trial.kill_and_restart('clsact', a)
        yield 'clsact where its place is taken', trial.in_our_place


def main():
    args = common.arguments(__doc__).parse_args()
    common.require('tc')
    with Network() as net, tempfile.TemporaryDirectory() as name:
        ebpf = 'ebpf' in common.methods(args, net.here)
        trial = Trial(net, args, pathlib.Path(name))
        findings = [(what, case()) for what, case in cases(trial, list(METHODS) if ebpf else ['pcap'])]
    if ebpf:
        with tempfile.TemporaryDirectory() as name:
            findings.append(('one program for all interfaces', one_program(args, name)))
    return common.verdict(findings, 'attaching')


if __name__ == '__main__':
    sys.exit(main())
