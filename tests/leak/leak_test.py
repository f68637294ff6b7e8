#!/usr/bin/env python3
"""The metamorphic test of docs/semantics.md, section 6. Public captures are rewritten: other addresses and MACs, other ports,
other VLAN and tunnel ids, another time. What identifies changes with it, so that rows of the contamination-free forms
(`raw_identifiers`, `strict`) must be the same cell by cell, in every schema. A plugin that smuggles must not get through.

What is kept, because rows may tell it: an address's scope, a port's class and service group, equality of values, the order and
lengths of frames, the part of a timestamp below the second (tables cut times to micro- and milliseconds). VLAN and tunnel ids
are of class `path`, which `raw_identifiers` leaves in: there they must follow the bijection, and nothing else may. What else the rewriting leaves says rewriter.py. Rows are sorted:
their order hangs on time alone, except where one frame releases several flows, whose keys then matter.
"""
import collections
import functools
import ipaddress
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'parity'))
import harness
import bijections
import frames as f
from bijections import Ports
from capture_writer import Record, SEC, write_capture
from program import Program
from endpoint import text
from rewriter import Rewriter

RULES = {'default': {}, 'compat': {'extends': str(harness.COMPAT_PROFILE)},
         'snapshots': {'flow': {'idle_timeout': '3s', 'active_timeout': '10s', 'linger': '2s', 'early_export': '1s'}}}
OPTIONS = {'nfstream': {'gaps': 'fill'}}                        # every column a schema has
SAMPLE = 3  # each such capture; FLOWGAUGE_LARGE=1: all
SMUGGLED = {'port_bits', 'time_bits', 'tag_bits'}
VLANS, TUNNELS = {'flow.vlan_id', 'flow.inner_vlan_id', 'vlan_id'}, {'flow.tunnel_id', 'tunnel_id'}
# Of the full canonical table: made of several others, or 0 where there is no such moment.
NOT_FOLLOWED = {'flow.id', 'flow.community_id', 'timing.fwd_first', 'timing.fwd_last', 'timing.bwd_first', 'timing.bwd_last'}


def service_groups(program, folder):
    """{(port, protocol): group}, as flowgauge has it: one packet to every port."""
    a, b, sport = bytes((192, 0, 2, 1)), bytes((192, 0, 2, 2)), (40000).to_bytes(2, 'big')
    kinds = ((6, f.tcp(0, 0, 0, 0, 2)), (17, f.udp(0, 0)), (132, f.sctp(0, 0)))
    heads = [(f.ethernet(f.IP4, f.ipv4(a, b, protocol, segment)[:20]), segment[4:]) for protocol, segment in kinds]
    records = []
    for head, tail in heads:
        for port in range(65536):
            data = head + sport + port.to_bytes(2, 'big') + tail
            records.append(Record(SEC, data, len(data)))
    path = pathlib.Path(folder, 'ports.pcap')
    write_capture(path, records)
    header, rows = program.run([path], schema='services').rows()
    assert header == ['port', 'protocol', 'service_group'] and len(rows) == 3 * 65536, f'{header}, {len(rows)} rows'
    return {(int(port), int(protocol)): group for port, protocol, group in rows}


class Expected:
    """What rows of a capture must have become."""
    def __init__(self, rewriter, shifts):
        self.rewriter, self.shifts = rewriter, shifts

    def cell(self, name, cell, capture, protocol):
        """`protocol` None: raw identifiers are not there."""
        r = self.rewriter
        if not cell:
            return cell
        if name in VLANS:
            return str(r.vlan(int(cell) - 1) + 1)               # as the rewriter: id 0 is none
        if name in TUNNELS:
            return str(r.tunnel_id(int(cell)))
        if name in ('flow.src_ip', 'flow.dst_ip', 'flow.outer_src_ip', 'flow.outer_dst_ip'):
            return text(r.addresses(ipaddress.ip_address(cell).packed))
        if name in ('flow.src_port', 'flow.dst_port'):
            return str(r.ports(int(cell), protocol)) if protocol in r.ports.moved else cell
        if name in ('flow.src_mac', 'flow.dst_mac'):
            return r.changed('mac', bytes.fromhex(cell.replace(':', ''))).hex(':')
        if name in ('flow.first_seen', 'flow.last_seen'):
            return str(int(cell) + self.shifts[capture])
        return cell

    def rows(self, capture, header, rows):
        changing = [i for i, name in enumerate(header) if name in VLANS | TUNNELS or name.startswith('flow.')]
        protocol = header.index('flow.protocol') if 'flow.src_ip' in header else None
        out = []
        for row in rows:
            row = list(row)
            of = int(row[protocol]) if protocol is not None else None
            for i in changing:
                row[i] = self.cell(header[i], row[i], capture, of)
            out.append(row)
        return out


def columns_that_differ(header, expected, rows):
    """Names of those whose cells are others, whatever the rows' order; () if it is only who goes with whom."""
    return [name for i, name in enumerate(header) if name not in NOT_FOLLOWED
            and collections.Counter(row[i] for row in expected) != collections.Counter(row[i] for row in rows)]


def table_findings(expected, capture, before, after):
    (header, rows), (header_after, rows_after) = before, after
    if header != header_after:
        return [f'the header is {header_after}, was {header}']
    want = expected.rows(capture, header, rows)
    kept = [i for i, name in enumerate(header) if name not in NOT_FOLLOWED]
    one, other = (sorted([row[i] for i in kept] for row in table) for table in (want, rows_after))
    if one == other:
        return []
    names = columns_that_differ(header, want, rows_after)
    number = next((n for n, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
    return [f'{len(rows_after)} rows, were {len(rows)}; columns {names or "as a whole"}',
            *(f'{what} {dict(zip([header[i] for i in kept], table[number]))}'[:1500] for what, table in (('was', one), ('is', other))
              if number < len(table))]


def run_both(program, folders, captures, schemas, rules):
    """Tables of the captures as they are and rewritten."""
    both = []
    for folder in folders:
        tables, run = program.tables_by_schema([folder / name for name in captures], schemas, rules, OPTIONS)
        if run.code not in (0, 3):
            raise RuntimeError(f'exit code {run.code}: {run.messages[-2000:]}')
        both.append(tables)
    return both


def judge(program, folders, captures, expected, task):
    mode, level, schemas = task
    before, after = run_both(program, folders, captures, schemas, {**RULES[mode], 'contamination': level})
    return [(f'{capture} ({schema}, {mode}, {level})', table_findings(expected, capture, before[schema, capture], after[schema, capture]))
            for schema, capture in before]


def smuggler_findings(program, folders, captures, expected):
    """The plugin that lies has no columns where what it sees is excluded; elsewhere the same comparison sees through it, column by column."""
    _, run = program.tables_by_schema([folders[0] / captures[0]], ['smuggler'], {'contamination': 'raw_identifiers'}, {})
    if run.code != 1 or 'has no column left' not in run.messages:
        return [f'raw_identifiers leaves it columns: exit code {run.code}: {run.messages[-500:]}']
    before, after = run_both(program, folders, captures, ['smuggler'], {'contamination': 'none_removed'})
    seen = collections.Counter()
    for (_, capture), (header, rows) in before.items():
        if header and table_findings(expected, capture, (header, rows), after['smuggler', capture]):
            seen.update(columns_that_differ(header, rows, after['smuggler', capture][1]))
    return [] if set(seen) == SMUGGLED else [f'it smuggles {sorted(SMUGGLED)}, seen are {dict(seen)}']


def main():
    args = harness.arguments(__doc__).parse_args()
    shared = harness.shared_folder(args, 'captures')
    bijections.check()
    program = Program(args.program, args.plugins)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        groups = service_groups(program, folder)
        rewriter = Rewriter(Ports(lambda port, protocol: groups.get((port, protocol), 'other')))
        shifts = {}
        for path in sorted(p for p in shared.iterdir() if '.pcap' in p.name or p.suffix == '.cap')[::1 if harness.ALL else SAMPLE]:
            shift = rewriter.capture(path, folder / path.name)
            if shift is not None:
                shifts[path.name] = shift
        expected, folders, captures = Expected(rewriter, shifts), (shared, folder), sorted(shifts)
        found = program.schemas()
        schemas = ['canonical', 'services', *(s for s in harness.SCHEMAS if s in found)]
        # What a schema makes of its columns does not hang on the rules of flows: all schemas once, every column under
        # all rules.
        tasks = [('default', 'raw_identifiers', schemas), ('default', 'strict', schemas),
                 *((mode, 'raw_identifiers', ['canonical']) for mode in RULES if mode != 'default'),
                 ('default', 'none_removed', ['canonical'])]    # what identifies has changed, as it was meant to
        findings = harness.in_parallel(args.jobs, functools.partial(judge, program, folders, captures, expected), tasks)
        findings.append([('smuggler', smuggler_findings(program, folders, captures, expected))])
    return harness.verdict([finding for task in findings for finding in task], f'rewritten tables of {len(schemas)} schemas')


if __name__ == '__main__':
    sys.exit(main())
