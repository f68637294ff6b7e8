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
            command = [self.executable, 'pcap', *map(str, inputs), '-f', schema, '--plugin-dir', str(self.plugins),
                       '--report', str(report), *map(str, options)]
            if '-o' not in options:
                command += ['-o', 'csv']
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
