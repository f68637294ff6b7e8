"""The numbers of an IP and a TCP header that not every run computes (docs/semantics.md, section 1, "more of the headers")."""
from settings import DCCP, TCP

MOST = 2048                                     # longer headers are not looked at
OPTIONS = {2: ('mss', 4), 3: ('window_scale', 3), 4: ('sack_permitted', 2), 8: ('timestamps', 10)}


def read(packet, data, size):
    """What of {name: value} is there; `data` is the packet as captured, `size` its headers' length."""
    if size > MOST or (packet.proto == DCCP and packet.l4_len == 255):
        return {'header_bytes': 0}
    header = data[:size]
    found = {'header_bytes': len(header)}
    if packet.version == 4:
        found.update(traffic_class=header[1], ip_id=number(header[4:6]))
        if header[6] & 0x40:
            found['dont_fragment'] = True
    else:
        first = number(header[:4])
        found.update(traffic_class=first >> 20 & 0xFF, flow_label=first & 0xFFFFF)
        if packet.fragment:
            found['ip_id'] = packet.frag_key[2]
    if packet.proto == TCP and packet.fragment != 'later':
        tcp = header[packet.l3_len:packet.l3_len + packet.l4_len]
        if len(tcp) < packet.l4_len:
            found['options_cut'] = True
        options(tcp[20:], found)
    return found


def options(data, found):
    kinds = found['tcp_options'] = set()
    while data:
        kind = data[0]
        if kind < 2:
            kinds.add(kind)
            data = data[1:]
            if kind == 0:
                return
            continue
        if len(data) < 2 or not 2 <= data[1] <= len(data):
            found['options_cut'] = True
            return
        kinds.add(kind)
        name, size = OPTIONS.get(kind, ('', 0))
        if data[1] == size:
            found[name] = data[2:size]
        data = data[data[1]:]


def number(data):
    return int.from_bytes(data, 'big')


def as_struct(found):
    """As fg_fields has it: {field: value}."""
    bits = ('ip_id', 'dont_fragment', 'flow_label', 'mss', 'window_scale', 'sack_permitted', 'timestamps', 'options_cut')
    stamps = found.get('timestamps', bytes(8))
    return {'tcp_options': sum({1 << min(kind, 63) for kind in found.get('tcp_options', ())}), 'ip_id': found.get('ip_id', 0),
            'flow_label': found.get('flow_label', 0), 'tcp_timestamp': number(stamps[:4]), 'tcp_timestamp_echo': number(stamps[4:]),
            'tcp_mss': number(found.get('mss', b'')), 'present': sum(1 << bit for bit, name in enumerate(bits) if name in found),
            'tcp_window_scale': number(found.get('window_scale', b'')), 'traffic_class': found.get('traffic_class', 0),
            'header_bytes': found['header_bytes']}
