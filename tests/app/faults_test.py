#!/usr/bin/env python3
"""Everything that a plugin can do wrong, or its file can be, through the program itself: the sentence, the exit code, the
rows that are left. Sentences of wrong descriptors: tests/broken_plugins; of owners and modes: tests/plugin/trust_test.cpp; of
a create that loops for ever, which would take 10 s here: tests/plugin/trial_test.cpp."""
import os
import pathlib
import resource
import shutil
import signal
import tempfile
import unittest

import program

SANITIZED = os.environ.get('FLOWGAUGE_SANITIZED') == '1'
PLUGIN = pathlib.Path(os.environ['FLOWGAUGE_FAULTY'])
BROKEN = program.BINARY_DIR / 'broken_plugins'
HEADER = 'packets,ratio,half\n'
LEAVE_OUT = 'leave it out of the profile, or tell its author'
GIVE = 'give a shared object built with flowgauge_add_plugin()'
KEPT = 'flowgauge: warning: rows.csv.part: holds the rows so far; it is not renamed, since the run did not end well'
MANY_BYTES = 3 << 30  # of address space: enough for a run, not for what allocates without end


def no_core():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def little_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MANY_BYTES, MANY_BYTES))


class Faults(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()
        (self.folder / 'three.pcap').write_bytes(program.capture(3))
        self.plugin = PLUGIN

    def run_with(self, fault='none', threads=1, preexec_fn=no_core, flags=()):
        """Of a run with the plugin: exit code, sentences, rows (those of the part, if the table has no name)."""
        (self.folder / 'my.yaml').write_text(
            f'threads: {threads}\nfeatures:\n  - name: faulty\n    module: {self.plugin}\n    options:\n      fault: {fault}\n'
            f'exporters:\n  - schema: faulty\n    module: {self.plugin}\n    format: csv\n    path: rows.csv\n')
        for left in self.folder.glob('rows.csv*'):
            left.unlink()
        finished = program.run('pcap', 'three.pcap', '-p', 'my.yaml', *flags, cwd=self.folder, preexec_fn=preexec_fn)
        rows = [path.read_text() for path in self.folder.glob('rows.csv*')]
        said = [line for line in program.messages(finished) if line]
        return finished.returncode, [line.replace(str(self.plugin), 'PLUGIN') for line in said], rows

    def refused(self, path, code=2):
        """The sentence about a file that is no plugin, or a wrong one."""
        self.plugin = path
        returned, said, rows = self.run_with()
        said = [line for line in said if line.startswith('flowgauge: ')]  # not what the language's runtime says
        self.assertEqual((returned, rows, len(said)), (code, [], 1), said)
        return said[0].removeprefix('flowgauge: error: my.yaml:4: ')

    def test_without_a_fault(self):
        self.assertEqual(self.run_with(), (0, [], [HEADER + '1,0.5,0.25\n' * 3]))

    # ---- before the run: nothing is written, nothing is lost

    def fails_before(self, fault, sentence):
        self.assertEqual(self.run_with(fault), (2, [f"flowgauge: error: PLUGIN: feature 'faulty' {sentence}"], []))

    def test_throws_in_create(self):
        check = 'check its options, or leave it out of the profile'
        self.fails_before('throw in create', f'cannot start: no licence found; {check}')
        self.fails_before('throw a number in create', f'cannot start: it threw an exception; {check}')

    @unittest.skipIf(SANITIZED, 'a sanitizer has signals and memory of its own')
    def test_traps_in_create_or_destroy(self):
        for where in ('create', 'destroy'):
            self.fails_before(f'trap in {where}', f'crashed in {where} (signal 6, Aborted) in a trial before the run; {LEAVE_OUT}')

    @unittest.skipIf(SANITIZED, 'a sanitizer has signals and memory of its own')
    def test_allocates_without_end_in_create(self):
        self.fails_before('allocate in create', 'cannot start: out of memory; check its options, or leave it out of the profile')

    @unittest.skipIf(SANITIZED, 'a sanitizer has signals and memory of its own')
    def test_traps_or_throws_while_it_is_loaded(self):
        where = 'the constructors of its static objects'
        what = 'in a trial; a plugin is data until create is called: leave it out, or tell its author'
        self.assertEqual(self.refused(PLUGIN.with_name('faulty_traps_at_load.so')),
                         f'PLUGIN: crashed in {where} (signal 6, Aborted) {what}')
        self.assertRegex(self.refused(PLUGIN.with_name('faulty_throws_at_load.so')),
                         rf'^PLUGIN: (crashed in {where} \(signal 6, Aborted\)|threw an exception in {where}) {what}$')

    # ---- during the run: rows so far are kept, the plugin is named

    def fails_during(self, fault, sentence, **how):
        code, said, rows = self.run_with(fault, **how)
        self.assertEqual((code, said), (2, [f'flowgauge: error: PLUGIN: {sentence}', KEPT]))
        self.assertEqual(rows, [HEADER], 'no row is half right')

    def test_throws_in_update_or_emit(self):
        for where, text in (('update', 'a packet of 0 bytes'), ('emit', 'a flow of 0 packets')):
            for threads in (1, 2):
                self.fails_during(f'throw in {where}', f"feature 'faulty' failed in {where}: {text}; {LEAVE_OUT}", threads=threads)

    def test_throws_in_derive(self):
        self.fails_during('throw in derive', "derive of schema 'faulty' failed: a row of 0 cells; rows so far are kept")

    @unittest.skipIf(SANITIZED, 'a sanitizer has signals and memory of its own')
    def test_allocates_without_end_in_update(self):
        self.fails_during('allocate in update', f"feature 'faulty' failed in update: out of memory; {LEAVE_OUT}", preexec_fn=little_memory)

    @unittest.skipIf(SANITIZED, 'a sanitizer reports in place of the message')
    def test_a_trap_names_the_plugin(self):
        for fault, what in (('trap in update', 'abort'), ('trap in emit', 'abort'), ('trap in release', 'abort'),
                            ('trap in derive', 'abort'), ('overflow in update', 'segmentation fault')):
            for threads in (1, 2):
                with self.subTest(fault, threads=threads):
                    code, said, _ = self.run_with(fault, threads)
                    self.assertIn(code, (-signal.SIGABRT, -signal.SIGSEGV))
                    self.assertEqual(said, [f"flowgauge: error: crashed ({what}) in '{fault.split()[-1]}' of plugin 'faulty' (PLUGIN); "
                                            'leave it out of the profile and tell its author'])

    def test_no_number_is_0_and_said(self):
        said = "flowgauge: warning: PLUGIN: column 'faulty.{}': 3 cells with NaN or infinity, written as 0; tell its author"
        for threads in (1, 2):
            self.assertEqual(self.run_with('NaN in emit', threads), (0, [said.format('ratio')], [HEADER + '1,0,0.25\n' * 3]))
            self.assertEqual(self.run_with('infinity in derive', threads), (0, [said.format('half')], [HEADER + '1,0.5,0\n' * 3]))

    # ---- descriptors

    def test_wrong_descriptors(self):
        for name, sentence in (('column_twice', "feature 'broken': declares column 'count' twice; rename one of them"),
                               ('state_large', "feature 'broken': has a state of 65537 bytes per flow, more than 65536; keep large data in memory that "
                                               'release frees'),
                               ('missing_dependency', 'cannot be loaded (libflowgauge_test_dependency.so: cannot open shared object file: No such file '
                                                      'or directory); install or link what it misses, or build it again')):
            self.assertEqual(self.refused(BROKEN / f'{name}.so'), f'PLUGIN: {sentence}')

    # ---- files

    def test_a_text_file(self):
        path = self.folder / 'text.so'
        path.write_text('features:\n  - iat\n')
        self.assertEqual(self.refused(path), f'PLUGIN: is not an ELF file; {GIVE}')

    def test_an_empty_file(self):
        path = self.folder / 'empty.so'
        path.touch()
        self.assertEqual(self.refused(path), f'PLUGIN: is empty; {GIVE}')

    def test_what_is_no_file(self):
        (self.folder / 'folder.so').mkdir()
        os.mkfifo(self.folder / 'fifo.so')
        for name, kind in (('folder.so', 'a folder'), ('fifo.so', 'a named pipe')):
            self.assertEqual(self.refused(self.folder / name), f"PLUGIN: is {kind}, not a regular file; give the plugin's .so file")

    def test_a_link_to_a_writable_place(self):
        open_folder = self.folder / 'open'
        open_folder.mkdir()
        shutil.copy(PLUGIN, open_folder / 'faulty.so')
        (open_folder / 'faulty.so').chmod(0o644)
        link = self.folder / 'faulty.so'
        link.symlink_to(open_folder / 'faulty.so')
        self.plugin = link
        self.assertEqual(self.run_with()[0], 0, 'a link as such is fine')
        open_folder.chmod(0o777)
        others = ('so that others could run code with your rights; let only root or yourself own and write it (chown, chmod go-w), or accept '
                  'the risk with --insecure-plugins')
        self.assertEqual(self.refused(link), f'PLUGIN: the folder {open_folder} above it can be written by everybody, {others}')
        self.plugin = link
        code, said, rows = self.run_with(flags=['--insecure-plugins'])
        self.assertEqual((code, said), (0, [f'flowgauge: warning: PLUGIN: the folder {open_folder} above it can be written by everybody; loaded all '
                                            'the same, since --insecure-plugins was given'] * len(said)))
        self.assertEqual((len(said) > 0, rows), (True, [HEADER + '1,0.5,0.25\n' * 3]))

    # ---- replaced while it runs

    def run_and_meanwhile(self, action):
        """A run over standard input, with `action` between the plugin's start and the first packet."""
        self.plugin = self.folder / 'faulty.so'
        shutil.copy(PLUGIN, self.plugin)
        self.plugin.chmod(0o644)
        words = ('-f', 'faulty', '-o', 'csv', '--export-path', 'rows.csv')
        for left in self.folder.glob('rows.csv*'):
            left.unlink()
        process = program.start('pcap', '-', *words, '--plugin-dir', self.folder, cwd=self.folder)
        part = self.folder / 'rows.csv.part'
        while process.poll() is None and not part.exists():  # made when all plugins are loaded
            pass
        action(self.plugin)
        _, errors = process.communicate((self.folder / 'three.pcap').read_bytes(), program.LIMIT_SECONDS)
        said = [line for line in errors.decode().splitlines() if line.startswith('flowgauge: ')]
        rows = [path.read_text() for path in self.folder.glob('rows.csv*')]
        return process.returncode, said, rows

    def test_replaced_by_renaming(self):
        def rename(path):
            other = path.with_name('other.so')
            other.write_text('no plugin at all')
            other.rename(path)

        self.assertEqual(self.run_and_meanwhile(rename), (0, [], [HEADER + '1,0.5,0.25\n' * 3]))

    def test_written_over(self):
        for text in ('', 'no plugin at all', 'x' * 1_000_000):
            self.assertEqual(self.run_and_meanwhile(lambda path, over=text: path.write_text(over)), (0, [], [HEADER + '1,0.5,0.25\n' * 3]))


if __name__ == '__main__':
    unittest.main()
