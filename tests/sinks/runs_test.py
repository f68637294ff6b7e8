#!/usr/bin/env python3
"""Runs that write Parquet and Arrow: pipes, readers that go, full disks, signals, options, and tables with awkward cells."""
import csv
import io
import json
import os
import pathlib
import resource
import signal
import sys
import tempfile
import threading
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "app"))

import program

try:
    import pyarrow
    import pyarrow.ipc
    import pyarrow.parquet
except ImportError as missing:
    print(f"skipped: {missing}: this Python is not the one of ./dev venv")
    sys.exit(77)

DEMO = program.SOURCE_DIR / "fixtures" / "demo.pcap"


class Runs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_it(self, *words, **given):
        return program.run("pcap", *words, cwd=self.folder, **given)

    def parquet(self, name):
        return pyarrow.parquet.read_table(self.folder / name)

    def account(self, name):
        return json.loads(pyarrow.parquet.read_metadata(self.folder / name).metadata[b"flowgauge.account"])

    def refused(self, finished, code, message):
        self.assertEqual((finished.returncode, program.messages(finished)), (code, [f"flowgauge: error: {message}"]))

    def test_a_stream_through_a_pipe(self):
        rows = self.run_it(DEMO, "-f", "basic", "-o", "csv").stdout.decode()
        piped = self.run_it(DEMO, "-f", "basic", "-o", "arrow")
        table = pyarrow.ipc.open_stream(io.BytesIO(piped.stdout)).read_all()
        header, *cells = csv.reader(io.StringIO(rows))
        self.assertEqual((table.column_names, [[str(cell) for cell in row.values()] for row in table.to_pylist()]),
                         (header, cells))
        self.assertEqual(table.schema.metadata[b"flowgauge.schema"], b"basic")

    def test_a_reader_that_goes_ends_the_run_as_with_text(self):
        (self.folder / "many.pcap").write_bytes(program.capture(60_000, seconds_apart=200))
        codes = []
        for form in ("csv", "arrow", "parquet"):
            process = program.start("pcap", "many.pcap", "-f", "basic", "-o", form, cwd=self.folder)
            process.stdout.read(1)
            process.stdout.close()
            errors = process.stderr.read().decode()
            codes.append((process.wait(program.LIMIT_SECONDS), "error" in errors))
            process.stderr.close()
            process.stdin.close()
        self.assertEqual(codes, codes[:1] * 3)

    def test_a_full_disk(self):
        with open("/dev/full", "wb") as full:
            for form, where in ("parquet", "cannot start"), ("arrow", "failed in write"):
                plugin = program.BINARY_DIR / "lib" / "flowgauge" / "plugins" / f"{form}.so"
                finished = self.run_it(DEMO, "-f", "basic", "-o", form, stdout=full)
                self.refused(finished, 4, f"standard output: sink '{form}' ({plugin}) {where}: No space left on device")

    def test_a_file_that_may_not_grow(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        (self.folder / "many.pcap").write_bytes(program.capture(5_000))
        finished = self.run_it("many.pcap", "-f", "cidds", "--export-path", "rows.parquet", preexec_fn=limit)
        plugin = program.BINARY_DIR / "lib" / "flowgauge" / "plugins" / "parquet.so"
        self.refused(finished, 4, f"rows.parquet.part: sink 'parquet' ({plugin}) failed in finish: File too large")
        self.assertEqual([path.name for path in self.folder.iterdir() if "rows" in path.name], ["rows.parquet.part"])
        self.assertRegex(finished.stderr, r"(?m)^rows +0 of schema cidds")

    def interrupted(self, name):
        """A run that a signal ends in its middle; the report."""
        process = program.start("pcap", "-", "-p", "two.yaml", "--report", "run.json", cwd=self.folder)

        def feed():
            try:
                process.stdin.write(program.pcap_header())
                second = 0
                while True:
                    process.stdin.write(b"".join(program.pcap_record(second + 200 * i, program.udp_frame(1024 + i)) for i in range(1000)))
                    second += 200_000
            except (BrokenPipeError, ValueError):
                pass
        feeder = threading.Thread(target=feed, daemon=True)
        profile = {"exporters": [{"schema": "basic"}, {"schema": "cidds", "path": name}]}
        (self.folder / "two.yaml").write_text(json.dumps(profile), encoding="utf-8")
        feeder.start()
        for _ in range(20_000):  # of the other table: this one is on its way, too
            process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        process.stderr.read()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 130)
        feeder.join(program.LIMIT_SECONDS)
        for stream in (process.stdout, process.stderr):
            stream.close()
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass
        return json.loads((self.folder / "run.json").read_text(encoding="utf-8"))

    def test_a_signal_leaves_a_file_that_can_be_read(self):
        report = self.interrupted("rows.parquet")
        rows = report["outputs"][1]["rows"]
        self.assertGreater(rows, 0)
        self.assertEqual((self.parquet("rows.parquet.part").num_rows, self.account("rows.parquet.part")["complete"]), (rows, False))

    def test_one_file_for_each_input(self):
        (self.folder / "one.pcap").write_bytes(program.capture(3))
        (self.folder / "none.pcap").write_bytes(program.capture(0))
        finished = self.run_it("one.pcap", "none.pcap", "-f", "basic", "-o", "parquet", "--per-file", "--export-path", "out")
        self.assertEqual(finished.returncode, 0)
        found = {path.name: pyarrow.parquet.read_table(path).num_rows for path in (self.folder / "out").iterdir()}
        self.assertEqual(found, {"one.pcap.parquet": 3, "none.pcap.parquet": 0})

    def test_the_account_is_that_of_the_metadata(self):
        finished = self.run_it(DEMO, "-f", "cic", "--export-path", "rows.parquet", "--metadata")
        self.assertEqual(finished.returncode, 0)
        beside = json.loads((self.folder / "rows.parquet.meta.json").read_text(encoding="utf-8"))
        self.assertEqual(beside.pop("size_bytes"), (self.folder / "rows.parquet").stat().st_size)
        self.assertEqual(self.account("rows.parquet"), beside)

    def test_columns_say_what_they_are(self):
        self.assertEqual(self.run_it(DEMO, "-f", "basic", "--export-path", "rows.parquet").returncode, 0)
        field = self.parquet("rows.parquet").schema.field("protocol")
        self.assertEqual({key: field.metadata[key] for key in (b"flowgauge.unit", b"flowgauge.role", b"flowgauge.expression")},
                         {b"flowgauge.unit": b"", b"flowgauge.role": b"feature", b"flowgauge.expression": b"flow.protocol"})

    def test_long_texts(self):
        (self.folder / "one.pcap").write_bytes(program.capture(2))
        text = "ü" * 32_768  # 64 KiB
        (self.folder / "labels.csv").write_text(f"label\n{text}\n", encoding="utf-8")
        finished = self.run_it("one.pcap", "-f", "basic", "--labels", "labels.csv", "--export-path", "rows.parquet")
        self.assertEqual((finished.returncode, finished.stderr.count("error")), (0, 0))
        self.assertEqual(self.parquet("rows.parquet").column("label").to_pylist(), [text, text])

    def test_each_compression(self):
        names = {"zstd": "ZSTD", "snappy": "SNAPPY", "gzip": "GZIP", "lz4": "LZ4", "brotli": "BROTLI", "none": "UNCOMPRESSED"}
        exporters = [{"schema": "cic", "path": f"{name}.parquet", "format": {"name": "parquet", "options": {"compression": name}}}
                     for name in names]
        (self.folder / "p.yaml").write_text(json.dumps({"exporters": exporters}), encoding="utf-8")
        finished = self.run_it(DEMO, "-p", "p.yaml")
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
        for name, told in names.items():
            column = pyarrow.parquet.read_metadata(self.folder / f"{name}.parquet").row_group(0).column(0)
            self.assertEqual(column.compression, told)
            self.assertEqual(self.parquet(f"{name}.parquet"), self.parquet("none.parquet"))

    def test_options_that_are_wrong(self):
        for options, message in (
                ({"compression": "zip"}, "p.yaml:1: option 'compression' of sink 'parquet' is 'zip', which is not one of zstd, "
                                         "snappy, gzip, lz4, brotli, none; did you mean 'gzip'? It means: How pages are compressed"),
                ({"row_group": 5}, "p.yaml:1: option 'row_group' of sink 'parquet' is '5', which is not a whole number from 1024 "
                                   "to 16777216; it means: Rows of a row group: what is held in memory, and read at once"),
                ({"rows": 5}, "p.yaml:1: sink 'parquet' has no option 'rows'; it has compression, row_group, "
                              "dictionary, uint64, time")):
            profile = {"exporters": [{"schema": "basic", "path": "x", "format": {"name": "parquet", "options": options}}]}
            (self.folder / "p.yaml").write_text(json.dumps(profile), encoding="utf-8")
            self.refused(self.run_it(DEMO, "-p", "p.yaml"), 1, message)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["p.yaml"])

    def test_a_terminal_is_refused(self):
        terminal = program.Terminal()
        self.addCleanup(terminal.close)
        finished = self.run_it(DEMO, "-f", "basic", "-o", "parquet", stdout=terminal.end)
        terminal.close_end()
        plugin = program.BINARY_DIR / "lib" / "flowgauge" / "plugins" / "parquet.so"
        self.refused(finished, 4, f"standard output: sink 'parquet' ({plugin}) cannot start: a terminal cannot show it; "
                                  "name a file with --export-path, or write into a pipe")


if __name__ == "__main__":
    unittest.main()
