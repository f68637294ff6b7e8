#!/usr/bin/env python3
"""What a sink can do wrong, through the program itself: the sentence, the exit code, the rows that count, the file that is left. The sinks are those
of tests/mutants; what only `flowgauge plugin check` can see is told there."""
import os
import pathlib
import re
import signal
import tempfile
import unittest

import program

SANITIZED = os.environ.get('FLOWGAUGE_SANITIZED') == '1'
ROWS = '1024\n1025\n1026\n'
ANOTHER = 'take another format, or tell its author'
KEPT = 'flowgauge: warning: rows.mutant.part: holds the rows so far; it is not renamed, since the run did not end well'


class SinkFaults(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()
        (self.folder / 'three.pcap').write_bytes(program.capture(3))

    def run_with(self, mutant, path='rows.mutant', **how):
        plugin = program.BINARY_DIR / 'mutants' / f'{mutant}.so'
        (self.folder / 'my.yaml').write_text('exporters:\n  - columns: [flow.src_port]\n'
                                             f'    format: {{name: mutant, module: {plugin}}}\n    path: "{path}"\n')
        for left in self.folder.glob('rows.*'):
            left.unlink()
        finished = program.run('pcap', 'three.pcap', '-p', 'my.yaml', cwd=self.folder, **how)
        finished.said = [line.replace(str(plugin), 'PLUGIN') for line in program.messages(finished) if line]
        # How many count, of what is reported at all.
        finished.counted = [int(line.split()[1].replace(',', '')) for line in finished.stderr.splitlines() if line.startswith('rows ')]
        return finished

    def check(self, mutant, code, sentence, rows, *, counted, kept=False):
        """`rows`: those in the part that stays."""
        finished = self.run_with(mutant)
        self.assertEqual((finished.returncode, finished.said), (code, [f'flowgauge: error: {sentence}'] + ([KEPT] if kept else [])), mutant)
        self.assertEqual({path.name: path.read_text() for path in self.folder.glob('rows.*')}, {'rows.mutant.part': rows}, mutant)
        self.assertEqual(finished.counted, [] if counted is None else [counted], mutant)

    def fails(self, mutant, what, rows, *, counted, code=4):
        self.check(mutant, code, f"rows.mutant.part: sink 'mutant' (PLUGIN){what}", rows, counted=counted, kept=code == 2)

    def test_without_a_fault(self):
        for mutant in ('none', 'sink_takes_batches'):
            finished = self.run_with(mutant)
            self.assertEqual((finished.returncode, finished.said, finished.counted), (0, [], [3]))
            self.assertEqual({path.name: path.read_text() for path in self.folder.glob('rows.*')}, {'rows.mutant': ROWS})

    def test_refuses_to_start(self):
        finished = self.run_with('sink_refuses')
        self.assertEqual((finished.returncode, finished.said), (4, [
            "flowgauge: error: my.yaml:4: rows.mutant.part: sink 'mutant' (PLUGIN) cannot start: not today"]))
        self.assertEqual(list(self.folder.glob('rows.*')), [])

    def test_fails(self):
        self.fails('sink_throws', ' failed in write: a row of 0 bytes', '', counted=0)
        self.fails('sink_fails', ' failed in write: the table has moved', '', counted=0)
        self.fails('sink_fails_silently', ' failed in write: it did not say why', '', counted=0)
        self.fails('sink_fails_in_finish', ' failed in finish: no index can be written', '', counted=0)
        self.fails('sink_fails_in_destroy', ' failed in destroy: a lock is left behind', ROWS, counted=3)
        self.fails('sink_gives_rows_up', ' could not deliver 1 of 3 rows', ROWS, counted=2)

    def test_lies_about_rows(self):
        """Rows in the file are not enough: who does not count them right is not believed."""
        for mutant, said, counted in (('counts_up', 'that 4 arrived and 0 did not, after it said 0 and 0', 0),
                                      ('counts_back', 'that 4 arrived and 0 did not, after it said 1 and 0', 1),
                                      ('loses_rows', 'that 2 arrived and 0 did not, after it said 0 and 0', 0)):
            self.fails(f'sink_{mutant}', f' got 3 rows, and says {said}: it does not count them right; {ANOTHER}', ROWS, counted=counted, code=2)

    def test_tells_conditions_wrongly(self):
        """It is no failure, steers no terminal, and is bounded."""
        finished = self.run_with('sink_tells_wrongly')
        self.assertEqual((finished.returncode, finished.counted), (0, [3]))
        refused = ["flowgauge: warning: sink 'mutant' (PLUGIN) told 986 conditions that no host takes: one without a name; tell its author"]
        self.assertEqual([line for line in finished.said if 'no host takes' in line], refused)
        told = [line for line in finished.said if 'no host takes' not in line]
        for line in told:
            self.assertRegex(line, '^flowgauge: warning: rows.mutant (since|from) [-0-9TZ:. to]+: a b \\[2J\ufffd$')
        self.assertLessEqual(len(told), 2 * 16)
        self.assertEqual(len(re.findall(r'^wrong    name_\d+ of rows.mutant: 1 time, \d+\.\d s in all$', finished.stderr, re.M)), 16)

    def test_keeps_what_it_was_lent(self):
        if not SANITIZED:  # which reports the leak
            self.fails('sink_keeps_batches', f' did not release all batches of rows before its end; {ANOTHER}', ROWS, counted=3, code=2)
        self.fails('sink_closes_file', f' closed or replaced the descriptor that it was given; {ANOTHER}', ROWS, counted=3, code=2)

    def test_changes_the_process(self):
        """A file has its usual mode all the same, and the folder is the one where the run began."""
        for mutant, sentence in (('changes_folder', 'it changed the current folder and did not go back'),
                                 ('changes_umask', 'it changed the mode of new files (umask) and did not put it back')):
            self.fails(f'sink_{mutant}', f', or another one of the run, failed in write: {sentence}; tell its author', ROWS, counted=3, code=2)
            self.assertEqual((self.folder / 'rows.mutant.part').stat().st_mode & 0o777, 0o644)
        self.fails('sink_sets_timer', ' failed in finish: it set a timer of the process (alarm or setitimer) and did not stop it', ROWS, counted=3,
                   code=2)

    def test_changes_the_process_while_packets_are_read(self):
        """Features run meanwhile: it is found at the end of the packets, at the sink's own, or at both."""
        (self.folder / 'three.pcap').write_bytes(program.capture(20_000, seconds_apart=200))
        finished = self.run_with('sink_changes_folder')
        self.assertEqual((finished.returncode, finished.said[-1]), (2, KEPT))
        in_run = ("flowgauge: error: a plugin failed in the run: it changed the current folder and did not go back; it is one of sink 'mutant' (PLUGIN): "
                  "'flowgauge plugin check' says which, leave it out of the profile")
        at_end = ("flowgauge: error: rows.mutant.part: sink 'mutant' (PLUGIN), or another one of the run, failed in write: it changed the current folder and "
                  'did not go back; tell its author')
        self.assertIn(finished.said[:-1], ([in_run], [at_end], [at_end, in_run]))

    @unittest.skipIf(SANITIZED, 'a sanitizer has signals and memory of its own')
    def test_ends_the_process(self):
        for mutant, where, rows in (('exits', 'write', ''), ('exits_in_destroy', 'destroy', ROWS)):
            self.check(f'sink_{mutant}', 2, f"PLUGIN: sink 'mutant' ended the process in {where} (exit code 0); leave it out of the profile, or tell its "
                       'author', rows, counted=None)

    @unittest.skipIf(SANITIZED, 'a sanitizer has signals and memory of its own')
    def test_crashes(self):
        for mutant, where, rows in (('aborts', 'write', ''), ('traps_in_finish', 'finish', ''), ('traps_in_destroy', 'destroy', ROWS)):
            self.check(f'sink_{mutant}', -signal.SIGABRT, f"crashed (abort) in '{where}' of plugin 'mutant' (PLUGIN); leave it out of the profile and tell "
                       'its author', rows, counted=None)

    def test_a_reader_that_went_away(self):
        """Whether or not it did: such a run ends quietly, and what there is gets no name."""
        finished = self.run_with('sink_closes_silently')
        self.assertEqual((finished.returncode, finished.said), (0, [KEPT]))
        self.assertTrue((self.folder / 'rows.mutant.part').exists())
        reader, writer = os.pipe()
        os.close(reader)
        finished = self.run_with('none', path='-', stdout=writer)
        os.close(writer)
        self.assertEqual((finished.returncode, finished.said), (0, []))

    @unittest.skipUnless(os.path.exists('/dev/full'), 'there is no /dev/full')
    def test_a_full_disk(self):
        finished = self.run_with('none', path='/dev/full')
        self.assertEqual((finished.returncode, finished.said, finished.counted), (4, [
            "flowgauge: error: /dev/full: sink 'mutant' (PLUGIN) failed in finish: No space left on device"], [0]))


if __name__ == '__main__':
    unittest.main()
