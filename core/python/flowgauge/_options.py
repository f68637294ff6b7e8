"""What a run is asked for, as the library takes it."""
from __future__ import annotations

import collections.abc
import contextlib
import glob
import json
import logging
import os
import struct
import tempfile
import typing

from . import _errors, _fg

LOG = logging.getLogger('flowgauge')
LOG.addHandler(logging.NullHandler())
_LEVELS = {1: logging.ERROR, 2: logging.WARNING, 3: logging.INFO, 4: logging.DEBUG}
_TRIAL_NONE, INSECURE_PLUGINS, ORDER_COLUMNS, _DEFAULT_SCHEMA = 1, 2, 4, 8
EMPTY_CAPTURE = struct.pack('<IHHiIII', 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)  # pcap, without any frame
# What rows are sorted by: behind the columns that were chosen, never among them.
ORDER = ('flow.release_frame', 'flow.release_cause', 'flow.release_deadline', 'flow.release_creation')


def log(level: int, text: str) -> None:
    """A message of the library."""
    LOG.log(_LEVELS.get(level, logging.DEBUG), '%s', text)


def wanted_log_level() -> int:
    """The least grave messages that `logging` would keep."""
    level = LOG.getEffectiveLevel()
    return 4 if level <= logging.DEBUG else 3 if level <= logging.INFO else 2 if level <= logging.WARNING else 1


def as_list(value: typing.Any) -> list:
    if value is None:
        return []
    if isinstance(value, (str, bytes, os.PathLike)):
        return [value]
    return list(value)


def captures(paths: typing.Any) -> list:
    """Files and folders, with patterns (`day/*.pcap`) resolved, in order."""
    found = []
    for path in as_list(paths):
        name = os.fspath(path)
        if not isinstance(path, str) or not glob.has_magic(path) or os.path.exists(path):
            found.append(name)
            continue
        matches = sorted(glob.glob(path, recursive=True))
        if not matches:
            raise _errors.InputError(f'{path}: no file has such a name')
        found += matches
    if not found:
        raise _errors.InputError('no capture is given')
    return found


def partitions_text(partitions: typing.Any) -> str | None:
    """`range(64)`, `[0, 1, 7]` or "0-63,128" as the last of these."""
    if partitions is None or isinstance(partitions, str):
        return partitions
    runs: list = []
    for number in sorted({int(number) for number in partitions}):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    if not runs:
        raise _errors.ProfileError('partitions: none is named; leave it out for all')
    return ','.join(str(first) if first == last else f'{first}-{last}' for first, last in runs)


def profile_option(profile: typing.Any) -> dict:
    """A name or path, the YAML itself, or a dict of it."""
    if profile is None:
        return {}
    if isinstance(profile, collections.abc.Mapping):
        return {'profile_text': json.dumps(profile, indent=1, default=_plain)}  # JSON is YAML
    if isinstance(profile, os.PathLike):
        path = os.fspath(profile)
        return {'profile': path if os.sep in str(path) else os.path.join(os.curdir, path)}
    if isinstance(profile, str):
        is_text = '\n' in profile or ': ' in profile
        return {'profile_text' if is_text else 'profile': profile}
    raise TypeError(f'profile is a name, a path, YAML or a dict, not {type(profile).__name__}')


def _plain(value: typing.Any) -> typing.Any:
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, collections.abc.Iterable):
        return list(value)
    raise TypeError(f'a profile has texts, numbers, lists and dicts, not {type(value).__name__}')


def setting(key: str, value: typing.Any) -> str:
    """As `--set` takes it."""
    return f'{key}={json.dumps(value, default=_plain)}'


def table_of(columns: collections.abc.Mapping) -> str:
    """A table of one's own, from {name: expression}."""
    entries = [{'name': name, 'expression': expression} for name, expression in columns.items()]
    return setting('exporters', [{'columns': entries}])


def frame_as_csv(frame: typing.Any) -> str:
    """Label rules that lie in a frame, as the file they would be."""
    if hasattr(frame, 'to_csv'):  # pandas
        return frame.to_csv(index=False)
    if hasattr(frame, 'write_csv'):  # polars
        return frame.write_csv()
    if hasattr(frame, 'to_pandas'):  # pyarrow
        return frame.to_pandas().to_csv(index=False)
    raise TypeError(f'labels are a path or a frame, not {type(frame).__name__}')


class Options:
    """All that a run is asked for. Made once, used for each run."""

    def __init__(self, *, schema=None, columns=None, profile=None, labels=None, filter=None, threads=None,
                 partitions=None, plugins=(), settings=None, max_packets=None, duration=None, numbers='int64',
                 order_columns=False, insecure_plugins=False, try_plugins=True, method=None, isolate=False):
        if numbers not in ('int64', 'uint64'):
            raise _errors.ProfileError(f"numbers is 'int64' or 'uint64', not {numbers!r}")
        if isinstance(columns, str):
            raise TypeError('columns is a list of names, or a dict of names and expressions')
        self.schema, self.labels, self.label_csv = schema, None, None
        self.columns, self.isolate = columns, isolate
        self.numbers = 0 if numbers == 'int64' else 1
        self.settings = [setting(key, value) for key, value in (settings or {}).items()]
        if filter is not None:
            self.settings.append(setting('packets.filter', filter))
        if method is not None:
            self.settings.append(setting('live.capture', method))
        if isinstance(labels, (str, os.PathLike)):
            self.labels = os.path.abspath(os.fspath(labels))
        elif labels is not None:
            self.label_csv = frame_as_csv(labels)
        self.plain = {
            **profile_option(profile), 'threads': threads, 'partitions': partitions_text(partitions),
            'plugin_folders': _plugin_folders(plugins), 'max_packets': max_packets,
            'duration_ns': None if duration is None else round(float(duration) * 1e9),
            'trial': 0 if try_plugins else _TRIAL_NONE,
            'flags': _DEFAULT_SCHEMA | (INSECURE_PLUGINS if insecure_plugins else 0) |
                     (ORDER_COLUMNS if order_columns else 0)}

    @contextlib.contextmanager
    def given(self, columns: list | None = None) -> typing.Iterator[dict]:
        """For the module `_fg`. `columns`: fewer than were asked for. What lies in files is there within the block."""
        options = {**self.plain, 'schema': self.schema, 'settings': list(self.settings),
                   'log_level': wanted_log_level()}
        if isinstance(self.columns, collections.abc.Mapping):
            if self.schema is not None:
                raise _errors.ProfileError('a dict of columns is a table of its own: leave the schema out')
            options['settings'].append(table_of(self.columns))
        elif self.columns is not None:
            options['columns'] = list(self.columns)
        if columns is not None:
            has_order = self.plain['flags'] & ORDER_COLUMNS
            options['columns'] = [name for name in columns if not (has_order and name in ORDER)]
        with contextlib.ExitStack() as stack:
            labels = self.labels
            if self.label_csv is not None:
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix='flowgauge-'))
                labels = os.path.join(folder, 'labels.csv')
                with open(labels, 'w', encoding='utf-8') as file:
                    file.write(self.label_csv)
            if labels is not None:
                options['settings'].append(setting('labels', labels))
            yield options

    def new_run(self, columns: list | None, progress: typing.Callable | None):
        """In this process, or in one of its own."""
        with contextlib.ExitStack() as stack:
            options = stack.enter_context(self.given(columns))
            if not self.isolate:
                return _fg.Run(options, log, progress)
            from ._isolated import Run
            return Run(options, stack.pop_all(), log, progress)


def _plugin_folders(plugins: typing.Any) -> list:
    folders = [os.fspath(folder) for folder in as_list(plugins)]
    for folder in folders:
        if os.path.isfile(folder):
            raise _errors.PluginError(f'{folder}: is a file; plugins are given as the folders they lie in')
    return folders
