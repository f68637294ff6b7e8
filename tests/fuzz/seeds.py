#!/usr/bin/env python3
"""Inputs that a fuzz target begins with, made of what the project and a folder of public captures hold; and a run of the
target over them and over changed copies.

    seeds.py TARGET FOLDER PROJECT CAPTURES                 writes them into FOLDER
    seeds.py TARGET --run PROGRAM CHANGED PROJECT CAPTURES  runs `fuzz_TARGET` over them and so many changed copies
"""
import gzip
import hashlib
import pathlib
import platform
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'oracle'))

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'parity'))

import capture_writer
import compressed
from capture_file import CaptureError, read_capture
from small_elf import small_elf

SECTION = b'\x0a\x0d\x0d\x0a'
CLASSIC = tuple(map(bytes.fromhex, ('d4c3b2a1', 'a1b2c3d4', '4d3cb2a1', 'a1b23c4d', '34cdb2a1', 'a1b2cd34')))
COMPRESSED = tuple(map(bytes.fromhex, ('1f8b', '28b52ffd', '425a68', 'fd377a585a', '04224d18')))
SKIPPED_OF_ZSTD = bytes.fromhex('2a4d18')  # behind a byte 0x50 to 0x5f
MOST_BYTES = 16_384             # of a file; of longer ones the beginning
MOST_FRAMES, MOST_FRAME = 12, 400


def files(folders):
    for folder in folders:
        yield from sorted(p for p in pathlib.Path(folder).rglob('*') if p.is_file() and p.parent.name != 'large')


def frames(path):
    """Of a capture's frames the first ones and some of the others."""
    found = []
    try:
        for frame in read_capture(path):
            found.append(frame)
            if len(found) == 1000:
                break
    except (CaptureError, OSError, EOFError, ValueError, subprocess.CalledProcessError):
        pass
    some = found[:MOST_FRAMES // 2]
    rest = found[len(some):]
    return some + rest[::max(1, 2 * len(rest) // MOST_FRAMES)]


UDP = struct.pack('>BBHHHBBH4B4B4H', 0x45, 0, 32, 1, 0, 64, 17, 0, 10, 0, 0, 1, 10, 0, 0, 2, 1000, 2000, 12, 0) + b'what'
ETHERNET = bytes(12) + b'\x08\0' + UDP
NFLOG = 239


def parse_seeds(paths):
    """As tests/fuzz/parse.cpp reads them. No capture has bridged frames in Frame Relay (RFC 2427)."""
    for bridged in (b'\0\x01', b'\0\x07'):
        yield struct.pack('<HBB', 107, 0, 0) + b'\x18\x41\x03\0\x80\0\x80\xc2' + bridged + ETHERNET
    for path in paths:
        for frame in frames(path):
            data = frame.data[:MOST_FRAME]
            longer = min(255, (max(0, frame.wire_len - len(data)) + 63) // 64)
            yield struct.pack('<HBB', frame.linktype & 0xFFFF, 0, longer) + data


def file_seeds(paths, magics):
    for path in paths:
        with open(path, 'rb') as f:
            data = f.read(MOST_BYTES)
        if data.startswith(magics):
            yield data


def pcapng_seeds(paths):
    """Those of captures, and NFLOG frames of a machine of the other byte order, which are changed where they lie."""
    yield from file_seeds(paths, SECTION)
    for end in '<>':
        parts = struct.pack(end + 'HH', 8, 10) + bytes(4) + struct.pack(end + 'HH', 4 + len(UDP), 9) + UDP
        frame = b'\x02\0\0\x01' + parts
        for data in (frame, frame + struct.pack(end + 'HH', 3, 1), frame + struct.pack(end + 'HH', 99, 1), frame[:-9]):
            yield capture_writer.pcapng([capture_writer.Record(10 ** 18, data, len(data))], NFLOG, capture_writer.Format(name='pcapng', end=end))


def stream_seeds(paths):
    yield from file_seeds(paths, COMPRESSED)
    yield from compressed.contents()


def decoder_seeds(paths):
    """As tests/fuzz/decoders.cpp reads them: which decoder, in what pieces."""
    for number, data in enumerate(stream_seeds(paths)):
        for which, magic in enumerate(COMPRESSED):
            if data.startswith(magic) or (which == 1 and data[1:4] == SKIPPED_OF_ZSTD):
                yield bytes((which, number * 37 & 63)) + data


def page_blocks(project, kind):
    for page in sorted((project / 'docs').rglob('*.md')):
        for block in re.findall(rf'^```{kind}\n(.*?)^```', page.read_text(), re.MULTILINE | re.DOTALL):
            yield block


# Each function and comparison once, of each type that it takes.
EXPRESSIONS = (
    [f'a.{one} {compared} a.{other}' for one, other in ('tw', 'ui', 'de', 'bb') for compared in ('==', '!=', '<', '<=', '>', '>=')] +
    [f'{call}({column})' for call in ('us', 'ms', 's', 'abs', 'round', 'log2') for column in ('a.u', 'a.i', 'a.d', 'a.s.std')] +
    [f'{call}(a.{one}, a.{other})' for call in ('min', 'max', 'coalesce') for one, other in ('uv', 'ui', 'de', 'ij')] +
    [f'coalesce(a.n{one}, a.{one})' for one in 'uidtl'] +
    [f'if(a.b, a.{one}, a.{other})' for one, other in (*('uv', 'ij', 'ue', 'bb', 'tw'), ('l', 'nl'), ('li', 'li'), ('lt', 'lt'))] +
    [f'{call}(a.{column}{more})' for call, more in (('length', ''), ('item', ', 1')) for column in ('l', 'li', 'lf', 'lt', 'nl')] +
    [f'elapsed(a.{one}, a.{other}, us)' for one, other in ('xy', 'ix', 'xi', 'ij')] +
    [f'a.s.{member}' for member in ('count', 'total', 'mean', 'std', 'std_sample', 'min', 'max')] +
    [f'floor(a.{one}, ms)' for one in 'uix'] + [f'is_null(a.n{one})' for one in 'uidtl'] +
    ['trunc_div(a.i, a.v)', 'trunc_div(a.s.total, a.s.count)', 'time_text(floor(a.i, us))', 'port_class(a.u)', 'service_group(a.u, a.v)',
     'prefix(a.t, 2)', 'length(a.t)', 'join(a.t, a.nt)', 'map(a.u){1: 2; else 3}', "map(a.t){'a': 'b'; else a.w}", 'a.i % a.v',
     'a.u + s.n', 'abs(s.k)', 's.f * 2', 'join(s.t, a.t)', 'item(s.l, 0)', 'coalesce(s.n, a.u)'])


def expression_seeds(project):
    """As tests/fuzz/expression.cpp reads them; names of columns become those that it knows."""
    found = EXPRESSIONS + [line.split(' -> ')[0].strip() for block in page_blocks(project, 'expression') for line in block.splitlines()]
    for source in sorted((project / 'plugins/exporters/schemas').glob('*.cpp')):
        found += re.findall(r'\{"[^"]*",\s*"([^"]+)",\s*FG_', source.read_text())
    source = (project / 'tests/expression/expression_test.cpp').read_text()
    found += re.findall(r'^ +\{"((?:[^"\\]|\\.)+)",\s*FG_', source, re.MULTILINE)
    chance = random.Random(1)
    for text in sorted(set(found)):
        text = re.sub(r'\b(?:flow\.(?:first|last)_seen|timing\.\w+)', 'a.x', text)
        text = re.sub(r'\b\w+\.\w+\.(mean|std|std_sample|min|max|total|count)\b', r'a.s.\1', text)
        text = re.sub(r'(?<!\.)\b(\w+)\.(mean|std|std_sample|min|max|total|count)\b', r'a.s.\2', text)
        text = re.sub(r'\bmisc\.(\w+)', r'a.\1', text)
        text = re.sub(r"(?<!')\b(?!a\.)[a-z]\w+\.[a-z]\w+\b", 'a.u', text)
        yield text.encode() + b'\n' + chance.randbytes(200)


def profile_seeds(project):
    for folder in ('configs', 'fixtures/profiles'):
        for path in sorted((project / folder).rglob('*.yaml')):
            yield path.read_bytes()
    for block in page_blocks(project, 'yaml'):
        yield block.encode()


def editor_seeds(project):
    """As tests/fuzz/editor.cpp reads them: profiles, and what a person does with them."""
    up, down, delete, end, plan = (bytes((key,)) for key in (0xf5, 0xf6, 0xfd, 0xfc, 0xff))
    # Tab is the next section, from the first one on.
    base, schema, columns, timeouts, contamination, outputs = (b'\t' * section for section in (1, 2, 4, 5, 7, 8))
    own_table = schema + b'\n'
    people = (
        b'\t'.join((down * 2 + b'\n',) * 12),
        b'm' * 4 + b'e\x15what\n' + plan * 2 + b'm',
        own_table + b'\t\t\nms(iat.iat.mean)\n' + down + b'e\x15gap\n' + down * 5 + b'\n',
        own_table + b'\t ' + b'\t/iat\n\n',
        schema + down + b'\n' + outputs[2:] + down + b'e\x15rows.jsonl\n' + end + up + b'\n',
        outputs + down * 9 + b'\n' + delete + b's\x1bqn',
        contamination + b'\n' + down * 4 + b'\n\n',
        timeouts + down * 4 + b'\n30s\n' + plan,
        base + down + b'\n' + columns[1:] + end + b' ',
        b'smine.yaml\nl\x15mine.yaml\nsx.yaml\nyq',
        down * 2 + b'\na.pcap\nr\x15mine.yaml\n',
        b'/pa\n' + down + b'\x1b? ' + timeouts + b'jjjj\ntext, more\x1b')
    for number, profile in enumerate(profile_seeds(project)):
        if b'extends' not in profile and len(profile) < 400:
            yield profile + b'\xff' + people[number % len(people)]
    for keys in people:
        yield b'\xff' + keys


def label_seeds(project):
    """As tests/fuzz/labels.cpp reads them."""
    for block in page_blocks(project, 'csv'):
        yield b'\0' + block.encode()
    for block in page_blocks(project, 'yaml'):
        if 'rules:' in block:
            yield b'\1' + block.encode()
    for text in re.findall(r'R"\((.*?)\)"', (project / 'tests/labels/label_file_test.cpp').read_text(), re.DOTALL):
        yield (b'\1' if 'rules:' in text else b'\0') + text.encode()
    yield b'\0begin,end,src_ip,dst_port,protocol,label\n2026-01-01 00:00:00,2026-01-02,10.0.0.0/8,80-90,tcp,web\n,,::1,,,x\n'
    yield b'\1columns: [label]\ntime_zone: "+01:00"\nrules:\n  - {ip: [10.0.0.1, fe80::/10], label: a}\n  - {port: 53, label: b}\n'


def table_seeds(project):
    """Those of the tests, and small ones of each kind."""
    for text in re.findall(r'Row\{"((?:[^"\\]|\\.)*)"', (project / 'tests/summary/summarize_test.cpp').read_text()):
        yield text.encode().decode('unicode_escape').encode('latin-1')
    yield b'timestamp,protocol,dst_port,duration,total_fwd_packets,total_bwd_packets,label\n1700000000,6,443,5,1,1,a\n1690000000,UDP,53,0,2,0,b\n'
    yield b'{"timestamp":"2026-08-03 20:46:40.002 UTC","a":1.5,"b":[1,2],"c":{"d":null}}\n{"a":true,"e":"\\u00e9"}\n'
    yield b'n\n0\n-1\n1e300\n1e-300\n9007199254740993\n18446744073709551616\nnan\n-0\n0.1\n'
    yield gzip.compress(b'a,b\n1,"x""y"\n2,\n', mtime=0)


ACCOUNT = '''{"complete": false, "rows": 3, "schema": {"name": "basic", "version": "1.0.0"}, "cut_cells": 2,
"ledger": {"frames_read": 10, "untimed_frames": 1, "ignored": {"truncated_l3": 4, "not_ip": 2, "other_partition": 1}},
"flows": {"vlan_halves": 1, "clock_steps_back": 1, "packets_older_than_clock": 2, "packets_too_far_ahead": 3},
"columns": [{"name": "duration", "role": "duration", "type": "f64", "unit": "us", "expression": "a.b", "classes": ["time"]},
{"name": "label", "role": "label", "type": "string", "unit": "", "expression": "", "classes": []}],
"live": {"interfaces": [{"ring_full": 5, "lost_before": 1}]}, "problems": ["a.pcap: damaged"]}'''


def account_seeds(_project):
    """As tests/fuzz/account.cpp reads them."""
    for which in (b'\0', b'\1'):
        for text in (ACCOUNT, '{"ledger": {}}', '{}', '[]', ''):
            yield which + text.encode()


def append_seeds(_project):
    """As tests/fuzz/append.cpp reads them."""
    json_lines, aside, packed, part, note, table = (1 << bit for bit in range(6))
    csv, rows = b'a,b\n1,2\n', b'a,b\n3,"x\n""y"\n4,'
    lines = b'{"a":1,"b":[{"c":2}]}\n'
    for choices, contents in ((part | table, (rows, b'', csv)), (part, (rows, b'', b'')), (table, (b'', b'', csv + b'1')), (part | aside | table, (rows, b'', csv)),
                              (part | table, (b'"a",b\n5,6\n', b'', csv)), (part | table, (b'a,"b\n5,6\n', b'', csv)), (part | table, (b'a,c\n5,6\n', b'', csv)),
                              (part | note | table, (rows, b'8 4 i\n', csv + b'3,')), (note | table, (b'', b'8 4 i\n', csv)), (part | note | table, (rows, b'8 4', csv)),
                              (part | table | json_lines, (lines + b'{"a"', b'', lines)), (table | json_lines, (b'', b'', b'{"b":1,"a":2}\n')),
                              (table | packed, (b'', b'', gzip.compress(csv, mtime=0))), (table | packed, (b'', b'', gzip.compress(csv, mtime=0)[:-9])),
                              (table | packed, (b'', b'', gzip.compress(b'a,b\n', mtime=0) + gzip.compress(b'1,2', mtime=0)))):
        yield bytes((choices,)) + b'\xff'.join(contents)


def merge_seeds(_project):
    names = 'flow.release_frame,flow.release_cause,flow.release_deadline,flow.release_creation'
    yield f'a,{names},b\n1,2,sweep,10,0,x\n2,2,snapshot,0,7,"x,""\n"\n3,10,eviction,-5,3,\n4,10,touched,0,1,y\n'.encode()
    yield f'"a",{names}\n,7,close,0,1\n,18446744073709551614,close,0,2\n,,end_of_input,0,9\n,,end_of_input,0,10\n'.encode()
    yield f'{names}\n'.encode()
    yield b'a,b\n1,2\n'
    one, other = f'a,{names},b\n1,2,sweep,10,0,x\n2,10,eviction,-5,3,\n'.encode(), f'a,{names},b\n7,2,sweep,10,1,z\n'.encode()
    for second in (other, one, other.replace(b',b', b',"b\nc"', 1), other[:-3]):
        yield one + b'\xff' + second


def elf_seeds(_project):
    machine = platform.machine()
    for gnu in (True, False):
        yield small_elf(machine, gnu)
        yield small_elf(machine, gnu, symbol=b'fg_module_v2')
    yield small_elf(machine, head=(72, 99))
    yield small_elf('aarch64' if machine == 'x86_64' else 'x86_64')


def module_seeds(_project):
    """tests/fuzz/module.cpp takes 0 for what is right."""
    chance = random.Random(2)
    yield bytes(64)
    for _ in range(300):
        yield bytes(chance.choice((0, 0, 1, 1, 2, 3, 4)) for _ in range(chance.randrange(20, 600)))


class MemoryImage:
    """Structs of core/sdk/flowgauge/plugin.h at 0x100000, the module first."""
    BEGIN, FUNCTION = 0x100000, 1

    def __init__(self):
        self.bytes = bytearray(120)

    def put(self, piece):
        self.bytes += bytes(-len(self.bytes) % 8)
        self.bytes += piece
        return self.BEGIN + len(self.bytes) - len(piece)

    def text(self, text):
        return self.put(text.encode() + b'\0')

    def array(self, *items):
        """items, count, stride of an fg_array."""
        return self.put(b''.join(items)), len(items), len(items[0])

    def pointers(self, *addresses):
        return self.put(struct.pack(f'<{len(addresses)}Q', *addresses))

    def column(self, name, kind=1):
        return struct.pack('<QQIIQQIIQ', self.text(name), self.text('A column.'), kind, 1, 0, 0, 0, 0, self.text('RFC 1'))

    def option(self, name, kind=1, default='1', choices=()):
        chosen = self.pointers(*map(self.text, choices)) if choices else 0
        return struct.pack('<QQQIIQQQII', self.text(name), self.text('An option.'), self.text(default), kind, 1, 0, 0, chosen, len(choices), 0)

    def derive(self):
        inputs = self.array(struct.pack('<QII', self.text('f.a'), 1, 0))
        return self.put(struct.pack('<IIQIIQIIQ', 48, 0, *inputs, *self.array(self.column('x')), self.FUNCTION))

    def head(self, name):
        return self.text(name), self.text('1'), self.text('What it is.')

    def feature(self):
        parts = (*self.array(self.column('a'), self.column('b', 6)), *self.array(self.option('o'), self.option('c', 5, 'x', ('x', 'y'))))
        end = struct.pack('<QQ', self.text('done'), self.text('An end.'))
        counter = struct.pack('<QQII', self.text('seen'), self.text('A counter.'), 1, 0)
        more = (*self.array(end), *self.array(struct.pack('<BBH', 6, 0, 443)), *self.array(counter))
        return self.put(struct.pack('<4IQ3QQIIQII5QQIIQIIQIIQ', 176, 8, 8, 0, 0, *self.head('f'), *parts, *[self.FUNCTION] * 4, 0, *more, self.FUNCTION))

    def schema(self):
        columns = self.array(*(struct.pack('<QQIIIIQ', self.text(name), self.text(of), 1, 1, 1, 0, 0) for name, of in (('w', 'f.a'), ('x', 's.x + 1'))))
        return self.put(struct.pack('<II3QQIIQQII', 72, 1, *self.head('s'), *columns, self.pointers(self.derive()), *self.array(self.option('o'))))

    def sink(self):
        return self.put(struct.pack('<IIQ3QQIIII5Q', 104, 1, 0, *self.head('k'), *self.array(self.option('o')), 0, 0, *[self.FUNCTION] * 5))

    def derived(self):
        return self.put(struct.pack('<II4Q', 40, 1, *self.head('d'), self.pointers(self.derive())))

    def module(self, features=(), schemas=(), derived=(), sinks=()):
        lists = [self.pointers(*part) if part else 0 for part in (features, schemas, derived, sinks)]
        head = (self.text('m'), self.text('1'), self.text('MIT'))
        self.bytes[:120] = struct.pack('<6I12Q', 120, 0, 1, len(features), len(schemas), 0, *head, lists[0], lists[1], 0, 0, 0,
                                       lists[2], len(derived), lists[3], len(sinks))
        return bytes(self.bytes) + bytes(8)


def descriptor_seeds(_project):
    """As tests/fuzz/descriptors.cpp reads them."""
    for parts in (('feature',), ('schema',), ('feature', 'derived'), ('sink',), ('feature', 'schema', 'derived', 'sink')):
        image = MemoryImage()
        yield image.module(*([getattr(image, kind)()] if kind in parts else [] for kind in ('feature', 'schema', 'derived', 'sink')))


def trial_seeds(_project):
    """As tests/fuzz/trial.cpp reads them."""
    for request in (b'load /proc/self/fd/5', b'load ', b'create /proc/self/fd/5 s2f612e736f iat', b'create /p s f 7 s616263 18446744073709551615 s',
                    b'create /p s f s6 x -1', b'create /p f 7', b'unload /p', b'page 140737353891840',
                    b'create /p s f l7,1,2 l9,18446744073709551615 l10 l11,s612c62,s', b'create /p s f l8,1', b'create /p s f l11,1'):
        yield b'\0' + request
    for message in (b't', b'l', b'c', b'd', b'e140737353891840', b'r', b'rno such file', b'x'):
        yield b'\1' + message


def event_seeds(_project):
    """As tests/fuzz/events.cpp reads them: event files of one chunk."""
    chance = random.Random(3)
    for count in (0, 1, 3, 40):
        for step in (1000, 300_000_000, 4_000_000_000_000):
            yield b''.join(struct.pack('<H', len(piece)) + piece for piece in event_pieces(chance, count, step))


def event_pieces(chance, count, step):
    """Packets in frames 0, 1, ...: of partition 5, of partition 200, a first fragment, a later one, in turn."""
    times = [10 ** 18 + i * step for i in range(count)]
    text = struct.pack('<I', 1) + b'a'
    reasons = [count] + [0] * 13
    about = struct.pack('<II', 1, 1) + text * 3 + struct.pack('<QQQI14QIIQI', 2 ** 64 - 1, count, 0, 14, *reasons, 1, 0x0806, 3, 1) + text
    if count == 0:
        return [about, b'']

    def events(kind):
        frames = [i for i in range(count) if i % 4 in kind]
        structs = [struct.pack('<q', times[i]) + chance.randbytes(55) + b'\x11' + struct.pack('<HBBBBBB', 20, 8, 64, 4, 0, 0, (0, 0, 1, 2)[i % 4])
                   + bytes(7) + bytes([(5, 200, 0, 0)[i % 4]]) + bytes(64) for i in frames]
        # The last 4 bytes say how many bytes stand behind the events.
        structs = [one[:140] + struct.pack('<I', i % 3) for i, one in zip(frames, structs)]
        return len(frames), b''.join([struct.pack(f'<{len(frames)}I', *frames), bytes(8 * len(frames)), *structs,
                                      bytes(sum(i % 3 for i in frames))])

    fragments, first, second = events((2, 3)), events((0,)), events((1,))
    seconds = [(i, times[i]) for i in range(1, count) if times[i] // 10 ** 9 > times[i - 1] // 10 ** 9]
    many = len(seconds) > 8
    partitions = [(number, there) for number, (there, _) in ((5, first), (200, second)) if there]
    table = struct.pack('<QQIIIIIH', 0, 0, 0, 0, fragments[0], 0, 0, len(partitions))
    table += b''.join(struct.pack('<BIII', number, there, 0, 0) for number, there in partitions)
    table += struct.pack('<IIIIIqqqQ', 1, 0, count, 0, 2 ** 32 - 1 if many else len(seconds), times[0], times[0], times[-1], 0)
    table += struct.pack('<I', 0 if many else len(seconds)) + b''.join(struct.pack('<Iq', *one) for one in seconds if not many)
    track = b''.join(small_number(0 if i == 0 else 1) + small_number(0 if i == 0 else 2 * step) for i in range(count))
    return [about, table, track, fragments[1]] + [piece for there, piece in (first, second) if there]


def flow_seeds(_project):
    """As tests/fuzz/flows.cpp reads them: a connection with its end, what comes behind it, and what is of no order."""
    chance = random.Random(4)
    fin, syn, rst, ack = 1, 2, 4, 16
    ends = {'fin': [(0, fin | ack, 0), (4, ack, 0), (4, fin | ack, 0), (0, ack, 0)], 'reset': [(4, rst, 0)], 'none': []}
    for plan in range(10):
        source = plan % 3
        for rules in (bytes((0, 5, 7, 4, 6, 0)), bytes((0x8f, 3, 4, 2, 0, 3)), bytes((0x24, 5, 6, 0, 6, 0))):
            for end in ends.values():
                packets = [(0, syn, 0), (4, syn | ack, 0), (0, ack, 0), (0, ack, 100), (4, ack, 1400), (4, ack, 1400), *end, (0, syn, 0), (4, syn | ack, 0)]
                yield bytes((source, plan)) + rules + b''.join(made_packet(who, flags, payload, step=2 + 8 * (i + 1)) for i, (who, flags, payload) in enumerate(packets))
            many = [(4 * (i % 3 == 0), ack, 100 + i) for i in range(70)]
            yield bytes((source, plan)) + rules + b''.join(made_packet(who, flags, payload, step=2) for who, flags, payload in many)
            for _ in range(4):
                yield bytes((source, plan)) + rules + chance.randbytes(12 * 40)


def job_seeds(project):
    """As tests/fuzz/jobs.cpp reads them."""
    for number, seed in enumerate(flow_seeds(project)):
        if number % 3 == 0:
            yield bytes((number % 7, number & 255)) + seed[1:]


def made_packet(who, flags, payload, step):
    return struct.pack('<BBBBHHhh', who, 0, flags, 64, step, payload, 0, 0)


def http_seeds(_project):
    for line in (b'GET / HTTP/1.1', b'HEAD /metrics?a=b HTTP/1.0', b'POST /stats.json HTTP/1.1', b'GET http://a/ HTTP/1.1', b'nonsense'):
        yield line + b'\r\nHost: 127.0.0.1:9464\r\nAccept: */*\r\n\r\n'
        yield line + b'\n\n'
        yield line + b'\r\n'


def small_number(number):
    out = b''
    while number >= 0x80:
        out, number = out + bytes([number & 0x7f | 0x80]), number >> 7
    return out + bytes([number])


OF_CAPTURES = {'parse': parse_seeds, 'pcapng': pcapng_seeds,
               'classic': lambda paths: file_seeds(paths, CLASSIC), 'streams': stream_seeds, 'decoders': decoder_seeds}
OF_PROJECT = {'account': account_seeds, 'append': append_seeds, 'descriptors': descriptor_seeds, 'editor': editor_seeds, 'elf': elf_seeds, 'events': event_seeds, 'expression': expression_seeds,
              'flows': flow_seeds, 'http': http_seeds, 'jobs': job_seeds, 'labels': label_seeds, 'merge': merge_seeds,
              'module': module_seeds, 'profile': profile_seeds,
              'table': table_seeds, 'trial': trial_seeds}


def seeds(target, project, captures):
    if target in OF_PROJECT:
        return OF_PROJECT[target](project)
    return OF_CAPTURES[target](files([project / 'fixtures', captures]))


def write(target, folder, project, captures):
    """Named by their content: the same inputs are the same files. Findings that were mended are among them."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds(target, pathlib.Path(project), pathlib.Path(captures)):
        (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
    for path in sorted((pathlib.Path(project) / 'fixtures/fuzz' / target).glob('*')):
        shutil.copy(path, folder)


def main():
    target, *words = sys.argv[1:]
    if words[0] != '--run':
        write(target, pathlib.Path(words[0]), *words[1:])
        return 0
    with tempfile.TemporaryDirectory() as folder:
        write(target, pathlib.Path(folder), *words[3:])
        return subprocess.run([words[1], '--changed', words[2], folder]).returncode


if __name__ == '__main__':
    sys.exit(main())
