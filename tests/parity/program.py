"""Runs flowgauge and gives back what it wrote."""
import csv
import json
import pathlib
import subprocess
import tempfile
from dataclasses import dataclass


@dataclass
class Run:
    code: int
    table: bytes            # standard output
    messages: str           # standard error
    report: dict

    def rows(self):
        return read_table(self.table.decode())

    def crashed(self):
        return self.code < 0 or self.code == HANGS or 'Sanitizer' in self.messages or 'runtime error:' in self.messages


def read_table(text):
    """(header, rows) of a CSV table; every row as wide as the header."""
    header, *rows = list(csv.reader(text.splitlines())) or [[]]
    ragged = [number for number, row in enumerate(rows, 2) if len(row) != len(header)]
    if ragged:
        raise ValueError(f'line {ragged[0]} has not as many cells as the header')
    return header, rows


HANGS = 124             # the exit code of a run that did not end by itself


class Program:
    def __init__(self, executable, plugins, patience_s=300):
        self.executable, self.plugins, self.patience_s = executable, plugins, patience_s

    def run(self, inputs, *options, schema='canonical', profile=None):
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder, 'report.json')
            command = [self.executable, 'pcap', *map(str, inputs), '--plugin-dir', str(self.plugins),
                       '--report', str(report), *map(str, options)]
            if schema:                                          # else the profile has the outputs
                command += ['-f', schema] + ([] if '-o' in options else ['-o', 'csv'])
            if profile:
                command += ['-p', str(profile)]
            try:
                done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=self.patience_s)
            except subprocess.TimeoutExpired:
                return Run(HANGS, b'', f'still running after {self.patience_s} s', {})
            told = json.loads(report.read_text()) if report.exists() and report.stat().st_size else {}
            return Run(done.returncode, done.stdout, done.stderr.decode(errors='replace'), told)

    def tables(self, inputs, *options, schema='canonical', profile=None):
        """One table per input, in the inputs' order: a list of texts, and the run."""
        with tempfile.TemporaryDirectory() as folder:
            run = self.run(inputs, '--per-file', '--export-path', folder, *options, schema=schema, profile=profile)
            paths = [pathlib.Path(folder, pathlib.Path(name).name + '.csv') for name in inputs]
            return [path.read_text() if path.exists() else None for path in paths], run

    def tables_by_schema(self, inputs, schemas, rules=None, options=None):
        """{(schema, capture's name): (header, rows)} of one run that writes all schemas, and the run. `rules`: what the
        profile says besides its exporters; `options`: {schema: {name: value}}. Damaged captures have the rows up to there."""
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            profile = folder / 'profile.yaml'                   # JSON is YAML
            exporters = [{'schema': s, 'path': str(folder / s), **({'options': options[s]} if options and s in options else {})}
                         for s in schemas]
            profile.write_text(json.dumps({**(rules or {}), 'exporters': exporters}))
            run = self.run(inputs, '--per-file', schema=None, profile=profile)
            tables = {}
            for schema in schemas:
                for path in map(pathlib.Path, inputs):
                    whole, part = (folder / schema / (path.name + end) for end in ('.csv', '.csv.part'))
                    if whole.exists() or part.exists():
                        tables[schema, path.name] = read_table((whole if whole.exists() else part).read_text())
            return tables, run

    def schemas(self):
        """Names of all schemas that are found."""
        told = subprocess.run([self.executable, 'plugins', '--json', '--plugin-dir', str(self.plugins)], capture_output=True, check=True)
        return [schema['name'] for module in json.loads(told.stdout) for schema in module['schemas']]
