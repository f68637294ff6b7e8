"""Tables of the same traffic, taken in two ways: the rows are the same in all columns but those that come from timestamps."""
import csv
import json
import pathlib
import subprocess
from collections import Counter


def read(path):
    """(header, rows) of a CSV table."""
    header, *rows = csv.reader(pathlib.Path(path).read_text().splitlines())
    return header, rows


TIME_UNITS = ('ns', 'us', 'ms', 's')
COUNTS_OF_GAPS = {'packet_histograms.fwd_gaps', 'packet_histograms.bwd_gaps'}


def time_columns(program, plugin_dir):
    """Names of all columns whose values come from timestamps: moments, spans, rates over spans, and counts by them."""
    told = subprocess.run([program, 'columns', '--json', '--plugin-dir', plugin_dir], capture_output=True, check=True).stdout
    return COUNTS_OF_GAPS | {column['name'] for column in json.loads(told)
                             if column['unit'] in TIME_UNITS or column['unit'].endswith('/s')}


def from_time(column, of_time):
    """A series of times has a count, and that is a number of packets or gaps."""
    name, _, member = column.rpartition('.')
    return column in of_time or (name in of_time and member != 'count')


class Comparison:
    def __init__(self, program, plugin_dir):
        self.of_time = time_columns(program, plugin_dir)
        self.rows = self.columns = 0                    # compared so far, and of the last table

    def differences(self, live, offline):
        """Sentences about what differs; none: the tables agree row by row, in any order."""
        (header, rows), (other_header, others) = read(live), read(offline)
        if header != other_header:
            return [f'the columns differ: {header} and {other_header}']
        kept = [i for i, name in enumerate(header) if not from_time(name, self.of_time)]
        self.rows, self.columns = self.rows + len(others), len(kept)
        mine, theirs = (Counter(tuple(row[i] for i in kept) for row in table) for table in (rows, others))
        alone, missing = sorted((mine - theirs).elements()), sorted((theirs - mine).elements())
        if not alone and not missing:
            return []
        out = [f'{len(rows)} rows live, {len(others)} from the capture; {len(alone)} of the first and {len(missing)} of the second alone']
        return out + list(self.pairs([header[i] for i in kept], alone, missing))

    @staticmethod
    def pairs(header, alone, missing, most=5):
        """What differs within rows of the same flow id."""
        key = header.index('flow.id')
        for row in alone[:most]:
            twins = [other for other in missing if other[key] == row[key]]
            if not twins:
                yield f'live alone: {dict(zip(header, row))}'
            for other in twins[:1]:
                cells = [f'{name} {a!r}, from the capture {b!r}' for name, a, b in zip(header, row, other) if a != b]
                yield f'{row[key]}: ' + '; '.join(cells[:12])
        ids = {row[key] for row in alone}
        for row in [row for row in missing if row[key] not in ids][:most]:
            yield f'from the capture alone: {dict(zip(header, row))}'
