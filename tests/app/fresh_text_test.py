#!/usr/bin/env python3
"""Texts in docs/ that the program makes are those it makes today."""
import re
import shlex
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
