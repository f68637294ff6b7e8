"""Cells of a CSV table beside those of the same table in Arrow's types, as pyarrow gives them."""
import codecs
import csv
import io

import pyarrow

BEYOND = 2 ** 63  # the first number that no int64 holds

# As a stream has it: U+FFFD in place of every byte that is no UTF-8.
codecs.register_error('each byte', lambda error: ('\ufffd', error.start + 1))


def table_of(data):
    return list(csv.reader(io.StringIO(data.decode(errors='each byte'), newline='')))


def expected_cell(text, kind, numbers):
    """The value of a stream where the CSV has `text`, by the type that the stream's schema tells."""
    types = pyarrow.types
    if types.is_string(kind):
        return text
    if text == '':
        return None
    if types.is_list(kind):
        return [expected_cell(item, kind.value_type, numbers) for item in text[1:-1].split(',') if item]
    if types.is_boolean(kind):
        return {'0': False, '1': True}[text]
    if types.is_floating(kind):
        return float(text)
    number = int(text)
    return None if number >= BEYOND and numbers == 0 else number


def differences(expected, stream, numbers, seen):
    """Sentences about cells, at most a few. A CSV has no difference between a text of no character and null."""
    header, *rows = expected
    if stream.names != header:
        return [f'columns {stream.names}, expected {header}']
    out = []
    for index, (name, kind, values) in enumerate(zip(header, stream.kinds, stream.columns)):
        texts = [row[index] for row in rows]
        out += [f'{name}, {sentence}' for sentence in column_differences(texts, kind, values, numbers)]
        tell(seen, kind, texts, values)
    return out[:5]


def column_differences(texts, kind, values, numbers):
    out = [f'{len(values)} cells, expected {len(texts)}'] if len(values) != len(texts) else []
    for number, (text, value) in enumerate(zip(texts, values), 1):
        want = expected_cell(text, kind, numbers)
        told = '' if value is None and want == '' else value
        if told != want or isinstance(want, float) != isinstance(value, float):
            out.append(f'row {number}: {value!r}, expected {text!r}')
    return out


def tell(seen, kind, texts, values):
    """Counts what was compared."""
    seen[str(kind)] += 1
    seen['null'] += sum(value is None and text == '' for text, value in zip(texts, values))
    seen['beyond'] += sum(value is None and text != '' for text, value in zip(texts, values))
    if pyarrow.types.is_list(kind):
        seen['list'] += sum(bool(value) for value in values)
        seen['empty list'] += sum(value == [] for value in values)
    if pyarrow.types.is_string(kind):
        seen['no UTF-8'] += sum('\ufffd' in (value or '') for value in values)


def other_cell(cell, kind):
    if pyarrow.types.is_list(kind):
        return [*(cell or []), 1]
    if pyarrow.types.is_string(kind):
        return (cell or '') + 'x'
    if pyarrow.types.is_boolean(kind):
        return not cell
    return 1 if cell is None else cell + max(1, abs(cell) // 2 ** 40)


def blind_spots(expected, stream, numbers):
    """Columns in which the comparison does not see that the last cell is another, or gone."""
    out = []
    for index, (name, kind, values) in enumerate(zip(stream.names, stream.kinds, stream.columns)):
        texts = [row[index] for row in expected[1:]]
        for changed in ([*values[:-1], other_cell(values[-1], kind)], values[:-1]) if values else ():
            if not column_differences(texts[-1:], kind, changed[len(texts) - 1:], numbers):
                out.append(name)
    return out
