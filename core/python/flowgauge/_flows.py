"""The rows of one table, made when they are asked for."""
from __future__ import annotations

import atexit
import collections.abc
import contextlib
import html
import json
import os
import threading
import typing
import warnings

from . import _errors, _fg
from ._needed import needed
from ._options import LOG, Options

if typing.TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

_TYPES = {1: 'uint64', 2: 'int64', 3: 'float64', 4: 'bool', 5: 'string', 7: 'list[uint64]', 9: 'list[int64]',
          10: 'list[float64]', 11: 'list[string]'}
_ROWS_OF_PACKETS = 1
# No thread of ours may call Python when the interpreter goes.
atexit.register(_fg.shut_down)


class Column(typing.NamedTuple):
    """A column of a table, and what it means."""

    name: str
    type: str
    #: "us", "B/s"; "" of a name, a code, a ratio
    unit: str
    #: what it gives away: "identity, port"
    classes: str
    #: "feature", or "label": a target, and no input of a model
    role: str
    #: over the columns of features: "us(iat.fwd.mean)"
    expression: str
    #: what those columns mean, in a sentence
    definition: str


class Schema(collections.abc.Sequence):
    """The columns of a table: a sequence of :class:`Column`, which can be asked by name too.

    ``pyarrow.schema(schema)`` makes an Arrow schema of it.
    """

    def __init__(self, name: str, version: str, columns: list[Column], flows: Flows):
        self.name, self.version, self._columns, self._flows = name, version, columns, flows
        self._by_name = {column.name: column for column in columns}

    @property
    def names(self) -> list[str]:
        return [column.name for column in self._columns]

    def __getitem__(self, key):
        return self._by_name[key] if isinstance(key, str) else self._columns[key]

    def __len__(self) -> int:
        return len(self._columns)

    def __contains__(self, key) -> bool:
        return key in self._by_name or key in self._columns

    def __repr__(self) -> str:
        return f'Schema({self.name!r}: {", ".join(self.names)})'

    def __arrow_c_schema__(self):
        return self._flows.__arrow_c_schema__()


class Progress(typing.NamedTuple):
    """How far a run has come. Counts never fall."""

    is_last: bool
    elapsed_ns: int
    frames: int
    flows: int
    open_flows: int
    rows: int
    done_bytes: int
    #: 0: not known, or live
    total_bytes: int
    memory_bytes: int


class Flows:
    """The flows of some captures, as rows of one table. Made by :func:`flowgauge.read`.

    It is lazy: nothing is read before rows are asked for, and each request is a run of its own. It can be given to
    whatever reads Arrow streams: ``pyarrow.table(flows)``, ``polars.DataFrame(flows)``, ``duckdb.sql('from flows')``.
    """

    def __init__(self, inputs: list, options: Options, *, on_progress=None, progress=False, errors='raise'):
        if errors not in ('raise', 'warn'):
            raise _errors.ProfileError(f"errors is 'raise' or 'warn', not {errors!r}")
        self._inputs, self._options, self._errors = inputs, options, errors
        self._on_progress, self._shows_progress = on_progress, progress
        self._lock = threading.Lock()
        self._waiting: typing.Any = None  # opened to know its columns, not read yet
        self._open: list = []  # runs that may go on
        self._last: typing.Any = None
        self._report: dict | None = None
        self._schema: Schema | None = None

    # ------------------------------------------------------------ runs

    def _add_inputs(self, run) -> None:
        for path in self._inputs:
            run.add_capture(path)

    def _progress_callback(self) -> typing.Callable | None:
        told = []
        if self._on_progress is not None:
            told.append(self._on_progress)
        if self._shows_progress:
            from ._progress import Bar
            told.append(Bar())
        if not told:
            return None

        def tell(*numbers):
            progress = Progress(*numbers)
            for one in told:
                one(progress)
        return tell

    def _new_run(self, columns: list | None = None):
        run = self._options.new_run(columns, self._progress_callback())
        if not self._options.isolate:
            self._note_tables(run, columns)
        return run

    def _note_tables(self, run, columns: list | None = None) -> None:
        tables = run.tables()
        if self._schema is None and columns is None:
            name, version, described = tables[0][:3]
            self._schema = Schema(name, version, [Column(own[0], _TYPES.get(own[1], '?'), *own[2:])
                                                  for own in described], self)
        if len(tables) > 1:
            LOG.info('the profile has %d tables; these are the rows of the first, %s', len(tables), tables[0][0])

    def _begin(self, rows: int = 0, columns: list | None = None):
        with self._lock:
            run = None
            if columns is None:
                run, self._waiting = self._waiting, None
        run = run or self._new_run(columns)
        try:
            self._add_inputs(run)
            run.open_stream(None, self._options.numbers, rows)
        except BaseException:
            run.close()
            raise
        self._keep(run)
        return run

    def _keep(self, run) -> None:
        with self._lock:
            self._open = [one for one in self._open if not one.is_ended()] + [run]
        self._last, self._report = run, None

    def _pull(self, rows: int = 0, columns: list | None = None) -> typing.Iterator:
        """Batches of the module `_fg`. Who stops early ends the run."""
        run = self._begin(rows, columns)
        is_read = False
        try:
            while (batch := run.next()) is not None:
                yield batch
            is_read = True
        except _errors.InputError as error:
            is_read = True
            self._note_damage(error)
        finally:
            if not is_read:
                run.interrupt()
            self._end(run)

    def _note_damage(self, error: _errors.InputError) -> None:
        if self._errors == 'raise':
            raise error
        warnings.warn(str(error), stacklevel=4)

    def _end(self, run) -> None:
        run.end()
        if self._last is run:
            self._report = _report_of(run)
            self._last = None
        run.close()

    # ------------------------------------------------------------ what they are

    @property
    def schema(self) -> Schema:
        """The columns, with type, unit and meaning. Reads no input."""
        if self._schema is None:
            run = self._new_run()
            if self._schema is None:
                self._note_tables(run)
            with self._lock:
                self._waiting = run
        return self._schema  # type: ignore[return-value]

    @property
    def report(self) -> dict:
        """What the last run did: its ledger, ends of flows, versions, plugins, problems (docs/run-report.md)."""
        if self._report is None and self._last is not None:
            self._report = _report_of(self._last)
        if self._report is None:
            raise _errors.UsageError('no run has ended yet: there is no report before rows were read')
        return self._report

    def profile(self) -> str:
        """The rules of the run: a profile in YAML with every key."""
        run = self._new_run()
        try:
            return run.profile()
        finally:
            run.close()

    def __arrow_c_schema__(self):
        run = self._new_run()
        try:
            run.open_stream(None, self._options.numbers, 0)
            return run.schema()
        finally:
            run.close()

    def __arrow_c_stream__(self, requested_schema=None):
        """All rows, for a reader of Arrow streams. Each is a run of its own; types are as :attr:`schema` has them."""
        return self._begin().stream()

    # ------------------------------------------------------------ rows

    def batches(self, rows: int = 8192) -> typing.Iterator[pyarrow.RecordBatch]:
        """Record batches of at most so many rows, in constant memory. Who breaks off ends the run."""
        arrow = needed('pyarrow', 'batches()')
        for batch in self._pull(_batch_rows(rows)):
            yield arrow.record_batch(batch)

    def to_arrow(self) -> pyarrow.Table:
        """All rows as a table of pyarrow."""
        arrow = needed('pyarrow', 'to_arrow()')
        batches = [arrow.record_batch(batch) for batch in self._pull()]
        return arrow.Table.from_batches(batches, schema=batches[0].schema if batches else arrow.schema(self))

    def to_pandas(self, **options) -> pandas.DataFrame:
        """All rows as a data frame of pandas. `options` go to ``pyarrow.Table.to_pandas``."""
        needed('pandas', 'to_pandas()')
        return self.to_arrow().to_pandas(**options)

    def to_polars(self) -> polars.DataFrame:
        """All rows as a data frame of polars."""
        polars = needed('polars', 'to_polars()')
        frames = list(self._polars_frames())
        return polars.concat(frames, rechunk=False) if frames else self._empty_polars()

    def _polars_frames(self, rows: int = 0, columns: list | None = None,
                       ) -> typing.Generator[polars.DataFrame, None, None]:
        import polars
        for batch in self._pull(rows, columns):
            yield polars.Series(batch).struct.unnest()

    def _empty_polars(self) -> polars.DataFrame:
        import polars
        types = {'uint64': polars.UInt64 if self._options.numbers else polars.Int64, 'int64': polars.Int64,
                 'float64': polars.Float64, 'bool': polars.Boolean, 'string': polars.String}

        def type_of(text):
            return polars.List(types[text[5:-1]]) if text.startswith('list[') else types[text]
        return polars.DataFrame(schema={column.name: type_of(column.type) for column in self.schema})

    def to_parquet(self, path, **options) -> None:
        """Writes all rows to a Parquet file, batch by batch. `options` go to ``pyarrow.parquet.ParquetWriter``.

        The file gets its name when it is complete: what goes wrong leaves what was there before.
        """
        arrow = needed('pyarrow', 'to_parquet()')
        from pyarrow import parquet
        part = f'{os.fspath(path)}.part'
        try:
            with parquet.ParquetWriter(part, arrow.schema(self), **options) as writer:
                for batch in self.batches(65536):
                    writer.write_batch(batch)
            os.replace(part, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.remove(part)
            raise

    # ------------------------------------------------------------ the end

    def close(self) -> None:
        """Ends all runs that go on; their readers get an end, or an error."""
        with self._lock:
            waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.close()
        for one in list(self._open):
            one.interrupt()

    # ------------------------------------------------------------ as text

    def _inputs_text(self) -> str:
        names = [name.decode(errors='replace') if isinstance(name, bytes) else str(name) for name in self._inputs]
        return ', '.join(names[:3]) + (f' and {len(names) - 3} more' if len(names) > 3 else '')

    def __repr__(self) -> str:
        return f'<flowgauge.{type(self).__name__} of {self._inputs_text()}: {self._options.schema or "basic"}>'

    def _repr_html_(self) -> str:
        """For notebooks: the columns, and what the last run did. Reads no input."""
        schema = self.schema
        cells = ((one.name, one.type, one.unit, one.definition) for one in schema)
        rows = ''.join(f'<tr>{"".join(f"<td>{html.escape(text)}</td>" for text in row)}</tr>' for row in cells)
        title = (f'{html.escape(self._inputs_text())}: {len(schema)} columns of '
                 f'{html.escape(schema.name)} {html.escape(schema.version)}')
        done = ''
        if self._report is not None:
            ledger = self._report['ledger']
            made = self._report['outputs'][0]['rows']
            done = (f'<p>{made} rows; frames: {ledger["frames_read"]} read = {ledger["in_flows"]} in flows + '
                    f'{sum(ledger["ignored"].values())} ignored</p>')
        return (f'<p><b>flowgauge</b> {title}</p>{done}<details><summary>columns</summary><table><tr><th>name</th>'
                f'<th>type</th><th>unit</th><th>meaning</th></tr>{rows}</table></details>')


class Packets(Flows):
    """The packets of some captures, a row each, in order of arrival. Made by :func:`flowgauge.packets`.

    All else is as :class:`Flows` has it.
    """

    def _new_run(self, columns: list | None = None):
        run = super()._new_run(columns)
        name, _, _, rows = run.tables()[0]
        if rows == _ROWS_OF_PACKETS:
            return run
        run.close()
        raise _errors.ProfileError(f"the table '{name}' has no column of 'packet': it has a row for each flow, which "
                                   'fg.read() gives')


class LiveFlows(Flows):
    """The flows of live interfaces. Made by :func:`flowgauge.live`.

    A ``with`` block begins the capture and ends it. Behind :meth:`stop` the flows that are open come, and then the end.
    """

    _running: typing.Any = None

    def _add_inputs(self, run) -> None:
        for name in self._inputs:
            run.add_interface(name)

    def __enter__(self) -> LiveFlows:
        self._running = self._begin_now()
        return self

    def __exit__(self, *_) -> None:
        run, self._running = self._running, None
        if run is not None:
            self._end(run)
        self.close()

    def _begin_now(self):
        run = super()._begin()
        try:
            run.start()
        except BaseException:
            run.close()
            raise
        return run

    def _begin(self, rows: int = 0, columns: list | None = None):
        # The block's own run, once; its packets are caught since it began.
        if self._running is not None and columns is None:
            run, self._running = self._running, None
            return run
        return super()._begin(rows, columns)

    def stop(self) -> None:
        """Ends the capture in order: readers get the flows that are open, and then the end. From any thread."""
        for one in list(self._open):
            one.interrupt()


def _report_of(run) -> dict | None:
    try:
        return json.loads(run.report())
    except _errors.Error:
        return None


def _batch_rows(rows: int) -> int:
    if not 1 <= rows <= 65536:
        raise _errors.ProfileError(f'a batch has 1 to 65536 rows, not {rows}')
    return rows

