"""Compares a table of flowgauge with rows of the oracle: every cell, and the order of the rows."""
import math
import re

NUMBER = re.compile(r'-?(0|[1-9]\d*)(\.\d*[1-9])?')           # neither exponent nor trailing zeros


def cell_agrees(cell, expected):
    if isinstance(expected, float):
        return (NUMBER.fullmatch(cell) is not None and cell != '-0'
                and math.isclose(float(cell), expected, rel_tol=1e-9, abs_tol=0))
    return cell == str(expected)


def row_differences(header, row, expected):
    return [(name, cell, expected[name]) for name, cell in zip(header, row) if not cell_agrees(cell, expected[name])]


def short(row, header):
    r = dict(zip(header, row))
    return f"{r['flow.id']} first_seen {r['flow.first_seen']} segment {r['flow.segment']} snapshot {r['flow.snapshot']} " \
           f"packets {r['packet_length.flow.count']} {r['flow.end_reason_text']}"


def table_differences(header, rows, expected, most=8):
    """Sentences about what differs; none if nothing does. `expected`: the oracle's rows."""
    unknown = [name for name in header if expected and name not in expected[0]]
    if unknown:
        return [f'the oracle does not know the columns {unknown}']
    differing = [number for number, (row, want) in enumerate(zip(rows, expected)) if row_differences(header, row, want)]
    if len(rows) == len(expected) and not differing:
        return []
    out = []
    if len(rows) != len(expected):
        out.append(f'{len(rows)} rows, expected {len(expected)}')
    wanted = [[str(want[name]) for name in header] for want in expected]
    identity = [header.index(name) for name in ('flow.id', 'flow.first_seen', 'flow.last_seen', 'flow.segment', 'flow.snapshot',
                                                'packet_length.flow.count', 'flow.end_reason_text')]
    keys = [sorted([row[i] for i in identity] for row in table) for table in (rows, wanted)]
    if keys[0] == keys[1] and [[r[i] for i in identity] for r in rows] != [[r[i] for i in identity] for r in wanted]:
        out.append('the same flows in another order')
    for number in differing[:most]:
        cells = row_differences(header, rows[number], expected[number])
        out.append(f'row {number + 1}: ' + ', '.join(f'{name} is {cell!r}, expected {str(want)!r}' for name, cell, want in cells[:6])
                   + (f' and {len(cells) - 6} more' if len(cells) > 6 else ''))
    for name, table in (('has', rows), ('expected', wanted)):
        out += [f'{name} {number + 1}: {short(row, header)}' for number, row in enumerate(table)
                if number >= (differing or [0])[0]][:most]
    return out


def ledger_differences(report, expected, rows_total):
    """The run report against the oracle's ledger, and against itself."""
    ledger = report.get('ledger', {})
    out = [f'ledger: {name} is {ledger.get(name)}, expected {expected[name]}'
           for name in ('frames_read', 'in_flows', 'ignored') if ledger.get(name) != expected[name]]
    if ledger.get('frames_read') != ledger.get('in_flows', 0) + sum(ledger.get('ignored', {}).values()):
        out.append(f'the ledger does not balance: {ledger}')
    if ledger.get('in_flows') != rows_total:
        out.append(f'{rows_total} packets in the final rows, {ledger.get("in_flows")} in the ledger')
    return out


def packets_in(header, rows):
    """Of final rows: snapshots are outside the ledger."""
    count, snapshot = header.index('packet_length.flow.count'), header.index('flow.snapshot')
    return sum(int(row[count]) for row in rows if row[snapshot] == '0')
