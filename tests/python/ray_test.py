#!/usr/bin/env python3
"""A job on Ray, with a cluster of its own. FLOWGAUGE_RAY names a Python that has ray and pyarrow."""
import unittest

import other_python

# No token is to be left in somebody's home.
other_python.go_on_in('FLOWGAUGE_RAY', 'ray and pyarrow', RAY_AUTH_MODE='disabled')

import ray  # noqa: E402

import flowgauge.ray  # noqa: E402
from job_case import JobCase  # noqa: E402


class OnRay(JobCase, unittest.TestCase):
    driver = flowgauge.ray

    @classmethod
    def setUpClass(cls):
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=100 << 20)
        cls.addClassCleanup(ray.shutdown)

    def start_job(self, *paths, **options):
        return flowgauge.ray.write(*paths, task_options={'max_retries': 3}, **options)


if __name__ == '__main__':
    unittest.main()
