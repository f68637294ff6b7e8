#!/usr/bin/env python3
"""flowgauge completion: in bash, zsh and fish a line can go on with the words that the command line takes, and with values."""
import os
import pathlib
import shutil
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


BESIDE = {**os.environ, "PATH": f"{pathlib.Path(program.PROGRAM).parent}:{os.environ['PATH']}"}


def profiles():
    folder = program.SOURCE_DIR / "configs"
    return sorted(str(path.relative_to(folder).with_suffix("")) for path in folder.rglob("*.yaml"))


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.script = pathlib.Path(cls.folder.name, "flowgauge")
        cls.script.write_bytes(program.run("completion", "bash").stdout)

    def complete(self, *words):
        asked = subprocess.run(["bash", "--norc", "-c", ASK, "bash", self.script, "flowgauge", *words], capture_output=True, check=True, text=True, env=BESIDE)
        self.assertEqual(asked.stderr, "")
        return asked.stdout.split()

    def test_bash_reads_it(self):
        checked = subprocess.run(["bash", "-n", self.script], capture_output=True, check=False)
        self.assertEqual((checked.returncode, checked.stderr), (0, b""))

    def test_commands(self):
        self.assertEqual(self.complete("pc"), ["pcap"])
        self.assertEqual(self.complete(""), ["pcap", "realtime", "events", "flows", "merge", "summary", "plugins", "plugin", "columns", "profile", "configure", "doctor", "version"])
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
        self.assertEqual(self.complete("realtime", "l"), [path.name for path in pathlib.Path("/sys/class/net").glob("l*")])

    def test_values(self):
        self.assertEqual(self.complete("realtime", "--capture", ""), ["auto", "ebpf", "pcap"])
        self.assertEqual(self.complete("realtime", "--capture", "=", "e"), ["ebpf"], "as bash cuts --capture=e")
        self.assertEqual(self.complete("pcap", "--set", "flow.tcp_close", "=", ""), ["linger", "immediate"])
        self.assertEqual(self.complete("pcap", "--flow-key", "f"), ["full", "five_tuple"])
        self.assertEqual(self.complete("--log-level", "w"), ["warning"])
        self.assertEqual(self.complete("pcap", "--log-format", ""), ["text", "json"])
        self.assertEqual(self.complete("profile", "explain", "basic", "flow.li"), ["flow.linger"])

    def test_values_that_are_looked_up(self):
        self.assertEqual(sorted(self.complete("pcap", "-p", "")), profiles())
        self.assertEqual(self.complete("profile", "check", "compat/rust"), ["compat/rustiflow"])
        self.assertEqual(self.complete("pcap", "-f", "basi"), ["basic"])
        self.assertEqual(self.complete("pcap", "--column", "flow.src_p"), ["flow.src_port"])
        self.assertLessEqual({"csv", "jsonl", "print"}, set(self.complete("pcap", "-o", "")))
        self.assertEqual(self.complete("merge", "-o", ""), [])

    def test_choices_are_values_that_a_profile_takes(self):
        for key in self.complete("pcap", "--set", ""):
            for value in self.complete("pcap", "--set", key.rstrip("="), "=", ""):
                read = program.run("profile", "explain", "basic", "--set", f"{key}{value}", key.rstrip("="))
                self.assertEqual(read.returncode, 0, read.stderr)

    def test_behind_two_dashes_nothing_is_an_option(self):
        self.assertEqual(self.complete("pcap", "--", "--exp"), [])

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed")
    def test_fish(self):
        script = pathlib.Path(self.folder.name, "flowgauge.fish")
        script.write_bytes(program.run("completion", "fish").stdout)

        def complete(line):
            home = {**BESIDE, "HOME": self.folder.name, "XDG_CONFIG_HOME": self.folder.name, "XDG_DATA_HOME": self.folder.name}
            asked = subprocess.run(["fish", "--private", "--no-config", "-c", f"source {script}; complete -C '{line}'"], capture_output=True, check=True, text=True,
                                   env=home, cwd=self.folder.name)
            self.assertEqual(asked.stderr, "")
            return [tuple(answer.split("\t")) for answer in asked.stdout.splitlines()]

        self.assertIn(("doctor", "Say what this host has and lacks for live capture, and which way of capturing works"), complete("flowgauge doc"))
        self.assertEqual([word for word, *_ in complete("flowgauge realtime lo --capture ")], ["auto", "ebpf", "pcap"])
        self.assertEqual([word for word, *_ in complete("flowgauge pcap --set flow.tcp_close=")], ["flow.tcp_close=immediate", "flow.tcp_close=linger"])
        self.assertIn("flowgauge.fish", [word for word, *_ in complete("flowgauge pcap flowg")], "where files are asked for")

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh(self):
        script = pathlib.Path(self.folder.name, "_flowgauge")
        script.write_bytes(program.run("completion", "zsh").stdout)
        terminal = program.Terminal()
        self.addCleanup(terminal.close)
        shell = subprocess.Popen(["zsh", "-f", "-i"], stdin=terminal.end, stdout=terminal.end, stderr=terminal.end, cwd=self.folder.name,
                                 env={**BESIDE, "TERM": "dumb", "HOME": self.folder.name}, start_new_session=True)
        self.addCleanup(shell.wait)
        self.addCleanup(shell.kill)
        terminal.close_end()

        def say(text, *shown):
            terminal.bytes = b""
            os.write(terminal.ours, text.encode())
            for one in shown:
                terminal.wait_for(one.encode())

        say(f"unsetopt beep; fpath=({self.folder.name} $fpath); autoload -Uz compinit; compinit -u -D; PROMPT='REA''DY> '\r", "READY> ")
        say("flowgauge realt\t", "flowgauge realtime ")
        say("--capture \t\t", "auto", "ebpf", "pcap")
        say("\x15flowgauge pcap --set flow.tcp_cl\t", "flow.tcp_close=")
        say("i\t", "mmediate")

    def test_another_shell(self):
        said = program.run("completion")
        self.assertEqual((said.returncode, said.stderr),
                         (1, "flowgauge: error: completion: say which shell, as in 'flowgauge completion bash'; see 'flowgauge completion --help'\n"))


if __name__ == "__main__":
    unittest.main()
