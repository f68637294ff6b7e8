#!/usr/bin/env python3
"""Tables whose files are rotated: by the time of rows, by size, live by the wall clock; what the files are called, that all of
them together are the one table, and which are kept. Nothing sleeps: each step waits for what the program did."""
import collections
import datetime
import gzip
import json
import os
import pathlib
import signal
import tempfile
import unittest

import program
import realtime_test

FLOWS = 3000
FIRST_SECOND = 1_700_000_000  # 2023-11-14 22:13:20
APART = 200  # seconds; a flow is idle, and its row made, when the next one begins
PLUGINS = program.BINARY_DIR / "lib" / "flowgauge" / "plugins"
LEDGER = ("frames_read", "untimed_frames", "in_flows", "packets_in_rows")


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def names(self, pattern):
        return sorted(path.name for path in self.folder.glob(pattern))

    def read(self, name):
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def check_accounts(self, files, report, folder=pathlib.Path()):
        """What the files' metadata says, added up, is what the report says; each knows its place."""
        sums = collections.Counter()
        reasons, ends = collections.Counter(), collections.Counter()
        for number, name in enumerate(files, 1):
            account = self.read(name + ".meta.json")
            self.assertEqual((account["part"], account["table"], account["complete"]),
                             ({"number": number, "last": number == len(files)}, name, True))
            self.assertEqual(account["size_bytes"], (self.folder / name).stat().st_size)
            self.assertNotIn("balances", account["ledger"])
            sums.update({key: account["ledger"][key] for key in LEDGER}, rows=account["rows"], begun=account["flows"]["begun"])
            reasons.update(account["ledger"]["ignored"])
            ends.update(account["flows"]["by_end_reason"])
        (output,) = report["outputs"]
        self.assertEqual(sums, {**{key: report["ledger"][key] for key in LEDGER}, "rows": output["rows"], "begun": report["flows"]["begun"]})
        self.assertEqual((reasons, ends), (report["ledger"]["ignored"], report["flows"]["by_end_reason"]))
        self.assertEqual((output["files"], output["location"], output["complete"]), (len(files), str(folder / files[-1]), True))


class OfCaptures(Folder):
    def setUp(self):
        super().setUp()
        (self.folder / "in.pcap").write_bytes(program.capture(FLOWS, FIRST_SECOND, APART))
        self.assertEqual(self.run_to("whole.csv").returncode, 0)
        self.header, *self.rows = (self.folder / "whole.csv").read_bytes().splitlines(keepends=True)
        self.assertEqual(len(self.rows), FLOWS)

    def run_to(self, path, *words, source="in.pcap"):
        return program.run("pcap", source, "-f", "basic", "--export-path", path, *words, cwd=self.folder)

    def check_whole(self, files, read=pathlib.Path.read_bytes):
        """Each file has the header, and its rows follow those of the file before."""
        rows = []
        for name in files:
            header, *some = read(self.folder / name).splitlines(keepends=True)
            self.assertEqual(header, self.header)
            rows += some
        self.assertEqual(rows, self.rows)

    def test_by_the_time_of_rows(self):
        """A row comes with the packet that is APART later; the last one with the end of the capture."""
        expected = collections.Counter()
        for flow in range(FLOWS):
            second = FIRST_SECOND + min(flow + 1, FLOWS - 1) * APART
            begin = max(second - second % 86400, FIRST_SECOND + APART)
            expected[datetime.datetime.fromtimestamp(begin, datetime.timezone.utc).strftime("d-%Y%m%d_%H%M%S.csv")] += 1
        written = []
        for threads in ("1", "3"):
            finished = self.run_to("d-%Y%m%d_%H%M%S.csv", "--rotate-interval", "24h", "--threads", threads)
            self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
            self.assertIn(f", the last of {len(expected)} files\n", finished.stderr)
            files = self.names("d-*")
            self.assertEqual({name: (self.folder / name).read_bytes().count(b"\n") - 1 for name in files}, expected)
            self.check_whole(files)
            written.append([(self.folder / name).read_bytes() for name in files])
            for name in files:
                (self.folder / name).unlink()
        self.assertEqual(*written)

    def test_not_aligned(self):
        (self.folder / "p.yaml").write_text(
            "exporters: [{schema: basic, path: '%s.csv', rotate: {interval: 1000h, align: false}}]\n")
        self.assertEqual(program.run("pcap", "in.pcap", "-p", "p.yaml", cwd=self.folder).returncode, 0)
        self.assertEqual(self.names("1*.csv"), [f"{FIRST_SECOND + APART}.csv"])

    def test_by_size(self):
        """Files end at the same rows however many threads made them."""
        written = []
        for threads in ("1", "3"):
            finished = self.run_to("s.csv", "--rotate-size", "50KiB", "--threads", threads, "--metadata", "--report", "run.json", "--force")
            self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
            files = [name for name in self.names("s*") if name.endswith(".csv")]
            written.append(files[-6:])
            if threads == "1":
                self.assertEqual(files, [f"s-{number:06}.csv" for number in range(1, len(files) + 1)])
            self.assertTrue(all((self.folder / name).stat().st_size >= 50 << 10 for name in files[:5]))
            self.check_whole(files[-6:])
            self.check_accounts(files[-6:], self.read("run.json"))
        # The second run goes on with the numbers of the first, and replaces none.
        self.assertEqual([written[0][0], written[1][0]], ["s-000001.csv", "s-000007.csv"])
        first, second = ([(self.folder / name).read_bytes() for name in files] for files in written)
        self.assertEqual(first, second)

    def test_compressed_and_json(self):
        for name, words in (("c.csv.gz", []), ("c.csv.zst", [])):
            finished = self.run_to(name, "--rotate-interval", "24h", *words)
            self.assertEqual(finished.returncode, 0, finished.stderr)
        packed = self.names("c-*.csv.gz")
        self.assertEqual((len(packed), len(self.names("c-*.csv.zst"))), (8, 8))
        self.check_whole(packed, lambda path: gzip.decompress(path.read_bytes()))
        self.assertEqual(self.run_to("j.jsonl", "--rotate-size", "200KiB").returncode, 0)
        self.assertEqual(sum((self.folder / name).read_bytes().count(b"\n") for name in self.names("j-*.jsonl")), FLOWS)
        self.assertGreater(len(self.names("j-*")), 3)

    @unittest.skipUnless((PLUGINS / "parquet.so").exists(), "this build has no sink parquet")
    def test_parquet(self):
        finished = self.run_to("p-%Y%m%d.parquet", "--rotate-interval", "24h", "--metadata", "--report", "run.json")
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
        files = self.names("p-*.parquet")
        self.assertEqual(files, [f"p-202311{day}.parquet" for day in range(14, 22)])
        for name in files:
            content = (self.folder / name).read_bytes()
            self.assertEqual((content[:4], content[-4:]), (b"PAR1", b"PAR1"))
            self.assertIn(f'"table":"{name}"'.encode(), content.replace(b" ", b""), "the account in the file has its name")
        self.check_accounts(files, self.read("run.json"))

    def test_a_name_that_is_taken_gets_a_number(self):
        for times in (1, 2, 3):
            finished = self.run_to("day-%Y.csv", "--force")
            self.assertEqual((finished.returncode, program.messages(finished)), (0, []), times)
        self.assertEqual(self.names("day*"), ["day-2023-000001.csv", "day-2023-000002.csv", "day-2023.csv"])
        for name in self.names("day*"):
            self.check_whole([name])

    def test_keep(self):
        (self.folder / "k-000000000.csv").write_bytes(b"no number of ours")
        (self.folder / "k-mine.csv").write_bytes(b"mine")
        others = ["k-000000000.csv", "k-mine.csv"]
        profile = self.folder / "p.yaml"
        profile.write_text("exporters: [{schema: basic, path: k.csv, metadata: true, rotate: {size: 50KiB}, keep: {files: 3}}]\n")
        for last, deleted in ((6, 3), (12, 6)):
            finished = program.run("pcap", "in.pcap", "-p", "p.yaml", "--report", "run.json", "--force", cwd=self.folder)
            self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
            kept = [f"k-{number:06}.csv" for number in (last - 2, last - 1, last)]
            self.assertEqual(self.names("k-*"), sorted(kept + [f"{name}.meta.json" for name in kept] + others))
            (output,) = self.read("run.json")["outputs"]
            self.assertEqual((output["files"], output["files_deleted"], output["rows"]), (6, deleted, FLOWS))
        # The newest file and the one before it with its metadata fit exactly; then one byte is missing.
        before = sum((self.folder / name).stat().st_size for name in ("k-000012.csv", "k-000012.csv.meta.json"))
        most = (self.folder / "whole.csv").stat().st_size + before
        for size, kept in ((most, ["k-000012.csv", "k-000012.csv.meta.json", "k-000013.csv"]), (before - 1, ["k-000014.csv"])):
            profile.write_text(f"exporters: [{{schema: basic, path: k.csv, rotate: {{size: 1GiB}}, keep: {{size: {size}}}}}]\n")
            self.assertEqual(program.run("pcap", "in.pcap", "-p", "p.yaml", cwd=self.folder).returncode, 0)
            self.assertEqual(self.names("k-*"), sorted(kept + others))

    def test_an_interrupted_run_keeps_the_last_file_as_part(self):
        process = program.start("pcap", "-", "-f", "basic", "--export-path", "i-%s.csv", "--rotate-interval", "1h", cwd=self.folder)
        for stream in (process.stdin, process.stdout, process.stderr):
            self.addCleanup(stream.close)
        self.addCleanup(process.kill)
        process.stdin.write(program.capture(40, FIRST_SECOND, APART))
        process.stdin.flush()
        while len(self.names("i-1*.csv")) < 2:
            self.assertIsNone(process.poll())
            os.sched_yield()
        os.kill(program.worker_of(process.pid), signal.SIGKILL)
        process.wait(program.LIMIT_SECONDS)
        done = self.names("i-1*.csv")
        self.assertEqual(self.names("i-*"), ["i-%s.csv.part", *done])
        finished = self.run_to("i-%s.csv", "--rotate-interval", "1h", source="in.pcap")
        self.assertEqual((finished.returncode, program.messages(finished)),
                         (0, ["flowgauge: warning: i-%s.csv.part: was left by a run that did not end well; it is kept as i-%s.csv.part.1"]))
        self.assertTrue({*done, "i-%s.csv.part.1"} < set(self.names("i-*")))

    def test_an_empty_table_is_one_file(self):
        (self.folder / "empty.pcap").write_bytes(program.pcap_header())
        self.assertEqual(self.run_to("e.csv", "--rotate-interval", "1h", source="empty.pcap").returncode, 0)
        self.assertEqual(self.names("e*.csv"), ["e-000001.csv"])
        self.assertEqual((self.folder / "e-000001.csv").read_bytes(), self.header)

    def test_what_cannot_be(self):
        before = self.names("*")
        fields = "is no field of time: those are %Y %m %d %H %M %S %j %s; a percent sign is written %%"
        for path, words, code, message in (
                ("-", ["--rotate-size", "1MiB"], 1, "schema 'basic' goes to standard output, which cannot be rotated; give it a path"),
                ("/dev/null", ["--rotate-size", "1MiB"], 4, "/dev/null: is a device or a pipe, which cannot be rotated; name a file"),
                ("x-%q.csv", [], 1, f"--export-path: 'x-%q.csv': '%q' {fields}"),
                ("x.csv%", ["-o", "csv"], 1, f"--export-path: 'x.csv%': '%' {fields}"),
                ("%Y/x.csv", [], 1, "--export-path: '%Y/x.csv': fields of time may stand in the file's name alone, not in its folder"),
                ("out", ["--per-file", "--rotate-size", "1MiB"], 1, "--per-file: tables of inputs are not rotated; leave one of the two out")):
            finished = self.run_to(path, *words)
            self.assertEqual((finished.returncode, finished.stderr), (code, f"flowgauge: error: {message}\n"))
        (self.folder / "p.yaml").write_text("exporters:\n  - schema: basic\n    path: x.csv\n    keep: {files: 3}\n")
        finished = program.run("pcap", "in.pcap", "-p", "p.yaml", cwd=self.folder)
        self.assertEqual((finished.returncode, finished.stderr),
                         (1, "flowgauge: error: p.yaml:2: 'keep' is for tables with several files; add 'rotate', or fields of time to the path\n"))
        (self.folder / "p.yaml").unlink()
        self.assertEqual(self.names("*"), before)


class Live(Folder):
    def start(self, *words, table):
        live = realtime_test.Live(self.folder, *words, table=table)
        self.addCleanup(live.process.kill)
        live.wait_for("capturing from lo: libpcap")
        return live

    def wait_for_files(self, live, pattern, count):
        while len(self.names(pattern)) < count:
            self.assertIsNone(live.process.poll(), live.lines)
            os.sched_yield()

    def test_by_the_wall_clock(self):
        live = self.start("--rotate-interval", "1s", "--idle-timeout", "100ms", "--metadata", table="w-%Y%m%d-%H%M%S.csv")
        for files in range(1, 4):
            realtime_test.send(2000 + files, files)
            self.wait_for_files(live, "w-2*.csv", files)
        self.assertEqual(live.end(signal.SIGINT), 0, live.lines)
        files = self.names("w-2*.csv")
        self.check_accounts(files, live.report(), self.folder)
        rows = [line for name in files for line in (self.folder / name).read_text(encoding="utf-8").splitlines()[1:]]
        self.assertEqual(len(rows), live.report()["outputs"][0]["rows"])
        self.assertEqual(self.names("*.part"), [])


if __name__ == "__main__":
    realtime_test.enter_own_namespace()
    unittest.main()
