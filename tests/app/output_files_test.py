#!/usr/bin/env python3
"""Which files a run may write, and what it leaves of them when it does not begin. Messages are compared whole."""
import json
import pathlib
import tempfile
import unittest

import program

THERE = "flowgauge: error: %s: is there already; take another name, or replace it with --force"


class OutputFiles(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.write("in.pcap", program.capture(3))

    def write(self, name, content):
        (self.folder / name).write_bytes(content)

    def content(self):
        """All files, with what they hold."""
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}

    def check_refusal(self, words, code, message):
        """One message, the exit code, and a folder as it was before."""
        before = self.content()
        finished = program.run("pcap", *words, cwd=self.folder)
        self.assertEqual((finished.returncode, finished.stderr, finished.stdout), (code, message + "\n", b""))
        self.assertEqual(self.content(), before)

    def check_run(self, words, files):
        """Nothing goes wrong, and these files are new."""
        before = self.content()
        finished = program.run("pcap", *words, cwd=self.folder)
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
        self.assertEqual(sorted(self.content().keys() - before.keys()), files)

    # ---- the report is an output like the others

    def test_report_replaces_nothing_without_force(self):
        capture = program.capture(3)
        self.check_refusal(["in.pcap", "-f", "basic", "--report", "in.pcap"], 4, THERE % "in.pcap")
        self.write("run.json", b"mine")
        self.check_refusal(["in.pcap", "-f", "basic", "--report", "run.json"], 4, THERE % "run.json")
        self.check_run(["in.pcap", "-f", "basic", "--report", "run.json", "--force"], [])
        self.assertEqual(json.loads((self.folder / "run.json").read_text())["exit_code"], 0)
        self.assertEqual((self.folder / "in.pcap").read_bytes(), capture)

    def test_report_of_a_refused_start(self):
        """An older report stays as it is, and no new one is left."""
        missing = "flowgauge: error: cannot open no.pcap: No such file or directory; check the name"
        self.check_refusal(["no.pcap", "--report", "run.json"], 3, missing)
        self.write("run.json", b"mine")
        self.check_refusal(["no.pcap", "--report", "run.json", "--force"], 3, missing)
        self.write("x.csv", b"mine")
        self.check_refusal(["in.pcap", "--export-path", "x.csv", "--report", "new.json"], 4, THERE % "x.csv")
        filter_fault = ("flowgauge: error: filter 'tcp prot' is not valid for link type 1 EN10MB (Ethernet): can't parse filter expression: syntax "
                        "error; `man pcap-filter` describes the language")
        self.check_refusal(["in.pcap", "--filter", "tcp prot", "--report", "new.json"], 1, filter_fault)

    def test_report_that_does_not_fit(self):
        """The rows are whole, and the report alone is missing."""
        finished = program.run("pcap", "in.pcap", "-f", "basic", "--export-path", "x.csv", "--report", "/dev/full", cwd=self.folder)
        self.assertEqual((finished.returncode, program.messages(finished)),
                         (4, ["flowgauge: error: the report: /dev/full: cannot be written: No space left on device; make room, or write elsewhere, "
                              "and run again"]))
        self.assertEqual((self.folder / "x.csv").read_bytes().count(b"\n"), 4)

    # ---- a start that is refused leaves nothing behind

    def test_refused_metadata_leaves_no_table(self):
        self.write("x.csv.meta.json", b"mine")
        words = ["in.pcap", "-f", "basic", "--export-path", "x.csv"]
        self.check_refusal([*words, "--metadata"], 4, THERE % "x.csv.meta.json")
        self.check_run(words, ["x.csv"])

    def test_refused_second_table_leaves_no_first(self):
        self.write("two.yaml", b"exporters:\n  - {schema: basic, path: a.csv}\n  - schema: cidds\n    path: none/b.csv\n")
        message = ("flowgauge: error: two.yaml:4: none/b.csv.part: cannot be created: No such file or directory; check the folder and its "
                   "permissions")
        self.check_refusal(["in.pcap", "-p", "two.yaml"], 4, message)
        (self.folder / "none").mkdir()
        self.check_run(["in.pcap", "-p", "two.yaml"], ["a.csv", "none/b.csv"])


if __name__ == "__main__":
    unittest.main()
