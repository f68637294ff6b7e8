#!/usr/bin/env python3
"""What is wrong is said while it is wrong, and once more with its total when it is over: a ring that overflows, a reader that stops. The
statistics' differences add up to the report."""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile

import common
import processes
import ring_drops_test
from network import Network
from realtime import Realtime

PORT, BURST, FLOWS = 40001, 3000, 30_000
FULL = 'packets find no room in their ring'
SLOW = 'standard output took rows too slowly'
TIME = r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z'
# A packet for each port that it has, to one socket: each is a flow of its own.
SEND = ("import socket; r = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); r.bind(('127.0.0.1', {port}))\n"
        "for i in range({flows}):\n"
        "    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind((f'127.0.{{1 + i // 10000}}.1', 20000 + i % 10000)); "
        "s.sendto(b'x', ('127.0.0.1', {port})); s.close()")


def interface_sums(path):
    """seen and ring_full, summed up over all lines."""
    with open(path) as f:
        lines = [json.loads(line)['interfaces'][0] for line in f]
    return {name: sum(line[name]['new'] for line in lines) for name in ('seen', 'submitted', 'ring_full', 'ignored')}


def a_ring_overflows(args, net):
    with tempfile.TemporaryDirectory() as folder:
        monitor = Realtime(args.program, net.here, ['lo'], folder, '--capture', 'ebpf', '--rings', 1, '--ring-size', '64KiB', '--stats',
                           f'{folder}/stats.jsonl', '--stats-interval', '50ms', '--plugin-dir', args.plugins)
        with processes.running(monitor.process):
            monitor.wait_until_attached()
            worker = processes.worker_of(monitor.process)
            os.kill(worker, signal.SIGSTOP)
            ring_drops_test.wait_until_stopped(worker)
            ring_drops_test.send(net, BURST)
            os.kill(worker, signal.SIGCONT)
            begun, over = monitor.lines.wait_for(f'{FULL} since'), monitor.lines.wait_for(f'{FULL} from')
            code = monitor.stop()
        (lo,) = monitor.report['live']['interfaces']
        ended = re.search(rf'warning: {FULL} from {TIME} to {TIME}: ([\d,]+) packets lost; ', monitor.said)
        wrong = [] if code == 0 and begun and over and ended else [f'exit code {code}, said {monitor.said}']
        if ended and int(ended[1].replace(',', '')) != lo['ring_full']:
            wrong.append(f"said {ended[1]} packets lost, the report {lo['ring_full']}")
        sums = interface_sums(f'{folder}/stats.jsonl')
        expected = {**{name: lo[name] for name in ('seen', 'submitted', 'ring_full')}, 'ignored': sum(lo['ignored'].values())}
        return wrong + ([] if sums == expected else [f'statistics add up to {sums}, the report says {expected}'])


def a_reader_stops(args, net):
    """Rows fill the pipe; then they are read. No worker is blamed."""
    with tempfile.TemporaryDirectory() as folder:
        command = net.here.command(args.program, 'realtime', 'lo', '--idle-timeout', 1, '-f', 'canonical', '-o', 'csv', '--plugin-dir', args.plugins,
                                   '--report', f'{folder}/report.json')
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        lines = processes.Lines(process.stderr)
        with processes.running(process):
            if not lines.wait_for('capturing from'):
                return [f'did not begin: {lines.all()}']
            net.here.run(sys.executable, '-c', SEND.format(port=PORT, flows=FLOWS))
            # Whatever comes lets time pass for flows that are quiet.
            begun = lines.wait_for('standard output takes rows too slowly since')
            rows = processes.Lines(process.stdout)
            over = lines.wait_for(f'{SLOW} from')
            process.send_signal(signal.SIGINT)
            code = process.wait(processes.LIMIT_SECONDS)
            said, shown = '\n'.join(lines.all()), len(rows.all()) - 1
        with open(f'{folder}/report.json') as f:
            report = json.load(f)
        wrong = [] if code == 0 and begun and over else [f'exit code {code}, said {said}']
        if 'behind the traffic' in said:
            wrong.append(f'a worker is blamed: {said}')
        return wrong + ([] if shown == report['outputs'][0]['rows'] >= FLOWS else [f"{shown} rows, the report has {report['outputs'][0]['rows']}"])


def main():
    args = common.arguments(__doc__).parse_args()
    common.require()
    with Network() as net:
        if 'ebpf' not in common.methods(args, net.here):
            common.skip('rings are those of eBPF')
        return common.verdict([('a ring overflows', a_ring_overflows(args, net)), ('a reader stops', a_reader_stops(args, net))], 'conditions')


if __name__ == '__main__':
    sys.exit(main())
