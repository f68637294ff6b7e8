#!/usr/bin/env python3
"""Which files a run may write, and what it leaves of them when it does not begin. Messages are compared whole."""
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
