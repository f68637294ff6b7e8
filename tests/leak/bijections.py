"""Bijections that change what identifies and keep what section 6 of docs/semantics.md keeps: an address its scope, a port its
class and its service group. Inside what is kept a value lands far away, so that order changes too: the smaller of two
endpoints becomes the greater, and flows go to other partitions."""
import bisect
import ipaddress
import math

from endpoint import SCOPES, port_class

from settings import DEFAULT
from tunnels import EITHER_PORT, TO_PORT

# The parser reads these ports itself: they are those of tunnels. And 0 stands for "no port": a fragment whose first is
# unknown shares its flow with packets that really say 0.
KEPT_PORTS = {*DEFAULT.vxlan_ports, *DEFAULT.geneve_ports, *DEFAULT.gtpu_ports, *TO_PORT, *EITHER_PORT, 0}


class Shuffle:
    """A bijection of 0 .. size - 1 without structure of its own: i -> i * multiplier + offset (mod size)."""
    def __init__(self, size):
        self.size, self.offset = size, size // 3
        self.multiplier = next((m for m in range(int(size * 0.618) | 1, size) if math.gcd(m, size) == 1), 1)
        if size == 2:
            self.multiplier, self.offset = 1, 1

    def __call__(self, value):
        return (value * self.multiplier + self.offset) % self.size


class RangeShuffle:
    """A bijection of the integers in disjoint ranges, as one space: 10/8 may become 192.168/16."""
    def __init__(self, ranges):
        self.starts, self.before, size = [], [], 0
        for start, end in sorted(ranges):
            self.starts.append(start), self.before.append(size)
            size += end - start
        self.shuffle = Shuffle(size)

    def __call__(self, value):
        at = bisect.bisect_right(self.starts, value) - 1
        index = self.shuffle(self.before[at] + value - self.starts[at])
        to = bisect.bisect_right(self.before, index) - 1
        return self.starts[to] + index - self.before[to]


def scope_ranges(version):
    """{scope: [(start, end)]}; what no scope has is global."""
    ranges = {name: [(int(net.network_address), int(net.broadcast_address) + 1) for net in nets if net.version == version]
              for name, nets in SCOPES}
    flat = sorted(r for rs in ranges.values() for r in rs)      # no scope lies in another
    edges = [0, *(edge for r in flat for edge in r), 1 << (32 if version == 4 else 128)]
    ranges['global'] = [(a, b) for a, b in zip(edges[::2], edges[1::2]) if a < b]
    return {name: rs for name, rs in ranges.items() if rs}


class Addresses:
    def __init__(self):
        self.known = {}
        self.of_scope = {version: {name: RangeShuffle(rs) for name, rs in scope_ranges(version).items()} for version in (4, 6)}
        self.ranges = {version: sorted((start, name) for name, rs in scope_ranges(version).items() for start, _ in rs)
                       for version in (4, 6)}

    def __call__(self, address):
        """Of 4 or 16 bytes."""
        if address not in self.known:
            version, value = (4 if len(address) == 4 else 6), int.from_bytes(address, 'big')
            name = self.ranges[version][bisect.bisect_right(self.ranges[version], (value, '~')) - 1][1]
            self.known[address] = self.of_scope[version][name](value).to_bytes(len(address), 'big')
        return self.known[address]


class Ports:
    """One bijection per transport: service groups differ by transport. `group_of(port, protocol)`."""
    def __init__(self, group_of):
        self.moved = {protocol: self.moves(lambda port, p=protocol: group_of(port, p)) for protocol in (6, 17, 33, 132, 136)}

    @staticmethod
    def moves(group_of):
        alike = {}
        for port in range(65536):
            if port not in KEPT_PORTS:
                alike.setdefault((port_class(port), group_of(port)), []).append(port)
        moved = {port: port for port in KEPT_PORTS}
        for ports in alike.values():
            shuffle = Shuffle(len(ports))
            moved |= {port: ports[shuffle(i)] for i, port in enumerate(ports)}
        return moved

    def __call__(self, port, protocol):
        return self.moved[protocol][port]


class TunnelIds:
    """One bijection for all tunnels: what fits into 10 bits (ERSPAN's session), 16 (PPTP's call) or 24 (a VNI) stays so."""
    def __init__(self):
        borders = (0, 1 << 10, 1 << 16, 1 << 24, 1 << 32)
        self.parts = [(low, high, Shuffle(high - low)) for low, high in zip(borders, borders[1:])]

    def __call__(self, value):
        return next(shuffle(value - low) + low for low, high, shuffle in self.parts if value < high)


def check():
    """They are bijections and keep what they promise; of the big ones, on samples."""
    from endpoint import scope
    import random
    rng = random.Random(7)
    addresses = Addresses()
    for version, size in ((4, 4), (6, 16)):
        space = list(ipaddress.ip_network(n) for _, nets in SCOPES for n in nets if n.version == version)
        sample = {rng.getrandbits(8 * size).to_bytes(size, 'big') for _ in range(2000)}
        for net in space:
            sample |= {(int(net.network_address) + rng.randrange(net.num_addresses)).to_bytes(size, 'big') for _ in range(50)}
            sample |= {net.network_address.packed, net.broadcast_address.packed}
        assert all(scope(a) == scope(addresses(a)) for a in sample), 'a scope was left'
        assert len({addresses(a) for a in sample}) == len(sample), 'two addresses became one'
        assert sum(a == addresses(a) for a in sample) <= 4, 'addresses stayed'
    for size in (1, 2, 3, 7, 256, 4096, 60000):
        assert sorted(map(Shuffle(size), range(size))) == list(range(size)), size
