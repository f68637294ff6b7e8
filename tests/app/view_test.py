#!/usr/bin/env python3
"""The view of a run on a whole terminal, in a real one: a person's keys, all ways out, other sizes and kinds of terminal."""
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
import tmux  # noqa: E402

TITLE = " flowgauge  "
LEAVE = "q leave view"
MORE = program.capture(2)[24:]  # packets of the same flows: with each the run tells how far it is


def has_view(lines):
    return any(TITLE in line for line in lines) and any(LEAVE in line for line in lines)


def has_no_view(lines):
    return not any(LEAVE in line for line in lines)


def join_wrapped(lines, columns=80):
    """Lines that are longer than the window is wide in one piece."""
    return "".join(line if len(line) == columns else line + "\n" for line in lines)


class ViewTest(unittest.TestCase):

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fg_view."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        os.mkfifo(self.folder / "fifo")

    def window(self, environment=(), **how):
        window = tmux.Window(self.folder, environment={"FLOWGAUGE": program.PROGRAM, **dict(environment)}, **how)
        self.addCleanup(window.close)
        window.enter("stty -g > before")
        return window

    def begin(self, window, *words, command="pcap fifo"):
        """Runs the program over a pipe, in which there are two flows and not yet an end."""
        window.enter(" ".join(['"$FLOWGAUGE"', command, "--export-path rows.csv --force", *words]) + "; echo code=$?=")
        pipe = open(self.folder / "fifo", "wb", buffering=0)  # waits until the program opens it
        self.addCleanup(pipe.close)
        pipe.write(program.capture(2))
        return pipe

    def begin_view(self, window, *words, **how):
        pipe = self.begin(window, "--view", *words, **how)
        window.wait_for(has_view, "the view")
        return pipe

    def ends(self, window, code):
        """The view is gone, the terminal as it was, and the shell is back."""
        lines = window.wait_for(lambda lines: any(f"code={code}=" in line for line in lines), f"exit code {code}")
        self.assertTrue(has_no_view(lines), lines)
        window.enter("clear; stty -g > after; cmp before after && echo as before")
        window.wait_for(lambda lines: lines[0] == "as before", "the modes of the terminal")
        return lines

    def worker(self):
        """The process that shows the view."""
        found = [int(path.name) for path in pathlib.Path("/proc").glob("[0-9]*") if self.is_worker(path)]
        self.assertEqual(len(found), 1)
        return found[0]

    def is_worker(self, path):
        try:
            words = (path / "cmdline").read_bytes().split(b"\0")
            parent = re.search(r"PPid:\t(\d+)", (path / "status").read_text(encoding="ascii"))[1]
            own = (path / "cwd").resolve() == self.folder
            return own and words[0] == program.PROGRAM.encode() and (path.parent / parent / "cmdline").read_bytes().split(b"\0")[0] == words[0]
        except OSError:
            return False

    def test_what_it_shows_and_its_keys(self):
        window = self.window()
        pipe = self.begin_view(window, "--threads", "1")
        lines = window.wait_for_text("2 active")
        self.assertEqual(len(lines), 24)
        self.assertEqual(lines[0][:18], " flowgauge  fifo  ")
        self.assertRegex(lines[0], r" running 0:\d\d$")
        labels = [line[:11].rstrip() for line in lines[1:8]]
        self.assertEqual(labels, ["packets/s", "bits/s", "flows", "ended", "run", "read", "output"])
        self.assertEqual(lines[7], "output     0 rows of basic to rows.csv")
        self.assertEqual(lines[9], f"{'address':33}bits/s {'service':33}bits/s")
        self.assertEqual([line[:8] for line in lines[10:12]], ["10.0.0.1", "10.0.0.2"])
        self.assertIn(" udp/53 dns ", lines[10])
        self.assertEqual(lines[23].rstrip(), " q leave view  p pause  s sort by name  / filter  Ctrl-C end run")

        window.type("p")
        window.wait_for(lambda lines: "PAUSED" in lines[0] and "p go on" in lines[23], "a pause")
        window.type("s")
        window.wait_for_text("s sort by bits/s")
        window.type("/0.2")
        lines = window.wait_for_text("filter: 0.2_")
        self.assertEqual([line[:8] for line in lines[10:12]], ["10.0.0.2", ""])
        window.press("BSpace", "Enter")
        window.wait_for_text("/ filter (0.)")
        window.press("Escape")
        window.wait_for(lambda lines: "/ filter  Ctrl-C" in lines[23], "no filter")
        window.type("p")
        window.wait_for_text("running")
        window.type("q")
        window.wait_for(lambda lines: has_no_view(lines) and any(" packets/s" in line for line in lines), "the line of status", lambda: pipe.write(MORE))
        pipe.close()
        lines = self.ends(window, 0)
        self.assertIn("flows    2 (forced_end 2)", lines)
        self.assertEqual(len((self.folder / "rows.csv").read_text(encoding="utf-8").splitlines()), 3)

    def test_it_comes_by_itself_where_a_run_takes_long(self):
        window = self.window()
        pipe = self.begin(window)
        window.wait_for(has_view, "the view", lambda: pipe.write(MORE))
        pipe.close()
        self.ends(window, 0)
        for words in ("pcap fifo --no-view --export-path rows.csv --force", "pcap fifo"):
            window.enter(f'clear; "$FLOWGAUGE" {words}; echo code=$?=')
            with open(self.folder / "fifo", "wb", buffering=0) as pipe:
                pipe.write(program.capture(2))
                if "--no-view" in words:
                    window.wait_for(lambda lines: any(re.search(r"B, \d+ packets/s", line) for line in lines), "the line of status",
                                    lambda: pipe.write(MORE))
                    self.assertTrue(has_no_view(window.screen()))
            self.ends(window, 0)

    def test_other_sizes(self):
        window = self.window(columns=200, rows=60)
        pipe = self.begin_view(window)
        for columns, rows in ((200, 60), (80, 24), (120, 40), (43, 11)):
            window.resize(columns, rows)
            lines = window.wait_for(lambda lines, size=(columns, rows): len(lines) == size[1] and LEAVE in lines[-1] and
                                    "running" in lines[0] and len(lines[0]) <= size[0], f"{columns}x{rows}")
            self.assertTrue(lines[0].startswith(TITLE))
        window.resize(30, 5)
        window.wait_for_text("this screen is")
        window.resize(80, 24)
        window.wait_for(has_view, "the view again")
        pipe.close()
        self.ends(window, 0)

    def test_the_ways_out(self):
        window = self.window()
        self.begin_view(window)
        window.press("C-c")
        self.ends(window, 130)
        self.begin_view(window)
        os.kill(self.worker(), signal.SIGKILL)
        self.ends(window, 137)
        self.begin_view(window)
        os.kill(self.worker(), signal.SIGTERM)
        self.ends(window, 130)

    def test_stopped_and_gone_on_with(self):
        window = self.window()
        pipe = self.begin_view(window)
        window.press("C-z")
        window.wait_for(lambda lines: has_no_view(lines) and any("Stopped" in line for line in lines), "the shell")
        window.enter("stty -g > after; cmp before after && echo as before")
        window.wait_for_text("as before")
        window.enter("fg")
        window.wait_for(has_view, "the view again")
        window.press("C-z")
        window.wait_for(has_no_view, "the shell")
        window.enter("clear; bg")
        window.wait_for(lambda lines: any(" packets/s" in line for line in lines), "the line of status", lambda: pipe.write(MORE))
        pipe.close()
        window.wait_for_text("flows    2")
        self.assertTrue(has_no_view(window.screen()))

    def test_colours(self):
        for environment, expected in (({}, "\x1b[32m"), ({"NO_COLOR": "1"}, None)):
            window = self.window(environment=environment)
            pipe = self.begin_view(window)
            window.wait_for(lambda lines: "█" in lines[1], "a bar of the packets", lambda: pipe.write(MORE))
            self.assertEqual("\x1b[32m" in window.styled_screen(), expected is not None)
            pipe.close()
            self.ends(window, 0)

    def test_rows_on_the_same_terminal(self):
        """A line says how far the run is until there are rows, which come above it."""
        window = self.window(columns=240)
        window.enter('clear; "$FLOWGAUGE" pcap fifo --idle-timeout 1; echo code=$?=')
        shown = lambda lines: [line for line in lines if line]
        line = re.compile(r"[0-9.]+ K?i?B, [0-9,]+ packets/s")
        with open(self.folder / "fifo", "wb", buffering=0) as pipe:
            pipe.write(program.capture(1))
            window.wait_for(lambda lines: line.fullmatch(shown(lines)[-1]), "the line of status", lambda: pipe.write(program.capture(1)[24:]))
            pipe.write(program.pcap_record(1_700_000_100, program.udp_frame(1024)))
            lines = window.wait_for(lambda lines: "Idle Timeout" in shown(lines)[-2] and line.fullmatch(shown(lines)[-1]), "a row above the line",
                                    lambda: pipe.write(program.pcap_record(1_700_000_100, program.udp_frame(1024))))
            self.assertEqual([text.split()[0] for text in shown(lines)], ["flowgauge:", "flow_id", "10.0.0.1:1024-10.0.0.2:53-17", line.match(shown(lines)[-1])[0].split()[0]])
        self.ends(window, 0)

    def test_where_no_view_can_be(self):
        window = self.window()
        window.enter("TERM=dumb; clear() { TERM=screen command clear; }")
        pipe = self.begin(window, "--view")
        window.wait_for(lambda lines: any(" packets/s" in line for line in lines), "the line of status", lambda: pipe.write(MORE))
        self.assertTrue(has_no_view(window.screen()))
        pipe.close()
        lines = self.ends(window, 0)
        self.assertIn("flowgauge: warning: there is no view: this kind of terminal cannot show a screen (TERM=dumb)", join_wrapped(lines))
        window.enter('clear; "$FLOWGAUGE" pcap fifo --view; echo code=$?=')
        lines = self.ends(window, 1)
        self.assertIn("flowgauge: error: --view: the rows go to the same terminal; write them to a file with --export-path",
                      join_wrapped(lines))
        finished = program.run("pcap", "fifo", "--view", "--export-path", "rows.csv", cwd=self.folder)
        self.assertEqual((finished.returncode, finished.stderr), (1, "flowgauge: error: --view: standard error is no terminal\n"))


if __name__ == "__main__":
    if not tmux.IS_THERE:
        print("skipped: tmux is not there")
        sys.exit(77)
    unittest.main()
