#!/usr/bin/env python3
"""On a wire where nothing comes any more, a flow's row is in the file within 2.5 s of its deadline, by each way of capturing, as
docs/realtime.md promises; and not before the deadline."""
import pathlib
import sys
import tempfile
import time

import common
import processes
from network import Network
from realtime import Realtime

PORT = 40001
IDLE_SECONDS, BOUND_SECONDS = 1, 2.5
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


def judge(least, most):
    wrong = [f'the row came {-most:.2f} s before the deadline'] if most < 0 else []
    return wrong + ([f'the row came {least:.2f} s after the deadline, more than {BOUND_SECONDS} s'] if least > BOUND_SECONDS else [])


def main():
    args = common.arguments(__doc__).parse_args()
    common.require()
    with Network() as net:
        late = {method: lateness(args, net, method) for method in common.methods(args, net.here)}
    print(', '.join(f'{method}: {least:.2f} s after the deadline' for method, (least, _) in late.items()))
    return common.verdict([(method, judge(*found)) for method, found in late.items()], 'quiet wires')


if __name__ == '__main__':
    sys.exit(main())
