#!/usr/bin/env python3
"""Texts in docs/ that the program makes are those it makes today."""
import os
import re
import shlex
import shutil
import subprocess
import unittest

import program


class FreshText(unittest.TestCase):
    maxDiff = None

    def check(self, words, path):
        made = program.run(*words).stdout.decode()
        kept = (program.SOURCE_DIR / path).read_text(encoding="utf-8")
        self.assertEqual(kept, made, f"{path} is old; './dev docs' writes it anew")

    def test_manual_page(self):
        self.check(["manual"], "docs/flowgauge.1")

    def test_the_manual_page_is_whole(self):
        page = program.run("manual").stdout.decode()
        for heading in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXIT STATUS", "ENVIRONMENT"):
            self.assertIn(f"\n.SH {heading}\n", page)
        for command in ("pcap", "realtime", "plugins", "plugin new", "plugin check", "plugin info", "columns", "doctor"):
            self.assertIn(f"\n.SS \\fBflowgauge {command}\\fR\n", page)
        codes = page[page.index(".SH EXIT STATUS"):page.index(".SH ENVIRONMENT")]
        for code in ("0", "1", "2", "3", "4", "5", "130"):
            self.assertRegex(codes, rf"(?m)^ +{code} ")

    @unittest.skipIf(shutil.which("man") is None, "man is not installed")
    def test_man_shows_the_manual_page_without_a_warning(self):
        shown = subprocess.run(["man", "--local-file", "--warnings", program.SOURCE_DIR / "docs/flowgauge.1"], capture_output=True, text=True,
                               env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80", "MANROFFOPT": "", "MAN_KEEP_FORMATTING": ""}, check=False)
        self.assertEqual((shown.returncode, shown.stderr), (0, ""))
        self.assertIn("flowgauge plugin check", shown.stdout)

    def test_columns(self):
        self.check(["columns", "--markdown"], "docs/columns.md")

    def test_run_in_the_readme(self):
        readme = (program.SOURCE_DIR / "README.md").read_text(encoding="utf-8")
        command, shown = re.search(r"```\n\$ flowgauge (.*)\n((?:.*\n)*?)```", readme).groups()
        finished = program.run(*shlex.split(command), cwd=program.SOURCE_DIR)
        said = "".join(line for line in finished.stderr.splitlines(True) if not line.startswith("time "))
        self.assertEqual(shown, finished.stdout.decode() + said)


if __name__ == "__main__":
    unittest.main()
