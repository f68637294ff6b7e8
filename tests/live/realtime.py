"""`flowgauge realtime` as a child process."""
import json
import pathlib
import signal

import processes

ATTACHED = 'capturing on'                               # what it says when no packet can pass unseen any more


class Realtime:
    """`folder`: gets the table and the report."""

    def __init__(self, program, namespace, interfaces, folder, *options, schema='canonical', table='live.csv'):
        self.folder = pathlib.Path(folder)
        self.table, self.report_path = self.folder / table, self.folder / 'live.json'
        words = ['realtime', *interfaces, '-f', schema, '-o', 'csv', '--report', self.report_path, '--export-path', self.table]
        self.process = namespace.start(program, *words, *options, stderr=-1)
        self.lines = processes.Lines(self.process.stderr)

    def wait_until_attached(self):
        """False: it ended instead; `code` and `said` tell why."""
        return self.lines.wait_for(ATTACHED)

    def stop(self, number=signal.SIGINT):
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.wait(processes.LIMIT_SECONDS)
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
