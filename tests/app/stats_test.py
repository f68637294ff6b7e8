#!/usr/bin/env python3
"""Lines of statistics (--stats), warnings while a run lasts, and the log as JSON: what they add up to is what the report says."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import program

FLOWS = 3000
COUNTER = {"total", "new", "per_second"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def counters(value, path=()):
    """Each counter of a line, by where it stands."""
    if isinstance(value, dict) and value.keys() == COUNTER:
        yield path, value
        return
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from counters(item, (*path, key))


class Stats(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.write("in.pcap", program.capture(FLOWS))

    def write(self, name, content):
        (self.folder / name).write_bytes(content)

    def lines(self, text):
        """Parsed; in order, and each with a time."""
        lines = [json.loads(line) for line in text.splitlines()]
        self.assertTrue(lines)
        for line in lines:
            self.assertRegex(line["time"], TIME)
        self.assertEqual([line["phase"] for line in lines], ["running"] * (len(lines) - 1) + ["done"])
        self.assertEqual(sorted(line["elapsed"] for line in lines), [line["elapsed"] for line in lines])
        return lines

    def check_sums(self, lines, report):
        """Differences add up to totals, and these are the report's."""
        sums = {}
        for line in lines:
            for path, counter in counters(line):
                sums[path] = sums.get(path, 0) + counter["new"]
                self.assertEqual(sums[path], counter["total"], path)
                if line["interval"] > 0:
                    self.assertAlmostEqual(counter["per_second"], counter["new"] / line["interval"], delta=1 + counter["per_second"] * 1e-6 / line["interval"])
        ledger, flows = report["ledger"], report["flows"]
        expected = {("frames",): ledger["frames_read"], ("packets",): ledger["in_flows"], ("flows", "begun"): flows["begun"],
                    ("flows", "snapshots"): flows["snapshots"], ("flows", "evicted"): flows["by_end_reason"]["lack_of_resources"]}
        expected |= {("ignored", reason): frames for reason, frames in ledger["ignored"].items()}
        expected |= {("flows", "by_end_reason", reason): ended for reason, ended in flows["by_end_reason"].items()}
        self.assertEqual({path: sums.get(path) for path in expected}, expected)
        self.assertEqual([output["rows"]["total"] for output in lines[-1]["outputs"]],
                         [sum(output["rows"] for output in report["outputs"][i::len(lines[-1]["outputs"])]) for i in range(len(lines[-1]["outputs"]))])
        self.assertEqual(sum(lane["packets"]["total"] for lane in lines[-1]["lanes"]), ledger["in_flows"])
        self.assertEqual(lines[-1]["flows"]["active"], 0)

    def run_with_stats(self, *words):
        finished = program.run("pcap", *words, "--stats", "stats.jsonl", "--report", "report.json", cwd=self.folder)
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
        return self.lines((self.folder / "stats.jsonl").read_text()), json.loads((self.folder / "report.json").read_text())

    # ---- sums

    def test_of_a_file(self):
        not_ip = program.pcap_record(1, bytes(60))
        self.write("in.pcap", program.capture(FLOWS) + not_ip)
        for threads in (1, 2):
            with self.subTest(threads=threads):
                lines, report = self.run_with_stats("in.pcap", "-f", "basic", "--export-path", "out.csv", "--stats-interval", "1ms", "--threads",
                                                    threads, "--force")
                self.check_sums(lines, report)
                last = lines[-1]
                self.assertEqual(last["inputs"], {"reading": "in.pcap", "begun": 1, "all": 1, "bytes": (self.folder / "in.pcap").stat().st_size,
                                                  "bytes_read": (self.folder / "in.pcap").stat().st_size})
                self.assertEqual(last["bytes"]["total"], FLOWS * 36)
                self.assertEqual((last["lag"], last["conditions"]), (None, []))

    def test_of_a_pipe_that_waits(self):
        """The run waits for its input, and what it has done is told all the same."""
        os.mkfifo(self.folder / "pipe.pcap")
        process = subprocess.Popen([program.PROGRAM, "pcap", "pipe.pcap", "-f", "basic", "--export-path", "out.csv", "--threads", "1", "--stats", "-",
                                    "--stats-interval", "5ms", "--report", "report.json"], cwd=self.folder, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        text = ""
        parts = [program.capture(7), b"".join(program.pcap_record(1_700_000_001, program.udp_frame(9000 + i)) for i in range(5))]
        with open(self.folder / "pipe.pcap", "wb", buffering=0) as pipe:
            packets = 0
            for part, more in zip(parts, (7, 5)):
                pipe.write(part)
                packets += more
                for line in process.stdout:
                    text += line
                    if json.loads(line)["packets"]["total"] == packets:
                        break
        text += process.stdout.read()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 0)
        lines = self.lines(text)
        self.check_sums(lines, json.loads((self.folder / "report.json").read_text()))
        self.assertGreater(len(lines), 2)

    def test_of_several_tables_and_files(self):
        self.write("b.pcap", program.capture(5))
        (self.folder / "two.yaml").write_text("exporters: [{schema: basic, path: basic}, {schema: rustiflow, path: rustiflow}]")
        lines, report = self.run_with_stats("in.pcap", "b.pcap", "-p", "two.yaml", "--per-file")
        self.check_sums(lines, report)
        self.assertEqual(lines[-1]["frames"]["total"], FLOWS + 5)
        self.assertEqual(lines[-1]["inputs"]["all"], 2)

    def test_key_of_the_profile(self):
        (self.folder / "p.yaml").write_text("extends: basic\nmonitor: {stats: by-key.jsonl}")
        finished = program.run("pcap", "in.pcap", "-p", "p.yaml", "--export-path", "out.csv", cwd=self.folder)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        self.assertEqual(len(self.lines((self.folder / "by-key.jsonl").read_text())), 1)

    # ---- which files

    def check_refusal(self, words, code, message):
        before = sorted(path.name for path in self.folder.iterdir())
        finished = program.run("pcap", *words, cwd=self.folder)
        self.assertEqual((finished.returncode, finished.stderr), (code, f"flowgauge: error: {message}\n"))
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), before)

    def test_refusals(self):
        self.write("stats.jsonl", b"of an earlier run\n")
        rows = ("in.pcap", "-f", "basic", "--export-path", "out.csv")
        self.check_refusal((*rows, "--stats", "stats.jsonl"), 4, "--stats: stats.jsonl: already exists and has no statistics; take another name, or replace it with --force")
        self.check_refusal((*rows, "--stats", "no/s.jsonl"), 4,
                           "--stats: no/s.jsonl: cannot be created: No such file or directory; check the folder and its permissions")
        self.check_refusal(("in.pcap", "-f", "basic", "--stats", "-"), 1,
                           "--stats -: the rows go to standard output too; write them to a file, or the statistics with --stats FILE")
        self.check_refusal((*rows, "--stats", "-", "--report", "-"), 1,
                           "--stats -: the report goes to standard output too; write it to a file, or the statistics with --stats FILE")
        self.check_refusal((*rows, "--stats", "in.pcap", "--force"), 1,
                           "--stats: in.pcap: the statistics would be written over the input in.pcap; choose another name for one of them")

    def test_lines_of_an_earlier_run_stay(self):
        words = ("pcap", "in.pcap", "-f", "basic", "--stats", "stats.jsonl", "--export-path")
        for name in ("a.csv", "b.csv"):
            self.assertEqual(program.run(*words, name, cwd=self.folder).returncode, 0)
        whole = (self.folder / "stats.jsonl").read_bytes()
        self.assertEqual([json.loads(line)["phase"] for line in whole.splitlines()], ["done", "done"])
        self.write("stats.jsonl", whole[:-7])
        finished = program.run(*words, "c.csv", cwd=self.folder)
        lost = whole[:-7].count(b"\n") and len(whole[:-7]) - whole[:-7].rindex(b"\n") - 1
        self.assertEqual((finished.returncode, program.messages(finished)),
                         (0, [f"flowgauge: warning: stats.jsonl: its last line was cut off, and is removed: {lost:,} bytes"]))
        self.assertEqual([json.loads(line)["phase"] for line in (self.folder / "stats.jsonl").read_text().splitlines()], ["done", "done"])

    def test_force_replaces(self):
        self.write("stats.jsonl", b"of an earlier run\n")
        finished = program.run("pcap", "in.pcap", "-f", "basic", "--export-path", "out.csv", "--stats", "stats.jsonl", "--force", cwd=self.folder)
        self.assertEqual(finished.returncode, 0)
        self.assertEqual(len(self.lines((self.folder / "stats.jsonl").read_text())), 1)

    def test_a_run_that_does_not_begin_leaves_none(self):
        self.write("out.csv", b"")
        finished = program.run("pcap", "in.pcap", "-f", "basic", "--export-path", "out.csv", "--stats", "stats.jsonl", cwd=self.folder)
        self.assertEqual(finished.returncode, 4)
        self.assertFalse((self.folder / "stats.jsonl").exists())

    def test_what_cannot_be_written_is_said(self):
        finished = program.run("pcap", "in.pcap", "-f", "basic", "--export-path", "out.csv", "--stats", "/dev/full", cwd=self.folder)
        self.assertEqual((finished.returncode, program.messages(finished)),
                         (4, ["flowgauge: error: --stats: the pipe or device cannot be written any more: No space left on device"]))
        self.assertTrue((self.folder / "out.csv").exists(), "the rows are whole")

    # ---- what is wrong

    def test_a_full_flow_table(self):
        finished = program.run("pcap", "in.pcap", "-f", "basic", "--export-path", "out.csv", "--max-flows", "300", "--threads", "1", "--report",
                               "report.json", "--stats", "stats.jsonl", cwd=self.folder)
        report = json.loads((self.folder / "report.json").read_text())
        evicted = report["flows"]["by_end_reason"]["lack_of_resources"]
        self.assertGreater(evicted, 0)
        said = [message for message in program.messages(finished) if "the flow table is full" in message]
        self.assertTrue(said[-1].startswith("flowgauge: warning: the flow table is full from "), said)
        self.assertTrue(said[-1].endswith(f": {evicted:,} flows ended early; raise flow.max_flows (--max-flows), or lower the timeouts"), said)
        self.check_sums(self.lines((self.folder / "stats.jsonl").read_text()), report)

    # ---- the log as JSON

    def test_each_line_of_the_log_is_an_object(self):
        for words, code, level in ((("in.pcap", "-f", "basic", "--export-path", "out.csv", "--max-flows", "300"), 0, "warning"),
                                   (("no.pcap", "-f", "basic"), 3, "error")):
            finished = program.run("pcap", *words, "--log-format", "json", cwd=self.folder)
            self.assertEqual(finished.returncode, code)
            lines = [json.loads(line) for line in finished.stderr.splitlines()]
            self.assertTrue(all(line.keys() == {"time", "level", "message"} and TIME.fullmatch(line["time"]) for line in lines), lines)
            self.assertIn(level, {line["level"] for line in lines})
            text = program.run("--log-format", "text", "pcap", *words, "--force", cwd=self.folder).stderr
            if code == 3:
                self.assertEqual([f"flowgauge: {line['level']}: {line['message']}" for line in lines], text.splitlines())
            else:
                self.assertIn(f"frames   {FLOWS:,} read = {FLOWS:,} in flows + 0 ignored", [line["message"] for line in lines])

    def test_unknown_format(self):
        finished = program.run("pcap", "in.pcap", "--log-format", "jsn", cwd=self.folder)
        self.assertEqual((finished.returncode, finished.stderr),
                         (1, "flowgauge: error: --log-format: 'jsn' is neither text nor json; did you mean 'json'?; see 'flowgauge --help'\n"))


if __name__ == "__main__":
    unittest.main()
