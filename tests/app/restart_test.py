#!/usr/bin/env python3
"""The same command again: after a run that was killed, beside one that goes on, after one that ended well. And named pipes
as outputs. Nothing sleeps: each step waits for what the program did."""
import json
import os
import pathlib
import signal
import tempfile
import unittest

import program

THERE = "flowgauge: error: %s: already exists; take another name, or replace it with --force"
IN_USE = "flowgauge: error: %s: is being written by a run that goes on; end that run, or take another name"
ASIDE = "flowgauge: warning: %s: was left by a run that did not end well; it is kept as %s"
WORDS = ["pcap", "-", "-f", "basic", "--export-path", "rows.csv", "--metadata", "--report", "run.json"]
OUTPUTS = ["rows.csv", "rows.csv.meta.json", "run.json"]


class Restart(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    def start(self, flows, words=()):
        """A run that has written the rows of all flows but the last, and waits for more."""
        left = (self.folder / "rows.csv.part").stat().st_ino if (self.folder / "rows.csv.part").exists() else 0
        process = program.start(*WORDS, *words, cwd=self.folder)
        for stream in (process.stdin, process.stdout, process.stderr):
            self.addCleanup(stream.close)
        self.addCleanup(process.kill)
        process.stdin.write(program.capture(flows, seconds_apart=200))
        process.stdin.flush()
        while self.lines_of_new_part(left) < flows:
            self.assertIsNone(process.poll())
            os.sched_yield()
        return process

    def lines_of_new_part(self, left):
        """0 as long as the file that an earlier run left has the name."""
        try:
            with open(self.folder / "rows.csv.part", "rb") as part:
                return 0 if os.fstat(part.fileno()).st_ino == left else part.read().count(b"\n")
        except FileNotFoundError:
            return 0

    def kill(self, process):
        worker = program.worker_of(process.pid)
        os.kill(worker, signal.SIGKILL)
        self.assertEqual(process.wait(program.LIMIT_SECONDS), -signal.SIGKILL)

    def again(self, flows, words=()):
        return program.run(*WORDS, *words, cwd=self.folder, stdin=program.capture(flows, seconds_apart=200))

    def check_whole(self, flows):
        self.assertEqual((self.folder / "rows.csv").read_bytes().count(b"\n"), flows + 1)
        for name in ("rows.csv.meta.json", "run.json"):
            json.loads((self.folder / name).read_text(encoding="utf-8"))

    def test_what_a_killed_run_left_is_kept_aside(self):
        left = []
        for times in (1, 2):
            self.kill(self.start(3 + times))
            left.append((self.folder / "rows.csv.part").read_bytes())
            self.assertEqual(left[-1].count(b"\n"), 3 + times)
        self.assertEqual(self.names(), sorted([f"{name}.part{number}" for name in OUTPUTS for number in ("", ".1")]))
        finished = self.again(2)
        self.assertEqual((finished.returncode, sorted(program.messages(finished))),
                         (0, sorted(ASIDE % (f"{name}.part", f"{name}.part.2") for name in OUTPUTS)))
        self.check_whole(2)
        self.assertEqual([(self.folder / f"rows.csv.part.{number}").read_bytes() for number in (1, 2)], left)
        self.assertEqual(self.names(), sorted(OUTPUTS + [f"{name}.part.{number}" for name in OUTPUTS for number in (1, 2)]))

    def test_force_replaces_what_a_killed_run_left(self):
        self.kill(self.start(9))
        finished = self.again(2, ["--force"])
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
        self.check_whole(2)
        self.assertEqual(self.names(), OUTPUTS)

    def test_a_run_that_goes_on_keeps_its_files(self):
        process = self.start(3)
        for words in ([], ["--force"]):
            before = (self.folder / "rows.csv.part").read_bytes()
            finished = self.again(2, words)
            self.assertEqual((finished.returncode, finished.stderr), (4, IN_USE % "rows.csv.part" + "\n"))
            self.assertEqual((self.folder / "rows.csv.part").read_bytes(), before)
        process.stdin.close()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 0, process.stderr.read())
        self.check_whole(3)
        self.assertEqual(self.names(), OUTPUTS)

    def test_a_run_that_ended_well_is_not_replaced(self):
        self.assertEqual(self.again(2).returncode, 0)
        finished = self.again(3)
        self.assertEqual((finished.returncode, finished.stderr), (4, THERE % "rows.csv" + "\n"))
        self.check_whole(2)

    def test_what_is_no_file_of_a_run_is_left_alone(self):
        (self.folder / "mine").write_bytes(b"mine")
        (self.folder / "rows.csv.part").symlink_to("mine")
        message = "flowgauge: error: rows.csv.part: already exists, and %s; move it away, or take another name\n"
        for words in ([], ["--force"]):
            finished = self.again(2, words)
            self.assertEqual((finished.returncode, finished.stderr),
                             (4, message % "cannot be opened: Too many levels of symbolic links"))
        (self.folder / "rows.csv.part").unlink()
        os.mkfifo(self.folder / "rows.csv.part")
        finished = self.again(2)
        self.assertEqual((finished.returncode, finished.stderr), (4, message % "is no file"))
        self.assertEqual((self.names(), (self.folder / "mine").read_bytes()), (["mine", "rows.csv.part"], b"mine"))

    # ---- a named pipe as the output

    def start_into_pipe(self, *words):
        (self.folder / "in.pcap").write_bytes(program.capture(3))
        os.mkfifo(self.folder / "pipe")
        process = program.start("pcap", "in.pcap", "-f", "basic", *words, cwd=self.folder)
        for stream in (process.stdin, process.stdout, process.stderr):
            self.addCleanup(stream.close)
        self.addCleanup(process.kill)
        self.assertEqual(process.stderr.readline(), b"flowgauge: info: pipe: waits for a reader of this pipe\n")
        return process

    def test_a_pipe_waits_for_its_reader(self):
        process = self.start_into_pipe("--export-path", "pipe", "-o", "csv")
        with open(self.folder / "pipe", "rb") as pipe:
            self.assertEqual(pipe.read().count(b"\n"), 4)
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 0)

    def test_who_waits_for_a_reader_can_be_interrupted(self):
        for words in (["--export-path", "pipe", "-o", "csv"], ["--export-path", "rows.csv", "--report", "pipe"]):
            for number in (signal.SIGINT, signal.SIGTERM):
                process = self.start_into_pipe(*words)
                process.send_signal(number)
                self.assertEqual(process.stderr.read(), b"flowgauge: error: pipe: interrupted before anybody read this pipe\n")
                self.assertEqual(process.wait(program.LIMIT_SECONDS), 130)
                (self.folder / "pipe").unlink()
                self.assertEqual(self.names(), ["in.pcap"])


if __name__ == "__main__":
    unittest.main()
