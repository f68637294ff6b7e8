#!/usr/bin/env python3
"""Every table of every capture as Parquet and as Arrow IPC has the cells of the program's CSV, written by one run: public
captures and cases, all schemas. pyarrow reads the cells; polars and DuckDB have to see the same in the same files.

--every 10 takes each tenth of the small ones; FLOWGAUGE_LARGE=1 takes all, and the large captures too.
"""
import collections
import datetime
import decimal
import functools
import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / 'parity'), str(HERE.parent / 'api')]

import harness
from program import Program

try:
    import duckdb
    import polars
    import pyarrow
    import pyarrow.ipc
    import pyarrow.parquet
    from cells import blind_spots, differences, table_of
except ImportError as missing:
    print(f'skipped: {missing}: this Python is not the one of ./dev venv')
    sys.exit(harness.SKIPPED)

SCHEMAS = (*harness.SCHEMAS, 'canonical', 'shapes')
# One of each schema; options as far as they change cells or their layout.
FORMATS = {
    'csv': 'csv',
    'parquet': 'parquet',
    'small.parquet': {'name': 'parquet', 'options': {'row_group': 1024, 'dictionary': True, 'compression': 'snappy', 'uint64': True}},
    'arrow': 'arrow',
    'time.parquet': {'name': 'parquet', 'options': {'time': 'us'}},
    'time.arrow': {'name': 'arrow', 'options': {'time': 'ns'}},
    'stream.arrow': {'name': 'arrow', 'options': {'layout': 'stream', 'compression': 'zstd', 'uint64': True}},
}
DAMAGED = 'cat_two.pcap'  # is in every sample
# What must have been seen in the end, or nothing was compared.
KINDS = ('null', 'list', 'empty list', 'beyond', 'double', 'bool', 'int64', 'uint64', 'string', 'list<item: int64>',
         'list<item: uint64>', 'no UTF-8', 'damaged', 'no row', 'time text', 'time ns', 'time ms', 'time ms, real')
UNITS = {'ns': 1, 'us': 1000, 'ms': 1_000_000, 's': 1_000_000_000}


class Table:
    """A file read to its end, as the comparison of cells wants it."""

    def __init__(self, path):
        if '.parquet' in path.name:
            table = pyarrow.parquet.read_table(path)
            self.account = pyarrow.parquet.read_metadata(path).metadata[b'flowgauge.account']
        else:
            opener = pyarrow.ipc.open_stream if '.stream.' in path.name else pyarrow.ipc.open_file
            with pyarrow.OSFile(str(path)) as file:
                reader = opener(file)
                self.account = None if '.stream.' in path.name else reader.metadata[b'flowgauge.account']
                table = reader.read_all()
        table.validate(full=True)
        self.times = {field.name: (field.metadata[b'flowgauge.time'].decode(), UNITS[field.type.unit])
                      for field in table.schema if pyarrow.types.is_timestamp(field.type)}
        self.zones = {field.type.tz for field in table.schema if field.name in self.times}
        # Timestamps as the numbers that they are: Python's own have no room for nanoseconds.
        table = table.cast(pyarrow.schema([field.with_type(pyarrow.int64()) if field.name in self.times else field for field in table.schema]))
        self.names, self.kinds = table.schema.names, table.schema.types
        self.columns = [column.to_pylist() for column in table.columns]


def as_number(text, form, unit_ns):
    """What stands in a CSV where the file has a timestamp: in the timestamp's unit, by exact arithmetic."""
    if form != 'text':
        return str(int(decimal.Decimal(text) * UNITS[form]) // unit_ns)
    second, _, part = text.removesuffix(' UTC').partition('.')
    ns = int(datetime.datetime.fromisoformat(second + '+00:00').timestamp()) * 10 ** 9 + int(part.ljust(9, '0'))
    return str(ns // unit_ns)


def with_numbers(expected, times, seen):
    """The rows of the CSV, with numbers where the file has timestamps."""
    header, *rows = expected
    out = [header, *(list(row) for row in rows)]
    for at, name in enumerate(header):
        if name not in times:
            continue
        form, unit_ns = times[name]
        for row in out[1:]:
            seen[f'time {form}' + (', real' if '.' in row[at] and form != 'text' else '')] += 1
            row[at] = as_number(row[at], form, unit_ns)
    return out


def other_readers(path, table):
    """Sentences where polars or DuckDB read other cells than pyarrow."""
    out = [f'times of the zones {table.zones}'] if table.zones - {'UTC'} else []
    plain = {name: values for name, values in zip(table.names, table.columns)}
    if '.parquet' in path.name:
        frame = polars.read_parquet(path)
    else:
        frame = (polars.read_ipc_stream if '.stream.' in path.name else polars.read_ipc)(path)
    frame = frame.with_columns(polars.selectors.datetime().to_physical())
    if frame.to_dict(as_series=False) != plain:
        out.append('polars reads other cells')
    if path.name.endswith('.parquet'):
        numbers = ', '.join(f'epoch_us("{name}") as "{name}"' for name in table.times)
        rows = duckdb.sql(f"select * {f'replace ({numbers})' if numbers else ''} from read_parquet('{path}')")
        if rows.columns != table.names or [list(row) for row in rows.fetchall()] != [list(row) for row in zip(*table.columns)]:
            out.append('DuckDB reads other cells')
    return out


def file_findings(path, expected, code, seen):
    table = Table(path)
    expected = with_numbers(expected, table.times, seen)
    numbers = 1 if any('uint64' in str(kind) for kind in table.kinds) else 0
    out = differences(expected, table, numbers, seen) or [f'another cell in {name} is not seen'
                                                          for name in blind_spots(expected, table, numbers)]
    out += other_readers(path, table)
    if table.account is not None:
        account = json.loads(table.account)
        told = (account['rows'], account['complete'], [column['name'] for column in account['columns']])
        if told != (len(expected) - 1, code == 0, table.names):
            out.append(f'its account says {told}')
    seen['no row'] += len(expected) == 1
    seen['damaged'] += code != 0 and len(expected) > 1
    return out


def judge(args, path):
    """(sentences, what was seen)"""
    seen = collections.Counter()
    with tempfile.TemporaryDirectory() as name:
        profile = pathlib.Path(name, 'profile.yaml')  # JSON is YAML
        profile.write_text(json.dumps({'exporters': [{'schema': schema, 'path': f'{name}/{schema}.{ending}', 'format': form}
                                                     for schema in SCHEMAS for ending, form in FORMATS.items()]}))
        run = Program(args.program, args.plugins).run([path], '--plugin-dir', args.shapes, schema=None, profile=profile)
        if run.code not in (0, 3):
            return [f'exit code {run.code}: {run.messages[-1000:]}'], seen
        out = []
        for schema in SCHEMAS:
            files = {ending: pathlib.Path(name, f'{schema}.{ending}' + ('.part' if run.code else '')) for ending in FORMATS}
            there = {ending for ending, file in files.items() if file.exists()}
            if there not in (set(), set(FORMATS)):
                out.append(f'{schema}: only {sorted(there)} are there')
            elif there:
                expected = table_of(files.pop('csv').read_bytes())
                out += [f'{file.name}: {sentence}' for file in files.values()
                        for sentence in file_findings(file, expected, run.code, seen)]
    return out, seen


def main():
    parser = harness.arguments(__doc__, every=1)
    parser.add_argument('--shapes', required=True, help='folder of the plugin `shapes`')
    args = parser.parse_args()
    captures = harness.sample(args, args.every, also=(DAMAGED,))
    if not harness.ALL and args.every > 1:
        captures = [path for path in captures if path.stat().st_size < 300_000]
    found = harness.in_parallel(args.jobs, functools.partial(judge, args), captures)
    seen = sum((counts for _, counts in found), collections.Counter())
    unseen = [f'no {kind} was compared' for kind in KINDS if not seen[kind]]
    return harness.verdict([('all of them', unseen), *zip((path.name for path in captures), (out for out, _ in found))],
                           'captures as Parquet and Arrow files')


if __name__ == '__main__':
    sys.exit(main())
