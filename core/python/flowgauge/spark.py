"""A job on a cluster of Spark (docs/cluster.md): many captures in, Parquet files out, the rows of one run.

    import flowgauge.spark
    account = flowgauge.spark.write(spark, '/shared/day/*.pcap.zst', '/shared/job', '/shared/flows', parts=32, schema='cic')
    rows = spark.read.parquet('/shared/flows')

Captures, `folder` and `out` are on a path that all machines see, and the package is installed on all of them.
"""
from __future__ import annotations

import os
import typing

from ._job import account_of, capture_paths, capture_task, part_task, partitions_of

if typing.TYPE_CHECKING:
    import pyspark.sql


def write(spark: pyspark.sql.SparkSession, paths: typing.Any, folder: typing.Any, out: typing.Any, *, parts: int = 16,
          **options: typing.Any) -> dict:
    """Writes the flows of all captures into ``out/part-000.parquet``, ... and gives the account of the job.

    All is as :func:`flowgauge.ray.write` has it. Spark runs tasks of lost workers again (``spark.task.maxFailures``), and
    perhaps twice at once (``spark.speculation``): both change nothing.
    """
    folder, out = os.path.abspath(os.fspath(folder)), os.path.abspath(os.fspath(out))
    names = [os.path.abspath(path) for path in capture_paths(paths)]
    partitions_of(0, parts)  # refuses what is no number of parts, before any task
    context = spark.sparkContext
    numbered = context.parallelize(list(enumerate(names, 1)), len(names))
    first, count = capture_task, len(names)
    damaged = numbered.map(lambda one: first(one[1], folder, one[0], count, options)).collect()
    second = context.parallelize(range(parts), parts)
    return account_of(damaged, second.map(lambda part: part_task(folder, out, part, parts, options)).collect())
