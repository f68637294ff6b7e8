#!/usr/bin/env python3
"""The check of the pages finds each kind of mistake, and nothing in this project."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import prose  # noqa: E402

PROJECT = pathlib.Path(__file__).resolve().parents[2]
MANUAL = r""".SH NAME
flowgauge \- network flow feature extractor
.SH OPTIONS
.TP
\fB\-\-log\-level\fR \fILEVEL\fR
What to say
.SH COMMANDS
.SS \fBflowgauge pcap\fR
.TP
\fB\-h, \-\-help\fR
.TP
\fB\-f, \-\-schema\fR \fISCHEMA\fR
.TP
\fB\-\-header, \-\-no\-header\fR
.SS \fBflowgauge plugin\fR
.TP
\fB\-h, \-\-help\fR
.SS \fBflowgauge plugin new\fR
.TP
\fB\-\-c\fR
.SH ENVIRONMENT
\fB\-\-not\-a\-flag\fR
"""
LONG = "word " * 30


class Prose(unittest.TestCase):
    def check(self, page, name="README.md"):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for path, text in {"README.md": "", "docs/a.md": "", "docs/flowgauge.1": MANUAL, name: page}.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text, encoding="utf-8")
            return list(prose.complaints(root))

    def shell(self, *lines):
        return self.check("```sh\n" + "\n".join(lines) + "\n```\n")

    def test_comments(self):
        wide = "x" * 121
        for line in (f"// {wide}", f"  /* {wide}", f" * {wide}"):
            self.assertEqual(self.check(f"int a;\n{line}\n", "core/a/a.h"), [f"core/a/a.h:2: {len(line)} columns; 120 is the most"])
        self.assertEqual(self.check(f'// {"x" * 117}\nauto text = "{wide}";  // {wide}\n', "tests/a.cpp"), [], "code is clang-format's")
        self.assertEqual(self.check(f"// {wide}\n", "fixtures/a.h"), [])
        for name in ("configs/a.yaml", "core/CMakeLists.txt", "tests/a_test.py", "dev"):
            self.assertEqual(self.check(f"# {wide}\n", name), [f"{name}:1: 123 columns; 120 is the most"])

    def test_this_project(self):
        self.assertEqual(list(prose.complaints(PROJECT)), [])

    def test_pages_that_an_operator_reads_first_are_looked_at(self):
        first = {"README.md", "docs/realtime.md", "docs/glossary.md", "docs/coming-from.md", "docs/tasks/label-a-data-set.md"}
        self.assertLessEqual(first, set(prose.pages_of(PROJECT)))

    def test_what_is_right(self):
        self.assertEqual(self.check("é" * 120 + f"\n| {LONG} |\n```\n{LONG}\n```\n\n    {LONG}\n[a page](docs/a.md#{'x' * 120})\n"), [])

    def test_wide_lines(self):
        for name in ("README.md", "docs/a.md", "docs/tasks/b.md"):
            self.assertEqual(self.check("a\n" + "x" * 121 + "\n", name), [f"{name}:2: 121 columns; 120 is the most"])
        self.assertEqual(self.check(f"```sh\nls\n```\n{LONG}\n"), ["README.md:4: 150 columns; 120 is the most"])

    def test_links(self):
        self.assertEqual(self.check("[a](a.md#b) [c](c.md) [d](https://d.example/e) [f](#f)", "docs/b.md"), ["docs/b.md:1: there is no c.md"])
        self.assertEqual(self.check("[a](../a.md) [b](a.md)", "docs/tasks/b.md"), ["docs/tasks/b.md:1: there is no a.md"])

    def test_commands_that_are_there(self):
        self.assertEqual(self.shell("flowgauge pcap x.pcap -f basic --no-header  # a comment --that is none", "flowgauge plugin new --c name",
                                    "sudo A=b flowgauge pcap - --schema=cic | flowgauge-other --flag; ls --all && flowgauge --log-level off",
                                    "flowgauge pcap -- -odd.pcap", "flowgauge pcap a 'b --not-a-flag' \\", "  --help", "echo flowgauge --no"), [])
        self.assertEqual(self.check("```\nflowgauge pcap --whatever\n```\n"), [])

    def test_commands_that_are_not_there(self):
        self.assertEqual(self.shell("flowgauge pcap x --shema basic", "ls | sudo flowgauge pacp x", "flowgauge plugin old", "flowgauge pcap \\", "  x --c",
                                    "flowgauge pcap --not-a-flag", "flowgauge pcap 'x"), [
            "README.md:2: 'flowgauge pcap' has no flag '--shema'",
            "README.md:3: 'flowgauge' has no command 'pacp'",
            "README.md:4: 'flowgauge plugin' has no command 'old'",
            "README.md:5: 'flowgauge pcap' has no flag '--c'",
            "README.md:7: 'flowgauge pcap' has no flag '--not-a-flag'",
            "README.md:8: is no line of a shell: No closing quotation"])


if __name__ == "__main__":
    unittest.main()
