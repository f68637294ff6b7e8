#!/usr/bin/env python3
"""Texts in docs/ that the program makes are those it makes today."""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
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

    def commands(self):
        help_text = program.run("--help").stdout.decode()
        return re.findall(r"(?m)^  ([a-z]+) ", help_text[help_text.index("\nCommands:"):].strip().split("\n\n")[0])

    def test_every_command_has_a_page(self):
        commands = self.commands()
        self.assertLessEqual({"pcap", "realtime", "plugin", "profile", "doctor", "version"}, set(commands))
        whole = program.run("manual").stdout.decode()
        for command in commands:
            page = program.run("manual", command).stdout.decode()
            for heading in ("NAME", "SYNOPSIS", "OPTIONS", "SEE ALSO"):
                self.assertIn(f"\n.SH {heading}\n", page, command)
            self.assertTrue(page.startswith(f".TH FLOWGAUGE\\-{command.upper()} 1 "))
            self.assertIn(f"\nflowgauge\\-{command} \\- ", page)
            section = whole[whole.index(f"\n.SS \\fBflowgauge {command}\\fR\n"):]
            options = re.findall(r"(?m)^\.TP\n.*\n.*$", re.split(r"\n\.S[SH] ", section[1:])[0])
            self.assertEqual([option for option in options if option not in page], [], command)
            recipe = (program.SOURCE_DIR / "core/app/CMakeLists.txt").read_text(encoding="utf-8")
            self.assertRegex(recipe, rf"foreach\(command [^)]*\b{command}\b", "it is installed")
        self.assertIn("\n.SH EXAMPLES\n", program.run("manual", "realtime").stdout.decode())
        wrong = program.run("manual", "reltime")
        self.assertEqual((wrong.returncode, wrong.stdout), (1, b""))
        self.assertIn("manual: there is no command 'reltime'; did you mean 'realtime'?", wrong.stderr)

    @unittest.skipIf(shutil.which("man") is None, "man is not installed")
    def test_man_shows_the_pages_of_commands_without_a_warning(self):
        with tempfile.TemporaryDirectory() as folder:
            for command in self.commands():
                page = pathlib.Path(folder, f"flowgauge-{command}.1")
                page.write_bytes(program.run("manual", command).stdout)
                shown = subprocess.run(["man", "--local-file", "--warnings", page], capture_output=True, text=True,
                                       env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80", "MANROFFOPT": "", "MAN_KEEP_FORMATTING": ""}, check=False)
                self.assertEqual((shown.returncode, shown.stderr), (0, ""), command)
                self.assertIn(f"flowgauge {command}", shown.stdout)

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
