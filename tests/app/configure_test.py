#!/usr/bin/env python3
"""The editor in a real terminal: a profile made, saved, loaded and run by a person's keys; all ways out."""
import os
import pathlib
import re
import shutil
import signal
import sys
import tempfile
import unittest

import program

sys.path.insert(0, str(program.SOURCE_DIR / "tests" / "support"))
import editor_screen  # noqa: E402
import tmux  # noqa: E402
from editor_screen import has_editor, has_no_editor  # noqa: E402

MADE_WITH = "# Made with 'flowgauge configure'. What each key does: flowgauge profile explain FILE\n"
PROFILE = MADE_WITH + """extends: basic
flow:
  idle_timeout: 30s
exporters:
  - schema: basic
    append: [flow.ip_version]
"""


class ConfigureTest(unittest.TestCase):

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fg_configure."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "small.pcap").write_bytes(program.capture(2))

    def window(self, environment=(), **how):
        window = tmux.Window(self.folder, environment={"FLOWGAUGE": program.PROGRAM, **dict(environment)}, **how)
        self.addCleanup(window.close)
        window.enter("stty -g > before")
        return window

    def begin(self, window, words="configure"):
        window.enter(f'clear; "$FLOWGAUGE" {words}; echo code=$?=')
        return window.wait_for(has_editor, "the editor")

    def ends(self, window, code):
        """The editor is gone, the terminal as it was, and the shell is back."""
        lines = window.wait_for(lambda lines: any(f"code={code}=" in line for line in lines), f"exit code {code}")
        self.assertTrue(has_no_editor(lines), lines)
        window.enter("clear; stty -g > after; cmp before after && echo as before")
        window.wait_for(lambda lines: lines[0] == "as before", "the modes of the terminal")
        return lines

    def editor(self):
        """The process that has the screen."""
        found = [int(path.name) for path in pathlib.Path("/proc").glob("[0-9]*") if self.is_editor(path)]
        self.assertEqual(len(found), 1)
        return found[0]

    def is_editor(self, path):
        try:
            parent = re.search(r"PPid:\t(\d+)", (path / "status").read_text(encoding="ascii"))[1]
            return ((path / "cwd").resolve() == self.folder and (path / "cmdline").read_bytes().split(b"\0")[0] == program.PROGRAM.encode() and
                    (path.parent / parent / "cmdline").read_bytes().split(b"\0")[0] != program.PROGRAM.encode())
        except OSError:
            return False

    def test_make_save_load_and_run(self):
        window = self.window()
        self.begin(window, "")  # alone on a terminal
        editor_screen.choose(window, "Source", "add a capture")
        window.press("Enter")
        window.type("sma")
        window.press("Tab")
        window.wait_for_text("Capture file or folder (Tab completes): small.pcap_")
        window.press("Enter")
        window.wait_for_text("$ flowgauge pcap small.pcap -p")
        editor_screen.choose(window, "Base profile", "One row per flow with")
        window.press("Enter")
        window.wait_for_text("extends: basic")
        editor_screen.choose(window, "Timeouts", "idle_timeout")
        window.press("Enter")
        window.type("30x")
        window.wait_for_text("'idle_timeout': '30x' is not a duration")
        window.press("BSpace")
        window.type("s")
        window.press("Enter")
        window.wait_for(lambda lines: "  idle_timeout: 30s" in "\n".join(lines) and not any("not a duration" in line for line in lines), "the value")
        window.wait_for_text("basic 10 columns:")
        editor_screen.choose(window, "Columns", "flow.ip_version")
        window.press("Space")
        window.wait_for_text("basic 11 columns:")
        window.type("s")
        window.press("C-u")
        window.type("mine.yaml")
        window.press("Enter")
        window.wait_for_text("saved as mine.yaml")
        self.assertEqual((self.folder / "mine.yaml").read_text(encoding="utf-8"), PROFILE)
        self.assertEqual(program.run("profile", "check", "mine.yaml", cwd=self.folder).returncode, 0)
        window.type("r")
        lines = self.ends(window, 0)
        self.assertIn("flowgauge: info: running: flowgauge pcap small.pcap -p mine.yaml", [line.rstrip() for line in lines])

        # The run writes a file: its view or its account follow in the same terminal.
        (self.folder / "mine.yaml").write_text(PROFILE + "    path: rows.csv\n", encoding="utf-8")
        self.begin(window, "configure mine.yaml")
        editor_screen.choose(window, "Source", "add a capture")
        window.press("Enter")
        window.type("small.pcap")
        window.press("Enter")
        window.wait_for_text("$ flowgauge pcap small.pcap -p")
        window.type("r")
        self.ends(window, 0)
        rows = (self.folder / "rows.csv").read_text(encoding="utf-8").splitlines()
        self.assertEqual([row.split(",")[-1] for row in rows], ["flow.ip_version", "4", "4"])

    def test_mistakes_of_a_loaded_profile(self):
        (self.folder / "wrong.yaml").write_text("# mine\nextends: basic\nflow: {linger: 1x}\nexporters: [{columns: [flow.nothing]}]\n", encoding="utf-8")
        window = self.window(columns=100)
        self.begin(window, "configure wrong.yaml")
        window.wait_for_text("wrong.yaml is loaded; its comments are not kept where it is saved")
        window.type("m")
        lines = window.wait_for_text("'linger': '1x' is not a duration")
        self.assertTrue(any(line.startswith(">! Timeouts") for line in lines))
        window.press("BSpace")
        window.wait_for(lambda lines: not any("linger: 1x" in line for line in lines) and any("1 mistake; m" in line for line in lines), "what plugins say")
        window.type("m")
        window.wait_for_text("flow.nothing:")
        window.type("q")
        window.wait_for_text("The changes are not saved.")
        window.type("y")
        self.ends(window, 0)

    def test_the_ways_out(self):
        window = self.window()
        self.begin(window)
        window.type("q")
        self.ends(window, 0)
        self.begin(window)
        window.press("C-c")
        self.ends(window, 130)
        for number, way in enumerate((signal.SIGTERM, signal.SIGHUP)):
            self.begin(window)
            editor_screen.choose(window, "Base profile", "One row per flow with")
            window.press("Enter")
            window.wait_for_text("extends: basic")
            os.kill(self.editor(), way)
            lines = self.ends(window, 130)
            name = ("profile.unsaved.yaml", "profile.unsaved-2.yaml")[number]
            self.assertIn(f"the changes were not saved; they are in {name}", "".join(lines))
            self.assertEqual((self.folder / name).read_text(encoding="utf-8"), MADE_WITH + "extends: basic\n")
        if os.environ["FLOWGAUGE_SANITIZED"] == "0":
            self.begin(window)
            os.kill(self.editor(), signal.SIGSEGV)
            self.ends(window, 139)

    def test_stopped_and_gone_on_with(self):
        window = self.window()
        self.begin(window)
        window.press("C-z")
        window.wait_for(lambda lines: has_no_editor(lines) and any("Stopped" in line for line in lines), "the shell")
        window.enter("stty -g > after; cmp before after && echo as before")
        window.wait_for_text("as before")
        window.enter("bg")
        window.enter("clear")
        window.enter("fg")
        window.wait_for(has_editor, "the editor again")
        window.type("q")
        window.wait_for(has_no_editor, "the shell again")
        window.enter("clear; stty -g > after; cmp before after && echo as before")
        window.wait_for(lambda lines: lines[0] == "as before", "the modes of the terminal")

    def test_sizes_and_kinds_of_terminal(self):
        window = self.window(columns=200, rows=60)
        self.begin(window)
        for columns, rows in ((200, 60), (80, 24), (120, 40), (73, 22)):
            window.resize(columns, rows)
            window.wait_for(lambda lines, size=(columns, rows): len(lines) == size[1] and has_editor(lines) and len(lines[0]) <= size[0],
                            f"{columns}x{rows}")
        window.resize(60, 20)
        window.wait_for_text("this screen is too small; the editor needs 73 x 22")
        window.resize(80, 24)
        window.wait_for(has_editor, "the editor again")
        window.type("q")
        self.ends(window, 0)
        for setting in ("NO_COLOR=1", "TERM=vt100"):
            window = self.window()
            window.enter(f"export {setting}")
            self.begin(window)
            editor_screen.choose(window, "Limits", "threads")
            window.press("Enter")
            window.type("x")
            window.wait_for_text("'threads' must be 'auto' or a whole number from 1 to 256")
            self.assertNotRegex(window.styled_screen(), "\x1b\\[(?:[0-9;]*;)?3[0-7]m")
            window.press("Escape")
            window.wait_for(has_editor, "the list")
            window.type("q")
            window.wait_for_text("code=0=")  # a VT100 has one screen: the editor's last picture stays above the shell
            window.enter("clear; stty -g > after; cmp before after && echo as before")
            window.wait_for(lambda lines: lines[0] == "as before", "the modes of the terminal")

    def test_where_it_cannot_be(self):
        instead = "write the profile by hand (docs/profiles.md) and try 'flowgauge profile check FILE'\n"
        finished = program.run("configure", cwd=self.folder)
        self.assertEqual((finished.returncode, finished.stderr),
                         (1, f"flowgauge: error: configure needs a terminal on standard input, output and error; {instead}"))
        finished = program.run(cwd=self.folder)
        self.assertEqual((finished.returncode, finished.stderr),
                         (1, "flowgauge: error: say what to do, as in 'flowgauge pcap capture.pcap'; see 'flowgauge --help'\n"))
        window = self.window(columns=200)
        window.enter("export TERM=dumb; clear() { TERM=screen command clear; }")
        window.enter('clear; "$FLOWGAUGE"; echo code=$?=')
        self.assertIn("flowgauge: error: say what to do, as in 'flowgauge pcap capture.pcap'; see 'flowgauge --help'", self.ends(window, 1))
        window.enter('clear; "$FLOWGAUGE" configure; echo code=$?=')
        self.assertIn(f"flowgauge: error: configure: this kind of terminal cannot show a screen (TERM=dumb); {instead}"[:-1], self.ends(window, 1))


if __name__ == "__main__":
    if not tmux.IS_THERE:
        print("skipped: tmux is not there")
        sys.exit(77)
    unittest.main()
