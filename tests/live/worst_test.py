#!/usr/bin/env python3
"""The worst that a sensor meets, all at once: its interface goes down and comes back, a SYN flood comes and goes, tables rotate, and the
collector of IPFIX and the broker of Kafka are killed and started again. Every packet that the interface counted is in a row or counted
as lost, each row is in the files, and memory stays on its plateau.

FLOWGAUGE_WORST_SECONDS says for how long; the default is short, has no broker, and looks at no memory. FLOWGAUGE_WORST_COLLECTOR: udp or
tcp.
"""
import contextlib
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import common
import processes
import soak_test
from network import FOLDER, Network
from realtime import Realtime

sys.path[:0] = [str(common.HERE.parent / 'app'), str(common.HERE.parent / 'sinks')]

SECONDS = float(os.environ.get('FLOWGAUGE_WORST_SECONDS', 6))
TRANSPORT = os.environ.get('FLOWGAUGE_WORST_COLLECTOR', 'udp')
IS_LONG = SECONDS >= 60
PACE = 1 if IS_LONG else 0.1
FLAP, ROTATE, FLOOD, COLLECTOR, BROKER = (seconds * PACE for seconds in (20, 10, 10, 25, 70))
STEADY_RATE, SYN_RATE = 2_000, 20_000                   # packets a second
COLLECTOR_ADDRESS, COLLECTOR_PORT = '127.0.0.1', 4739
TOPIC = 'worst'
SINK_FAILED = 4                                         # exit code of flowgauge
GROWTH_MIB = 4                                          # from the second third of a long run to the last, by their medians: rows wait
                                                        # in memory while there is no broker
SAID_FAILED = (r'could not deliver ([\d,]+) of', r'kafka: ([\d,]+) rows were dropped')


@contextlib.contextmanager
def inside(namespace):
    """What is started meanwhile is in the namespace."""
    own, other = os.open('/proc/thread-self/ns/net', os.O_RDONLY), os.open(FOLDER / namespace.name, os.O_RDONLY)
    try:
        assert processes.libc.setns(other, 0) == 0
        yield
    finally:
        assert processes.libc.setns(own, 0) == 0
        os.close(own)
        os.close(other)


class Collector:
    """Of several lives, one after the other."""

    def __init__(self, net):
        self.net, self.told, self.process = net, [], None
        self.start()

    def start(self):
        self.process = self.net.here.start(sys.executable, common.HERE / 'collector.py', TRANSPORT, COLLECTOR_ADDRESS, COLLECTOR_PORT,
                                           stdout=subprocess.PIPE)
        self.lines = processes.Lines(self.process.stdout)
        assert self.lines.wait_for('ready')

    def end(self):
        self.process.terminate()
        self.process.wait(processes.LIMIT_SECONDS)
        self.told.append(json.loads(self.lines.all()[-1]))

    def restart(self):
        self.end()
        self.start()


class Broker:
    """None where it cannot be started: then `why_not` says why."""

    def __init__(self, net, stack):
        self.net, self.why_not = net, 'a run as short as this one has none'
        if IS_LONG:
            os.environ.setdefault('FLOWGAUGE_SOURCE_DIR', str(common.HERE.parents[1]))
            os.environ.setdefault('FLOWGAUGE_BINARY_DIR', '')
            import kafka_broker  # pylint: disable=import-outside-toplevel
            self.why_not = kafka_broker.missing()
        if self.why_not:
            return
        with inside(net.here):
            self.broker = kafka_broker.Broker(stack.enter_context(tempfile.TemporaryDirectory()))
            stack.callback(self.broker.kill)
            self.broker.start()

    def restart(self):
        self.broker.kill()
        with inside(self.net.here):
            self.broker.start()

    def messages(self):
        """How many are in the topic, by the offsets of its partitions' ends."""
        words = ['kcat', '-b', self.broker.address, '-Q', *(word for i in range(4) for word in ('-t', f'{TOPIC}:{i}:-1'))]
        told = self.net.here.run(*words, capture_output=True, text=True).stdout
        return sum(int(line.rsplit(' ', 1)[1]) for line in told.splitlines())


class Tables:
    """The rotated files: summed up and deleted as they are finished."""

    def __init__(self, folder):
        self.folder, self.rows, self.packets, self.files = folder, 0, 0, 0

    def take_finished(self):
        for path in self.folder.glob('rows-*.csv'):
            header, *cells = path.read_text().split()
            assert header == 'packets', header
            self.rows, self.packets, self.files = self.rows + len(cells), self.packets + sum(map(int, cells)), self.files + 1
            path.unlink()


def profile(folder, broker):
    columns = [{'name': 'packets', 'expression': 'packet_length.flow.count'}]
    exporters = [{'columns': columns, 'path': f'{folder}/rows.csv', 'rotate': {'interval': f'{max(1, ROTATE):.0f}s'}},
                 {'schema': 'basic', 'path': f'{TRANSPORT}://{COLLECTOR_ADDRESS}:{COLLECTOR_PORT}',
                  'format': {'name': 'ipfix_collector', 'options': {'template_interval': 1} if TRANSPORT == 'udp' else {}}}]
    if not broker.why_not:
        exporters.append({'columns': columns, 'path': TOPIC, 'format': {'name': 'kafka', 'options': {'brokers': broker.broker.address}}})
    path = folder / 'worst.yaml'
    path.write_text(json.dumps({'flow': {'idle_timeout': '1s'}, 'exporters': exporters}))
    return path


class Worst:
    def __init__(self, args, net, monitor, collector, broker):
        self.args, self.net, self.monitor, self.collector, self.broker = args, net, monitor, collector, broker
        self.flaps, self.floods, self.sizes, self.senders = 0, 0, [], []

    def send(self, seconds, rate, *more):
        self.senders.append(processes.start([self.args.sender, 'flood', self.net.there.name, self.net.there.interface(), 0,
                                             f'seconds={seconds}', f'rate={rate}', *more], stdout=subprocess.PIPE))

    def flap(self):
        self.flaps += 1
        for state, said in (('down', 'flow-t0 went down'), ('up', 'flow-t0 is up again')):
            self.net.here.run('ip', 'link', 'set', 'dev', 'flow-t0', state)
            assert self.monitor.lines.wait_for(said, self.flaps), f'never said {said}: {self.monitor.lines.said}'

    def flood(self):
        self.floods += 1
        self.send(FLOOD / 2, SYN_RATE, 'syn=1')

    def go_on(self, tables):
        """Each act when it is due, until the time is up; then until all that was sent has passed the interface."""
        begin = time.monotonic()
        acts = [(FLAP, self.flap), (FLOOD, self.flood), (COLLECTOR, self.collector.restart), (1, lambda: self.watch(tables))]
        acts += [] if self.broker.why_not else [(BROKER, self.broker.restart)]
        due = [begin + period for period, _ in acts]
        self.send(SECONDS, STEADY_RATE, 'packets_per_flow=2')
        while (now := time.monotonic()) < begin + SECONDS:
            for i, (period, act) in enumerate(acts):
                if now >= due[i]:
                    act()
                    due[i] = max(due[i], time.monotonic() - period) + period
            time.sleep(max(0, min(due) - time.monotonic()))
        for sender in self.senders:
            sender.communicate(timeout=processes.LIMIT_SECONDS)
        while any(int(line.split()[11], 16) for line in pathlib.Path('/proc/net/softnet_stat').read_text().splitlines()):
            os.sched_yield()

    def watch(self, tables):
        self.sizes.append(soak_test.resident_mib(processes.worker_of(self.monitor.process)))
        tables.take_finished()


def judge(worst, tables, counted):
    report, out = worst.monitor.report, []
    ledger, sides = report['ledger'], {side['direction']: side for side in report['live']['interfaces']}
    csv, ipfix = report['outputs'][:2]
    failed = [output for output in report['outputs'] if output['rows'] != csv['rows']]
    if worst.monitor.code != (SINK_FAILED if failed else 0):
        out.append(f'exit code {worst.monitor.code}: {worst.monitor.said}')
    if not ledger['balances'] or not report['live']['balances']:
        out.append(f'the account does not balance: {ledger}')
    for direction, expected in counted.items():
        side = sides.get(direction, sides.get('both'))
        if side['seen'] + side['lost_before'] != expected:
            out.append(f'{direction}: the interface counted {expected} packets, {side}')
    if any(side['blind_seconds'] for side in sides.values()):
        out.append(f'it was blind: {sides}')
    lost = sum(side['ring_full'] + side['lost_before'] for side in sides.values())
    if tables.packets + sum(ledger['ignored'].values()) + lost != sum(counted.values()):
        out.append(f'{counted} packets counted, {tables.packets} in rows, {ledger} and {lost} lost')
    if tables.rows != csv['rows'] or tables.rows != sum(report['flows']['by_end_reason'].values()) or tables.files != csv['files']:
        out.append(f"{tables.rows} rows in {tables.files} files, said {csv} and {report['flows']}")
    again = [life['readable'] > 0 for life in worst.collector.told[1:]]
    if not any(again) or (IS_LONG and not all(again[:-1])):
        out.append(f'a collector got nothing that it could read: {worst.collector.told}')
    if not worst.broker.why_not and worst.broker.messages() != report['outputs'][2]['rows']:
        out.append(f"{worst.broker.messages()} messages in the topic, said {report['outputs'][2]}")
    said = sum(int(found.replace(',', '')) for pattern in SAID_FAILED for found in re.findall(pattern, worst.monitor.said))
    if sum(csv['rows'] - output['rows'] for output in report['outputs']) != said:
        out.append(f"{said} rows are said to have failed: {report['outputs']}")
    third = len(worst.sizes) // 3
    if IS_LONG and statistics.median(worst.sizes[-third:]) - statistics.median(worst.sizes[third:-third]) > GROWTH_MIB:
        out.append(f'memory grew: {", ".join(f"{size:.0f}" for size in worst.sizes)} MiB')
    print(f"{counted} packets counted, {tables.rows} rows in {tables.files} files, {worst.flaps} flaps, {worst.floods} floods, "
          f"{lost} packets lost, memory {min(worst.sizes):.0f} to {max(worst.sizes):.0f} MiB")
    print(f"collectors: {worst.collector.told}; {ipfix['rows']} rows certain")
    print(f'without a broker: {worst.broker.why_not}' if worst.broker.why_not else f"Kafka: {report['outputs'][2]['rows']} rows")
    return out


def main():
    args = common.arguments(__doc__).parse_args()
    common.require()
    with Network(addresses=False) as net, tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = pathlib.Path(name)
        method = common.methods(args, net.here)[0]
        collector, broker = Collector(net), Broker(net, stack)
        monitor = Realtime(args.program, net.here, ['flow-t0'], name, '-p', profile(folder, broker), '--capture', method, schema=None, keep_rows=False)
        monitor.wait_until_attached()
        before = {'ingress': net.here.counted('rx_packets'), 'egress': net.here.counted('tx_packets')}
        worst, tables = Worst(args, net, monitor, collector, broker), Tables(folder)
        worst.go_on(tables)
        counted = {'ingress': net.here.counted('rx_packets') - before['ingress'], 'egress': net.here.counted('tx_packets') - before['egress']}
        monitor.stop()
        collector.end()
        tables.take_finished()
        print(re.sub(r'flowgauge: warning: (kafka: .*: |interface flow-t0 ).*\n', '', monitor.said))
        return common.verdict([('worst', judge(worst, tables, counted))], 'worst')


if __name__ == '__main__':
    sys.exit(main())
