#!/usr/bin/env python3
"""New flows without end: every packet that was sent was seen, every one that was seen is accounted for, and memory stays
on its plateau. FLOWGAUGE_SOAK_SECONDS and FLOWGAUGE_SOAK_RATE (flows per second) say how long and how hard. --sanitized: a
short and gentle one, whose memory says nothing.

A machine that is too slow, or busy with something else, loses packets: each must be accounted for as lost. With
FLOWGAUGE_SOAK_STRICT set a loss fails the test, as it should on a machine of its own.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import common
import processes
from network import Network
from realtime import Realtime

PACKETS_PER_FLOW = 2
IDLE_SECONDS = 1                                        # of a flow, so that flows end as fast as they begin
# Seconds until as many flows end as begin, and as many ended ones are forgotten as are remembered for continuation:
# those are a quarter of a million by default.
SETTLED_SECONDS = 10
# From the most of the first third after that to the least of the last one: a table that is built anew has two sizes for
# a while. A leak of a byte a flow is more in ten minutes.
GROWTH_MIB = 4
RESIDENT = re.compile(r'RssAnon:\s+(\d+) kB')


def resident_mib(pid):
    """Without what is mapped: the rings are of a fixed size, and count when they are first touched."""
    return int(RESIDENT.search(pathlib.Path(f'/proc/{pid}/status').read_text())[1]) / 1024


def watch(sender, pid, seconds):
    """Resident MiB each second, until the sender ends."""
    sizes = []
    while True:
        sizes.append(resident_mib(pid))
        try:
            sender.wait(1)
            return sizes
        except subprocess.TimeoutExpired:
            if len(sizes) > seconds + processes.LIMIT_SECONDS:
                raise


def judge(monitor, sent, sizes, looks_at_memory):
    report, out = monitor.report, []
    ledger = report['ledger']
    if monitor.code != 0:
        out.append(f'exit code {monitor.code}')
    if not ledger['balances']:
        out.append(f'the ledger does not balance: {ledger}')
    seen = sum(side['seen'] for side in report['live']['interfaces'])
    lost = sum(side['ring_full'] + side['lost_before'] for side in report['live']['interfaces'])
    if seen != sent:
        out.append(f'{sent} packets sent, {seen} seen')
    if lost and 'FLOWGAUGE_SOAK_STRICT' in os.environ:
        out.append(f'{lost} packets lost')
    if ledger['in_flows'] + sum(ledger['ignored'].values()) + lost != seen:
        out.append(f'{seen} packets seen, {ledger} and {lost} lost')
    if not lost and report['flows']['begun'] * PACKETS_PER_FLOW != sent:
        out.append(f"{report['flows']['begun']} flows of {sent // PACKETS_PER_FLOW}")
    settled = sizes[SETTLED_SECONDS:]
    third = len(settled) // 3
    if looks_at_memory and not lost and (third == 0 or min(settled[-third:]) - max(settled[:third]) > GROWTH_MIB):
        out.append(f'memory grew: {", ".join(f"{size:.0f}" for size in sizes)} MiB')
    return out


def main():
    args = common.arguments(__doc__, seconds=float(os.environ.get('FLOWGAUGE_SOAK_SECONDS', 60)),
                            rate=int(os.environ.get('FLOWGAUGE_SOAK_RATE', 50_000)), sanitized=0).parse_args()
    if args.sanitized:
        args.seconds, args.rate = 3, 2_000
    common.require()
    with Network(addresses=False) as net, tempfile.TemporaryDirectory() as name:
        method = common.methods(args, net.here)[0]
        monitor = Realtime(args.program, net.here, [net.here.interface()], name, '--capture', method, '--idle-timeout', IDLE_SECONDS,
                           schema='basic', keep_rows=False)
        monitor.wait_until_attached()
        sender = processes.start([args.sender, 'flood', net.there.name, net.there.interface(), 0, f'seconds={args.seconds}',
                                  f'rate={args.rate * PACKETS_PER_FLOW}', f'packets_per_flow={PACKETS_PER_FLOW}'], stdout=subprocess.PIPE)
        sizes = watch(sender, processes.worker_of(monitor.process), args.seconds)
        told = json.loads(sender.stdout.read())
        monitor.stop()
        print(f"{told['sent']} packets in {told['seconds']:.1f} s by {method}, memory {sizes[0]:.0f} to {sizes[-1]:.0f} MiB")
        print(monitor.said)
        return common.verdict([('soak', judge(monitor, told['sent'], sizes, not args.sanitized))], 'soak')


if __name__ == '__main__':
    sys.exit(main())
