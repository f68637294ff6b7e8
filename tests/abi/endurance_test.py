#!/usr/bin/env python3
"""Plugins of yesterday and of tomorrow in the program of today, over a capture: their rows, or the sentence that refuses them."""
import csv
import io
import os
import pathlib
import subprocess
import tempfile
import unittest

BINARY_DIR = pathlib.Path(os.environ['FLOWGAUGE_BINARY_DIR'])
SOURCE_DIR = pathlib.Path(os.environ['FLOWGAUGE_SOURCE_DIR'])
CAPTURE = SOURCE_DIR / 'fixtures' / 'demo.pcap'
HERE = BINARY_DIR / 'tests' / 'abi'
OLD_COLUMNS = ('label', 'lengths', 'scaled', 'shifted', 'ratio', 'shout', 'newest', 'odd', 'port', 'stamp', 'vlan', 'payload', 'scope')
OLD_MEMBERS = ('count', 'total', 'mean', 'std', 'std_sample', 'min', 'max')


def flowgauge(*words):
    finished = subprocess.run([BINARY_DIR / 'bin' / 'flowgauge', *map(str, words)], capture_output=True, text=True, timeout=120, check=False)
    said = [line for line in finished.stderr.splitlines() if line.startswith('flowgauge: ')]
    return finished.returncode, said, finished.stdout


def rows_of(profile):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / 'my.yaml'
        path.write_text(profile)
        return flowgauge('pcap', CAPTURE, '-p', path)


class OldPlugin(unittest.TestCase):
    """frozen_1_0.c: its binary from the header of 1.0 by the bare compiler, and the same source built as one does today."""

    def rows(self, module, options='', form='csv'):
        columns = [f'frozen_1_0.{name}' for name in OLD_COLUMNS] + [f'frozen_1_0.sum.{member}' for member in OLD_MEMBERS]
        listed = ''.join(f'      - {column}\n' for column in columns)
        code, said, rows = rows_of(f'features:\n  - name: frozen_1_0\n    module: {module}\n{options}exporters:\n  - format: {form}\n    columns:\n{listed}')
        self.assertEqual((code, said), (0, []))
        return rows

    def test_the_same_bytes(self):
        options = '    options: {factor: 3, offset: 5, ratio: 0.25, shout: false, label: x}\n'
        for given in ('', options):
            for form in ('csv', 'jsonl'):
                old, today = (self.rows(HERE / folder / 'frozen_1_0.so', given, form) for folder in ('', 'today'))
                self.assertEqual(old, today)
                self.assertGreater(len(old.splitlines()), 15)
        self.assertNotEqual(self.rows(HERE / 'frozen_1_0.so'), self.rows(HERE / 'frozen_1_0.so', options), 'the options do something')

    def test_its_schema_too(self):
        rows = [rows_of(f'exporters:\n  - schema: frozen_schema_1_0\n    module: {HERE / folder / "frozen_1_0.so"}\n    format: csv\n')
                for folder in ('', 'today')]
        self.assertEqual(rows[0], rows[1])
        self.assertEqual((rows[0][0], rows[0][1]), (0, []))
        self.assertIn('Packets,Total,Mean,Size,Port\n', rows[0][2])

    def test_they_are_two_binaries(self):
        self.assertNotEqual((HERE / 'frozen_1_0.so').read_bytes(), (HERE / 'today' / 'frozen_1_0.so').read_bytes())


class PluginOfMinor1(unittest.TestCase):
    """frozen_1_1.c, in the same two ways."""
    COLUMNS = ('steps', 'scaled', 'mss', 'reason', 'segment', 'folder')

    def run_with(self, folder, options, output):
        module = HERE / folder / 'frozen_1_1.so'
        columns = ''.join(f'      - frozen_1_1.{name}\n' for name in self.COLUMNS) + '      - frozen_derived_1_1.negative\n'
        feature = '\n    '.join(['  - name: frozen_1_1', f'module: {module}', options])
        with tempfile.TemporaryDirectory() as place:
            path = pathlib.Path(place) / 'my.yaml'
            form = output.replace('MODULE', str(module)).replace('PLACE', place)
            path.write_text(f'features:\n{feature}\n  - {{name: frozen_derived_1_1, module: {module}}}\nexporters:\n  - columns:\n{columns}    {form}\n')
            code, said, rows = flowgauge('pcap', CAPTURE, '-p', path)
            self.assertEqual((code, said), (0, []))
            written = pathlib.Path(place, 'rows.frozen_1_1')
            return written.read_text() if written.exists() else rows

    def test_the_same_bytes(self):
        sink = 'path: PLACE/rows.frozen_1_1\n    format: {name: frozen_1_1, module: MODULE, options: {mark: "#"}}'
        short = 'options: {factors: [2, -5], mood: short}'
        for options in ('', short):
            for output in ('format: csv', sink):
                old, today = (self.run_with(folder, options, output) for folder in ('', 'today'))
                self.assertEqual(old, today)
                self.assertGreater(len(old.splitlines()), 15)
        lines = self.run_with('', short, sink).splitlines()
        self.assertEqual(lines[0], 'flags 0 frozen_1_1.steps:+l frozen_1_1.scaled:l frozen_1_1.mss:L frozen_1_1.reason:L frozen_1_1.segment:L frozen_1_1.folder:L '
                         'frozen_derived_1_1.negative:l')
        self.assertEqual(lines[-1], 'finish 1 with an account')
        self.assertTrue(all(line.startswith('# ') for line in lines[1:-1]))
        self.assertEqual({line.split()[-2] for line in lines[1:-1]}, {'1'}, 'it knows its folder')

    def test_they_are_two_binaries(self):
        self.assertNotEqual((HERE / 'frozen_1_1.so').read_bytes(), (HERE / 'today' / 'frozen_1_1.so').read_bytes())


class NewerPlugin(unittest.TestCase):
    def test_runs_where_it_does_not_require_the_new_fields(self):
        code, said, rows = flowgauge('pcap', CAPTURE, '-f', 'newer', '-o', 'csv', '--plugin-dir', HERE / 'newer')
        self.assertEqual((code, said), (0, []))
        rows = list(csv.DictReader(io.StringIO(rows)))
        self.assertEqual(sum(int(row['packets']) for row in rows), 78)
        self.assertEqual({(int(row['twice']) - 2 * int(row['packets']), int(row['derived']) - int(row['twice']), row['with field'], row['host fields'])
                          for row in rows}, {(0, 0, '0', '0')})

    def test_so_does_a_sink(self):
        code, said, rows = flowgauge('pcap', CAPTURE, '-f', 'newer', '-o', 'newer', '--plugin-dir', HERE / 'newer')
        self.assertEqual((code, said, rows), (0, [], '16 rows, more fields: 0\n'))

    def test_the_sdk_asks_as_well(self):
        module = HERE / 'newer' / 'newer_sdk.so'
        code, said, rows = rows_of(f'features:\n  - name: newer_sdk\n    module: {module}\nexporters:\n  - format: csv\n    columns:\n'
                                   '      - newer_sdk.packets\n      - newer_sdk.with_field\n')
        self.assertEqual((code, said), (0, []))
        lines = rows.splitlines()[1:]
        self.assertEqual((sum(int(line.split(',')[0]) for line in lines), {line.split(',')[1] for line in lines}), (78, {'0'}))

    def test_is_refused_where_it_requires_them(self):
        for name in ('newer', 'newer_sdk'):
            module = HERE / 'newer_required' / f'{name}.so'
            code, said, rows = rows_of(f'features:\n  - name: {name}\n    module: {module}\nexporters:\n  - format: csv\n    columns:\n'
                                       f'      - {name}.packets\n')
            self.assertEqual((code, len(said), rows), (2, 1, ''))
            self.assertIn(f'{module}: needs a host with plugin ABI 1.2 or later, this flowgauge has 1.1; use a newer flowgauge, or an older version '
                          'of the plugin', said[0])

    def test_a_field_that_is_too_new_does_not_compile_by_mistake(self):
        words = [os.environ['CC'], '-std=c99', '-fsyntax-only', '-I', HERE / 'newer_sdk_folder', SOURCE_DIR / 'tests' / 'abi' / 'hidden_field.c']
        hidden = subprocess.run(words, capture_output=True, text=True, check=False)
        self.assertNotEqual(hidden.returncode, 0)
        self.assertIn('imagined', hidden.stderr)
        shown = subprocess.run([*words, '-DFG_TARGET_MINOR=2'], capture_output=True, text=True, check=False)
        self.assertEqual((shown.returncode, shown.stderr), (0, ''))


if __name__ == '__main__':
    unittest.main()
