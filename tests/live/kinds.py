"""What kinds of packets the flows of a table had, as far as its rows tell."""
import csv

IPV6_HEADER_BYTES = 40


def has_extensions(row):
    """Not of fragments, whose payload may hold a part of a header: what is left of IPv6 packets without layer 4."""
    packets, bytes_, payload, header = (int(row[name]) for name in ('packet_length.flow.count', 'packet_length.flow.total',
                                                                    'payload_length.flow.total', 'header_length.flow.total'))
    return row['flow.ip_version'] == '6' and row['flow.fragment_packets'] == '0' and bytes_ - payload - header > IPV6_HEADER_BYTES * packets


def is_fragmented(row, version):
    return row['flow.ip_version'] == version and row['flow.fragment_packets'] != '0'


KINDS = {'VLAN tags': lambda row: row['flow.vlan_id'] != '',
         'two VLAN tags': lambda row: row['flow.inner_vlan_id'] != '',
         'VXLAN': lambda row: row['flow.tunnel_type'] == 'vxlan',
         'other tunnels': lambda row: row['flow.tunnel_type'] not in ('', 'vxlan'),
         'IPv4 fragments': lambda row: is_fragmented(row, '4'),
         'IPv6 fragments': lambda row: is_fragmented(row, '6'),
         'IPv6 extension headers': has_extensions}


def counted(paths):
    """{kind: rows} of several tables of the schema `canonical`."""
    rows = [row for path in paths for row in csv.DictReader(path.read_text().splitlines())]
    return {kind: sum(map(is_of, rows)) for kind, is_of in KINDS.items()}
