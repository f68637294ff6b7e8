#!/usr/bin/env python3
"""A job on Spark, with workers of its own. FLOWGAUGE_SPARK names a Python that has pyspark and pyarrow, beside a Java that
Spark takes."""
import os
import sys
import unittest

import other_python

other_python.go_on_in('FLOWGAUGE_SPARK', 'pyspark and pyarrow', SPARK_LOCAL_IP='127.0.0.1',
                      PYSPARK_PYTHON=os.environ.get('FLOWGAUGE_SPARK', ''),
                      PYTHONPATH=os.pathsep.join([os.path.dirname(os.path.abspath(__file__)), os.environ.get('PYTHONPATH', '')]))

from pyspark.sql import SparkSession  # noqa: E402

import flowgauge.spark  # noqa: E402
from job_case import JobCase  # noqa: E402


class OnSpark(JobCase, unittest.TestCase):
    driver = flowgauge.spark

    @classmethod
    def setUpClass(cls):
        # Two workers, and a task may fail three times.
        cls.spark = (SparkSession.builder.master('local[2,4]').config('spark.ui.enabled', 'false')
                     .config('spark.ui.showConsoleProgress', 'false')
                     .config('spark.driver.host', '127.0.0.1').getOrCreate())
        cls.spark.sparkContext.setLogLevel('OFF')
        cls.addClassCleanup(cls.spark.stop)

    def start_job(self, *paths, **options):
        return flowgauge.spark.write(self.spark, *paths, **options)

    def test_spark_reads_the_rows(self):
        account = self.write()
        self.assertEqual(self.spark.read.parquet(str(self.folder / 'out')).count(), account['rows'])


if __name__ == '__main__':
    sys.exit(unittest.main())
