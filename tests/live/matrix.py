#!/usr/bin/env python3
"""What watching costs: each kind of traffic without a monitor, and with each kind of monitor, several times in turn.
Prints a table (Markdown): medians, and what was lost. Generator and receiving kernel have the first processor, the
monitor the last one.
"""
import datetime
import json
import os
import pathlib
import platform
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

import common
import matrix_scenarios
import processes
from network import Network
from realtime import ATTACHED, Realtime

RUNS, SECONDS = 5, 3
UNDER_WAY = 2_000                                       # packets; then the generator has started up
SHORT_IDLE = ['--idle-timeout', '1']                    # so that flows that are made by the hundred thousand also end
MONITORS = ('control', 'plain imitation', 'basic', 'full')


@dataclass
class Outcome:
    rate: float                                         # packets per second
    cpu_ns: float | None = None                         # of the monitor, user space and system calls, per packet
    ring_full: int | None = None
    unaccounted: int | None = None                      # packets that were sent but not seen, or the other way round
    kernel_ns: float | None = None                      # of the kernel program, per packet


class Plain:
    """The usual design, as plain_imitation/ has it."""

    def __init__(self, program, namespace, interface, before):
        self.process = namespace.start(*before, program, interface, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.lines = processes.Lines(self.process.stderr)
        if not self.lines.wait_for(ATTACHED):
            raise RuntimeError(f'the imitation ended: {self.lines.said}')

    def finish(self):
        self.process.send_signal(signal.SIGINT)
        told = json.loads(self.process.communicate(timeout=processes.LIMIT_SECONDS)[0])
        return told['seen'], told['ring_full']


class Ours:
    def __init__(self, args, namespace, interface, before, schema, folder):
        self.run = Realtime(args.program, namespace, [interface], folder, '--capture', 'ebpf', *SHORT_IDLE, schema=schema, keep_rows=False,
                            before=before)
        self.process = self.run.process
        self.run.wait_until_attached()

    def finish(self):
        if self.run.stop() != 0:
            raise RuntimeError(self.run.said)
        sides = self.run.report['live']['interfaces']
        return sum(side['seen'] for side in sides), sum(side['ring_full'] for side in sides)


def monitor(args, name, net, folder):
    before = ['taskset', '-c', os.cpu_count() - 1]
    interface = net.here.interface()
    if name == 'control':
        return None
    if name == 'plain imitation':
        return Plain(args.imitation, net.here, interface, before)
    return Ours(args, net.here, interface, before, 'basic' if name == 'basic' else 'rustiflow', folder)


def cpu_ns(pid):
    """Of all threads that are there."""
    return sum(int(task.joinpath('schedstat').read_text().split()[0]) for task in pathlib.Path(f'/proc/{pid}/task').iterdir())


def kernel_program(pid):
    """(ns, runs) of the programs that the process holds, while bpf_stats are on."""
    told = [dict(line.split(':', 1) for line in path.read_text().splitlines()) for path in pathlib.Path(f'/proc/{pid}/fdinfo').iterdir()]
    return tuple(sum(int(one[name]) for one in {one['prog_id']: one for one in told if 'run_cnt' in one}.values()) for name in ('run_time_ns', 'run_cnt'))


def passed(net):
    """Packets at the near end, both directions."""
    return net.here.counted('rx_packets') + net.here.counted('tx_packets')


def silence(net):
    """passed(), once nothing comes any more: TCP has last words when its programs are gone."""
    last = None
    while (now := passed(net)) != last:
        last = now
        time.sleep(0.3)
    return now


def measure(args, name, scenario, kernel=False):
    """One run; None: the scenario cannot be run here."""
    with Network() as net, tempfile.TemporaryDirectory() as folder:
        setting = matrix_scenarios.Setting(net, args.sender, pathlib.Path(folder), pathlib.Path(args.shared, 'captures'), args.seconds)
        before = passed(net)
        watching = monitor(args, name, net, folder)
        worker = watching.process.pid if isinstance(watching, Plain) else processes.worker_of(watching.process) if watching else None
        begin = passed(net)
        generators = scenario(setting)
        if generators is None:
            return None
        until = time.monotonic() + processes.LIMIT_SECONDS
        while passed(net) - begin < UNDER_WAY:
            if time.monotonic() > until:
                raise RuntimeError('the generator sends nothing')
            time.sleep(0.01)
        first, cpu, since = passed(net), cpu_ns(worker) if watching else 0, time.monotonic()
        time.sleep(args.seconds)
        packets, seconds = passed(net) - first, time.monotonic() - since
        outcome = Outcome(packets / seconds)
        if watching:
            outcome.cpu_ns = (cpu_ns(worker) - cpu) / packets
        if kernel and watching:
            spent, runs = kernel_program(worker)
            outcome.kernel_ns = spent / runs if runs else None
        matrix_scenarios.end(generators)
        if watching:
            end = silence(net)
            seen, outcome.ring_full = watching.finish()
            # The kernel's own words to its neighbours may fall into the moment in which a monitor comes or goes.
            outcome.unaccounted = max(0, end - begin - seen, seen - (passed(net) - before))
        return outcome


def kernel_ns(args, name, scenario):
    """In a run of its own: the clock that measures costs more than what it measures."""
    if name == 'control':
        return None
    switch = pathlib.Path('/proc/sys/kernel/bpf_stats_enabled')
    before = switch.read_text()
    switch.write_text('1')
    try:
        return measure(args, name, scenario, kernel=True).kernel_ns
    finally:
        switch.write_text(before)


def median(values):
    return statistics.median(values)


def line(scenario, name, runs, controls, of_kernel):
    rates = [run.rate for run in runs]
    cells = [scenario, name, f'{median(rates) / 1e6:.3f} [{min(rates) / 1e6:.3f}-{max(rates) / 1e6:.3f}]']
    if name == 'control':
        return cells + [''] * 5
    loss = median(1 - run.rate / control.rate for run, control in zip(runs, controls))
    return cells + [f'{median(run.ring_full for run in runs):.0f} [max {max(run.ring_full for run in runs)}]', f'{max(run.unaccounted for run in runs)}',
                    f'{median(run.cpu_ns for run in runs):.0f}', f'{of_kernel:.0f}' if of_kernel else '', f'{100 * loss:.0f} %']


def machine():
    cpu = re.search(r'model name\s*: (.*)', pathlib.Path('/proc/cpuinfo').read_text())
    return f'{os.cpu_count()} cores, {cpu[1] if cpu else platform.machine()}, Linux {platform.release()}, ' \
           f'{datetime.date.today()}, load before {os.getloadavg()[0]:.1f}'


def main():
    p = common.arguments(__doc__, runs=RUNS, seconds=float(SECONDS), scenario='', monitor='')
    p.add_argument('--imitation', default='', help='plain_imitation of the same build')
    p.add_argument('--no-kernel', action='store_true', help='leave out the run in which the kernel program is timed')
    args = p.parse_args()
    common.require('trafgen', 'tcpreplay', 'iperf3', 'taskset')
    names = [name for name in MONITORS if name == 'control' or (args.monitor in name and (name != 'plain imitation' or args.imitation))]
    print(f'{machine()}; median of {args.runs} runs of {args.seconds:g} s\n', flush=True)
    print('| traffic | monitor | Mpackets/s [min-max] | drops | unaccounted | monitor ns/packet | kernel program ns/packet | headroom lost |')
    print('|---|---|---|---|---|---|---|---|', flush=True)
    for title, scenario in matrix_scenarios.SCENARIOS.items():
        if args.scenario not in title:
            continue
        runs = {name: [] for name in names}
        for _ in range(args.runs):                      # in turn, so that all have the same neighbours
            for name in names:
                runs[name].append(measure(args, name, scenario))
        if None in runs['control']:
            print(f'| {title} | not run: its capture is absent | | | | | | |')
            continue
        for name in names:
            of_kernel = None if args.no_kernel else kernel_ns(args, name, scenario)
            print('| ' + ' | '.join(line(title, name, runs[name], runs['control'], of_kernel)) + ' |', flush=True)


if __name__ == '__main__':
    sys.exit(main())
