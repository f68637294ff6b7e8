"""Features of one's own: functions on the packets of flows that ended, whose columns join the flows' rows."""
from __future__ import annotations

import collections.abc
import contextlib
import os
import stat
import typing

from . import _errors
from ._flows import Column, Flows, Schema
from ._joined import Joined, SeenPackets
from ._needed import needed
from ._options import ORDER, Options

if typing.TYPE_CHECKING:
    import polars
    import pyarrow

_OF_PACKETS = ('profile', 'filter', 'threads', 'partitions', 'plugins', 'settings', 'max_packets', 'numbers',
               'insecure_plugins', 'try_plugins', 'isolate')  # of the options of flows


class Features(typing.NamedTuple):
    """A function on packets. Made by :func:`flowgauge.features`."""

    function: typing.Callable
    columns: typing.Any
    packets: int


def features(function: typing.Callable[[pyarrow.Table], typing.Any], *, columns: typing.Any = None,
             packets: int = 10_000) -> Features:
    """Columns of one's own, made of packets by a function: ``fg.read(..., features=[fg.features(function)])``.

    Parameters
    ----------
    function
        Gets a ``pyarrow.Table`` with all packets of some flows that ended: those of a flow together, in order of
        arrival; ``flow`` is its number. Returns a row for each of these flows, in any order: the number in ``flow``, and the
        columns that join the flow's row. That is a table of pyarrow, a frame of polars or pandas, or a dict of lists.
        It is called once without any packet, for the names and types of its columns.
    columns
        The columns of packets, as :func:`packets` takes them; ``flow`` is always there.
    packets
        About so many are given at once. A flow is never cut.
    """
    if not callable(function):
        raise TypeError(f'features() takes a function, not {type(function).__name__}')
    if packets < 1:
        raise _errors.ProfileError(f'a function is given one packet or more at once, not {packets}')
    return Features(function, columns, packets)


class FeaturedFlows(Flows):
    """Flows whose rows end with columns of functions of Python.

    One run makes the flows, and one for each function the packets, which wait in memory until their flow ends.
    """

    def __init__(self, inputs: list, options: dict, wanted: collections.abc.Iterable, **others):
        needed('pyarrow', 'features')
        wanted = list(wanted)
        for one in wanted:
            if not isinstance(one, Features):
                raise TypeError(f'features are made by fg.features(), not {type(one).__name__}')
        for path in inputs:
            _expect_to_read_twice(os.fsdecode(path))
        self._shows_order = options['order_columns']
        super().__init__(inputs, Options(**{**options, 'order_columns': True}), **others)
        self._seen = [SeenPackets(one, inputs, {key: options[key] for key in _OF_PACKETS}) for one in wanted]
        self._own: list | None = None  # columns of the engine that the rows have

    # ------------------------------------------------------------ what they are

    def _new_run(self, columns: list | None = None):
        run = super()._new_run(columns)
        if self._own is None and self._schema is not None:
            try:
                self._schema = self._with_features(self._schema)
            except BaseException:
                self._schema = None
                run.close()
                raise
        return run

    def _with_features(self, engine: Schema) -> Schema:
        own = [column for column in engine if self._shows_order or column.name not in ORDER]
        made: list = []
        for seen in self._seen:
            for field in seen.fields():
                if field.name in {column.name for column in own + made}:
                    raise _errors.ProfileError(f"{seen.name}: its column '{field.name}' is there already; call it "
                                               'something else')
                made.append(Column(field.name, _type_text(field.type), '', '', 'feature', seen.name, seen.doc))
        self._own = [column.name for column in own]
        return Schema(engine.name, engine.version, own + made, self)

    def _arrow_schema(self) -> pyarrow.Schema:
        import pyarrow
        names = self.schema.names
        engine = pyarrow.schema(_Given(super().__arrow_c_schema__()))
        made = [field for seen in self._seen for field in seen.fields()]
        by_name = {field.name: field for field in [*engine, *made]}
        return pyarrow.schema([by_name[name] for name in names])

    def __arrow_c_schema__(self):
        return self._arrow_schema().__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema=None):
        import pyarrow
        return pyarrow.RecordBatchReader.from_batches(self._arrow_schema(), self._pull()).__arrow_c_stream__()

    # ------------------------------------------------------------ rows

    def _pull(self, rows: int = 0, columns: list | None = None) -> typing.Iterator:
        """Record batches of pyarrow."""
        import pyarrow
        names = list(self.schema.names if columns is None else columns)
        engine = None
        if columns is not None:
            own = [name for name in self._own or [] if name not in ORDER]
            engine = [name for name in names if name in own] or own[:1]
        damage = None
        with contextlib.ExitStack() as stack:
            flows = stack.enter_context(contextlib.closing(super()._pull(rows, engine)))
            joined = [stack.enter_context(contextlib.closing(Joined(seen)))
                      for seen in self._seen if any(field.name in names for field in seen.fields())]
            held: list = []  # batches whose packets are not looked for yet
            try:
                for batch in flows:
                    held.append(pyarrow.record_batch(batch))
                    frame = held[-1].column('flow.release_frame')[-1].as_py()
                    for one in joined:
                        one.read_to(frame)
                    if all(one.is_worthwhile for one in joined):
                        yield from _with_columns_of(joined, held, names)
                        held = []
            except _errors.InputError as error:
                damage = error
            yield from _with_columns_of(joined, held, names)
        if damage is not None:
            raise damage

    def _polars_frames(self, rows: int = 0, columns: list | None = None,
                       ) -> typing.Generator[polars.DataFrame, None, None]:
        import polars
        for batch in self._pull(rows, columns):
            yield polars.DataFrame(polars.from_arrow(batch))

    def _empty_polars(self) -> polars.DataFrame:
        import polars
        return polars.DataFrame(polars.from_arrow(self._arrow_schema().empty_table()))

    def close(self) -> None:
        super().close()
        for seen in self._seen:
            seen.close()


class _Given:
    """A schema that is there as a capsule."""

    def __init__(self, capsule):
        self._capsule = capsule

    def __arrow_c_schema__(self):
        return self._capsule


def _with_columns_of(joined: list, held: list, names: list) -> typing.Iterator:
    """The batches, with the columns of these names."""
    import pyarrow
    if not held:
        return
    ended = pyarrow.Table.from_batches(held).select(['flow.release_creation', 'flow.release_cause'])
    made = [one.made_for(ended) for one in joined]
    field_of = {field.name: field for field in [*held[0].schema, *(field for one in joined for field in one.fields())]}
    schema = pyarrow.schema([field_of[name] for name in names])
    at = 0
    for batch in held:
        by_name = {name: batch.column(name) for name in batch.schema.names}
        for columns in made:
            by_name.update({name: column.slice(at, len(batch)) for name, column in columns.items()})
        at += len(batch)
        yield pyarrow.record_batch([by_name[name] for name in names], schema=schema)


def _type_text(kind: pyarrow.DataType) -> str:
    """As :class:`Column` has it."""
    import pyarrow
    if pyarrow.types.is_list(kind) or pyarrow.types.is_large_list(kind):
        return f'list[{_type_text(kind.value_type)}]'
    return {'double': 'float64', 'float': 'float32', 'large_string': 'string'}.get(str(kind), str(kind))


def _expect_to_read_twice(path: str) -> None:
    is_pipe = path == '-'
    with contextlib.suppress(OSError):
        is_pipe = is_pipe or stat.S_ISFIFO(os.stat(path).st_mode)
    if is_pipe:
        raise _errors.UsageError(f'{path}: features read captures several times, and a pipe can be read once')
