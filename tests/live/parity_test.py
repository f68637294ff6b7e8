#!/usr/bin/env python3
"""Public captures replayed over cables, at their own pace: what `flowgauge realtime` writes, by eBPF and by libpcap, is row
for row what `flowgauge pcap` makes of tcpdump's capture of the same interface, in all columns but those from timestamps;
so is the account of ignored frames. One replay serves all. Among the rows are those of tags, tunnels, fragments and extension
headers.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import captures
import common
import kinds
import processes
from dump import Dump
from network import Network
from realtime import Realtime
from tables import Comparison

WIRES = 10
TOO_LONG = 'zeek__ipv6-fragmented-dns.pcap'             # no capture with IPv6 fragments is short: this one is hastened
COUNTED = re.compile(r'wire \d+: (\d+) frames, (\d+) left out')


class Replay:
    """The sender: has read the captures when it is made, sends when told to."""

    def __init__(self, sender, net, hands):
        groups = [word for number, hand in enumerate(hands) for word in (['--'] if number else []) + hand]
        self.process = processes.start([sender, 'replay', net.there.name, net.here.name, 0, *groups],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.counts, self.left_out = [], 0
        for _ in hands:
            frames, left_out = map(int, COUNTED.fullmatch(self.process.stdout.readline().decode().strip()).groups())
            self.counts.append(frames)
            self.left_out += left_out

    def send(self):
        self.process.stdin.write(b'go\n')
        self.process.stdin.flush()
        if self.process.wait(processes.LIMIT_SECONDS) != 0:
            raise RuntimeError('the sender failed')


class Wire:
    """One interface and all who look at it."""

    def __init__(self, args, net, number, frames, methods, folder):
        self.args, self.frames, self.interface = args, frames, net.here.interface(number)
        self.dump = Dump(net.here, self.interface, folder / f'{number}.pcap', frames)
        self.offline = self.dump.path.with_suffix('.csv')
        self.monitors = {}
        for method in methods:
            place = folder / f'{number}-{method}'
            place.mkdir()
            options = ['--capture', method, '--plugin-dir', args.plugins]
            options += ['--rings', 2, '--ring-size', '1MiB'] if method == 'ebpf' else []
            self.monitors[method] = Realtime(args.program, net.here, [self.interface], place, *options)

    def wait_until_all_see(self):
        self.dump.wait_until_listening()
        for monitor in self.monitors.values():
            monitor.wait_until_attached()

    def end(self):
        """tcpdump has them all, so every packet has passed the others' hooks."""
        self.dump.wait_for_all()
        for monitor in self.monitors.values():
            monitor.stop()

    def judge(self, comparison):
        report = self.dump.path.with_suffix('.json')
        done = subprocess.run([self.args.program, 'pcap', self.dump.path, '-f', 'canonical', '-o', 'csv', '--plugin-dir', self.args.plugins,
                               '--report', report, '--export-path', self.offline], capture_output=True, text=True)
        if done.returncode:
            return [('offline', [done.stderr])]
        told = json.loads(report.read_text())['ledger']
        return [(method, self.judge_one(comparison, monitor, told)) for method, monitor in self.monitors.items()]

    def judge_one(self, comparison, monitor, told):
        if monitor.code != 0:
            return [f'exit code {monitor.code}: {monitor.said}']
        ledger, out = monitor.report['ledger'], []
        if ledger['frames_read'] != self.frames:
            out.append(f"{ledger['frames_read']} frames seen, {self.frames} sent")
        out += [f'ledger: {name} is {ledger[name]}, from the capture {told[name]}' for name in ('in_flows', 'ignored', 'packets_in_rows', 'balances')
                if ledger[name] != told[name]]
        return out + comparison.differences(monitor.table, self.offline)


def main():
    args = common.arguments(__doc__, wires=WIRES).parse_args()
    common.require()
    folder = pathlib.Path(args.shared, 'captures')
    if not folder.is_dir():
        common.skip(f'{folder} is absent; name the folder with public captures in FLOWGAUGE_SHARED_DIR')
    with Network(args.wires, addresses=False, mtu=65535) as net, tempfile.TemporaryDirectory() as name:
        found = [*captures.replayable(folder), captures.hastened(folder / TOO_LONG, name)]
        hands = captures.dealt(found, args.wires)
        methods = common.methods(args, net.here)
        replay = Replay(args.sender, net, hands)
        wires = [Wire(args, net, number, frames, methods, pathlib.Path(name)) for number, frames in enumerate(replay.counts)]
        for wire in wires:
            wire.wait_until_all_see()
        replay.send()
        for wire in wires:
            wire.end()
        comparison = Comparison(args.program, args.plugins)
        judged = [wire.judge(comparison) for wire in wires]
        seen = kinds.counted([wire.offline for wire in wires])
    findings = [(f'{method}: {" ".join(path.name for path in hand)}', sentences)
                for hand, of_wire in zip(hands, judged) for method, sentences in of_wire]
    findings += [(kind, ['no row of them was compared']) for kind, count in seen.items() if count == 0]
    print(f'{len(found)} captures, {sum(replay.counts)} frames, {replay.left_out} left out as too long or too short to be sent; '
          f'{comparison.rows} rows of {comparison.columns} columns; of those of a capture: '
          + ', '.join(f'{kind} {count}' for kind, count in seen.items()))
    return common.verdict(findings, 'wires')


if __name__ == '__main__':
    sys.exit(main())
