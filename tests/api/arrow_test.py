#!/usr/bin/env python3
"""Every table of every capture as a stream of Arrow record batches, pulled in this process through libflowgauge.so, has
the cells of the program's CSV: some public captures and cases, all schemas, with one worker and with three. pyarrow
judges that every batch is whole.

FLOWGAUGE_LARGE=1 takes all of them, and the large captures.
"""
import collections
import functools
import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'parity'))

import harness
from program import Program

try:
    import pyarrow
    import flowgauge_arrow
    from cells import blind_spots, differences, table_of
except ImportError as missing:
    print(f'skipped: {missing}: this Python is not the one that the test api.pyarrow makes')
    sys.exit(harness.SKIPPED)

EVERY = 4  # public capture
TRIAL_NONE, INSECURE_PLUGINS = 1, 2
WAYS = ({'threads': 1, 'numbers': 0, 'batch_rows': 0}, {'threads': 3, 'numbers': 1, 'batch_rows': 7})
SCHEMAS = (*harness.SCHEMAS, 'canonical', 'shapes')
# What must have been seen in the end, or nothing was compared.
KINDS = ('null', 'list', 'empty list', 'beyond', 'double', 'bool', 'int64', 'uint64', 'string', 'list<item: int64>',
         'list<item: uint64>', 'no UTF-8', 'damaged', 'several batches')

class Stream:
    """A stream read to its end."""

    def __init__(self, session, schema, numbers, batch_rows):
        self.names, self.kinds, self.columns, self.batches, self.problem = [], [], [], 0, ''
        try:
            reader = session.stream(schema, numbers=numbers, batch_rows=batch_rows)
        except flowgauge_arrow.Error as error:
            self.problem = str(error)
            return
        batches = []
        try:
            batches.extend(iter(reader.read_next_batch, None))
        except StopIteration:
            pass
        except (pyarrow.ArrowException, OSError) as error:
            self.problem = str(error)
        for batch in batches:
            batch.validate(full=True)  # raises
        table = pyarrow.Table.from_batches(batches, reader.schema)
        self.names, self.kinds, self.batches = table.schema.names, table.schema.types, len(batches)
        self.columns = [column.to_pylist() for column in table.columns]


@functools.lru_cache
def library(path):
    return flowgauge_arrow.Library(path)


def stream_findings(args, path, schema, data, code, seen):
    """`data`: what the program wrote, None if nothing."""
    out = []
    for way in WAYS:
        with flowgauge_arrow.Session(library(args.library), schema=schema, threads=way['threads'], trial=TRIAL_NONE,
                                     flags=INSECURE_PLUGINS, plugin_folders=[args.plugins, args.shapes]) as session:
            session.add_capture(path)
            stream = Stream(session, schema, way['numbers'], way['batch_rows'])
        found = []
        if bool(stream.problem) != (code != 0):
            found.append(f'the program ends with {code}, the stream with {stream.problem!r}')
        if data is None:
            found += [f'{stream.batches} batches of a capture that is refused'] if stream.batches else []
        else:
            expected = table_of(data)
            found += differences(expected, stream, way['numbers'], seen)
            seen['damaged'] += code != 0 and len(expected) > 1
            seen['several batches'] += stream.batches > 1
            if not found:
                found = [f'another cell in {name} is not seen'
                         for name in blind_spots(expected, stream, way['numbers'])]
        out += [f'{schema}, {way["threads"]} workers: {sentence}' for sentence in found]
    return out


def judge(args, path):
    """(sentences, what was seen)"""
    seen = collections.Counter()
    with tempfile.TemporaryDirectory() as name:
        profile = pathlib.Path(name, 'profile.yaml')  # JSON is YAML
        profile.write_text(json.dumps({'exporters': [{'schema': s, 'path': f'{name}/{s}.csv'} for s in SCHEMAS]}))
        run = Program(args.program, args.plugins).run([path], '--plugin-dir', args.shapes, schema=None, profile=profile)
        if run.code not in (0, 3):
            return [f'exit code {run.code}: {run.messages[-1000:]}'], seen
        out = []
        for schema in SCHEMAS:
            paths = [pathlib.Path(name, schema + end) for end in ('.csv', '.csv.part')]
            files = [path_ for path_ in paths if path_.exists()]
            out += stream_findings(args, path, schema, files[0].read_bytes() if files else None, run.code, seen)
    return out, seen


def main():
    parser = harness.arguments(__doc__)
    parser.add_argument('--library', required=True, help='libflowgauge.so')
    parser.add_argument('--shapes', required=True, help='folder of the plugin `shapes`')
    args = parser.parse_args()
    captures = harness.sample(args, EVERY)
    found = harness.in_parallel(args.jobs, functools.partial(judge, args), captures)
    seen = sum((counts for _, counts in found), collections.Counter())
    unseen = [f'no {kind} was compared' for kind in KINDS if not seen[kind]]
    return harness.verdict([('all of them', unseen), *zip((path.name for path in captures), (out for out, _ in found))],
                           'captures in Arrow batches')


if __name__ == '__main__':
    sys.exit(main())
