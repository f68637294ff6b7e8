"""A job on a cluster of Ray (docs/cluster.md): many captures in, Parquet files out, the rows of one run.

    import ray, flowgauge.ray
    ray.init(address='auto')
    account = flowgauge.ray.write('/shared/day/*.pcap.zst', '/shared/job', '/shared/flows', parts=32, schema='cic')

Captures, `folder` and `out` are on a path that all machines see, and the package is installed on all of them.
"""
from __future__ import annotations

import os
import typing

import ray as _ray

from ._job import account_of, capture_paths, capture_task, part_task, partitions_of


def write(paths: typing.Any, folder: typing.Any, out: typing.Any, *, parts: int = 16,
          task_options: dict | None = None, **options: typing.Any) -> dict:
    """Writes the flows of all captures into ``out/part-000.parquet``, ... and gives the account of the job.

    Parameters
    ----------
    paths
        Capture files and patterns: one stream of packets, in this order. Each is a task of the first stage.
    folder
        Where the event files go: a folder that is there, of this job alone. It can be removed afterwards.
    out
        A folder that is there.
    parts
        Tasks of the second stage, and files: 1 to 256.
    task_options
        What ``ray.remote`` takes of tasks, as ``{'num_cpus': 2}``. Ray runs tasks of lost workers again (``max_retries``).
    options
        Those of :func:`flowgauge.read`: schema, profile, filter, labels, ...

    The account has ``paths``, ``rows``, the ``ledger`` of the whole job, and ``damaged``: a message for each capture that is
    damaged, empty or none. What is before the damage counts. One that is not there ends the job.
    """
    folder, out = os.path.abspath(os.fspath(folder)), os.path.abspath(os.fspath(out))
    names = [os.path.abspath(path) for path in capture_paths(paths)]
    partitions_of(0, parts)  # refuses what is no number of parts, before any task
    task_options = task_options or {}
    first = _task(capture_task, task_options)
    damaged = _all([first.remote(path, folder, number, len(names), options) for number, path in enumerate(names, 1)])
    second = _task(part_task, task_options)
    return account_of(damaged, _all([second.remote(folder, out, part, parts, options) for part in range(parts)]))


def _all(tasks: list) -> list:
    _ray.wait(tasks, num_returns=len(tasks))  # where one fails, none goes on writing behind its error
    return _ray.get(tasks)


def _task(function: typing.Callable, task_options: dict):
    return _ray.remote(**task_options)(function) if task_options else _ray.remote(function)
