"""A veth cable between two network namespaces that nobody else uses: `here`, where the monitor listens (flow-t0), and
`there`, where the traffic comes from (flow-p0).

    with Network(wires=1) as net:
        net.here.run('ip', 'link')

Everything is removed on every way out; what a killed run left behind is recognised by its name, which holds the process
that made it and when that process began, and removed by the next one.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

import processes

FOLDER = pathlib.Path('/run/netns')                    # where `ip netns` keeps them
WAS_MOUNTED = os.path.ismount(FOLDER)                   # else the first `ip netns add` mounts it, for good
PREFIX = 'flowgauge-live'
RUN = re.compile(PREFIX + r'-(\d+)-(\d+)-[tp]')
KEPT = f'{PREFIX}-up'                                   # of `./dev live up`: stays until `./dev live down`
MAC = {'t': '02:00:00:00:00:01', 'p': '02:00:00:00:00:02'}
ADDRESS = {'t': ('10.203.0.1', 'fd42:203::1'), 'p': ('10.203.0.2', 'fd42:203::2')}
OFFLOADS = ('gro', 'gso', 'tso', 'tx', 'rx', 'sg', 'txvlan', 'rxvlan')


def started(pid):
    """When the process began, in clock ticks since boot: with the pid it names a process for good. None: it is gone."""
    try:
        return int(pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()[19])
    except (FileNotFoundError, ProcessLookupError):
        return None


def names():
    told = subprocess.run(['ip', 'netns', 'list'], capture_output=True, text=True, check=True).stdout
    return [line.split()[0] for line in told.splitlines() if line]


def remove_leftovers():
    """Namespaces of runs whose process is gone. Returns their names."""
    left = [name for name in names() if (run := RUN.fullmatch(name)) and started(int(run[1])) != int(run[2])]
    for name in left:
        subprocess.run(['ip', 'netns', 'delete', name], check=False)
    return left


def leave_folder():
    """As it was found, unless somebody else has namespaces in it now."""
    if not WAS_MOUNTED and not names():
        subprocess.run(['umount', FOLDER], stderr=subprocess.DEVNULL, check=False)


class Namespace:
    def __init__(self, name, side):
        self.name, self.side = name, side

    def interface(self, wire=0):
        return f'flow-{self.side}{wire}'

    def command(self, *words):
        # Not `ip netns exec`, which mounts: in a chroot whose root is no mount point it cannot.
        return ['nsenter', f'--net={FOLDER / self.name}', *map(str, words)]

    def run(self, *words, **options):
        return subprocess.run(self.command(*words), check=True, **options)

    def start(self, *words, **options):
        """The process itself, not one around it; it ends when this one does."""
        return processes.start(self.command(*words), **options)

    def counted(self, what, wire=0):
        """A statistic of the interface: tx_packets, rx_packets."""
        direction, unit = what.split('_')
        told = self.run('ip', '-json', '-statistics', 'link', 'show', 'dev', self.interface(wire), capture_output=True).stdout
        return json.loads(told)[0]['stats64'][direction][unit]


class Network:
    """`wires`: cables, all between the same two namespaces. `addresses`: the first cable's ends have them, IPv4 and IPv6;
    else nobody speaks by itself: no address, no IPv6. `mtu`: 65535 lets every captured frame through."""

    def __init__(self, wires=1, addresses=True, mtu=1500, offloads=False, name=None):
        base = name or f'{PREFIX}-{os.getpid()}-{started(os.getpid())}'
        self.here, self.there = Namespace(f'{base}-t', 't'), Namespace(f'{base}-p', 'p')
        self.wires, self.addresses, self.mtu, self.offloads = wires, addresses, mtu, offloads

    def __enter__(self):
        remove_leftovers()
        processes.end_in_order_on_signals()
        try:
            self.build()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_):
        self.remove()

    def remove(self):
        for namespace in (self.here, self.there):
            subprocess.run(['ip', 'netns', 'delete', namespace.name], stderr=subprocess.DEVNULL, check=False)
        leave_folder()

    def build(self):
        for end in (self.here, self.there):
            subprocess.run(['ip', 'netns', 'add', end.name], check=True)
        for end in (self.here, self.there):
            self.quieten(end, 'default')                # before there is an interface that could speak
        for wire in range(self.wires):
            self.lay(wire)
        for end in (self.here, self.there):
            end.run('ip', '-batch', '-', input='\n'.join(self.set_up(end)).encode())

    def quieten(self, end, interface):
        """No neighbour discovery, no routers, no groups to report."""
        ipv6 = pathlib.Path('/proc/sys/net/ipv6/conf', interface)
        values = {'disable_ipv6': 0 if self.addresses else 1, 'accept_dad': 0, 'accept_ra': 0, 'router_solicitations': 0,
                  'addr_gen_mode': 1}                   # 1: no link-local address
        end.run('sh', '-c', ';'.join(f'echo {value} >{ipv6}/{key}' for key, value in values.items() if ipv6.exists()) or 'true')

    def lay(self, wire):
        queues = 'numtxqueues 2 numrxqueues 2'
        subprocess.run(f'ip link add {self.here.interface(wire)} netns {self.here.name} mtu {self.mtu} {queues} type veth '
                       f'peer name {self.there.interface(wire)} netns {self.there.name} mtu {self.mtu} {queues}'.split(), check=True)
        if not self.offloads:
            for end in (self.here, self.there):
                switches = ' '.join(f'{name} off' for name in OFFLOADS).split()
                end.run('ethtool', '-K', end.interface(wire), *switches, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def set_up(self, end):
        other = 'p' if end.side == 't' else 't'
        yield 'link set lo up'
        for wire in range(self.wires):
            device = end.interface(wire)
            if wire == 0:
                yield f'link set {device} address {MAC[end.side]}'
            if wire == 0 and self.addresses:
                yield f'addr add {ADDRESS[end.side][0]}/30 dev {device}'
                yield f'addr add {ADDRESS[end.side][1]}/64 dev {device} nodad'
            if not self.offloads:                       # TCP builds super-packets whatever ethtool says
                yield f'link set {device} gso_max_segs 1'
            yield f'link set {device} up'
            if wire == 0 and self.addresses:
                for address in ADDRESS[other]:
                    yield f'neigh replace {address} lladdr {MAC[other]} dev {device} nud permanent'


def keep():
    """Cables that stay after this process, to try things on."""
    down()
    net = Network(name=KEPT)
    net.build()
    print(f'ip netns exec {net.here.name} flowgauge realtime {net.here.interface()}     # where the monitor listens: {", ".join(ADDRESS["t"])}\n'
          f'ip netns exec {net.there.name} ping {ADDRESS["t"][0]}                  # where the traffic comes from: {", ".join(ADDRESS["p"])}\n'
          './dev live down                                                # removes both')


def down():
    remove_leftovers()
    Network(name=KEPT).remove()


if __name__ == '__main__':
    {'up': keep, 'down': down}[sys.argv[1]]()
