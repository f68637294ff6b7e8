#!/usr/bin/env python3
"""A run under a debugger is one process: a breakpoint in a plugin stops it there, and no trial ends it for being slow."""
import ctypes
import os
import pathlib
import signal
import tempfile
import unittest

import program

# linux/ptrace.h
TRACEME, CONT, SETOPTIONS = 0, 7, 0x4200
TRACE_FORKS = 0x2 | 0x4  # PTRACE_O_TRACEFORK, PTRACE_O_TRACEVFORK
FORK_EVENTS = (1, 2)  # PTRACE_EVENT_FORK, PTRACE_EVENT_VFORK
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
LIBC.ptrace.restype = ctypes.c_long


def run_traced(*words, cwd):
    """The exit code of the program that this process traces, and how many processes it made."""
    pid = os.fork()
    if pid == 0:
        os.chdir(cwd)
        LIBC.ptrace(TRACEME, 0, None, None)
        os.execv(program.PROGRAM, [program.PROGRAM, *words])
    os.waitpid(pid, 0)  # stopped behind exec
    LIBC.ptrace(SETOPTIONS, pid, None, TRACE_FORKS)
    made, pending = 0, 0
    while True:
        LIBC.ptrace(CONT, pid, None, pending)
        _, status = os.waitpid(pid, 0)
        if not os.WIFSTOPPED(status):
            return os.waitstatus_to_exitcode(status), made
        made += status >> 16 in FORK_EVENTS
        pending = 0 if os.WSTOPSIG(status) == signal.SIGTRAP else os.WSTOPSIG(status)


@unittest.skipIf(os.environ.get("FLOWGAUGE_SANITIZED") == "1", "the leak check of a sanitizer does not work under a debugger")
class UnderADebugger(unittest.TestCase):
    def test_a_run_is_one_process_with_the_same_rows(self):
        capture = program.SOURCE_DIR / "fixtures" / "demo.pcap"
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            words = ["pcap", str(capture), "-f", "rustiflow", "-o", "csv", "--threads", "1", "--export-path"]
            self.assertEqual(program.run(*words, "guarded.csv", cwd=folder).returncode, 0)
            self.assertEqual(run_traced(*words, "traced.csv", cwd=folder), (0, 0))
            self.assertEqual((folder / "traced.csv").read_bytes(), (folder / "guarded.csv").read_bytes())


if __name__ == "__main__":
    unittest.main()
