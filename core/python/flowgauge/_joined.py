"""What functions on packets make for flows: packets wait until their flow ends, and are then given to the function."""
from __future__ import annotations

import bisect
import collections.abc
import typing

from . import _errors
from ._flows import Packets
from ._options import Options

if typing.TYPE_CHECKING:
    import pyarrow

_ROWS_AT_ONCE = 32768


class SeenPackets:
    """The packets that a function is shown, and what it says of its columns."""

    def __init__(self, wanted, inputs: list, options: dict):
        self._wanted = wanted
        columns = wanted.columns
        if isinstance(columns, collections.abc.Mapping):
            for name in ('flow', 'frame'):
                if columns.get(name, f'packet.{name}') != f'packet.{name}':
                    raise self._wrong(f"its column of packets '{name}' can be packet.{name} alone; call it something else")
            columns = {**columns, 'flow': 'packet.flow', 'frame': 'packet.frame'}
            self.packets = _Quiet(inputs, Options(columns=columns, **options))
        else:
            if columns is not None:
                columns = [*columns, *(name for name in ('flow', 'frame') if name not in columns)]
            self.packets = _Quiet(inputs, Options(schema='packets', columns=columns, **options))
        self._names: list | None = None
        if wanted.columns is not None:
            self._names = [*dict.fromkeys(['flow', *wanted.columns])]
        self._fields: list | None = None

    @property
    def name(self) -> str:
        return getattr(self._wanted.function, '__name__', type(self._wanted.function).__name__)

    @property
    def doc(self) -> str:
        return ((self._wanted.function.__doc__ or '').strip().splitlines() or [''])[0]

    @property
    def at_once(self) -> int:
        return self._wanted.packets

    def close(self) -> None:
        self.packets.close()

    def fields(self) -> list:
        """Of the columns that the function makes, without `flow`. It is called without packets, once."""
        if self._fields is None:
            import pyarrow
            made = self._call(pyarrow.schema(self.packets).empty_table())
            self._fields = [pyarrow.field(field.name, field.type, metadata={
                'flowgauge.role': 'feature', 'flowgauge.expression': self.name, 'flowgauge.definition': self.doc})
                for field in made.schema if field.name != 'flow']
            for field in self._fields:
                if pyarrow.types.is_null(field.type):
                    raise self._wrong(f"its column '{field.name}' has no type where there is no packet; make it by "
                                      'pyarrow.array(values, type)')
            if not self._fields:
                raise self._wrong("it makes no column beside 'flow'")
        return self._fields

    def made_of(self, packets: pyarrow.Table) -> pyarrow.Table:
        """A row for each flow, by its number."""
        import pyarrow
        from pyarrow import compute
        expected = compute.unique(packets['flow'])
        made = self._call(packets)
        fields = self.fields()
        if set(made.schema.names) != {'flow', *(field.name for field in fields)}:
            raise self._wrong(f'its columns were {", ".join(field.name for field in fields)}, and now are '
                              f'{", ".join(name for name in made.schema.names if name != "flow")}')
        if made.num_rows != len(expected):
            raise self._wrong(f'it gave {made.num_rows} rows for {len(expected)} flows; each flow has one')
        made = made.select(['flow', *(field.name for field in fields)])
        try:
            made = made.cast(pyarrow.schema([pyarrow.field('flow', expected.type), *fields]))
        except pyarrow.ArrowInvalid as error:
            raise self._wrong(f'its columns have other types than without packets: {error}') from error
        made = made.take(compute.sort_indices(made['flow']))
        if not made['flow'].combine_chunks().equals(expected):
            raise self._wrong('it gave rows of other flows than it was given')
        return made

    def _call(self, packets: pyarrow.Table) -> pyarrow.Table:
        import pyarrow
        given = packets if self._names is None else packets.select(self._names)
        answer = self._wanted.function(given)
        try:
            made = pyarrow.table(answer)
        except (TypeError, ValueError) as error:
            raise self._wrong(f'it gave {type(answer).__name__}, which makes no table: {error}') from error
        if made.schema.names.count('flow') != 1:
            raise self._wrong("it gave no column 'flow' with the flows' numbers")
        return made.replace_schema_metadata(None)

    def _wrong(self, what: str) -> _errors.ProfileError:
        return _errors.ProfileError(f'the function {self.name} of features(): {what}')


class _Quiet(Packets):
    """Of a damaged capture the flows tell."""

    def _note_damage(self, error) -> None:
        pass


class Joined:
    """One run of packets beside one of flows."""

    def __init__(self, seen: SeenPackets):
        import pyarrow
        self._seen = seen
        self._batches = seen.packets._pull(_ROWS_AT_ONCE)
        self._frame = -1  # of the last packet that was read
        self._is_read = False
        self._waiting = pyarrow.schema(seen.packets).empty_table()  # of flows that had not ended
        self._new: list = []  # batches since
        self._new_rows = 0
        self._is_by_flow = False  # the rest, once all is read

    def close(self) -> None:
        self._batches.close()

    def fields(self) -> list:
        return self._seen.fields()

    def read_to(self, frame: int | None) -> None:
        """All packets up to the frame; None: all."""
        import pyarrow
        while not self._is_read and (frame is None or self._frame < frame):
            batch = next(self._batches, None)
            if batch is None:
                self._is_read = True
                return
            self._new.append(pyarrow.record_batch(batch))
            self._new_rows += len(self._new[-1])
            self._frame = self._new[-1].column('frame')[-1].as_py()

    @property
    def is_worthwhile(self) -> bool:
        """Packets of open flows are gone through when there are twice as many: no packet is often."""
        return self._is_read or self._new_rows >= max(self._seen.at_once, len(self._waiting))

    def made_for(self, flows: pyarrow.Table) -> dict:
        """The function's columns for these rows, whose packets are read; null for a snapshot, whose flow goes on."""
        import pyarrow
        from pyarrow import compute
        has_ended = compute.not_equal(flows['flow.release_cause'].combine_chunks(), 'snapshot')
        numbers = flows['flow.release_creation'].combine_chunks()
        made = [self._seen.made_of(packets) for packets in self._parts(self._take(numbers.filter(has_ended)))]
        if not made:
            return {field.name: pyarrow.nulls(len(numbers), field.type) for field in self._seen.fields()}
        table = pyarrow.concat_tables(made).combine_chunks()
        places = compute.index_in(numbers, value_set=table['flow'].combine_chunks())
        missing = compute.and_(compute.is_null(places), has_ended)
        if compute.any(missing).as_py():
            raise _errors.ProfileError(f'flow {numbers.filter(missing)[0]} has no packets of its own: beside a feature '
                                       'that ends flows there can be no functions on packets')
        places = compute.if_else(has_ended, places, None)
        return {field.name: table[field.name].combine_chunks().take(places) for field in self._seen.fields()}

    def _take(self, numbers) -> pyarrow.Table:
        """All packets of these flows, by flow. The others wait."""
        import pyarrow
        from pyarrow import compute
        if self._is_by_flow and len(numbers) > 0:  # what is left ends in the order of numbers
            end = bisect.bisect_right(_Plain(self._waiting['flow'].combine_chunks()), numbers[-1].as_py())
            taken, self._waiting = self._waiting.slice(0, end), self._waiting.slice(end)
            return taken
        packets = pyarrow.concat_tables([self._waiting, *(pyarrow.Table.from_batches([one]) for one in self._new)])
        self._new, self._new_rows = [], 0
        are_taken = compute.is_in(packets['flow'], value_set=numbers)
        taken, self._waiting = packets.filter(are_taken), packets.filter(compute.invert(are_taken))
        if self._is_read:
            self._waiting, self._is_by_flow = _by_flow(self._waiting), True
        return _by_flow(taken)

    def _parts(self, packets: pyarrow.Table) -> typing.Iterator:
        """About as many at once as are wanted, and whole flows."""
        from pyarrow import compute
        flow = packets['flow'].combine_chunks()
        if len(flow) == 0:
            return
        changes = compute.indices_nonzero(compute.not_equal(flow.slice(1), flow.slice(0, len(flow) - 1)))
        ends = [change + 1 for change in changes.to_pylist()] + [len(flow)]
        begin = 0
        while begin < len(flow):
            end = ends[min(bisect.bisect_left(ends, begin + self._seen.at_once), len(ends) - 1)]
            yield packets.slice(begin, end - begin)
            begin = end


class _Plain(collections.abc.Sequence):
    """An array of Arrow, as plain numbers."""

    def __init__(self, array):
        self._array = array

    def __len__(self) -> int:
        return len(self._array)

    def __getitem__(self, at):
        return self._array[at].as_py()


def _by_flow(packets: pyarrow.Table) -> pyarrow.Table:
    """Stable: packets of a flow stay in the order that they arrived in."""
    from pyarrow import compute
    return packets.take(compute.sort_indices(packets['flow'])).combine_chunks()
