"""`flowgauge realtime` as a child process."""
import json
import pathlib
import signal
import subprocess

import processes

ATTACHED = 'capturing from'                            # what it says when no packet can pass unseen any more


class Realtime:
    """`folder`: gets the report, and the table unless `keep_rows` is false. `schema` None: a profile among the options says
    what the columns are. `before`: words in front of the program's."""

    def __init__(self, program, namespace, interfaces, folder, *options, schema='canonical', keep_rows=True, before=()):
        self.folder = pathlib.Path(folder)
        self.table, self.report_path = self.folder / 'live.csv', self.folder / 'live.json'
        words = ['realtime', *interfaces, '--report', self.report_path]
        words += ['-f', schema, '-o', 'csv'] if schema else []
        words += ['--export-path', self.table] if keep_rows else []
        self.process = namespace.start(*before, program, *words, *options, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.lines = processes.Lines(self.process.stderr)

    def wait_until_attached(self):
        if not self.lines.wait_for(ATTACHED):
            raise RuntimeError(f'flowgauge realtime ended with {self.code}: {self.said}')

    def stop(self, number=signal.SIGINT):
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.code

    @property
    def code(self):
        return self.process.wait(processes.LIMIT_SECONDS)

    @property
    def said(self):
        return '\n'.join(self.lines.all())

    @property
    def report(self):
        return json.loads(self.report_path.read_text())
