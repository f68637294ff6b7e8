"""tcpdump on an interface, to nanoseconds, all frames whole."""
import pathlib
import threading

import processes

TAIL_BYTES = 1 << 21


class Dump:
    """It sees packets once wait_until_listening() is back. `frames`: it ends by itself when it has so many."""

    def __init__(self, namespace, interface, path, frames=None):
        self.path = pathlib.Path(path)
        ending = ['-w', path, '-c', frames] if frames is not None else ['-w', '-']
        self.process = namespace.start('tcpdump', '-i', interface, '-U', '-s', 0, '-B', 65536, '--time-stamp-precision=nano',
                                       '--immediate-mode', '-Z', 'root', '-n', *ending, stdout=-1, stderr=-1)
        self.lines = processes.Lines(self.process.stderr)
        self.copy = None if frames is not None else Copy(self.process.stdout, self.path)

    def wait_until_listening(self):
        if not self.lines.wait_for('listening on'):
            raise RuntimeError(f'tcpdump does not listen: {self.lines.said}')

    def wait_for_all(self):
        self.process.wait(processes.LIMIT_SECONDS)

    def stop_behind(self, mark):
        """Ends it when a frame with these bytes is in the file: frames still on the way would be lost."""
        if not self.copy.wait_for(mark):
            raise RuntimeError(f'tcpdump has not seen the last frame: {self.lines.said}')
        self.process.terminate()
        self.process.wait(processes.LIMIT_SECONDS)
        self.copy.join(processes.LIMIT_SECONDS)


class Copy(threading.Thread):
    """Writes what comes through a pipe to a file, and tells when certain bytes have come by."""

    def __init__(self, pipe, path):
        super().__init__(daemon=True)
        self.pipe, self.path, self.tail = pipe, path, b''       # tail: the newest bytes
        self.news = threading.Condition()
        self.closed = False
        self.start()

    def run(self):
        with open(self.path, 'wb') as file:
            while chunk := self.pipe.read1(1 << 20):
                file.write(chunk)
                file.flush()
                with self.news:
                    self.tail = (self.tail + chunk)[-TAIL_BYTES:]
                    self.news.notify_all()
        with self.news:
            self.closed = True
            self.news.notify_all()

    def wait_for(self, mark):
        with self.news:
            self.news.wait_for(lambda: self.closed or mark in self.tail, processes.LIMIT_SECONDS)
            return mark in self.tail
