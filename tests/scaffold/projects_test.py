#!/usr/bin/env python3
"""Every project that `flowgauge plugin new` can write builds without a warning against an installation alone, and passes its own tests."""
import os
import pathlib
import subprocess
import tempfile
import unittest

BINARY_DIR = pathlib.Path(os.environ['FLOWGAUGE_BINARY_DIR'])
LIMIT_SECONDS = 250  # only a hanging program comes near it


def run(*words):
    finished = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=LIMIT_SECONDS, check=False)
    if finished.returncode != 0:
        raise AssertionError(f'{" ".join(map(str, words))} ends with {finished.returncode}:\n{finished.stdout}')
    return finished.stdout


class Projects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.prefix = cls.folder / 'prefix'
        run('cmake', '--install', BINARY_DIR, '--prefix', cls.prefix)
        cls.flowgauge = cls.prefix / os.environ['FLOWGAUGE_BINDIR'] / 'flowgauge'

    def check(self, name, *flags):
        project = self.folder / name
        run(self.flowgauge, 'plugin', 'new', name, '--dir', project, *flags)
        built = project / 'build'
        run('cmake', '-S', project, '-B', built, f'-DCMAKE_PREFIX_PATH={self.prefix}', '-DCMAKE_COMPILE_WARNING_AS_ERROR=ON',
            '-DCMAKE_C_FLAGS=-pedantic -Wconversion', '-DCMAKE_CXX_FLAGS=-Wpedantic')
        run('cmake', '--build', built)
        tested = run('ctest', '--test-dir', built, '--output-on-failure', '--no-tests=error')
        for test in ('conformance', 'rows'):
            self.assertIn(f'{name}.{test}', tested)
        said = run(self.flowgauge, 'plugin', 'info', built / f'{name}.so')
        self.assertIn(f'  module    {name} 0.1\n', said)
        return said

    def test_a_feature(self):
        self.assertIn('  licence   Apache-2.0\nfeature my_feature 0.1: ', self.check('my_feature'))

    def test_a_feature_in_c(self):
        self.assertIn('  licence   MIT\nfeature in_c 0.1: ', self.check('in_c', '--c', '--licence', 'MIT'))

    def test_a_schema(self):
        # A name that would be that of a struct in the source, were it not for care.
        self.assertIn('schema kind 0.1: ', self.check('kind', '--schema'))

    def test_a_derived_feature(self):
        self.assertIn('derived feature my_ratio 0.1: ', self.check('my_ratio', '--derived'))

    def test_a_sink(self):
        said = self.check('my_rows', '--sink')
        self.assertIn('sink my_rows 0.1', said)

    def test_a_schema_in_c(self):
        self.assertIn('schema plain_table 0.1: ', self.check('plain_table', '--schema', '--c', '--license', 'GPL-3.0-or-later'))


if __name__ == '__main__':
    unittest.main()
