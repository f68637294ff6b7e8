#!/usr/bin/env python3
"""Ctrl-C, while the engine waits for a capture that comes through a pipe: who did not hear it would wait for ever."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

import flowgauge as fg

DEMO = pathlib.Path(os.environ['FLOWGAUGE_SOURCE_DIR'], 'fixtures', 'demo.pcap')


class Pipe:
    """A capture without an end: its frames come, and then nothing."""

    def __init__(self, folder):
        self.path = os.path.join(folder, 'endless.pcap')
        os.mkfifo(self.path)
        self._held = os.open(self.path, os.O_RDWR)
        self._writer = os.open(self.path, os.O_WRONLY)

    def fill(self):
        os.write(self._writer, DEMO.read_bytes())

    def close(self):
        os.close(self._held)
        os.close(self._writer)


class CtrlC(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.pipe = Pipe(folder.name)
        self.addCleanup(self.pipe.close)
        self.is_read = threading.Event()

    def flows(self, read=fg.read, **options):
        self.pipe.fill()

        def note(progress):
            if progress.frames == 78:
                self.is_read.set()
        return read(self.pipe.path, on_progress=note, **options)

    def signal_when_read(self, number=signal.SIGINT):
        def send():
            # Where the reader holds the lock of Python while it waits, this comes to no end.
            self.is_read.wait()
            os.kill(os.getpid(), number)
        sender = threading.Thread(target=send)
        self.addCleanup(sender.join)
        sender.start()

    def test_is_a_keyboard_interrupt(self):
        for read in (fg.read, fg.packets):
            self.is_read.clear()
            flows = self.flows(read, threads=3)
            self.signal_when_read()
            with self.assertRaises(KeyboardInterrupt):
                for _ in flows._pull():
                    pass
            self.assertEqual(flows.report['ledger']['frames_read'], 78)
            self.assertTrue(flows.report['ledger']['balances'])

    def test_another_signals_handler_may_raise_what_it_likes(self):
        class Late(Exception):
            pass

        def handler(number, frame):
            raise Late
        old = signal.signal(signal.SIGUSR1, handler)
        self.addCleanup(signal.signal, signal.SIGUSR1, old)
        self.signal_when_read(signal.SIGUSR1)
        with self.assertRaises(Late):
            for _ in self.flows()._pull():
                pass

    def test_a_handler_that_raises_nothing_ends_nothing(self):
        heard = threading.Event()
        old = signal.signal(signal.SIGUSR1, lambda number, frame: heard.set())
        self.addCleanup(signal.signal, signal.SIGUSR1, old)
        self.signal_when_read(signal.SIGUSR1)
        flows = self.flows()

        def go_on():
            heard.wait()
            flows.close()
        other = threading.Thread(target=go_on)
        other.start()
        rows = 0
        with self.assertRaises(fg.InterruptedRunError):
            for batch in flows._pull():
                rows += len(batch)
        other.join()
        self.assertEqual(rows, 16)  # what was read came

    def test_a_thread_besides_the_main_one_is_ended_by_close(self):
        flows, ends = self.flows(), []

        def read():
            try:
                for _ in flows._pull():
                    pass
            except fg.InterruptedRunError as error:
                ends.append(str(error))
        reader = threading.Thread(target=read)
        reader.start()
        self.is_read.wait()
        flows.close()
        reader.join()
        self.assertEqual(ends, ['interrupted: the rows are of what was read until then'])

    def test_a_process_whose_other_threads_still_read_ends_in_order(self):
        for read in ('for _ in flows._pull(): pass', 'kept = flows._begin().stream(); take(kept)'):
            self.pipe.fill()
            code = (f'import ctypes, threading, flowgauge as fg\n'
                    f'is_read = threading.Event()\n'
                    f'flows = fg.read({self.pipe.path!r}, threads=3,\n'
                    f'                on_progress=lambda p: p.frames == 78 and is_read.set())\n'
                    f'def take(stream):\n'  # as pyarrow does: without the lock
                    f'    get = ctypes.pythonapi.PyCapsule_GetPointer\n'
                    f'    get.restype, get.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]\n'
                    f'    at = get(stream, b"arrow_array_stream")\n'
                    f'    next_of = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(\n'
                    f'        ctypes.c_void_p.from_address(at + ctypes.sizeof(ctypes.c_void_p)).value)\n'
                    f'    while True: next_of(at, ctypes.create_string_buffer(80))\n'
                    f'def read():\n'
                    f'    {read}\n'
                    f'threading.Thread(target=read, daemon=True).start()\n'
                    f'is_read.wait()\n')
            done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, '', ''), read)

    def test_the_process_ends_as_others_do(self):
        self.pipe.fill()
        code = (f'import atexit, flowgauge as fg, os, signal\n'
                f'atexit.register(lambda: print(len(os.listdir("/proc/self/task")), "thread"))\n'
                f'def note(p):\n'
                f'    if p.frames == 78: os.kill(os.getpid(), signal.SIGINT)\n'
                f'for _ in fg.read({self.pipe.path!r}, threads=3, on_progress=note)._pull(): pass\n')
        done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (-signal.SIGINT, '1 thread\n'), done.stderr)
        self.assertTrue(done.stderr.rstrip().endswith('KeyboardInterrupt'), done.stderr)


if __name__ == '__main__':
    unittest.main()
