"""Child processes that do not outlive this one, whatever ends it."""
import contextlib
import ctypes
import os
import pathlib
import select
import signal
import socket
import subprocess
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
LIMIT_SECONDS = 120                                     # only what hangs comes near it
libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(command, **options):
    """To be called by the main thread: the kernel means the thread that started the child, not the process."""
    assert threading.current_thread() is threading.main_thread()
    return subprocess.Popen(list(map(str, command)), preexec_fn=die_with_parent, **options)


def worker_of(process):
    """The number of the process that captures: the only child of the one that was started, which watches it."""
    return only_child_of(process.pid)


def only_child_of(number):
    """The number of the first child that this process's main thread has, once it has one."""
    children = pathlib.Path(f'/proc/{number}/task/{number}/children')
    until = time.monotonic() + LIMIT_SECONDS
    while not (listed := children.read_text().split()):
        if time.monotonic() > until:
            raise RuntimeError('flowgauge starts no other process')
        os.sched_yield()
    return int(listed[0])


def end_in_order_on_signals():
    """SIGTERM unwinds the stack as SIGINT does, so that what was set up is removed."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))


class Wait:
    """Until `pipe` ends or a signal comes, also one that came since this was made: a plain read sleeps through a signal
    that comes just before it. The signal's handler runs then, and may raise."""

    def __init__(self, pipe):
        self.pipe = pipe
        self.woken, self.waker = socket.socketpair()
        self.waker.setblocking(False)
        signal.set_wakeup_fd(self.waker.fileno())

    def __call__(self):
        select.select([self.pipe, self.woken], [], [])


@contextlib.contextmanager
def running(process):
    """Kills it on the way out, if it is still there then."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()


class Lines(threading.Thread):
    """Collects what a process says, line by line, and lets others wait for a line."""

    def __init__(self, pipe):
        super().__init__(daemon=True)
        self.pipe, self.said, self.news, self.closed = pipe, [], threading.Condition(), False
        self.start()

    def run(self):
        for line in self.pipe:
            with self.news:
                self.said.append(line.decode(errors='replace').rstrip('\n'))
                self.news.notify_all()
        with self.news:
            self.closed = True
            self.news.notify_all()

    def wait_for(self, part, times=1, seconds=LIMIT_SECONDS):
        """Until `part` stands in so many lines. False: the process closed the pipe, or the time is up."""
        def there():
            return sum(part in line for line in self.said) >= times
        with self.news:
            self.news.wait_for(lambda: self.closed or there(), seconds)
            return there()

    def all(self):
        """To be called when the process has ended."""
        self.join(LIMIT_SECONDS)
        return self.said
