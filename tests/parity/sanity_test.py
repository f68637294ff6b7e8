#!/usr/bin/env python3
"""Every cell of every schema over every public capture, full and clean, in both modes: finite, not negative where its
definition cannot be, in rows as wide as their header; and all packets of the ledger are in the rows."""
import functools
import re
import sys

import harness
from compare import packets_in
from program import Program

NUMBER = re.compile(r'-?\d+(\.\d+)?')
NOT_A_NUMBER = re.compile(r'[-+]?(nan|inf|infinity)(\(.*\))?', re.IGNORECASE)
# -1 stands for "none": no ICMP packet; in NFStream's table also a flow that the end of input ended.
MINUS_ONE = {'icmp.type', 'icmp.code', 'icmp_type', 'icmp_code', 'ICMP Type', 'ICMP Code', 'expiration_id'}
# Timestamps before 1970; as text they have no sign.
MOMENTS = re.compile(r'.*(first|last|first_seen|last_seen|_seen_ms|[tT]imestamp).*')
# Columns that together count a row's packets.
PACKETS = {'canonical': ('packet_length.flow.count',), 'cidds': ('Packets',), 'cic': ('Total Fwd Packet', 'Total Bwd packets'),
           'nfstream': ('bidirectional_packets',), 'rustiflow': ('packet_count',)}
OPTIONS = {'nfstream': {'gaps': 'fill'}}                        # every column a schema has
LEVELS = ('none_removed', 'raw_identifiers', 'strict')


def wrong_cell(name, cell):
    if NOT_A_NUMBER.fullmatch(cell):
        return True
    if not cell.startswith('-') or not NUMBER.fullmatch(cell):
        return False
    return not (MOMENTS.fullmatch(name) or (name in MINUS_ONE and cell == '-1'))


def table_findings(schema, header, rows):
    out = [f'column {name} of row {number} is {cell}' for number, row in enumerate(rows, 1)
           for name, cell in zip(header, row) if wrong_cell(name, cell)]
    if len(set(header)) != len(header):
        out.append(f'the header names a column twice: {header}')
    return out[:8]


def packets(schema, header, rows):
    """None where the schema does not count them."""
    names = PACKETS.get(schema, ('',))
    if not set(names) <= set(header):
        return None
    if 'flow.snapshot' in header:
        return packets_in(header, rows)
    return sum(int(row[header.index(name)]) for row in rows for name in names)


def judge(program, schemas, captures, task):
    mode, level = task
    rules = {'contamination': level}
    if mode == 'compat':
        rules['extends'] = str(harness.COMPAT_PROFILE)
    tables, run = program.tables_by_schema(captures, schemas, rules, OPTIONS)
    if run.code not in (0, 3):
        return [(f'{mode}, {level}', [f'exit code {run.code}: {run.messages[-2000:]}'])]
    ledger = run.report['ledger']
    findings = [(f'{capture} ({schema}, {mode}, {level})', table_findings(schema, header, rows))
                for (schema, capture), (header, rows) in tables.items() if header]
    rows_of = {schema: [table for (of, _), table in tables.items() if of == schema and table[0]] for schema in schemas}
    counts = {schema: sum(len(rows) for _, rows in of) for schema, of in rows_of.items()}
    if len(set(counts.values())) != 1:
        findings.append((f'{mode}, {level}', [f'schemas differ in their number of rows: {counts}']))
    for schema, of in rows_of.items():
        sums = [packets(schema, header, rows) for header, rows in of]
        if None not in sums and sum(sums) != ledger['in_flows']:
            findings.append((f'{schema} ({mode}, {level})', [f'{sum(sums)} packets in its rows, {ledger["in_flows"]} in the ledger']))
        if None in sums and schema in PACKETS:
            findings.append((f'{schema} ({mode}, {level})', [f'has no column of {PACKETS[schema]}']))
    if ledger['frames_read'] != ledger['in_flows'] + sum(ledger['ignored'].values()):
        findings.append((f'{mode}, {level}', [f'the ledger does not balance: {ledger}']))
    return findings


def check_the_check():
    """What it must find, and what it must let through."""
    wrong = [('iat.fwd.mean', 'nan'), ('Flow Bytes/s', 'Infinity'), ('x', '-inf'), ('x', '-nan(ind)'), ('flow.duration', '-1'),
             ('icmp_type', '-2'), ('bidirectional_mean_ps', '-0.5')]
    right = [('icmp_type', '-1'), ('flow.first_seen', '-5'), ('flow.src_ip', '::1'), ('tcp_flags.text', '-A'), ('x', ''), ('x', '0'),
             ('flow.id', '10.0.0.1:1-10.0.0.2:2-6'), ('service_group', 'info')]
    assert all(wrong_cell(*cell) for cell in wrong) and not any(wrong_cell(*cell) for cell in right)
    assert packets('cic', ['Total Fwd Packet', 'Total Bwd packets'], [['1', '2'], ['3', '4']]) == 10


def main():
    args = harness.arguments(__doc__).parse_args()
    folder = harness.shared_folder(args, 'captures')
    check_the_check()
    captures = sorted(p for p in folder.iterdir() if '.pcap' in p.name or p.suffix == '.cap')
    program = Program(args.program, args.plugins)
    found = program.schemas()
    schemas = ['canonical', *(name for name in harness.SCHEMAS if name in found)]
    tasks = [*(('default', level) for level in LEVELS), ('compat', 'none_removed')]
    findings = harness.in_parallel(args.jobs, functools.partial(judge, program, schemas, captures), tasks)
    return harness.verdict([finding for task in findings for finding in task], f'tables of {len(schemas)} schemas')


if __name__ == '__main__':
    sys.exit(main())
