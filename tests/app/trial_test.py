#!/usr/bin/env python3
"""The trial before a run: its limits are choices of the profile and flags, and a library lives where its features are created."""
import os
import pathlib
import tempfile
import unittest

import program

SANITIZED = os.environ.get("FLOWGAUGE_SANITIZED") == "1"
FOLDER = program.BINARY_DIR / "tests/app"
LEAVE_OUT = "leave it out of the profile, or tell its author"


class Trial(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "three.pcap").write_bytes(program.capture(3))

    def run_with(self, fault, *flags, trial=""):
        plugin = FOLDER / "faulty.so"
        (self.folder / "my.yaml").write_text(f"features:\n  - name: faulty\n    module: {plugin}\n    options:\n      fault: {fault}\n"
                                             f"exporters:\n  - schema: faulty\n    module: {plugin}\n    format: csv\n{trial}", encoding="utf-8")
        finished = program.run("pcap", "three.pcap", "-p", "my.yaml", *flags, cwd=self.folder)
        return finished.returncode, finished.stderr.replace(f"flowgauge: error: {plugin}: feature 'faulty' ", "")

    def test_a_library_that_needs_its_thread(self):
        for threads in ("1", "2"):
            finished = program.run("pcap", "three.pcap", "-f", "threaded", "--plugin-dir", FOLDER, "-o", "csv", "--threads", threads, cwd=self.folder)
            self.assertEqual((finished.returncode, finished.stdout), (0, b"twice\n2\n2\n2\n"), finished.stderr)

    def test_time(self):
        said = f"did not finish create within 200 ms in a trial before the run; give it more with trial.time, {LEAVE_OUT}\n"
        self.assertEqual(self.run_with("loop in create", "--trial-time", "200ms"), (2, said))
        self.assertEqual(self.run_with("loop in create", trial="trial:\n  time: 0.2\n"), (2, said))

    @unittest.skipIf(SANITIZED, "a sanitizer has signals and memory of its own")
    def test_memory(self):
        said = ("cannot start: out of memory, of which a trial has 600MiB; give it more with trial.memory, check its options, or leave it out of the "
                "profile\n")
        self.assertEqual(self.run_with("allocate in create", "--trial-memory", "600MiB"), (2, said))
        self.assertEqual(self.run_with("allocate in create", trial="trial: {memory: 600MiB}\n"), (2, said))
        self.assertEqual(self.run_with("none", "--trial-memory", "0")[0], 0)

    def test_what_is_wrong_with_the_limits(self):
        finished = program.run("pcap", "three.pcap", "--trial-memory", "much", cwd=self.folder)
        self.assertEqual(finished.returncode, 1)
        self.assertIn("--trial-memory: 'memory': 'much' is not a size; write bytes (65536) or a whole number with one of KiB, MiB, GiB", finished.stderr)

    def test_throws_in_destroy(self):
        self.assertEqual(self.run_with("throw in every destroy"), (2, f"failed in destroy in a trial before the run: a key that is gone; {LEAVE_OUT}\n"))


if __name__ == "__main__":
    unittest.main()
