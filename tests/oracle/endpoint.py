"""What a flow's addresses and ports say: scopes, locality, port classes, service group, Community ID."""
import base64
import functools
import hashlib
import ipaddress
import pathlib
import re

from settings import ICMP, ICMP6, SCTP, TCP, UDP

SCOPES = [(name, [ipaddress.ip_network(net) for net in nets.split()]) for name, nets in (
    ('unspecified', '0.0.0.0/32 ::/128'),
    ('broadcast', '255.255.255.255/32'),
    ('loopback', '127.0.0.0/8 ::1/128'),
    ('link_local', '169.254.0.0/16 fe80::/10'),
    ('private', '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7'),
    ('shared', '100.64.0.0/10'),
    ('multicast', '224.0.0.0/4 ff00::/8'))]


@functools.lru_cache(65536)
def text(address):
    return str(ipaddress.ip_address(address))


@functools.lru_cache(65536)
def scope(address):
    a = ipaddress.ip_address(address)
    for name, networks in SCOPES:
        if any(a.version == net.version and a in net for net in networks):
            return name
    return 'global'


def path_locality(a, b):
    near = ('loopback', 'link_local', 'private', 'shared')
    if 'multicast' in (a, b): return 'multicast'
    if a == b == 'loopback': return 'loopback'
    if a == b == 'link_local': return 'link_local'
    if a in near and b in near: return 'private'
    if (a in near) != (b in near): return 'mixed'
    if a == b == 'global': return 'public'
    return 'other'


def port_class(port):
    return 'well-known' if port < 1024 else 'registered' if port < 49152 else 'dynamic'


@functools.cache
def service_table():
    """{(port, protocol): group}, as docs/columns.md shows it."""
    page = pathlib.Path(__file__).resolve().parents[2].joinpath('docs/columns.md').read_text()
    rows = re.findall(r'^\| `(\w+)` \| (\d.*) \|$', page[page.index('\n## Service groups\n'):], re.MULTILINE)
    numbers = {'tcp': TCP, 'udp': UDP, 'sctp': SCTP}
    return {(int(port), numbers[name]): group for group, ports in rows for entry in ports.split(', ')
            for port, names in [entry.split('/')] for name in names.split('+')}


def service_group(port, proto):
    return service_table().get((port, proto), 'other')


# Community ID: the type that answers an ICMP type takes the other port's place; other types have no answer.
ICMP_ANSWER = {ICMP: {8: 0, 0: 8, 13: 14, 14: 13, 15: 16, 16: 15, 17: 18, 18: 17, 10: 9, 9: 10},
               ICMP6: {128: 129, 129: 128, 133: 134, 134: 133, 135: 136, 136: 135, 130: 131, 131: 130, 144: 145, 145: 144,
                       139: 140, 140: 139}}


def community_id(src, dst, sport, dport, proto, icmp_type=-1, icmp_code=-1):
    """Version 1, seed 0; source and destination of the flow's first packet, and its ICMP type and code."""
    ordered = (src, sport) <= (dst, dport)
    if proto in ICMP_ANSWER and icmp_type >= 0:
        answer = ICMP_ANSWER[proto].get(icmp_type)
        sport, dport = icmp_type, icmp_code if answer is None else answer
        ordered = answer is None or (src, sport) <= (dst, dport)
    if not ordered:
        src, dst, sport, dport = dst, src, dport, sport
    data = b'\0\0' + src + dst + bytes((proto, 0))
    if proto in (TCP, UDP, SCTP) or proto in ICMP_ANSWER and icmp_type >= 0:       # others have no ports
        data += sport.to_bytes(2, 'big') + dport.to_bytes(2, 'big')
    return '1:' + base64.b64encode(hashlib.sha1(data).digest()).decode()
