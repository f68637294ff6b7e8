#!/usr/bin/env python3
"""The two processes of a run, as a shell, a terminal and a service manager see them: signals to one and to both, a supervisor that is killed,
what it holds open. Nothing sleeps: each step waits for what the programs did."""
import os
import pathlib
import resource
import select
import signal
import subprocess
import tempfile
import unittest

import program

SANITIZED = os.environ.get("FLOWGAUGE_SANITIZED") == "1"
INTERRUPTED = "flowgauge: warning: interrupted: the rows are of what was read until then"


def state_of(pid):
    return pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]


class Supervisor(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def start(self, **how):
        """A run that waits for packets from a pipe, in a group of its own; and the number of its worker."""
        process = subprocess.Popen([program.PROGRAM, "pcap", "-", "-f", "basic", "--export-path", "rows.csv"], cwd=self.folder,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, process_group=0, **how)
        for stream in (process.stdin, process.stdout, process.stderr):
            self.addCleanup(stream.close)
        self.addCleanup(process.kill)
        while not (self.folder / "rows.csv.part").exists():
            self.assertIsNone(process.poll())
            os.sched_yield()
        return process, program.worker_of(process.pid)

    def wait_for_state(self, pid, state):
        while state_of(pid) != state:
            os.sched_yield()

    def check_ends_in_order(self, process):
        self.assertEqual(process.stderr.read().decode().splitlines()[0], INTERRUPTED)
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 130)

    def test_a_signal_to_the_group_is_one_request(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process, _ = self.start()
            os.killpg(process.pid, number)
            self.check_ends_in_order(process)
            (self.folder / "rows.csv.part").unlink()

    def test_a_signal_to_one_of_them_is_one_request(self):
        for of_worker in (False, True):
            process, worker = self.start()
            os.kill(worker if of_worker else process.pid, signal.SIGTERM)
            self.check_ends_in_order(process)
            (self.folder / "rows.csv.part").unlink()

    def test_stops_and_goes_on(self):
        process, worker = self.start()
        os.kill(process.pid, signal.SIGTSTP)
        self.wait_for_state(process.pid, "T")
        self.wait_for_state(worker, "T")
        os.kill(process.pid, signal.SIGCONT)
        self.wait_for_state(worker, "S")
        os.killpg(process.pid, signal.SIGSTOP)
        self.wait_for_state(process.pid, "T")
        self.wait_for_state(worker, "T")
        os.killpg(process.pid, signal.SIGCONT)
        process.stdin.write(program.capture(3))
        process.stdin.close()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 0)
        self.assertEqual(len((self.folder / "rows.csv").read_text(encoding="utf-8").splitlines()), 4)

    def test_a_killed_supervisor_takes_the_worker_with_it(self):
        process, worker = self.start()
        handle = os.pidfd_open(worker)
        self.addCleanup(os.close, handle)
        process.kill()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), -signal.SIGKILL)
        self.assertTrue(select.select([handle], [], [], program.LIMIT_SECONDS)[0])

    def test_a_killed_worker_is_told(self):
        process, worker = self.start()
        os.kill(worker, signal.SIGKILL)
        self.assertEqual(process.stderr.read().decode(),
                         "flowgauge: error: was killed (signal 9), from outside or since the machine has no memory left\n")
        self.assertEqual(process.wait(program.LIMIT_SECONDS), -signal.SIGKILL)

    @unittest.skipIf(SANITIZED, "a sanitizer has memory of its own")
    def test_the_supervisor_holds_nothing(self):
        others = os.pipe()
        self.addCleanup(os.close, others[0])
        process, _ = self.start(pass_fds=[others[1]])
        os.close(others[1])
        files = {path.name: os.readlink(path) for path in pathlib.Path(f"/proc/{process.pid}/fd").iterdir()}
        self.assertEqual((files.pop("2")[:5], files), ("pipe:", {"0": "/dev/null", "1": "/dev/null"}))
        status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines())
        dac_override = 1 << 1  # which alone is not given up
        self.assertEqual((status["Threads"].strip(), int(status["CapPrm"], 16) & ~dac_override), ("1", 0))
        self.assertLess(int(status["RssAnon"].split()[0]), 4096)
        process.stdin.write(program.capture(1))
        process.stdin.close()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 0)

    @unittest.skipIf(SANITIZED, "a sanitizer reports in place of the message")
    def test_workers_that_crash_at_once_give_one_message(self):
        plugin = program.BINARY_DIR / "tests/app/faulty.so"
        (self.folder / "my.yaml").write_text(f"features:\n  - name: faulty\n    module: {plugin}\n    options:\n      fault: trap in update\n"
                                             f"exporters:\n  - schema: faulty\n    module: {plugin}\n    format: csv\n", encoding="utf-8")
        (self.folder / "many.pcap").write_bytes(program.capture(2000))
        for _ in range(10):
            finished = program.run("pcap", "many.pcap", "-p", "my.yaml", "--threads", "8", cwd=self.folder,
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
            self.assertEqual((finished.returncode, finished.stderr),
                             (-signal.SIGABRT, f"flowgauge: error: crashed (abort) in 'update' of plugin 'faulty' ({plugin}); leave it out of the "
                                               "profile and tell its author\n"))

    def test_a_limit_of_file_size_is_a_full_disk(self):
        (self.folder / "many.pcap").write_bytes(program.capture(2000))
        finished = program.run("pcap", "many.pcap", "-f", "basic", "--export-path", "rows.csv", cwd=self.folder,
                               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
        self.assertEqual(finished.returncode, 4)
        self.assertRegex(finished.stderr, r"^flowgauge: error: rows\.csv\.part: cannot be written: File too large; make room, or write elsewhere, and run "
                                          r"again; the file keeps \d+ rows\n")


if __name__ == "__main__":
    unittest.main()
