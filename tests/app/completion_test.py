#!/usr/bin/env python3
"""flowgauge completion bash: the script is bash, and gives the words that the command line takes."""
import pathlib
import subprocess
import tempfile
import unittest

import program

ASK = r'''
source "$1"
COMP_WORDS=("${@:2}")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_flowgauge
printf '%s\n' "${COMPREPLY[@]}"
'''


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.script = pathlib.Path(cls.folder.name, "flowgauge")
        cls.script.write_bytes(program.run("completion", "bash").stdout)

    def complete(self, *words):
        asked = subprocess.run(["bash", "--norc", "-c", ASK, "bash", self.script, "flowgauge", *words], capture_output=True, check=True, text=True)
        self.assertEqual(asked.stderr, "")
        return asked.stdout.split()

    def test_bash_reads_it(self):
        checked = subprocess.run(["bash", "-n", self.script], capture_output=True, check=False)
        self.assertEqual((checked.returncode, checked.stderr), (0, b""))

    def test_commands(self):
        self.assertEqual(self.complete("pc"), ["pcap"])
        self.assertEqual(self.complete(""), ["pcap", "realtime", "events", "flows", "merge", "plugins", "plugin", "columns", "profile", "doctor", "version"])
        self.assertEqual(self.complete("plugin", ""), ["new", "check", "info"])
        self.assertEqual(self.complete("profile", "c"), ["check"])
        self.assertEqual(self.complete("profile", ""), ["check", "explain"])

    def test_options(self):
        self.assertEqual(self.complete("pcap", "--exp"), ["--export-path"])
        self.assertEqual(self.complete("pcap", "a.pcap", "-f", "cic", "--max-p"), ["--max-packets"])
        self.assertEqual(self.complete("plugin", "check", "--s"), ["--seed"])
        self.assertEqual(self.complete("--log-l"), ["--log-level"])
        self.assertIn("--no-header", self.complete("pcap", "--"))

    def test_keys_of_a_profile(self):
        self.assertEqual(self.complete("pcap", "--set", "flow.li"), ["flow.linger="])
        self.assertEqual(self.complete("realtime", "--set", "live.ring"), ["live.rings=", "live.ring_size="])
        self.assertEqual(self.complete("profile", "check", "--set", "thr"), ["threads="])
        self.assertEqual(self.complete("plugins", "--set", "thr"), [])

    def test_every_option_that_the_manual_page_names(self):
        page = program.run("manual").stdout.decode().replace("\\-", "-").replace("\\fB", "").replace("\\fR", "")
        section = page[page.index(".SS flowgauge pcap"):page.index(".SS flowgauge realtime")]
        named = {word.strip(",") for line in section.splitlines() if line.startswith("-") for word in line.split() if word.startswith("-")}
        self.assertEqual(set(self.complete("pcap", "-")), named)

    def test_where_files_are_asked_for_bash_gives_their_names(self):
        for words in (("pcap", ""), ("pcap", "--export-path", ""), ("pcap", "-p", "-"), ("profile", "check", "my"), ("plugin", "info", "")):
            self.assertEqual(self.complete(*words), [], words)
        self.assertIn("complete -o default -F _flowgauge flowgauge\n", self.script.read_text())

    def test_interfaces(self):
        self.assertEqual(self.complete("realtime", "l"), sorted(path.name for path in pathlib.Path("/sys/class/net").glob("l*")))

    def test_another_shell(self):
        said = program.run("completion")
        self.assertEqual((said.returncode, said.stderr),
                         (1, "flowgauge: error: completion: say which shell, as in 'flowgauge completion bash'; see 'flowgauge completion --help'\n"))


if __name__ == "__main__":
    unittest.main()
