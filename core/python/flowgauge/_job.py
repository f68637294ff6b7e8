"""A job of two stages as tasks, for whatever runs tasks on many machines (docs/cluster.md)."""
from __future__ import annotations

import os
import pathlib
import tempfile
import typing
import uuid
import warnings

from . import _errors
from ._events import events, flows
from ._options import EMPTY_CAPTURE, captures

_PARTITIONS = 256
# What the first stage does not know.
_OF_ROWS = ('labels', 'threads', 'numbers', 'order_columns', 'isolate')


def capture_paths(paths: typing.Any) -> list:
    """The captures of a job, each a task. A folder would be several. One that is not there is found before any task."""
    found = captures(paths)
    for path in found:
        if not os.path.exists(path):
            raise _errors.InputError(f'{os.fsdecode(path)}: there is no such file')
        if os.path.isdir(path):
            raise _errors.UsageError(f'{os.fsdecode(path)}: is a folder; name its captures, in their order, or a pattern')
    return found


def partitions_of(part: int, parts: int) -> range:
    """Those of one of so many parts."""
    if not 1 <= parts <= _PARTITIONS:
        raise _errors.UsageError(f'a job has 1 to {_PARTITIONS} parts, not {parts}')
    return range(_PARTITIONS * part // parts, _PARTITIONS * (part + 1) // parts)


def capture_task(path, folder: str, number: int, count: int, options: dict) -> str | None:
    """The first stage of one capture. Gives the message of one that is damaged: what is before the damage counts, if
    anything is. May run again, and twice at once."""
    given = {name: value for name, value in options.items() if name not in _OF_ROWS}
    given.update(file_number=number, file_count=count, errors='warn')
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        try:
            events(path, folder, **given)
        except _errors.InputError as error:
            if not os.path.isfile(path):
                raise
            _write_nothing(folder, given)
            return str(error)
    return str(caught[0].message) if caught else None


def _write_nothing(folder: str, given: dict) -> None:
    """In place of a file that is no capture, or an empty one."""
    with tempfile.TemporaryDirectory(prefix='flowgauge-') as own:
        empty = os.path.join(own, 'empty.pcap')
        with open(empty, 'wb') as file:
            file.write(EMPTY_CAPTURE)
        events(empty, folder, **given)


def part_task(folder: str, out: str, part: int, parts: int, options: dict) -> dict:
    """The second stage of one part: writes OUT/part-NNN.parquet, and gives the run's report. May run again, and twice at
    once: the file has its name once it is whole."""
    rows = flows(folder, partitions=partitions_of(part, parts), **options)
    path = os.path.join(out, f'part-{part:03}.parquet')
    attempt = f'{path}.{uuid.uuid4().hex}.part'
    try:
        rows.to_parquet(attempt)
        os.replace(attempt, path)
    finally:
        pathlib.Path(attempt).unlink(missing_ok=True)
    return {**rows.report, 'path': path}


def account_of(damaged: list, reports: list) -> dict:
    """One account of all parts. Each of these has the frames of all captures, and its own packets."""
    ledgers = [report['ledger'] for report in reports]
    ignored = {reason: frames for reason, frames in ledgers[0]['ignored'].items() if reason != 'other_partition'}
    frames_read = ledgers[0]['frames_read']
    in_flows = sum(ledger['in_flows'] for ledger in ledgers)
    return {'paths': [report['path'] for report in reports],
            'rows': sum(output['rows'] for report in reports for output in report['outputs']),
            'damaged': [message for message in damaged if message],
            'ledger': {'frames_read': frames_read, 'in_flows': in_flows, 'ignored': ignored,
                       'balances': all(ledger['balances'] for ledger in ledgers) and
                                   frames_read == in_flows + sum(ignored.values())}}
