"""A lazy frame of polars, which asks for what it needs alone."""
from __future__ import annotations

import typing

from ._flows import Flows
from ._options import ORDER
from ._read import read

if typing.TYPE_CHECKING:
    import polars


def scan(paths: typing.Any, **options: typing.Any) -> polars.LazyFrame:
    """The flows of capture files as a lazy frame of polars. `options` are those of :func:`flowgauge.read`.

    Columns that the query does not use are not computed, and a limit of rows (``head``) ends the run early.
    """
    try:
        from polars.io.plugins import register_io_source
    except ImportError as error:
        raise ImportError("scan() needs polars: pip install 'flowgauge[polars]'") from error
    flows = read(paths, **options)
    schema = flows._empty_polars().schema

    def frames(with_columns, predicate, row_limit, batch_size) -> typing.Iterator:
        yield from _frames(flows, with_columns, predicate, row_limit, batch_size)
    return register_io_source(io_source=frames, schema=schema)


def _frames(flows: Flows, wanted: list | None, predicate: typing.Any, limit: int | None,
            batch_size: int | None) -> typing.Iterator:
    columns = None if wanted is None else _with_a_column(flows, wanted)
    rows = min(max(batch_size or 8192, 1), limit or 8192, 65536)
    left = limit
    source = flows._polars_frames(max(rows, 1), columns)
    try:
        while left is None or left > 0:
            frame = next(source, None)
            if frame is None:
                return
            if wanted is not None:
                frame = frame.select(wanted)
            if left is not None:
                frame = frame.head(left)
                left -= len(frame)
            yield frame if predicate is None else frame.filter(predicate)
    finally:
        source.close()


def _with_a_column(flows: Flows, wanted: list) -> list:
    """Labels alone are no table, nor is what rows are sorted by, nor is nothing."""
    if any(flows.schema[name].role != 'label' and name not in ORDER for name in wanted):
        return list(wanted)
    return [flows.schema[0].name, *wanted]
