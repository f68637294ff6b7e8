#!/usr/bin/env python3
"""Interfaces are promiscuous while a run lasts, by each way of capturing, and not with --no-promiscuous; when it ends, in order
or killed, the kernel has forgotten it. The doctor says what is."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

import bpf_calls
import common
import processes
from network import Network
from realtime import Realtime

METHODS = {'ebpf': ('--capture', 'ebpf'), 'pcap': ('--capture', 'pcap')}


def promiscuity(net):
    """How many ask for it."""
    shown = net.here.run('ip', '-json', '-details', 'link', 'show', 'dev', 'flow-t0', capture_output=True).stdout
    return json.loads(shown)[0]['promiscuity']


def forgotten(net):
    until = time.monotonic() + processes.LIMIT_SECONDS
    while promiscuity(net) and time.monotonic() < until:
        os.sched_yield()
    return promiscuity(net) == 0


def doctor(net, args):
    """Its line of the interface."""
    done = subprocess.run(net.here.command(args.program, 'doctor', 'flow-t0', '--json'), capture_output=True, text=True, check=False)
    return next(check['text'] for check in json.loads(done.stdout)['checks'] if check['name'] == 'flow-t0')


def one_run(net, args, options, expected, end):
    with tempfile.TemporaryDirectory() as folder:
        monitor = Realtime(args.program, net.here, ['flow-t0'], folder, *options, schema='basic')
        with processes.running(monitor.process):
            monitor.wait_until_attached()
            found, told = promiscuity(net), doctor(net, args)
            monitor.stop(end)
    word = ', promiscuous' if expected else 'not promiscuous until a run is'
    wrong = [] if found == expected else [f'asked for by {found}, expected {expected}: {monitor.said}']
    return wrong + ([] if word in told else [f'the doctor says {told!r}']) + ([] if forgotten(net) else ['still promiscuous'])


def taken_before(net, args):
    """The doctor names an XDP program, and one of tc at egress, where a run would be the last."""
    wrong = []
    for what, words in (('drop', 'the XDP program '), ('hold', '1 program of tc before ours at egress')):
        holder = net.here.start(sys.executable, bpf_calls.__file__, what, 'flow-t0', stdout=-1)
        with processes.running(holder):
            if not processes.Lines(holder.stdout).wait_for('ing'):
                raise RuntimeError('no foreign program could be attached')
            told = doctor(net, args)
            wrong += [] if words in told else [f'{what}: {told!r}']
    return wrong + (['names programs that are gone'] if 'XDP' in doctor(net, args) else [])


def main():
    args = common.arguments(__doc__).parse_args()
    common.require()
    with Network() as net:
        methods = common.methods(args, net.here)
        findings = []
        for method in methods:
            findings += [(f'{method}, ended by {end.name}', one_run(net, args, METHODS[method], 1, end)) for end in (signal.SIGINT, signal.SIGKILL)]
            findings.append((f'{method}, not wanted', one_run(net, args, [*METHODS[method], '--no-promiscuous'], 0, signal.SIGINT)))
        if 'ebpf' in methods:
            findings.append(('programs before ours', taken_before(net, args)))
        return common.verdict(findings, 'promiscuous')


if __name__ == '__main__':
    sys.exit(main())
