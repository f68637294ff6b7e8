"""Where rows come from: capture files and interfaces."""
from __future__ import annotations

import collections.abc
import os
import typing

from ._features import FeaturedFlows, Features
from ._flows import Flows, LiveFlows, Packets, Progress
from ._options import Options, as_list, captures

Paths = typing.Union[str, os.PathLike, collections.abc.Iterable[typing.Union[str, os.PathLike]]]
Profile = typing.Union[str, os.PathLike, collections.abc.Mapping]
Columns = typing.Union[collections.abc.Iterable[str], collections.abc.Mapping[str, str]]


def read(paths: Paths, *, schema: str | None = None, columns: Columns | None = None, profile: Profile | None = None,
         labels: typing.Any = None, features: collections.abc.Iterable[Features] = (), filter: str | None = None,
         threads: int | None = None, partitions: typing.Any = None, plugins: Paths = (), settings: collections.abc.Mapping | None = None,
         max_packets: int | None = None, numbers: str = 'int64', order_columns: bool = False,
         insecure_plugins: bool = False, try_plugins: bool = True, isolate: bool = False,
         on_progress: typing.Callable[[Progress], typing.Any] | None = None, progress: bool = False,
         errors: str = 'raise') -> Flows:
    """The flows of capture files, as rows of one table. Nothing is read before rows are asked for.

    Parameters
    ----------
    paths
        Capture files, folders of them, or patterns (``'day/*.pcap.zst'``): one stream of packets, in this order.
    schema
        The table: ``'basic'``, ``'cic'``, ``'rustiflow'``, ... (:func:`schemas`). Default: the profile's first table,
        and ``'basic'`` without one.
    columns
        Names of columns of the schema: the table has these alone, in this order, and nothing else is computed. Or a
        dict ``{name: expression}``: a table of one's own, e.g. ``{'packets': 'flow.packet_count'}``
        (docs/writing-a-schema.md).
    profile
        The rules (docs/profiles.md): a name (``'compat/rustiflow'``), a path, YAML, or the same as a dict.
    labels
        A file of label rules (docs/labels.md), or its table as a frame of pandas or polars.
    features
        Functions on packets whose columns join the rows: :func:`features`.
    filter
        Which packets count, in the language of tcpdump: ``'tcp port 443'``.
    threads
        Workers. The rows are the same with any number. Default: as many as are useful.
    partitions
        Whose flows are kept, of 256 parts of all: ``range(64)`` or ``'0-63'``.
    plugins
        Folders of plugins, looked through before those of the installation.
    settings
        Single keys of a profile: ``{'flow.idle_timeout': '60s'}``.
    max_packets
        Ends after so many frames.
    numbers
        ``'int64'``: what does not fit is null. ``'uint64'``: columns without a sign are unsigned.
    order_columns
        Adds the columns that the rows are sorted by (docs/parts-of-a-run.md).
    insecure_plugins
        Plugins may lie where others can write (docs/plugin-policy.md).
    try_plugins
        Plugins are tried by a process of its own before a run, so that one that crashes stops the start alone.
    isolate
        The run is a process of its own, of the program `flowgauge`: a plugin that crashes is a :class:`PluginError`, and
        takes nothing else along. Needs pyarrow. Plugins are always tried; there is no progress.
    on_progress, progress
        Is called a few times a second with a :class:`Progress`; ``progress=True`` shows a bar. What the function raises
        ends the run.
    errors
        Of a damaged capture: ``'raise'`` an :class:`InputError` behind the rows that there are, or ``'warn'``.
    """
    options = {'schema': schema, 'columns': columns, 'profile': profile, 'labels': labels, 'filter': filter,
               'threads': threads, 'partitions': partitions, 'plugins': plugins, 'settings': settings,
               'max_packets': max_packets, 'numbers': numbers, 'order_columns': order_columns,
               'insecure_plugins': insecure_plugins, 'try_plugins': try_plugins, 'isolate': isolate}
    others = {'on_progress': on_progress, 'progress': progress, 'errors': errors}
    if wanted := list(features):
        return FeaturedFlows(captures(paths), options, wanted, **others)
    return Flows(captures(paths), Options(**options), **others)


def packets(paths: Paths, *, columns: Columns | None = None, profile: Profile | None = None, filter: str | None = None,
            threads: int | None = None, partitions: typing.Any = None, plugins: Paths = (),
            settings: collections.abc.Mapping | None = None, max_packets: int | None = None, numbers: str = 'int64',
            insecure_plugins: bool = False, try_plugins: bool = True, isolate: bool = False,
            on_progress: typing.Callable[[Progress], typing.Any] | None = None, progress: bool = False,
            errors: str = 'raise') -> Packets:
    """The packets of capture files, a row each, with their flow's number: for features of one's own.

    Those of a flow have the same number in ``flow``: the index of the frame that began it, with any number of threads.
    ``flow.release_creation``, which `order_columns` of :func:`read` adds to flows, is the same number.

    Parameters
    ----------
    columns
        Names of columns of the schema ``'packets'`` (docs/columns.md, `packet`): nothing else is computed. Or a dict
        ``{name: expression}`` over columns of `packet`, and those of `flow` that a flow's first packet decides:
        ``{'flow': 'packet.flow', 'from': 'flow.src_ip', 'bytes': 'packet.ip_length'}``.

    All else is as :func:`read` has it. There are no labels: those are of flows.
    """
    schema = None if isinstance(columns, collections.abc.Mapping) else 'packets'
    options = Options(schema=schema, columns=columns, profile=profile, filter=filter, threads=threads,
                      partitions=partitions, plugins=plugins, settings=settings, max_packets=max_packets,
                      numbers=numbers, insecure_plugins=insecure_plugins, try_plugins=try_plugins, isolate=isolate)
    return Packets(captures(paths), options, on_progress=on_progress, progress=progress, errors=errors)


def live(interfaces: Paths, *, schema: str | None = None, columns: Columns | None = None,
         profile: Profile | None = None, labels: typing.Any = None, filter: str | None = None,
         threads: int | None = None, plugins: Paths = (), settings: collections.abc.Mapping | None = None,
         duration: float | None = None, max_packets: int | None = None, method: str | None = None,
         numbers: str = 'int64', insecure_plugins: bool = False, try_plugins: bool = True,
         on_progress: typing.Callable[[Progress], typing.Any] | None = None, progress: bool = False) -> LiveFlows:
    """The flows of live interfaces, as rows of one table; a ``with`` block begins the capture and ends it.

        with fg.live('eth0', schema='cic') as flows:
            for batch in flows.batches():
                ...

    Rows come as flows end. `duration` (seconds) and `max_packets` end the capture; so do :meth:`LiveFlows.stop`, the
    end of the block, and Ctrl-C. `method` is ``'auto'``, ``'ebpf'`` or ``'pcap'`` (docs/realtime.md); where privileges are
    missing, :class:`PrivilegeError` says which. All else is as :func:`read` has it.
    """
    options = Options(schema=schema, columns=columns, profile=profile, labels=labels, filter=filter, threads=threads,
                      plugins=plugins, settings=settings, duration=duration, max_packets=max_packets, method=method,
                      numbers=numbers, insecure_plugins=insecure_plugins, try_plugins=try_plugins)
    return LiveFlows(as_list(interfaces), options, on_progress=on_progress, progress=progress)
