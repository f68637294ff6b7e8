#!/usr/bin/env python3
"""Everything that a plugin can do wrong, or its file can be, through the program itself: the sentence, the exit code, the
rows that are left; once for a plugin by its path, once for one that lies among those of an installation. Sentences of wrong
descriptors: tests/broken_plugins; of owners and modes: tests/plugin/trust_test.cpp."""
import os
import pathlib
import resource
import shutil
import signal
import subprocess
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
    """The plugin is named by its path."""
    program = program.PROGRAM

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()
        (self.folder / 'three.pcap').write_bytes(program.capture(3))
        self.place(PLUGIN)

    def place(self, path):
        """What the profile names, and what messages call it."""
        self.module = self.plugin = path

    def write_profile(self, fault):
        (self.folder / 'my.yaml').write_text(
            f'features:\n  - name: faulty\n    module: {self.module}\n    options:\n      fault: {fault}\n'
            f'exporters:\n  - schema: faulty\n    module: {self.module}\n    format: csv\n    path: rows.csv\n')

    def run_with(self, fault='none', threads=1, preexec_fn=no_core, flags=()):
        """Of a run with the plugin: exit code, sentences, rows (those of the part, if the table has no name)."""
        self.write_profile(fault)
        for left in self.folder.glob('rows.csv*'):
            left.unlink()
        finished = program.run('pcap', 'three.pcap', '-p', 'my.yaml', '--threads', threads, *flags, cwd=self.folder,
                               preexec_fn=preexec_fn, program=self.program)
        rows = [path.read_text() for path in self.folder.glob('rows.csv*')]
        said = [line for line in program.messages(finished) if line]
        return finished.returncode, [line.replace(str(self.plugin), 'PLUGIN') for line in said], rows

    def refused(self, path, code=2):
        """The sentence about a file that is no plugin, or a wrong one."""
        self.place(path)
        returned, said, rows = self.run_with()
        said = [line for line in said if line.startswith('flowgauge: ')]  # not what the language's runtime says
        self.assertEqual((returned, rows, len(said)), (code, [], 1), said)
        return said[0].removeprefix('flowgauge: error: my.yaml:3: ')

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
        self.fails_before('allocate in create', 'cannot start: out of memory, of which a trial has 4GiB; give it more with trial.memory, check its options, or leave it out of the profile')

    def test_loops_in_create(self):
        """Through both commands at once, for each takes the whole limit; the one for live traffic comes to no capture."""
        self.write_profile('loop in create')
        started = [program.start(*words, '-p', 'my.yaml', cwd=self.folder, stdin=subprocess.DEVNULL, program=self.program)
                   for words in (('pcap', 'three.pcap'), ('realtime', 'lo'))]
        for process in started:
            try:
                _, errors = process.communicate(timeout=program.LIMIT_SECONDS)
            finally:
                process.kill()  # SIGTERM would not end such a loop
            said = [line for line in errors.decode().splitlines() if ' warning: ' not in line]
            self.assertEqual((process.returncode, said), (2, [
                f"flowgauge: error: {self.plugin}: feature 'faulty' did not finish create within 10 s in a trial before the run; give it more with trial.time, {LEAVE_OUT}"]))
        self.assertEqual(list(self.folder.glob('rows.csv*')), [])

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

    def test_throws_in_update_count_or_emit(self):
        for where, text in (('update', 'a packet of 0 bytes'), ('count', 'a number that is gone'), ('emit', 'a flow of 0 packets')):
            for threads in (1, 2):
                self.fails_during(f'throw in {where}', f"feature 'faulty' failed in {where}: {text}; {LEAVE_OUT}", threads=threads)

    def test_throws_in_derive(self):
        self.fails_during('throw in derive', "derive of schema 'faulty' failed: a row of 0 cells; rows so far are kept")

    def test_leaves_the_rounding_mode_changed(self):
        what = 'it changed the rounding mode of floating-point numbers and did not put it back'
        for threads in (1, 2):
            for where in ('update', 'count', 'emit'):
                self.fails_during(f'round in {where}', f"feature 'faulty' failed in {where}: {what}; {LEAVE_OUT}", threads=threads)
            self.fails_during('round in derive', f"derive of schema 'faulty' failed: {what}; rows so far are kept", threads=threads)

    def test_leaves_the_rounding_mode_changed_when_rows_are_made(self):
        code, said, rows = self.run_with('round in release')
        self.assertEqual((code, said), (2, ["flowgauge: error: PLUGIN: feature 'faulty' failed in release: it changed the rounding mode of "
                                            f'floating-point numbers and did not put it back; {LEAVE_OUT}', KEPT]))
        self.assertEqual(rows, [HEADER + '1,0.5,0.25\n' * 3], 'they were made before')

    def test_throws_when_rows_are_made(self):
        """In `release` and in `destroy`: nothing that the plugin still has to do may be lost in silence."""
        for fault, sentence in (('throw in release', 'failed in release: a list without an end'), ('throw in destroy', 'failed in destroy: a key that is gone'),
                                ('round in destroy', 'failed in destroy: it changed the rounding mode of floating-point numbers and did not put it back')):
            for threads in (1, 2):
                code, said, rows = self.run_with(fault, threads)
                self.assertEqual((code, said), (2, [f"flowgauge: error: PLUGIN: feature 'faulty' {sentence}; {LEAVE_OUT}", KEPT]))
                self.assertEqual(rows, [HEADER + '1,0.5,0.25\n' * 3])

    # ---- changes what belongs to the host

    CHANGES = {'locale': 'it changed the locale and did not put it back',
               'umask': 'it changed the mode of new files (umask) and did not put it back',
               'chdir': 'it changed the current folder and did not go back',
               'close': 'it closed or redirected standard input, standard output or standard error',
               'redirect': 'it closed or redirected standard input, standard output or standard error',
               'block': 'it changed which signals are blocked and did not put that back',
               'ignore': 'it changed how the process handles signals and did not put that back',
               'limit': 'it lowered a resource limit of the process',
               'timer': 'it set a timer of the process (alarm or setitimer) and did not stop it'}

    def test_changes_the_process_in_create(self):
        for change, sentence in self.CHANGES.items():
            if change != 'ignore':
                self.fails_before(f'{change} in create', f'cannot start: {sentence}; check its options, or leave it out of the profile')
        self.assertEqual(self.run_with('ignore in create'), (0, [], [HEADER + '1,0.5,0.25\n' * 3]), 'is put back: runtimes of languages do so')

    def test_changes_the_process_in_the_run(self):
        for change, sentence in self.CHANGES.items():
            for where in ('update', 'count', 'emit', 'release', 'destroy'):
                for threads in (1, 2):
                    with self.subTest(change, where=where, threads=threads):
                        code, said, _ = self.run_with(f'{change} in {where}', threads)
                        expected = f"flowgauge: error: PLUGIN: feature 'faulty' failed in {where}: {sentence}; {LEAVE_OUT}"
                        if change == 'umask' and where != 'destroy':  # which is seen at the end alone
                            expected = (f"flowgauge: error: a plugin failed in the run: {sentence}; it is one of 'faulty' (PLUGIN): 'flowgauge plugin check' "
                                        'says which, leave it out of the profile')
                        self.assertEqual((code, said), (2, [expected, KEPT]))
                        self.assertEqual((self.folder / 'rows.csv.part').stat().st_mode & 0o777, 0o644)

    def test_closes_descriptors(self):
        """The host's own, which its threads wait for: the run cannot even be stopped in order."""
        what = 'closed descriptors that are not its own'
        self.fails_before('close all in create', f'{what} in create in a trial before the run; {LEAVE_OUT}')
        for where in ('update', 'count', 'emit', 'release', 'destroy'):
            for threads in (1, 2):
                with self.subTest(where=where, threads=threads):
                    code, said, _ = self.run_with(f'close all in {where}', threads)
                    self.assertEqual((code, said), (2, [f"flowgauge: error: PLUGIN: feature 'faulty' {what} in {where}; {LEAVE_OUT}"]))

        code, said, _ = self.run_with('close all in derive')
        self.assertEqual((code, said), (2, [f'flowgauge: error: a plugin {what}; leave plugins out one by one to find it']), 'found by the next call')

    def test_writes_to_descriptors(self):
        """The host's own, of which some are the user's files."""
        what = 'it wrote into a descriptor that is not its own'
        for fault in ('write all', 'write lowest'):
            self.fails_before(f'{fault} in create', f'cannot start: {what}; check its options, or leave it out of the profile')
        written = len(HEADER + '1,0.5,0.25\n' * 3)
        for where in ('update', 'count', 'emit', 'release', 'destroy'):
            for threads in (1, 2):
                with self.subTest(where=where, threads=threads):
                    code, said, rows = self.run_with(f'write all in {where}', threads)
                    self.assertEqual((code, [line.replace('t0', '') for line in said]), (4, [
                        f'flowgauge: error: rows.csv.part: has {len(rows[0])} bytes where {written} were written: a plugin, or another program, has '
                        'changed it; leave plugins out one by one to find it, and use none of its rows']))

        self.assertEqual(self.refused(PLUGIN.with_name('faulty_writes_at_load.so')),
                         f'PLUGIN: {what[3:]} in the constructors of its static objects in a trial; a plugin is data until create is called: '
                         'leave it out, or tell its author')

    def test_changes_the_process_in_derive(self):
        code, said, _ = self.run_with('chdir in derive')
        self.assertEqual((code, said), (2, [f"flowgauge: error: a plugin failed in the run: {self.CHANGES['chdir']}; it is one of 'faulty' (PLUGIN): "
                                            "'flowgauge plugin check' says which, leave it out of the profile", KEPT]))

    def test_prints_and_reads(self):
        """What it prints is no row, and what it reads is no packet."""
        self.write_profile('print in update')
        profile = self.folder / 'my.yaml'
        profile.write_text(profile.read_text().replace('path: rows.csv', 'path: "-"'))
        capture = (self.folder / 'three.pcap').read_bytes()
        for fault, said in (('print', 'printed by the plugin\n'), ('read', '')):
            profile.write_text(profile.read_text().replace('print in', f'{fault} in'))
            finished = program.run('pcap', '-', '-p', 'my.yaml', cwd=self.folder, stdin=capture, program=self.program)
            self.assertEqual((finished.returncode, finished.stdout.decode()), (0, HEADER + '1,0.5,0.25\n' * 3), finished.stderr)
            self.assertEqual(finished.stderr.replace(said, '', 1).find('printed'), -1)
            self.assertTrue(finished.stderr.startswith(said))

    # ---- ends the process: the run is not done, whatever the exit code was to be

    @unittest.skipIf(SANITIZED, 'a sanitizer has signals and memory of its own')
    def test_ends_the_process(self):
        for fault, how in (('exit in update', 'exit code 0'), ('_exit in update', 'exit code 0'), ('quick_exit in update', 'exit code 3'),
                           ('exit in emit', 'exit code 0'), ('exit in count', 'exit code 0'), ('_exit in release', 'exit code 0'), ('_exit in destroy', 'exit code 0'),
                           ('abort handled in update', 'exit code 0'), ('segv handled in update', 'exit code 0'),
                           ('term handled in update', 'exit code 0')):
            for threads in (1, 2):
                with self.subTest(fault, threads=threads):
                    code, said, rows = self.run_with(fault, threads)
                    self.assertEqual((code, said), (2, [f"flowgauge: error: PLUGIN: feature 'faulty' ended the process in {fault.split()[-1]} ({how}); "
                                                        f'{LEAVE_OUT}']))
                    self.assertFalse((self.folder / 'rows.csv').exists())

    @unittest.skipIf(SANITIZED, 'a sanitizer has signals and memory of its own')
    def test_ends_the_process_by_a_signal(self):
        code, said, _ = self.run_with('alarm in update')
        self.assertEqual((code, said), (-signal.SIGALRM, ["flowgauge: error: PLUGIN: feature 'faulty' ended the process in update (signal 14, Alarm "
                                                          f'clock); {LEAVE_OUT}']))

    @unittest.skipIf(SANITIZED, 'a sanitizer has signals and memory of its own')
    def test_a_thread_of_its_own_ends_the_process(self):
        self.assertEqual(self.run_with('thread exits in update')[:2], (2, [
            'flowgauge: error: a plugin ended the process (exit code 0) outside of all calls, by a thread or a handler that a plugin left behind; leave '
            'plugins out one by one to find it']))
        self.assertEqual(self.run_with('thread traps in update')[:2], (-signal.SIGABRT, [
            'flowgauge: error: crashed (abort) in a thread that a plugin has started; leave plugins out one by one to find it']))

    def test_a_copy_of_the_process_is_no_second_host(self):
        for threads in (1, 2):
            self.assertEqual(self.run_with('fork in update', threads), (0, [], [HEADER + '1,0.5,0.25\n' * 3]))

    @unittest.skipIf(SANITIZED, 'a sanitizer ends the process with all its destructors')
    def test_destructors_change_nothing(self):
        self.assertEqual(self.run_with('leave at exit in update'), (0, [], [HEADER + '1,0.5,0.25\n' * 3]))
        self.fails_during('leave at exit and throw in update', f"feature 'faulty' failed in update: and no more; {LEAVE_OUT}")

    @unittest.skipIf(SANITIZED, 'a sanitizer has signals and memory of its own')
    def test_allocates_without_end_in_update(self):
        self.fails_during('allocate in update', f"feature 'faulty' failed in update: out of memory; {LEAVE_OUT}", preexec_fn=little_memory)

    @unittest.skipIf(SANITIZED, 'a sanitizer reports in place of the message')
    def test_a_trap_names_the_plugin(self):
        for fault, what in (('trap in update', 'abort'), ('trap in emit', 'abort'), ('trap in count', 'abort'), ('trap in release', 'abort'),
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

    def test_texts_and_lists_that_lie_where_they_must_not(self):
        elsewhere = "column 'fault' has a text that lies neither in memory of arena_alloc nor in the plugin's constants"
        for fault, what in (('heap', elsewhere), ('state', elsewhere), ('wild pointer', elsewhere), ('beyond all', elsewhere),
                            ('size', "column 'fault' has a text of more than 65536 bytes")):
            self.fails_during(f'{fault} in emit', f"feature 'faulty' failed in emit: {what}; {LEAVE_OUT}")

    def texts_with(self, fault, form):
        """Of a run that shows the feature's text: exit code, sentences, rows."""
        (self.folder / 'my.yaml').write_text(
            f'features:\n  - name: faulty\n    module: {self.module}\n    options:\n      fault: {fault}\n'
            f'exporters:\n  - columns: [faulty.fault, faulty.count]\n    format: {form}\n    path: rows.csv\n')
        (self.folder / 'rows.csv').unlink(missing_ok=True)
        finished = program.run('pcap', 'three.pcap', '-p', 'my.yaml', cwd=self.folder, program=self.program)
        said = [line.replace(str(self.plugin), 'PLUGIN') for line in program.messages(finished) if line]
        return finished.returncode, said, (self.folder / 'rows.csv').read_bytes()

    def test_what_is_no_text_is_replaced_in_every_format(self):
        said = "flowgauge: warning: PLUGIN: column 'faulty.fault': 3 cells with NUL or bytes that are not UTF-8, written as U+FFFD; tell its author"
        text = 'a\ufffd\ufffdb'
        for form in ('csv', 'jsonl'):
            code, told, made = self.texts_with('bytes in emit', form)
            self.assertEqual((code, told), (0, [said]))
            self.assertEqual(made.decode().count(text), 3)

    def test_what_is_cut_is_said_by_column(self):
        said = ("flowgauge: warning: PLUGIN: column 'faulty.fault': 3 cells cut, since the texts and lists of one row may have 64 KiB; "
                'tell its author')
        code, told, made = self.texts_with('cut in emit', 'csv')
        self.assertEqual((code, told, made.decode()), (0, [said], 'faulty.fault,faulty.count\n' + ',1\n' * 3))

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
        self.place(link)
        self.assertEqual(self.run_with()[0], 0, 'a link as such is fine')
        open_folder.chmod(0o777)
        others = ('so that others could run code with your rights; let only root or yourself own and write it (chown, chmod go-w), or accept '
                  'the risk with --insecure-plugins')
        self.assertEqual(self.refused(link), f'PLUGIN: the folder {open_folder} above it can be written by everybody, {others}')
        self.place(link)
        code, said, rows = self.run_with(flags=['--insecure-plugins'])
        self.assertEqual((code, said), (0, [f'flowgauge: warning: PLUGIN: the folder {open_folder} above it can be written by everybody; loaded all '
                                            'the same, since --insecure-plugins was given'] * len(said)))
        self.assertEqual((len(said) > 0, rows), (True, [HEADER + '1,0.5,0.25\n' * 3]))

    # ---- replaced while it runs

    def run_and_meanwhile(self, action):
        """A run over standard input, with `action` between the plugin's start and the first packet."""
        own = self.folder / 'own.so'
        shutil.copy(PLUGIN, own)
        own.chmod(0o644)
        self.place(own)
        self.write_profile('none')
        for left in self.folder.glob('rows.csv*'):
            left.unlink()
        process = program.start('pcap', '-', '-p', 'my.yaml', cwd=self.folder, program=self.program)
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


class InstalledFaults(Faults):
    """It lies beside the plugins of the program: other people's packages and `cmake --install` put theirs there."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        prefix = pathlib.Path(folder.name).resolve()
        self.program = program.small_tree(prefix)
        self.plugins = prefix / 'lib' / 'flowgauge' / 'plugins'
        super().setUp()

    def place(self, path):
        self.module = 'faulty'
        self.plugin = self.plugins / 'faulty.so'
        self.plugin.unlink(missing_ok=True)
        if path.is_symlink() or not path.is_file():
            self.plugin.symlink_to(path)  # what is at its end decides
        else:
            shutil.copy(path, self.plugin)
            self.plugin.chmod(0o644)

    @unittest.skipIf(SANITIZED, 'a sanitizer has signals and memory of its own')
    def test_a_bad_file_is_a_warning_of_the_lists(self):
        self.place(PLUGIN.with_name('faulty_traps_at_load.so'))
        said = (f'{self.plugin}: crashed in the constructors of its static objects (signal 6, Aborted) in a trial; a plugin is data until create is '
                'called: leave it out, or tell its author')
        for words, others in ((('plugins',), 'lib/flowgauge/plugins/iat.so'), (('columns',), 'packet_length.fwd')):
            listed = program.run(*words, cwd=self.folder, program=self.program, preexec_fn=no_core)
            self.assertEqual((listed.returncode, listed.stderr), (0, f'flowgauge: warning: {said}\n'))
            self.assertIn(others, listed.stdout.decode())
        told = program.run('doctor', '--json', cwd=self.folder, program=self.program, preexec_fn=no_core)
        self.assertGreaterEqual(told.returncode, 0)
        self.assertIn(said, told.stdout.decode())

    def test_what_hides_an_installed_plugin_is_named(self):
        self.place(PLUGIN)
        given = self.folder / 'given'
        given.mkdir()
        shutil.copy(PLUGIN, given / 'faulty.so')
        said = (f'flowgauge: warning: {given}/faulty.so: hides the installed plugin PLUGIN; name that one by its path, or rename this file')
        self.assertEqual(self.run_with(flags=['--plugin-dir', given]), (0, [said], [HEADER + '1,0.5,0.25\n' * 3]))
        listed = program.run('plugins', '--plugin-dir', given, cwd=self.folder, program=self.program)
        self.assertEqual((listed.returncode, program.messages(listed)[0].replace(str(self.plugin), 'PLUGIN')), (0, said))
        self.assertEqual(self.run_with(flags=['--plugin-dir', self.plugins])[1], [], 'it is the same file')

    def test_one_of_ours_is_written_over(self):
        columns = ''.join(f'      - packet_length.fwd.{member}\n' for member in ('count', 'total', 'std', 'max'))
        (self.folder / 'ours.yaml').write_text(f'exporters:\n  - format: csv\n    path: rows.csv\n    columns:\n{columns}')
        library = self.plugins / 'packet_length.so'
        for text in (b'', b'\x7fELF' + bytes(library.stat().st_size), b'x' * 1_000_000):
            (self.folder / 'rows.csv').unlink(missing_ok=True)
            process = program.start('pcap', '-', '-p', 'ours.yaml', cwd=self.folder, program=self.program)
            while process.poll() is None and not (self.folder / 'rows.csv.part').exists():
                pass
            before, inode = library.read_bytes(), library.stat().st_ino
            library.write_bytes(text)
            _, errors = process.communicate((self.folder / 'three.pcap').read_bytes(), program.LIMIT_SECONDS)
            self.assertEqual((process.returncode, library.stat().st_ino), (0, inode), errors.decode())
            self.assertEqual(len((self.folder / 'rows.csv').read_text().splitlines()), 4)
            library.write_bytes(before)


if SANITIZED:  # the code is the same wherever a plugin lies, and each run takes long
    for inherited in set(dir(Faults)) - set(vars(InstalledFaults)):
        if inherited.startswith('test_'):
            setattr(InstalledFaults, inherited, None)


if __name__ == '__main__':
    unittest.main()
