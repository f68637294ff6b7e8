#!/usr/bin/env python3
"""Metrics of a live run: the numbers are those of its report, and no thread that answers has a capability, however packets are taken."""
import pathlib
import re
import sys
import tempfile

import common
import processes
import ring_drops_test
from network import Network
from realtime import Realtime

PACKETS = 500
DAC_OVERRIDE, NET_ADMIN = 1 << 1, 1 << 12
ASK = "import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1]).read().decode())"


def get(net, base, path):
    return net.here.run(sys.executable, '-c', ASK, base + path, capture_output=True, text=True).stdout


def capabilities(pid):
    """Of each thread, as the kernel has them: {thread: {effective and permitted}}."""
    found = {}
    for status in pathlib.Path(f'/proc/{pid}/task').glob('*/status'):
        text = status.read_text()
        found[status.parent.name] = {re.search(rf'^{name}:\s*(\w+)$', text, re.M)[1] for name in ('CapEff', 'CapPrm')}
    return found


def judge(args, net, method):
    with tempfile.TemporaryDirectory() as folder:
        monitor = Realtime(args.program, net.here, ['lo'], folder, *method, '--metrics', 9464, '--plugin-dir', args.plugins)
        with processes.running(monitor.process):
            monitor.wait_until_attached()
            if get(net, 'http://127.0.0.1:9464', '/healthz') != 'ok\n':
                return ['it is not well']
            before = capabilities(processes.worker_of(monitor.process))
            ring_drops_test.send(net, PACKETS)
            text = ''
            seen = re.compile(r'^flowgauge_interface_seen_frames_total{interface="lo",direction="\w+"} (\d+)$', re.M)
            packets = re.compile(r'^flowgauge_packets_total (\d+)$', re.M)
            while not (found := packets.search(text)) or int(found[1]) < PACKETS:
                text = get(net, 'http://127.0.0.1:9464', '/metrics')
            code = monitor.stop()
        # Those who ask are on the interface too.
        (lo,) = monitor.report['live']['interfaces']
        wrong = [] if code == 0 else [f'exit code {code}: {monitor.said}']
        if not PACKETS <= int(seen.search(text)[1]) <= lo['seen']:
            wrong.append(f"{seen.search(text)[1]} packets seen, the report has {lo['seen']}")
        # The thread that answers has none; the others keep what they need to rename outputs, and with clsact to remove
        # the filter.
        without = [thread for thread, sets in before.items() if sets == {'0' * 16}]
        kept = DAC_OVERRIDE | (NET_ADMIN if 'clsact' in method else 0)
        if len(without) != 1 or any(int(one, 16) & ~kept for sets in before.values() for one in sets):
            wrong.append(f'capabilities of threads: {before}')
        return wrong


def main():
    args = common.arguments(__doc__).parse_args()
    common.require()
    with Network() as net:
        methods = common.methods(args, net.here)
        kinds = [('--capture', 'pcap')]
        if 'ebpf' in methods:
            kinds += [('--attach', 'tcx'), ('--attach', 'clsact')]
        return common.verdict([(' '.join(method), judge(args, net, method)) for method in kinds], 'metrics')


if __name__ == '__main__':
    sys.exit(main())
