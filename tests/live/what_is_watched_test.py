#!/usr/bin/env python3
"""Which packets make up which flows, and on which interface, by each way of capturing: one 5-tuple on two interfaces, apart and
merged; one direction alone; lo; and super-packets, which offloads make: the flows are those of tcpdump's capture, which has them too."""
import csv
import functools
import pathlib
import struct
import subprocess
import sys
import tempfile

import captures
import common
import processes
from beside_dump import BesideDump, differences, rows
from network import ADDRESS, MAC, Network
from realtime import Realtime

PORT, PACKETS, STREAM_BYTES, MTU = 40001, 5, 2_000_000, 1500
SEND_FRAMES = "import socket; s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(('{interface}', 0)); " \
              "[s.send(bytes.fromhex('{frame}')) for _ in range({count})]"
TO_ITSELF = f"import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', {PORT})); " \
            f"[s.sendto(b'x', ('127.0.0.1', {PORT})) for _ in range({PACKETS})]"
SERVE = f"import socket; s = socket.create_server(('', {PORT})); print('listening', flush=True); c, _ = s.accept(); " \
        "[None for _ in iter(lambda: c.recv(65536), b'')]; c.close()"
STREAM = f"import socket; s = socket.create_connection(('{{host}}', {PORT})); s.sendall(bytes({STREAM_BYTES})); s.shutdown(1); s.recv(1)"


def send(end, wire):
    """The same UDP datagram, without a check sum, whichever end and wire it leaves by."""
    ip = struct.pack('!BBHHHBBH4B4B', 0x45, 0, 28, 0, 0, 64, 17, 0, 10, 0, 0, 1, 10, 0, 0, 2)
    frame = bytes.fromhex((MAC['t'] + MAC['p']).replace(':', '')) + b'\x08\x00' + ip + struct.pack('!4H', 1000, 2000, 8, 0)
    end.run(sys.executable, '-c', SEND_FRAMES.format(interface=end.interface(wire), frame=frame.hex(), count=PACKETS))


def watch(args, net, interfaces, options, traffic):
    """((packets, ingress, interface) of each flow, {(interface, direction): frames seen}) of a monitor beside traffic()."""
    with tempfile.TemporaryDirectory() as folder:
        profile = pathlib.Path(folder, 'p.yaml')
        profile.write_text('exporters: [{columns: [packet_length.flow.count, flow.ingress, flow.interface]}]\n')
        monitor = Realtime(args.program, net.here, interfaces, folder, *options, '-p', profile, '--plugin-dir', args.plugins, schema=None)
        with processes.running(monitor.process):
            monitor.wait_until_attached()
            traffic()
            if monitor.stop() != 0:
                raise RuntimeError(monitor.said)
        with open(monitor.table, newline='') as f:
            flows = sorted((int(row['packet_length.flow.count']), row['flow.ingress'], row['flow.interface']) for row in csv.DictReader(f))
        return flows, {(one['interface'], one['direction']): one['seen'] for one in monitor.report['live']['interfaces']}


def simple_cases(args, net, method):
    """(name, what is found, what is expected) on cables where nobody speaks but this test."""
    first, second = net.here.interface(0), net.here.interface(1)
    other_way = {(name, 'egress'): 0 for name in (first, second)} if method == 'ebpf' else {}
    way = 'ingress' if method == 'ebpf' else 'both'
    seen, n = {(first, way): PACKETS, (second, way): PACKETS, **other_way}, PACKETS

    def case(interfaces, options, *senders):
        return watch(args, net, interfaces, ['--capture', method, *options], lambda: [send(*one) for one in senders])
    on_both = ((net.there, 0), (net.there, 1))
    yield 'two interfaces', case([first, second], [], *on_both), ([(n, first, first), (n, second, second)], seen)
    yield 'two interfaces, merged', case([first, second], ['--merge-interfaces'], *on_both), ([(2 * n, first, '')], seen)
    yield 'the other first, merged', case([first, second], ['--merge-interfaces'], *on_both[::-1]), ([(2 * n, second, '')], seen)
    yield 'ingress only', case([first], ['--ingress-only'], (net.there, 0), (net.here, 0)), ([(n, first, first)], {(first, 'ingress'): n})
    lo = watch(args, net, ['lo'], ['--capture', method], lambda: net.here.run(sys.executable, '-c', TO_ITSELF))
    yield 'lo', lo, ([(n, 'lo', 'lo')], {('lo', 'ingress'): n})


def stream(client, server):
    process = server.start(sys.executable, '-c', SERVE, stdout=subprocess.PIPE)
    with processes.running(process):
        if not processes.Lines(process.stdout).wait_for('listening'):
            raise RuntimeError('the server does not listen')
        client.run(sys.executable, '-c', STREAM.format(host=ADDRESS[server.side][0]))
        process.wait(processes.LIMIT_SECONDS)


def super_packets(path):
    """How many frames are longer than the cable takes, and how many packets of it they stand for."""
    count = segments = 0
    for frame in captures.read_capture(path):
        length, tcp = struct.unpack_from('!H', frame.data, 16)[0], 14 + 4 * (frame.data[14] & 15)
        if length <= MTU:
            continue
        headers = tcp - 14 + frame.data[tcp + 12] // 16 * 4
        count, segments = count + 1, segments - (headers - length) // (MTU - headers)
    return [count, segments]


def judge_offloads(offline, known, method, monitor):
    mine = rows(monitor.table)
    wrong = differences(mine, offline) + ([] if len(mine) == 2 else [f'{len(mine)} flows, expected 2'])
    sides = monitor.report['live']['interfaces']
    told = [[side[name] for side in sides] for name in ('gso_packets', 'gso_segments')]
    as_expected = [sum(numbers) for numbers in told] == known if method == 'ebpf' else told == [[None], [None]]
    return wrong + ([] if as_expected and known[0] > 0 else [f'super-packets and their segments are {told}, in the capture {known}'])


def offload_cases(args):
    """Streams both ways over a cable whose ends join packets."""
    with Network(offloads=True, mtu=MTU) as net, tempfile.TemporaryDirectory() as name:
        beside = BesideDump(args, net, pathlib.Path(name))
        stream(net.there, net.here)
        stream(net.here, net.there)
        beside.stop()
        judge = functools.partial(judge_offloads, rows(beside.offline()), super_packets(beside.dump.path))
        return [(f'{method}: offloads', said) for method, said in beside.judged(judge)]


def main():
    args = common.arguments(__doc__).parse_args()
    common.require()
    findings = []
    with Network(wires=2, addresses=False) as net:
        for method in common.methods(args, net.here):
            findings += [(f'{method}: {name}', [] if found == expected else [f'{found}, expected {expected}'])
                         for name, found, expected in simple_cases(args, net, method)]
    return common.verdict([*findings, *offload_cases(args)], 'what is watched')


if __name__ == '__main__':
    sys.exit(main())
