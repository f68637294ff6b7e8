"""A run in a process of its own: by the package's program, whose rows come through a pipe, as an Arrow stream."""
from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import _thread
import typing
import weakref

from . import _errors, _program
from ._needed import needed
from ._options import EMPTY_CAPTURE, INSECURE_PLUGINS, ORDER_COLUMNS

_LEVELS = {'error': 1, 'warning': 2, 'info': 3, 'debug': 4, 'trace': 4}
_LEVEL_NAMES = {1: 'error', 2: 'warning', 3: 'info', 4: 'debug'}
_MESSAGE = re.compile(r'flowgauge: (error|warning|info|debug|trace): (.*)')
_INTERRUPTED = 'interrupted: the rows are of what was read until then'
_WITHOUT_SINK = "the sink 'arrow' is not installed"
_TYPES = {'uint64': 1, 'int64': 2, 'double': 3, 'bool': 4, 'string': 5, 'list<item: uint64>': 7, 'list<item: int64>': 9,
          'list<item: double>': 10, 'list<item: string>': 11}
# So long a process has to end by itself. Who presses Ctrl-C waits no longer than that.
_GRACE_S, _GRACE_OF_CTRL_C_S = 5, 0.05


def _words(options: dict, uint64: bool) -> list:
    """The options of a run as the program takes them. Plugins are always tried there."""
    words = ['--first-table', '-o', f'{{name: arrow, options: {{uint64: {str(uint64).lower()}}}}}',
             '--log-level', _LEVEL_NAMES[options['log_level']]]
    for name, flag in (('profile', '-p'), ('schema', '-f'), ('threads', '--threads'), ('partitions', '--partitions'),
                       ('max_packets', '--max-packets')):
        if options.get(name) is not None:
            words += [flag, str(options[name])]
    if 'profile_text' in options:
        words += ['-p', '-']
    for name, flag in (('settings', '--set'), ('columns', '--column'), ('plugin_folders', '--plugin-dir')):
        words += [f'{flag}={os.fsdecode(value)}' for value in options.get(name) or ()]
    flags = options['flags']
    if flags & INSECURE_PLUGINS:
        words.append('--insecure-plugins')
    if flags & ORDER_COLUMNS:
        words.append('--order-columns')
    return words


@contextlib.contextmanager
def _standard_input(profile_text: str | None, inputs: list) -> typing.Iterator:
    """The profile, or this process's own where that is an input, or nothing."""
    if profile_text is None:
        yield None if '-' in inputs or b'-' in inputs else subprocess.DEVNULL
        return
    with tempfile.TemporaryFile() as file:
        file.write(profile_text.encode())
        file.seek(0)
        yield file


def _clean_up(process: subprocess.Popen, messages: typing.Any, folder: str, owner: int) -> None:
    messages.close()
    process.stdout.close()  # type: ignore[union-attr]
    if os.getpid() != owner:  # a copy of the process: it is the original's
        return
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    shutil.rmtree(folder, ignore_errors=True)


class Child:
    """The program at work. Is ended, and waited for, at the latest when nobody knows this object any more."""

    def __init__(self, command: str, inputs: list, words: list, profile_text: str | None, log: typing.Callable):
        self._log, self._owner = log, os.getpid()
        self._messages, self._messages_read = tempfile.TemporaryFile(), 0
        self._errors: list = []
        self._is_asked = False
        self.report: str | None = None
        folder = tempfile.mkdtemp(prefix='flowgauge-')
        self._report_path = os.path.join(folder, 'report.json')
        try:
            with _standard_input(profile_text, inputs) as given:
                # A session of its own: a terminal's Ctrl-C comes to Python, which decides what becomes of the run.
                self._process = subprocess.Popen(
                    [_program.PATH, command, *words, '--report', self._report_path, '--', *inputs],
                    stdin=given, stdout=subprocess.PIPE, stderr=self._messages, start_new_session=True)
        except OSError as error:
            shutil.rmtree(folder)
            self._messages.close()
            raise _errors.UsageError(f'isolate=True needs the program of the package: {error}') from None
        self._clean_up = weakref.finalize(self, _clean_up, self._process, self._messages, folder, self._owner)
        self.rows: typing.Any = self._process.stdout

    def is_of_this_process(self) -> bool:
        return os.getpid() == self._owner

    def pass_messages_on(self) -> bool:
        """Those that are whole lines by now, if any are."""
        text = os.pread(self._messages.fileno(), 1 << 24, self._messages_read)
        whole = text[:text.rfind(b'\n') + 1]
        self._messages_read += len(whole)
        for line in whole.decode(errors='replace').splitlines():
            found = _MESSAGE.fullmatch(line)
            if found and found[1] == 'error':
                self._errors.append(found[2])
            elif found:
                self._log(_LEVELS[found[1]], found[2])
            elif line:
                self._log(_LEVELS['debug'], line)  # of a plugin
        return bool(whole)

    def interrupt(self) -> None:
        """Ends it in order. Once: a second request would end it at once."""
        if not self._is_asked and self._process.poll() is None:
            self._is_asked = True
            self._process.send_signal(signal.SIGTERM)

    def stop(self, grace_s: float) -> None:
        """No row is wanted any more."""
        self.interrupt()
        self.rows.close()
        try:
            self._process.wait(grace_s)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self.wait()

    def wait(self) -> None:
        """The end, behind the last row."""
        self._process.wait()
        if self._messages.closed:  # it was waited for before
            return
        self.rows.close()
        while self.pass_messages_on():
            pass
        self._messages.close()
        with contextlib.suppress(OSError), open(self._report_path, encoding='utf-8') as file:
            self.report = file.read()
        self._clean_up()

    def read(self, read: typing.Callable):
        """What `read` gives, or None at the end. What it cannot read is told in the program's words."""
        import pyarrow
        is_whole = True
        try:
            return read()
        except StopIteration:
            pass
        except (pyarrow.ArrowInvalid, OSError) as error:
            if type(error) not in (pyarrow.ArrowInvalid, OSError):
                raise  # of a signal's handler, as TimeoutError
            is_whole = False
            self.rows.close()  # where the process goes on, it goes on for nobody
        self.wait()
        if failed := self.error():
            raise failed
        if not is_whole:
            raise _errors.InternalError('what the process of the run wrote is no Arrow stream')
        return None

    def error(self) -> _errors.Error | None:
        """What went wrong, in the program's words."""
        code = self._process.returncode
        if code == 0:
            return None
        if code == _errors.InterruptedRunError.status or (self._is_asked and code == -signal.SIGTERM):
            return _errors.InterruptedRunError(_INTERRUPTED)
        if code < 0:  # by a signal: the last word says whose it was
            said = self._errors[-1:] or [f'the process of the run was ended by signal {-code}']
            return _errors.PluginError(said[0])
        said = self._errors[:1] or [f'the process of the run ended with {code}']
        if _WITHOUT_SINK in said[0]:
            return _errors.UsageError(f'isolate=True: {_WITHOUT_SINK}; it comes with the Debian package '
                                      'flowgauge-arrow: name the folder that has it with plugins=')
        return _errors.of_status(code, said[0])


class Run:
    """One run, with the methods of `_fg.Run`. `files`: what its options lie in; closed once they are read."""

    def __init__(self, options: dict, files: contextlib.ExitStack, log: typing.Callable, progress: typing.Any):
        if progress is not None:
            raise _errors.UsageError('isolate=True: how far the process of the run is, it does not tell; leave '
                                     'on_progress and progress out')
        self._options, self._log = options, log
        self._close_files = weakref.finalize(self, files.close)
        self._command, self._inputs = 'pcap', []
        self._uint64, self._batch_rows = False, 0
        self._child: Child | None = None
        self._reader: typing.Any = None
        self._left: typing.Any = None  # of a batch, what is not handed out yet
        self._is_asked, self._is_over = False, False

    def add_capture(self, path) -> None:
        self._inputs.append(path)

    def add_events(self, folder) -> None:
        self._command = 'flows'
        self._inputs.append(folder)

    def open_stream(self, schema: None, numbers: int, batch_rows: int) -> None:
        self._uint64, self._batch_rows = numbers == 1, batch_rows

    # ------------------------------------------------------------ rows

    def start(self) -> None:
        if self._child is None:
            if self._is_asked:
                raise _errors.InterruptedRunError(_INTERRUPTED)
            self._child = self._new_child(self._command, self._inputs, self._uint64)
            if self._is_asked:
                self._child.interrupt()
            self._reader = self._opened(self._child)  # waits for the first rows
            self._close_files()
        if not self._child.is_of_this_process():
            raise _errors.UsageError('the run was begun by another process, of which this is a copy; read anew')

    def next(self):
        if self._is_over:
            return None
        try:
            self.start()
            batch = self._next_batch()
        except BaseException as error:
            self._is_over = True
            if self._child is not None and self._child.is_of_this_process():
                self._child.stop(_GRACE_S if isinstance(error, Exception) else _GRACE_OF_CTRL_C_S)
            raise
        if batch is None:
            self._is_over = True
        return batch

    def _next_batch(self):
        batch, self._left = self._left, None
        if batch is None:
            batch = self._child.read(self._reader.read_next_batch)
            if batch is None:
                return None
            self._child.pass_messages_on()
        rows = self._batch_rows
        if rows and batch.num_rows > rows:
            batch, self._left = batch.slice(0, rows), batch.slice(rows)
        return batch

    def _new_child(self, command: str, inputs: list, uint64: bool) -> Child:
        needed('pyarrow', 'isolate=True')
        return Child(command, inputs, _words(self._options, uint64), self._options.get('profile_text'), self._log)

    def _opened(self, child: Child):
        import pyarrow
        try:
            return child.read(lambda: pyarrow.ipc.open_stream(child.rows))
        except BaseException:
            child.stop(_GRACE_OF_CTRL_C_S)
            raise

    def stream(self):
        import pyarrow
        self.start()

        def batches():
            try:
                while (batch := self.next()) is not None:
                    yield batch
            except KeyboardInterrupt:
                _thread.interrupt_main()  # whoever reads makes an error of its own of it
                raise
            finally:
                self.end()
        return pyarrow.RecordBatchReader.from_batches(self._reader.schema, batches()).__arrow_c_stream__()

    # ------------------------------------------------------------ what it is

    def _schema(self, uint64: bool):
        """By a run over nothing."""
        with tempfile.NamedTemporaryFile(suffix='.pcap') as nothing:
            nothing.write(EMPTY_CAPTURE)
            nothing.flush()
            child = self._new_child('pcap', [nothing.name], uint64)
            schema = self._opened(child).schema
            child.wait()
            return schema

    def schema(self):
        return self._schema(self._uint64).__arrow_c_schema__()

    def tables(self) -> list:
        """Of one table: as `_fg.Run` has it."""
        schema = self._schema(uint64=True)

        def column(field):
            notes = [field.metadata[f'flowgauge.{name}'.encode()].decode()
                     for name in ('unit', 'classes', 'role', 'expression', 'definition')]
            return (field.name, _TYPES[str(field.type)], *notes)
        return [(schema.metadata[b'flowgauge.schema'].decode(), schema.metadata[b'flowgauge.schema_version'].decode(),
                 [column(field) for field in schema])]

    def profile(self) -> str:
        raise _errors.UsageError('isolate=True: profile() would load plugins into this process; `flowgauge profile '
                                 'check` tells it')

    def report(self) -> str:
        if self._child is None or self._child.report is None:
            raise _errors.UsageError('the run has no report')
        return self._child.report

    # ------------------------------------------------------------ the end

    def interrupt(self) -> None:
        self._is_asked = True
        if self._child is not None and self._child.is_of_this_process():
            self._child.interrupt()

    def end(self) -> None:
        if not self._is_over and self._child is not None and self._child.is_of_this_process():
            self._child.stop(_GRACE_S)
        self._is_over = True
        self._close_files()

    def is_ended(self) -> bool:
        return self._is_over

    def close(self) -> None:
        self.end()
