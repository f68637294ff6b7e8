#!/usr/bin/env python3
"""SIGINT, SIGTERM and SIGHUP in the middle of a run. Nothing sleeps: each step waits for what the program did."""
import array
import fcntl
import json
import os
import pathlib
import pty
import select
import signal
import subprocess
import tempfile
import termios
import threading
import unittest

import program

SMALLEST_PIPE_BYTES = 4096
INTERRUPTED_AGAIN = "\nflowgauge: error: interrupted again; stopped at once, the newest rows may be missing\n"
# What ends at once joins no thread, which ThreadSanitizer would report.
ENDS_AT_ONCE = ["env", f"TSAN_OPTIONS={os.environ.get('TSAN_OPTIONS', '')}:report_thread_leaks=0"]


class Feeder(threading.Thread):
    """Writes captured flows into the program's standard input, without end, until the reader goes away. Each flow is
    idle when the next begins, so that rows come out all the time."""

    def __init__(self, pipe):
        super().__init__(daemon=True)
        self.pipe = pipe

    def run(self):
        try:
            self.pipe.write(program.pcap_header())
            second = 0
            while True:
                chunk = b"".join(program.pcap_record(second + 200 * i, program.udp_frame(1024 + i)) for i in range(1000))
                second += 200_000
                self.pipe.write(chunk)
        except (BrokenPipeError, ValueError):
            pass


class Interrupt(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def start(self, *words, before=()):
        process = program.start("pcap", "-", "-f", "basic", "-o", "csv", *words, cwd=self.folder, before=before)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        feeder = Feeder(process.stdin)
        feeder.start()
        return process, feeder

    def finish(self, process, feeder):
        code = process.wait(program.LIMIT_SECONDS)
        feeder.join(program.LIMIT_SECONDS)
        self.assertFalse(feeder.is_alive())
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass
        return code

    def check_first_signal(self, number):
        process, feeder = self.start("--report", "run.json")
        lines = [process.stdout.readline() for _ in range(100)]  # the run is in its middle
        process.send_signal(number)
        lines += process.stdout.readlines()
        errors = process.stderr.read().decode()
        self.assertEqual(self.finish(process, feeder), 130)
        self.assertEqual(errors.splitlines()[0], "flowgauge: warning: interrupted: the rows are of what was read until then")
        report = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))
        self.assertEqual((report["exit_code"], report["interrupted"], report["problems"]), (130, True, []))
        # The ledger balances: every frame that was read is one flow, and is one row.
        self.assertEqual(report["outputs"][0]["rows"], len(lines) - 1)
        self.assertEqual(report["ledger"]["frames_read"], len(lines) - 1)
        self.assertEqual(report["ledger"]["packets_in_rows"], len(lines) - 1)
        self.assertTrue(all(line.endswith(b"\n") and line.count(b",") == 9 for line in lines))

    def test_sigint_ends_in_order(self):
        self.check_first_signal(signal.SIGINT)

    def test_sigterm_ends_in_order(self):
        self.check_first_signal(signal.SIGTERM)

    def test_sighup_ends_in_order(self):
        self.check_first_signal(signal.SIGHUP)

    def test_sighup_stays_ignored_under_nohup(self):
        for before, ignored in ([], False), (["nohup"], True):
            process, feeder = self.start(before=before)
            process.stdout.readline()  # the program has begun
            hangup = self.mask_of([signal.SIGHUP])
            ignores, catches = (bool(self.signals(process.pid, line) & hangup) for line in ("SigIgn", "SigCgt"))
            self.assertEqual((ignores, catches), (ignored, not ignored))
            process.send_signal(signal.SIGTERM)
            process.stdout.read()
            process.stderr.read()
            self.assertEqual(self.finish(process, feeder), 130)

    def test_rows_of_a_file_are_kept_as_part(self):
        """Both tables get the same rows, so that what the pipe shows is also on its way to the file."""
        profile = "exporters:\n  - schema: basic\n  - schema: cidds\n    path: rows.csv\n"
        (self.folder / "two.yaml").write_text(profile, encoding="utf-8")
        process = program.start("pcap", "-", "-p", "two.yaml", cwd=self.folder)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        feeder = Feeder(process.stdin)
        feeder.start()
        lines = [process.stdout.readline() for _ in range(100)]
        process.send_signal(signal.SIGINT)
        lines += process.stdout.readlines()
        errors = process.stderr.read().decode()
        self.assertEqual(self.finish(process, feeder), 130)
        self.assertEqual(errors.splitlines()[:2],
                         ["flowgauge: warning: interrupted: the rows are of what was read until then",
                          "flowgauge: warning: rows.csv.part: holds the rows so far; it is not renamed, since the run did not end well"])
        self.assertFalse((self.folder / "rows.csv").exists())
        self.assertEqual(len((self.folder / "rows.csv.part").read_bytes().splitlines()), len(lines))

    def test_waiting_for_input(self):
        """Nothing comes any more, and nothing ends: the signal alone ends the run."""
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        process = program.start("pcap", fifo, "-f", "basic", "-o", "csv", cwd=self.folder)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        with open(fifo, "wb", buffering=0) as pipe:  # waits until the program opens it
            pipe.write(program.capture(3))
            self.wait_until_read(pipe)
            pipe.write(b"\0")  # of a fourth: whoever reads it has worked off the three
            self.wait_until_read(pipe)
            process.send_signal(signal.SIGINT)
            output = process.stdout.read()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 130)
        self.assertEqual(output.count(b"\n"), 4)
        process.stdin.close()

    def check_waiting(self, number, *words, stdin=subprocess.DEVNULL):
        """Nothing ever comes. The first signal ends the run, once the program has its handlers and its outputs."""
        process = program.start("pcap", *words, "-f", "basic", "--export-path", "rows.csv", cwd=self.folder, stdin=stdin)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        while not (self.folder / "rows.csv.part").exists():
            self.assertIsNone(process.poll())
            os.sched_yield()
        process.send_signal(number)
        self.assertEqual(process.stderr.read().decode().splitlines()[0],
                         "flowgauge: warning: interrupted: the rows are of what was read until then")
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 130)
        (self.folder / "rows.csv.part").unlink()

    def test_named_pipe_that_nobody_writes(self):
        os.mkfifo(self.folder / "fifo")
        (self.folder / "one.pcap").write_bytes(program.capture(1))
        for number in (signal.SIGINT, signal.SIGTERM):
            self.check_waiting(number, "fifo")
            self.check_waiting(number, "one.pcap", "fifo", "--threads", "2")

    def test_standard_input_that_nobody_writes(self):
        ends = os.pipe()
        self.addCleanup(os.close, ends[0])
        self.addCleanup(os.close, ends[1])
        terminal, end = pty.openpty()
        self.addCleanup(os.close, terminal)
        self.addCleanup(os.close, end)
        for stdin in (ends[0], end):
            for number in (signal.SIGINT, signal.SIGTERM):
                self.check_waiting(number, "-", stdin=stdin)

    def check_merge(self, process, *written):
        """Nothing comes any more from the pipe that a merge reads: the first signal ends it. What was written before the last piece has been
        worked off when that one is read."""
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        with open(self.folder / "table", "wb", buffering=0) as pipe:  # waits until the program opens it
            for piece in written:
                pipe.write(piece)
                self.wait_until_read(pipe)
            process.send_signal(signal.SIGINT)
            errors = process.stderr.read().decode()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 130)
        return errors

    def test_a_merge_that_waits_for_a_pipe(self):
        os.mkfifo(self.folder / "table")
        names = ["n", "flow.release_frame", "flow.release_cause", "flow.release_deadline", "flow.release_creation"]
        header = ",".join(names).encode() + b"\n"
        words = ("merge", "table", "-o", "whole.csv")
        process = program.start(*words, cwd=self.folder, stdin=subprocess.DEVNULL)
        self.assertEqual(self.check_merge(process, header[:9]), "flowgauge: error: interrupted\n")
        self.assertEqual([path.name for path in self.folder.iterdir()], ["table"])
        process = program.start(*words, cwd=self.folder, stdin=subprocess.DEVNULL)
        self.assertEqual(self.check_merge(process, header + b"a,1,sweep,0,1\nb,2,sweep,0,2\nc", b",3"),
                         "flowgauge: error: interrupted; whole.csv.part has the 2 rows before it\n")
        self.assertEqual((self.folder / "whole.csv.part").read_text(encoding="utf-8"), "n\na\nb\n")

    @staticmethod
    def wait_until_read(pipe):
        left = array.array("i", [1])
        while left[0] > 0:
            fcntl.ioctl(pipe.fileno(), termios.FIONREAD, left)
            os.sched_yield()

    def test_a_reader_that_takes_nothing_is_not_waited_for_without_end(self):
        """The first signal alone ends the run; what had come through is said, and whole."""
        process, feeder = self.start("--report", "run.json")
        fcntl.fcntl(process.stdout.fileno(), fcntl.F_SETPIPE_SZ, SMALLEST_PIPE_BYTES)
        select.select([process.stdout], [], [], program.LIMIT_SECONDS)
        self.wait_until_full(process.stdout)
        process.send_signal(signal.SIGINT)
        errors = process.stderr.read().decode()
        self.assertEqual(self.finish(process, feeder), 4)
        self.assertIn("flowgauge: error: standard output: its reader took nothing for 5 s after the run was asked to end", errors)
        rows = process.stdout.read().count(b"\n") - 1
        report = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))
        self.assertEqual((report["outputs"][0]["rows"], report["outputs"][0]["complete"]), (rows, False))

    def test_second_signal_ends_at_once(self):
        """Nobody reads the rows: after the first signal the program waits for the pipe, and only the second ends it."""
        process, feeder = self.start(before=ENDS_AT_ONCE)
        fcntl.fcntl(process.stdout.fileno(), fcntl.F_SETPIPE_SZ, SMALLEST_PIPE_BYTES)
        select.select([process.stdout], [], [], program.LIMIT_SECONDS)
        self.wait_until_full(process.stdout)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)  # another one, so that the two cannot become one on the way
        errors = process.stderr.read().decode()
        self.assertEqual(self.finish(process, feeder), 130)
        self.assertEqual(errors, INTERRUPTED_AGAIN)

    def test_requests_at_once_are_told_once(self):
        """The worker's threads each take one of the signals, and each sees that it was asked before."""
        for _ in range(5):
            self.check_requests_at_once((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))

    def check_requests_at_once(self, numbers):
        process, feeder = self.start("--threads", "3", before=ENDS_AT_ONCE)
        process.stdout.readline()  # the program has begun
        worker = program.worker_of(process.pid)
        os.kill(worker, signal.SIGSTOP)
        while not self.is_stopped(worker):
            os.sched_yield()
        for number in numbers:
            process.send_signal(number)
        while self.signals(worker, "ShdPnd") & self.mask_of(numbers) != self.mask_of(numbers):
            os.sched_yield()
        os.kill(worker, signal.SIGCONT)
        errors = process.stderr.read().decode()
        process.stdout.read()
        self.assertEqual(self.finish(process, feeder), 130)
        self.assertEqual(errors, INTERRUPTED_AGAIN)

    @staticmethod
    def is_stopped(pid):
        threads = pathlib.Path(f"/proc/{pid}/task").glob("*/stat")
        return all(stat.read_text(encoding="utf-8").rpartition(") ")[2].startswith("T") for stat in threads)

    @staticmethod
    def mask_of(numbers):
        return sum(1 << (number - 1) for number in numbers)

    @staticmethod
    def signals(pid, name):
        """A mask of the process, as the kernel tells it: SigIgn, SigCgt, ShdPnd."""
        return int(program.status_of(pathlib.Path(f"/proc/{pid}/status"))[name][0], 16)

    def test_second_signal_ends_a_sink_that_blocks(self):
        """After the first signal the program waits for the sink, which never returns from its call."""
        profile = ("exporters:\n  - columns: [flow.src_port]\n    path: rows.mutant\n"
                   f"    format: {{name: mutant, module: {program.BINARY_DIR}/mutants/sink_blocks.so}}\n")
        (self.folder / "blocks.yaml").write_text(profile, encoding="utf-8")
        process = program.start("pcap", "-", "-p", "blocks.yaml", cwd=self.folder, before=ENDS_AT_ONCE)
        for stream in (process.stderr, process.stdout):
            self.addCleanup(stream.close)
        self.addCleanup(process.kill)
        feeder = Feeder(process.stdin)
        feeder.start()
        part = self.folder / "rows.mutant.part"
        while not part.exists() or part.read_text(encoding="ascii") != "blocked\n":
            self.assertIsNone(process.poll())
            os.sched_yield()
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        errors = process.stderr.read().decode()
        self.assertEqual(self.finish(process, feeder), 130)
        self.assertEqual(errors, INTERRUPTED_AGAIN)

    @staticmethod
    def wait_until_full(pipe):
        there = array.array("i", [0])
        while there[0] < SMALLEST_PIPE_BYTES - 512:  # a row does not fit any more
            fcntl.ioctl(pipe.fileno(), termios.FIONREAD, there)
            os.sched_yield()


if __name__ == "__main__":
    unittest.main()
