#!/usr/bin/env python3
"""Rows behind those of a table that exists (--append, and `existing` of an exporter): all rows of both runs, one header, and
what cannot be appended to stays as it is. Nothing sleeps."""
import gzip
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

import program

TAKE = "; take another name, or replace it with --force"


def unzstd(content):
    return subprocess.run(["zstd", "-dc"], input=content, capture_output=True, check=True).stdout


READERS = {"csv": bytes, "jsonl": bytes, "csv.gz": gzip.decompress, "jsonl.gz": gzip.decompress, "csv.zst": unzstd}


class Existing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for flows in (2, 3):
            (self.folder / f"{flows}.pcap").write_bytes(program.capture(flows))

    def run_on(self, flows, *words, path="rows.csv", schema="basic"):
        return program.run("pcap", f"{flows}.pcap", "-f", schema, "--export-path", path, *words, cwd=self.folder)

    def names(self):
        return sorted(path.name for path in self.folder.iterdir() if path.suffix != ".pcap")

    def bytes_of(self, name):
        return (self.folder / name).read_bytes()

    def refuses(self, finished, code, message):
        self.assertEqual((finished.returncode, finished.stderr), (code, f"flowgauge: error: {message}\n"))

    def test_rows_of_both_runs_are_there(self):
        for ending, read in READERS.items():
            with self.subTest(ending):
                alone = []
                for flows in (2, 3):
                    finished = self.run_on(flows, path=f"alone-{flows}.{ending}")
                    self.assertEqual(finished.returncode, 0, finished.stderr)
                    alone.append(read(self.bytes_of(f"alone-{flows}.{ending}")))
                header = 1 if ending.startswith("csv") else 0
                behind = b"".join(alone[1].splitlines(keepends=True)[header:])
                for times in range(3):
                    finished = self.run_on(2 if times == 0 else 3, "--append", path=f"rows.{ending}")
                    self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
                    before = self.bytes_of(f"rows.{ending}")
                    self.assertEqual(read(before), alone[0] + behind * times)

    def test_files_of_the_runs_before_stay(self):
        for _ in range(3):
            finished = self.run_on(2, "--append", "--metadata", "--report", "run.json")
            self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
        self.assertEqual(self.names(), ["rows.csv", "rows.csv.1.meta.json", "rows.csv.2.meta.json", "rows.csv.meta.json",
                                        "run-000001.json", "run-000002.json", "run.json"])
        for name in self.names()[1:]:
            json.loads(self.bytes_of(name))
        self.assertEqual([json.loads(self.bytes_of(name))["rows"] for name in self.names() if "meta" in name], [2, 2, 2])

    def test_an_empty_file_gets_a_header(self):
        self.assertEqual(self.run_on(2, path="whole.csv").returncode, 0)
        (self.folder / "rows.csv").touch()
        self.assertEqual(self.run_on(2, "--append").returncode, 0)
        self.assertEqual(self.bytes_of("rows.csv"), self.bytes_of("whole.csv"))

    def test_other_columns_are_refused(self):
        for ending in READERS:
            with self.subTest(ending):
                path = f"rows.{ending}"
                self.assertEqual(self.run_on(2, path=path).returncode, 0)
                before = self.bytes_of(path)
                finished = self.run_on(3, "--append", path=path, schema="cidds")
                self.assertEqual(finished.returncode, 4, finished.stderr)
                self.assertRegex(finished.stderr, f"^flowgauge: error: {path}: cannot be appended to: its columns are others: "
                                                  f"column 1 is '[^']+' in the file and '[^']+' in this run{TAKE}\n$")
                self.assertEqual(self.bytes_of(path), before)
        self.assertEqual(self.names(), sorted(f"rows.{ending}" for ending in READERS))

    def test_a_column_that_is_missing_is_named(self):
        names = self.run_on(2, path="-").stdout.decode().splitlines()[0].split(",")
        (self.folder / "rows.csv").write_text(",".join(names[:-1]) + "\n")
        self.refuses(self.run_on(2, "--append"), 4, f"rows.csv: cannot be appended to: its columns are others: column {len(names)} is missing "
                                                    f"in the file and '{names[-1]}' in this run{TAKE}")

    def test_what_is_damaged_is_refused(self):
        for ending, what in (("csv", "it ends within a row"), ("jsonl", "it ends within a row"),
                             ("csv.gz", "its compressed bytes are cut"), ("csv.zst", "its compressed bytes are cut")):
            with self.subTest(ending):
                path = f"rows.{ending}"
                self.assertEqual(self.run_on(2, path=path).returncode, 0)
                cut = self.bytes_of(path)[:-5]
                (self.folder / path).write_bytes(cut)
                self.refuses(self.run_on(2, "--append", path=path), 4, f"{path}: cannot be appended to: {what}{TAKE}")
                self.assertEqual(self.bytes_of(path), cut)
        (self.folder / "plain.csv.gz").write_bytes(b"a,b\n")
        self.refuses(self.run_on(2, "--append", path="plain.csv.gz"), 4,
                     f"plain.csv.gz: cannot be appended to: it is not compressed, though its name says so{TAKE}")

    def test_formats_that_cannot_be_appended_to(self):
        self.refuses(self.run_on(2, "--append", path="rows.txt"), 1,
                     "rows.txt: rows cannot be added to a file of the format print; take csv or jsonl, or give each run a file of its own "
                     "with fields of time in the path (flows-%Y%m%d-%H%M%S)")
        self.assertEqual(self.names(), [])

    def test_append_and_force_exclude_each_other(self):
        finished = self.run_on(2, "--append", "--force")
        self.assertEqual((finished.returncode, self.names()), (1, []))

    def test_the_profile_says_it_for_each_table(self):
        (self.folder / "p.yaml").write_text("exporters:\n  - {schema: basic, path: a.csv, existing: append}\n"
                                            "  - {schema: basic, path: r.csv, existing: replace}\n"
                                            "  - {schema: basic, path: s.csv, existing: refuse}\n")
        words = ("pcap", "2.pcap", "-p", "p.yaml")
        self.assertEqual(program.run(*words, cwd=self.folder).returncode, 0)
        self.refuses(program.run(*words, cwd=self.folder), 4, f"p.yaml:4: s.csv: already exists{TAKE}")
        (self.folder / "s.csv").unlink()
        self.assertEqual(program.run(*words, cwd=self.folder).returncode, 0)
        self.assertEqual([self.bytes_of(name).count(b"\n") for name in ("a.csv", "r.csv", "s.csv")], [5, 3, 3])

    def test_a_run_that_is_killed_leaves_the_table_as_it_was(self):
        self.assertEqual(self.run_on(2).returncode, 0)
        before = self.bytes_of("rows.csv")
        process = program.start("pcap", "-", "-f", "basic", "--export-path", "rows.csv", "--append", cwd=self.folder)
        for stream in (process.stdin, process.stdout, process.stderr):
            self.addCleanup(stream.close)
        process.stdin.write(program.capture(9, seconds_apart=200))
        process.stdin.flush()
        part = self.folder / "rows.csv.part"
        while not part.exists() or part.read_bytes().count(b"\n") < 9:
            os.sched_yield()
        os.kill(program.worker_of(process.pid), signal.SIGKILL)
        self.assertEqual(process.wait(program.LIMIT_SECONDS), -signal.SIGKILL)
        self.assertEqual(self.bytes_of("rows.csv"), before)
        finished = self.run_on(3, "--append")
        self.assertEqual((finished.returncode, program.messages(finished)),
                         (0, ["flowgauge: warning: rows.csv.part: was left by a run that did not end well; it is kept as rows.csv.part.1"]))
        self.assertEqual(self.bytes_of("rows.csv").count(b"\n"), 6)
        self.assertEqual(self.bytes_of("rows.csv")[:len(before)], before)


if __name__ == "__main__":
    unittest.main()
