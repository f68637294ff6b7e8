"""The traffic of `./dev live matrix`. Every generator runs on the first processor, where the kernel then also receives, and
ends by itself within the time it is given."""
import contextlib
import os
import pathlib
import signal
import subprocess
from dataclasses import dataclass

import processes
from network import ADDRESS

GENERATOR_CPU = 0
OVERTIME = 20                                           # seconds; what does not end then is killed
NEW_FLOWS_PER_SECOND = 50_000
TRAFGEN = '{{ eth(da=02:00:00:00:00:99, sa=02:00:00:00:00:98), ipv4(saddr=10.0.0.1, daddr=11.0.0.1, ttl=64), ' \
          'udp(sp=dinc(1024, 2023), dp=5000), fill(0x41, {payload}) }}'


@dataclass
class Setting:
    """What a scenario may use."""
    net: object
    sender: str
    folder: pathlib.Path
    captures: pathlib.Path
    seconds: float


def group(namespace, *words, **options):
    """A generator with its children: a process group of its own, bounded in time."""
    bounded = ['timeout', '-k', '1', OVERTIME, 'taskset', '-c', GENERATOR_CPU, *words]
    return namespace.start(*bounded, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


def end(generators):
    for process in generators:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(processes.LIMIT_SECONDS)


def flood(setting, *options):
    net = setting.net
    return [processes.start(['timeout', '-k', '1', OVERTIME, setting.sender, 'flood', net.there.name, net.there.interface(), GENERATOR_CPU,
                             f'seconds={setting.seconds + OVERTIME}', *options], start_new_session=True, stdout=subprocess.DEVNULL)]


def large_udp(setting):
    config = setting.folder / 'large.trafgen'
    config.write_text(TRAFGEN.format(payload=1400 - 28))
    net = setting.net
    return [group(net.there, 'trafgen', '-i', config, '-o', net.there.interface(), '-P', 1, '--no-cpu-stats', '-n', 100_000_000)]


def small_udp(setting):
    return flood(setting, 'bytes=60', 'flows=1000', 'bypass=1')


def short_flows(setting):
    return flood(setting, 'bytes=60', 'packets_per_flow=2', 'bypass=1')


def soak(setting):
    return flood(setting, 'packets_per_flow=2', f'rate={2 * NEW_FLOWS_PER_SECOND}')


def replay(setting):
    net, capture = setting.net, setting.captures / 'ja4__http2-with-cookies.pcapng'
    if not capture.exists():
        return None
    return [group(net.there, 'tcpreplay', '-i', net.there.interface(), '--topspeed', '--preload-pcap', '--loop', 0, capture)]


def mixed(setting):
    """TCP and UDP at once, from there to here."""
    net, out = setting.net, []
    for port, words in ((5201, ['-P', 2]), (5202, ['-u', '-b', 0, '-l', 1000])):
        server = net.here.start('timeout', '-k', '1', OVERTIME, 'taskset', '-c', GENERATOR_CPU, 'iperf3', '-s', '-1', '--forceflush', '-p', port,
                                start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        out.append(server)
        if not processes.Lines(server.stdout).wait_for('listening'):
            raise RuntimeError('iperf3 does not listen')
        out.append(group(net.there, 'iperf3', '-c', ADDRESS['t'][0], '-p', port, '-t', OVERTIME, *words))
    return out


SCENARIOS = {
    'large UDP': large_udp,                             # 1,400 bytes, 1,000 flows, trafgen
    'small UDP': small_udp,                             # 64 bytes with the check sequence, 1,000 flows
    'mixed TCP and UDP': mixed,                         # iperf3
    'short-lived flows': short_flows,                   # two packets each, as fast as they can be sent
    'replay': replay,                                   # HTTP/2 over TLS, tcpreplay
    'soak': soak,                                       # 50,000 new flows a second
}
