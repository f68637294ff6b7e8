#!/usr/bin/env python3
"""Every event of the parser against the oracle's decoder: on all captures, on frames made of each header and tunnel, and on
frames of both that were cut, padded, given another link type or had bytes changed (seeded, so that a run can be repeated).

    compare_with_oracle.py PARSE_DUMP ORACLE_FOLDER CAPTURES_FOLDER [--changed N] [--seed N] [--changed-only]

Exit 0 if all agree, 1 with the first differences, 77 if there are no captures.
"""
import argparse, os, random, struct, subprocess, sys

import tunnel_frames

REASONS = ('accepted', 'filtered', 'bad_timestamp', 'unsupported_link_type', 'truncated_l2', 'too_many_tags', 'too_many_labels',
           'not_ip', 'truncated_l3', 'malformed_ip', 'too_many_extensions', 'truncated_l4', 'fragment', 'protocol')
TUNNELS = ('', 'vxlan', 'geneve', 'gre', 'gtpu', 'teredo', 'ipip', '6in4', '4in6', 'ip6in6', 'erspan', 'pptp', 'wccp', 'l2tp', 'l2tpv3',
           'etherip', 'mpls_udp', 'vxlan_gpe', 'gue', 'lisp', 'capwap')
LINK_TYPES = (1, 1, 1, 113, 276, 12, 101, 228, 229, 0, 108, 9, 50, 104, 105, 107, 119, 127, 163, 178, 192, 226, 239, 258)
EVENT = struct.Struct('<q16s16sHHIIIIHBB' 'HBBBBBBHHBBBBIIHHBBH' '16s16s6s6sI')
FIELDS = ('timestamp_ns src_address dst_address src_port dst_port ip_length_bytes payload_length_bytes tcp_seq tcp_ack tcp_window '
          'tcp_flags ip_protocol l3_header_bytes l4_header_bytes ttl ip_version icmp_type icmp_code marks outer_vlan_id '
          'inner_vlan_id vlan_count tunnel_type fragment_protocol partition tunnel_id fragment_id interface key_interface outer_ip_version reserved '
          'payload_offset outer_src_address outer_dst_address src_mac dst_mac payload_captured_bytes').split()
HEADERS = struct.Struct('<I' 'QIIIIHHBBxx')
HEADER_FIELDS = ('header_bytes tcp_options ip_id flow_label tcp_timestamp tcp_timestamp_echo tcp_mss present tcp_window_scale '
                 'traffic_class').split()
assert EVENT.size == 144 and HEADERS.size == 36
FIRST, LATER, ICMP, TUNNEL_ID, MAC = 1, 2, 4, 8, 16
SCTP = {'': 0, 'init': 64, 'abort': 128, 'complete': 192}


def expected(decoder, frame):
    """(reason, fields) as the oracle sees the frame. What only the event has (ttl, the payload's place) is left out."""
    try:
        packet = decoder.decode(frame)
    except oracle_decode.Ignore as ignored:
        return str(ignored), {}
    marks = {'': 0, 'first': FIRST, 'later': LATER}[packet.fragment]
    marks |= (ICMP if packet.icmp_type >= 0 else 0) | (TUNNEL_ID if packet.tunnel_id >= 0 else 0) | (MAC if packet.src_mac else 0)
    marks |= SCTP[packet.sctp]
    mac = lambda text: bytes.fromhex(text.replace(':', '')).ljust(6, b'\0')
    return 'accepted', {
        'src_address': packet.src.ljust(16, b'\0'), 'dst_address': packet.dst.ljust(16, b'\0'),
        'src_port': packet.sport, 'dst_port': packet.dport,
        'ip_length_bytes': min(max(packet.length, 0), 0xFFFFFFFF),
        'payload_length_bytes': min(packet.payload, 0xFFFFFFFF - packet.l3_len - packet.l4_len) if packet.length > 0xFFFFFFFF else packet.payload,
        'tcp_seq': packet.seq, 'tcp_ack': packet.ack, 'tcp_window': packet.window, 'tcp_flags': packet.flags,
        'ip_protocol': packet.proto, 'l3_header_bytes': packet.l3_len, 'l4_header_bytes': packet.l4_len,
        'ip_version': packet.version, 'icmp_type': max(packet.icmp_type, 0), 'icmp_code': max(packet.icmp_code, 0), 'marks': marks,
        'outer_vlan_id': packet.vlans[0] if packet.vlans else 0, 'inner_vlan_id': packet.vlans[-1] if len(packet.vlans) > 1 else 0,
        'vlan_count': len(packet.vlans), 'tunnel_type': TUNNELS.index(packet.tunnel_type), 'tunnel_id': max(packet.tunnel_id, 0),
        'fragment_id': packet.frag_key[2] if packet.fragment else packet.sctp_tag, 'fragment_protocol': packet.frag_key[3] if packet.fragment else 0,
        'outer_src_address': packet.outer_src.ljust(16, b'\0'), 'outer_dst_address': packet.outer_dst.ljust(16, b'\0'),
        'src_mac': mac(packet.src_mac), 'dst_mac': mac(packet.dst_mac),
        **oracle_header_fields.as_struct(packet.fields),
        'timestamp_ns': 0, 'partition': 0, 'interface': 0, 'key_interface': 0, 'outer_ip_version': {0: 0, 4: 4, 16: 6}[len(packet.outer_src)], 'reserved': 0}


def parsed(program, frames, inner, drop):
    """Yields (reason, fields) of the parser for each frame."""
    stream = bytes((inner, drop, drop)) + b''.join(
        struct.pack('<III', frame.linktype, frame.wire_len, len(frame.data)) + frame.data for frame in frames)
    output = subprocess.run([program], input=stream, stdout=subprocess.PIPE, check=True).stdout
    size = 4 + EVENT.size + HEADERS.size
    assert len(output) == len(frames) * size, (len(output), len(frames))
    for at in range(0, len(output), size):
        reason = REASONS[struct.unpack_from('<I', output, at)[0]]
        headers = dict(zip(HEADER_FIELDS, HEADERS.unpack_from(output, at + 4 + EVENT.size)))
        yield reason, dict(zip(FIELDS, EVENT.unpack_from(output, at + 4))) | headers


def check(program, frames, modes):
    """(frames accepted, descriptions of differences)."""
    accepted, differences = 0, []
    for inner, drop in modes:
        settings = oracle_settings.Settings(decapsulate='inner' if inner else 'outer', fragments='drop' if drop else 'join',
                                            udp_payload='packet' if drop else 'datagram')
        decoder = oracle_decode.Decoder(settings)
        for frame, (reason, event) in zip(frames, parsed(program, frames, inner, drop)):
            want_reason, want = expected(decoder, frame)
            accepted += reason == 'accepted'
            wrong = [] if reason == want_reason else [f'reason {reason}, oracle {want_reason}']
            if not wrong and want:
                wrong = [f'{name} {event[name]}, oracle {value}' for name, value in want.items() if event[name] != value]
                wrong += payload_outside(frame, event)
            if wrong:
                differences.append(f'{frame.where} inner={inner} drop={drop} link type {frame.linktype} wire {frame.wire_len} '
                                   f'captured {len(frame.data)}: {"; ".join(wrong)}\n    {frame.data[:160].hex()}')
    return accepted, differences


def payload_outside(frame, event):
    captured = event['payload_captured_bytes']
    if event['payload_offset'] + captured > max(len(frame.data), event['payload_offset']):
        return ['the payload lies outside the frame']
    return ['more payload captured than there is'] if captured > event['payload_length_bytes'] else []


def read_frames(folder):
    frames = []
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if not name.endswith(('.pcap', '.pcapng', '.cap')):
            continue
        try:
            for frame in oracle_capture_file.read_capture(path):
                frame.where = f'{name}:{frame.number}'
                frames.append(frame)
        except oracle_capture_file.CaptureError:
            pass                                            # the frames up to the damage count
    return frames


def change(frame, rng):
    """A frame like it: cut, padded, of another link type, with some bytes changed, with another length on the wire."""
    data = bytearray(frame.data[:400])
    wire, linktype = frame.wire_len, frame.linktype
    dice = rng.random()
    if dice < 0.3:
        data = data[:rng.randrange(min(len(data), 150) + 1)]
    elif dice < 0.4:
        data += bytes(rng.randrange(64))
    elif dice < 0.5:
        linktype = rng.choice(LINK_TYPES)
    if data and rng.random() < 0.7:
        for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
            at = rng.randrange(min(len(data), 130))
            data[at] = rng.choice((0, 1, 4, 6, 17, 33, 41, 43, 44, 47, 50, 51, 58, 60, 132, 136, 0x45, 0x60, 0x08, 0x81, 0x20, 0xFF, rng.randrange(256)))
    if rng.random() < 0.1:
        wire = rng.choice((0, 20, 40, 60, len(data), 65535, 65536, 65589, 65590, 65600, 200000))
    new = oracle_capture_file.Frame(frame.number, 0, wire, bytes(data), linktype)
    new.where = frame.where + ' changed'
    return new


def make_frame(rng, number):
    data = tunnel_frames.make(rng)
    frame = oracle_capture_file.Frame(number, 0, len(data), data, 1)
    frame.where = f'made {number}'
    return frame


def opened(frames):
    """The packets that the oracle finds."""
    decoder = oracle_decode.Decoder(oracle_settings.Settings())
    for frame in frames:
        try:
            yield decoder.decode(frame)
        except oracle_decode.Ignore:
            pass
def link_frames(rng, count):
    """Frames of the link types that few captures have."""
    maker, frames = LinkFrames(rng), []
    for number in range(count):
        linktype, data, wire = maker.frame()
        frames.append(oracle_capture_file.Frame(number, 0, wire, data, linktype))
        frames[-1].where = f'made:{number}'
    return frames


def main():
    global oracle_decode, oracle_settings, oracle_capture_file, oracle_header_fields, LinkFrames
    args = argparse.ArgumentParser()
    args.add_argument('program')
    args.add_argument('oracle')
    args.add_argument('captures')
    args.add_argument('--changed', type=int, default=20000)
    args.add_argument('--seed', type=int, default=1)
    args.add_argument('--changed-only', action='store_true')
    args = args.parse_args()
    if not os.path.isdir(args.captures):
        print(f'skipped: no captures in {args.captures}')
        return 77
    sys.path[:0] = [args.oracle, os.path.join(args.oracle, os.pardir, 'parity')]
    import capture_file as oracle_capture_file
    import decode as oracle_decode
    import header_fields as oracle_header_fields
    import settings as oracle_settings
    from link_frames import LinkFrames

    rng = random.Random(args.seed)
    frames = read_frames(args.captures)
    made = [make_frame(rng, number) for number in range(args.changed // 4)]
    sets = [] if args.changed_only else [('captured', frames, ((1, 0), (0, 1)))]
    sets.append((f'made (seed {args.seed})', made, ((1, 0), (0, 1))))
    sets.append((f'made and changed (seed {args.seed})', [change(rng.choice(made), rng) for _ in range(args.changed)], ((1, 0),)))
    sets.append((f'changed (seed {args.seed})', [change(rng.choice(frames), rng) for _ in range(args.changed)], ((1, 0),)))
    sets.append((f'of rare link types (seed {args.seed})', link_frames(rng, args.changed), ((1, 0),)))
    failed = False
    for name, some, modes in sets:
        accepted, differences = check(args.program, some, modes)
        print(f'{name}: {len(some)} frames in {len(modes)} modes, {accepted} accepted, {len(differences)} differences')
        for text in differences[:10]:
            print('  ' + text)
        failed = failed or bool(differences) or not accepted
    missing = {name for name in TUNNELS if name} - {packet.tunnel_type for packet in opened(made)}
    if made and missing:
        print(f'no frame was made of {", ".join(sorted(missing))}')
        failed = True
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
