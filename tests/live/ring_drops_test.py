#!/usr/bin/env python3
"""A reader that is stopped while its ring overflows: the row says how many packets the ring lost between the flow's first
and its last, all that the report counts, although the reader saw none of it happen."""
import csv
import json
import os
import pathlib
import re
import signal
import sys
import tempfile
import time

import common
import processes
from network import Network
from realtime import Realtime

PORT, BURST = 40001, 3000
RING = ('--capture', 'ebpf', '--rings', 1, '--ring-size', '64KiB', '--stats-interval', '50ms')
PROFILE = {'extends': 'basic', 'features': ['packet_length', 'quality'],
           'exporters': [{'format': 'csv', 'columns': ['flow.dst_port', 'packet_length.flow.count', 'quality.ring_drops']}]}
SEND = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', {port})); " \
       "[s.sendto(b'x', ('127.0.0.1', {port})) for _ in range({count})]"


def send(net, count):
    """To itself: nobody answers."""
    net.here.run(sys.executable, '-c', SEND.format(port=PORT, count=count))


def wait_until_stopped(pid):
    """All of its threads."""
    until = time.monotonic() + processes.LIMIT_SECONDS
    while any(task.read_text().rsplit(')', 1)[1].split()[0] != 'T' for task in pathlib.Path(f'/proc/{pid}/task').glob('*/stat')):
        if time.monotonic() > until:
            raise RuntimeError('flowgauge does not stop')
        time.sleep(0.001)


def submitted(monitor, seen):
    """Of so many packets, as its statistics say."""
    told = f'lo ingress: {seen:,} seen = '
    if not monitor.lines.wait_for(told):
        raise RuntimeError(f'never said {told!r}: {monitor.said}')
    return next(int(found[1].replace(',', '')) for line in monitor.lines.said if (found := re.search(re.escape(told) + r'([\d,]+) submitted', line)))


def overflow(net, monitor):
    """A burst into a stopped reader, and packets of the same flow until one finds room again."""
    worker = processes.worker_of(monitor.process)
    os.kill(worker, signal.SIGSTOP)
    wait_until_stopped(worker)
    send(net, BURST)
    os.kill(worker, signal.SIGCONT)
    seen = BURST
    before = submitted(monitor, seen)
    while submitted(monitor, seen) == before:
        send(net, 1)
        seen += 1


def judge(monitor):
    (lo,) = monitor.report['live']['interfaces']
    with open(monitor.table, newline='') as f:
        rows = [tuple(map(int, row)) for row in list(csv.reader(f))[1:]]
    expected = [(PORT, lo['submitted'], lo['ring_full'])]
    told = monitor.report['live']['capture']
    wrong = [] if told.endswith(', 1 ring of 64.0 KiB') else [f'the report speaks of {told}']
    wrong += [] if rows == expected else [f'port, packets, drops are {rows}, expected {expected}']
    return wrong + ([] if lo['ring_full'] > BURST // 2 else [f"only {lo['ring_full']} packets were lost"])


def main():
    args = common.arguments(__doc__).parse_args()
    common.require()
    with Network() as net, tempfile.TemporaryDirectory() as name:
        if 'ebpf' not in common.methods(args, net.here):
            common.skip('rings are those of eBPF')
        profile = pathlib.Path(name, 'profile.yaml')
        profile.write_text(json.dumps(PROFILE))
        monitor = Realtime(args.program, net.here, ['lo'], name, *RING, '-p', profile, schema=None)
        with processes.running(monitor.process):
            monitor.wait_until_attached()
            overflow(net, monitor)
            code = monitor.stop()
        return common.verdict([('ring drops', judge(monitor) if code == 0 else [f'exit code {code}: {monitor.said}'])], 'overflows')


if __name__ == '__main__':
    sys.exit(main())
