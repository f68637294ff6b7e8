#!/usr/bin/env python3
"""A job on Spark, with workers of its own, and Parquet files as Spark reads them. FLOWGAUGE_SPARK names a Python that has
pyspark and pyarrow, beside a Java that Spark takes."""
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import types
import unittest

import other_python

other_python.go_on_in('FLOWGAUGE_SPARK', 'pyspark and pyarrow', SPARK_LOCAL_IP='127.0.0.1',
                      PYSPARK_PYTHON=os.environ.get('FLOWGAUGE_SPARK', ''),
                      PYTHONPATH=os.pathsep.join([os.path.dirname(os.path.abspath(__file__)), os.environ.get('PYTHONPATH', '')]))

from pyarrow import parquet  # noqa: E402
from pyspark.sql import SparkSession, functions  # noqa: E402

import flowgauge.spark  # noqa: E402
from job_case import SOURCE, Format, JobCase, many_flows, write_capture  # noqa: E402

sys.path.append(str(SOURCE / 'tests' / 'api'))
from cells import blind_spots, differences, table_of  # noqa: E402

LISTS = ['flow.id', 'flow.first_seen', 'flow.tunnel_id', 'first_packets.lengths', 'first_packets.directions', 'tcp_flags.text']


def new_session():
    """Two workers, and a task may fail three times."""
    settings = {'spark.ui.enabled': 'false', 'spark.ui.showConsoleProgress': 'false', 'spark.driver.host': '127.0.0.1',
                'spark.sql.session.timeZone': 'UTC'}
    session = SparkSession.builder.master('local[2,4]').config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel('OFF')
    return session


class OnSpark(JobCase, unittest.TestCase):
    driver = flowgauge.spark

    @classmethod
    def setUpClass(cls):
        cls.spark = new_session()
        cls.addClassCleanup(cls.spark.stop)

    def start_job(self, *paths, **options):
        return flowgauge.spark.write(self.spark, *paths, **options)

    def test_spark_reads_the_rows(self):
        account = self.write()
        self.assertEqual(self.spark.read.parquet(str(self.folder / 'out')).count(), account['rows'])


class Files(unittest.TestCase):
    """What the sink `parquet` writes, read by Spark."""
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.spark = new_session()
        cls.addClassCleanup(cls.spark.stop)
        write_capture(cls.folder / 'x.pcap', many_flows(7, 4000), form=Format())

    def write(self, tables, options):
        """Each table as NAME.csv and as NAME.parquet."""
        formats = {'csv': 'csv', 'parquet': {'name': 'parquet', 'options': options}}
        exporters = [{**table, 'path': str(self.folder / f'{name}.{ending}'), 'format': form}
                     for name, table in tables.items() for ending, form in formats.items()]
        profile = self.folder / 'p.yaml'
        profile.write_text(json.dumps({'exporters': exporters}), encoding='utf-8')
        subprocess.run([os.environ['FLOWGAUGE_PROGRAM'], 'pcap', self.folder / 'x.pcap', '-p', profile, '--force'], check=True,
                       stderr=subprocess.DEVNULL)

    def test_every_cell_is_that_of_the_csv(self):
        tables = {name: {'schema': name} for name in ('basic', 'cic', 'cidds', 'nfstream', 'rustiflow')} | {'lists': {'columns': LISTS}}
        # More rows than a group has; dictionaries and plain pages.
        for options in {'row_group': 1024}, {'row_group': 1024, 'dictionary': True, 'compression': 'snappy'}:
            self.write(tables, options)
            for name in tables:
                seen = collections.Counter()
                path = self.folder / f'{name}.parquet'
                self.assertGreater(parquet.read_metadata(path).num_row_groups, 1)
                rows = self.spark.read.parquet(str(path)).collect()
                table = types.SimpleNamespace(names=list(rows[0].asDict()), kinds=parquet.read_schema(path).types,
                                              columns=[list(column) for column in zip(*rows)])
                expected = table_of((self.folder / f'{name}.csv').read_bytes())
                self.assertEqual((differences(expected, table, 0, seen), blind_spots(expected, table, 0)), ([], []), name)

    def test_timestamps(self):
        self.write({'basic': {'schema': 'basic'}}, {'time': 'us'})
        read = self.spark.read.parquet(str(self.folder / 'basic.parquet'))
        self.assertEqual(dict(read.dtypes)['first_timestamp'], 'timestamp')
        texts = read.select(functions.date_format('first_timestamp', "yyyy-MM-dd HH:mm:ss.SSSSSS 'UTC'")).collect()
        header, *rows = table_of((self.folder / 'basic.csv').read_bytes())
        self.assertEqual([row[0] for row in texts], [row[header.index('first_timestamp')] for row in rows])


if __name__ == '__main__':
    sys.exit(unittest.main())
