#!/usr/bin/env python3
"""On a wire where nothing comes any more, a flow's row is in the file within 2.5 s of its deadline, by each way of capturing, as
docs/realtime.md promises; and not before the deadline. A run to which nothing comes wakes up rarely, and counts its ring once."""
import pathlib
import re
import sys
import tempfile
import time

import common
import processes
from network import Network
from realtime import Realtime

PORT = 40001
IDLE_SECONDS, BOUND_SECONDS = 1, 2.5
WAKE_UPS, RING = 20, '64MiB'                            # a second; the memory of the ring
SEND = f"import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {PORT}))"


def wait_for_row(path):
    """When the row was there, on the monotonic clock."""
    until = time.monotonic() + processes.LIMIT_SECONDS
    while not path.exists() or str(PORT) not in path.read_text():
        if time.monotonic() > until:
            raise RuntimeError('the row never came')
        time.sleep(0.005)
    return time.monotonic()


def lateness(args, net, method):
    """(least, most) seconds from the deadline to the row: the packet passed somewhere between the two."""
    with tempfile.TemporaryDirectory() as name:
        monitor = Realtime(args.program, net.here, ['lo'], name, '--capture', method, '--idle-timeout', f'{IDLE_SECONDS}s', schema='basic')
        with processes.running(monitor.process):
            monitor.wait_until_attached()
            before = time.monotonic()
            net.here.run(sys.executable, '-c', SEND)
            after = time.monotonic()
            there = wait_for_row(pathlib.Path(f'{monitor.table}.part'))
            monitor.stop()
    return there - after - IDLE_SECONDS, there - before - IDLE_SECONDS


def wake_ups(number):
    """Of all threads of a process, and of its children."""
    found = 0
    for task in pathlib.Path(f'/proc/{number}/task').iterdir():
        found += int(re.search(r'^voluntary_ctxt_switches:\s*(\d+)$', (task / 'status').read_text(), re.M)[1])
        found += sum(wake_ups(child) for child in (task / 'children').read_text().split())
    return found


def idleness(args, net, method, rings=1, ring=RING):
    """Sentences. Busier machines wake it up less, not more; it may take a while to notice that nothing comes."""
    with tempfile.TemporaryDirectory() as name:
        monitor = Realtime(args.program, net.here, ['flow-t0'], name, '--capture', method, '--ring-size', ring, '--rings', str(rings), schema='basic')
        with processes.running(monitor.process):
            monitor.wait_until_attached()
            until = time.monotonic() + processes.LIMIT_SECONDS
            rate = WAKE_UPS + 1
            while rate > WAKE_UPS and time.monotonic() < until:
                begin, before = time.monotonic(), wake_ups(monitor.process.pid)
                time.sleep(2)
                rate = (wake_ups(monitor.process.pid) - before) / (time.monotonic() - begin)
            code = monitor.stop()
        peak = monitor.report['peak_memory_bytes']
    wrong = [] if rate <= WAKE_UPS and code == 0 else [f'{rate:.1f} wake-ups a second, more than {WAKE_UPS}']
    is_judged = method == 'ebpf' and rings == 1 and not args.sanitized  # a sanitizer has memory of its own
    return wrong + ([] if not is_judged or 64 << 20 < peak < 128 << 20 else [f'a peak of {peak} bytes with a ring of {RING}'])


def judge(least, most):
    wrong = [f'the row came {-most:.2f} s before the deadline'] if most < 0 else []
    return wrong + ([f'the row came {least:.2f} s after the deadline, more than {BOUND_SECONDS} s'] if least > BOUND_SECONDS else [])


def main():
    args = common.arguments(__doc__, sanitized=0).parse_args()
    common.require()
    with Network() as net:
        methods = common.methods(args, net.here)
        idle = [(f'{method}, idle', idleness(args, net, method)) for method in methods]
        if 'ebpf' in methods:
            idle.append(('ebpf, idle, 4 rings', idleness(args, net, 'ebpf', 4, '32MiB')))
        late = {method: lateness(args, net, method) for method in methods}
    print(', '.join(f'{method}: {least:.2f} s after the deadline' for method, (least, _) in late.items()))
    return common.verdict([(method, judge(*found)) for method, found in late.items()] + idle, 'quiet wires')


if __name__ == '__main__':
    sys.exit(main())
