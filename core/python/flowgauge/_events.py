"""A run over many captures on many machines, in two stages (docs/cluster.md)."""
from __future__ import annotations

import collections.abc
import concurrent.futures
import os
import typing
import warnings

from . import _errors, _fg
from ._flows import Flows, Progress
from ._options import Options, captures, log

if typing.TYPE_CHECKING:
    from ._read import Columns, Paths, Profile


def events(paths: Paths, folder: str | os.PathLike, *, file_number: int | None = None, file_count: int | None = None,
           schema: str | None = None, columns: Columns | None = None, profile: Profile | None = None,
           filter: str | None = None, plugins: Paths = (), settings: collections.abc.Mapping | None = None,
           insecure_plugins: bool = False, try_plugins: bool = True, errors: str = 'raise') -> None:
    """The first stage: writes an event file of each capture into the folder, which is there.

    Each capture can be a task of its own, on any machine that sees the folder. A task that failed is called again as it
    was. All tasks, and :func:`flows`, have the same profile, filter and settings.

    Parameters
    ----------
    paths
        As of :func:`read`.
    file_number
        The first path's number among the captures of the job, from 1; the next ones follow.
    file_count
        How many captures the job has. Default: these are all.
    errors
        Of a damaged capture: ``'raise'`` an :class:`InputError` once all event files are written, or ``'warn'``. What is
        before the damage is in its event file: the job can go on.
    """
    if errors not in ('raise', 'warn'):
        raise _errors.ProfileError(f"errors is 'raise' or 'warn', not {errors!r}")
    if file_number is not None and file_count is None:
        raise _errors.UsageError('file_number: say with file_count how many captures the job has')
    options = Options(schema=schema, columns=columns, profile=profile, filter=filter, plugins=plugins, settings=settings,
                      insecure_plugins=insecure_plugins, try_plugins=try_plugins)
    with options.given() as given:
        run = _fg.Run(given, log, None)
    try:
        for path in captures(paths):
            run.add_capture(path)
        try:
            _write(run, os.fspath(folder), file_number or 1, file_count or 0)
        except _errors.InputError as error:
            if errors == 'raise':
                raise
            warnings.warn(str(error), stacklevel=2)
    finally:
        run.close()


def _write(run, folder, first: int, count: int) -> None:
    # On another thread, so that this one sees Ctrl-C.
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        written = pool.submit(run.write_events, folder, first, count)
        try:
            written.result()
        except KeyboardInterrupt:
            run.interrupt()
            raise


def flows(folder: str | os.PathLike, *, schema: str | None = None, columns: Columns | None = None,
          profile: Profile | None = None, labels: typing.Any = None, filter: str | None = None,
          threads: int | None = None, partitions: typing.Any = None, plugins: Paths = (),
          settings: collections.abc.Mapping | None = None, numbers: str = 'int64', order_columns: bool = False,
          insecure_plugins: bool = False, try_plugins: bool = True, isolate: bool = False,
          on_progress: typing.Callable[[Progress], typing.Any] | None = None, progress: bool = False) -> Flows:
    """The second stage: the flows of all captures of a job, of which :func:`events` made event files, or those of some
    partitions (``range(64)``, ``'0-63'``). Rows are those of one run over the captures. All else is as :func:`read` has
    it."""
    options = Options(schema=schema, columns=columns, profile=profile, labels=labels, filter=filter, threads=threads,
                      partitions=partitions, plugins=plugins, settings=settings, numbers=numbers,
                      order_columns=order_columns, insecure_plugins=insecure_plugins, try_plugins=try_plugins,
                      isolate=isolate)
    return JobFlows([os.fspath(folder)], options, on_progress=on_progress, progress=progress)


class JobFlows(Flows):
    """The flows of the captures of a job. Made by :func:`flowgauge.flows`."""

    def _add_inputs(self, run) -> None:
        for folder in self._inputs:
            run.add_events(folder)
