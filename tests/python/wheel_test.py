#!/usr/bin/env python3
"""The package as a wheel, made of the build tree: installed without a compiler and without an index, and used by somebody
else than who installed it - in an environment of another user, and in one that a group may write.

usage: wheel_test.py BUILD      77: this Python has no venv
"""
import os
import pathlib
import subprocess
import sys
import sysconfig
import tempfile
import unittest
import zipfile

BUILD = pathlib.Path(sys.argv.pop())
SOURCE = pathlib.Path(os.environ['FLOWGAUGE_SOURCE_DIR'])
DEMO = SOURCE / 'fixtures' / 'demo.pcap'
INSTALLER, USER, GROUP = 4000001, 4000002, 4000003  # beyond those of any system
READS = '''import flowgauge as fg
flows = fg.read('demo.pcap', schema='cic')
print(sum(len(batch) for batch in flows._pull()), len(flows.schema), len(flows.report['plugins']) > 0)
'''
METADATA = 'Metadata-Version: 2.1\nName: flowgauge\nVersion: 0.1.0\n'
WHEEL = 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: cp39-abi3-{}\n'
SCRIPTS = '[console_scripts]\nflowgauge = flowgauge._program:main\n'


def run(*words, **options):
    return subprocess.run(words, capture_output=True, text=True, timeout=120, **options)


def made_wheel(folder):
    """As pyproject.toml has it, of what is built already."""
    package = folder / 'content' / 'flowgauge'
    for component in ('program', 'plugins'):
        done = run('cmake', '--install', BUILD, '--component', component, '--prefix', package)
        assert done.returncode == 0, done.stdout + done.stderr
    for path in (BUILD / 'python' / 'flowgauge').iterdir():
        if path.is_file():
            (package / path.name).write_bytes(path.read_bytes())
    tag = sysconfig.get_platform().replace('-', '_').replace('.', '_')
    info = folder / 'content' / 'flowgauge-0.1.0.dist-info'
    info.mkdir()
    for name, text in (('METADATA', METADATA), ('WHEEL', WHEEL.format(tag)), ('entry_points.txt', SCRIPTS), ('RECORD', '')):
        (info / name).write_text(text)
    wheel = folder / f'flowgauge-0.1.0-cp39-abi3-{tag}.whl'
    with zipfile.ZipFile(wheel, 'w') as archive:
        for path in sorted((folder / 'content').rglob('*')):
            if path.is_file():
                archive.write(path, path.relative_to(folder / 'content'))
    return wheel


def python_for_all():
    """A Python that other users may run, too: not one of somebody's home."""
    return '/usr/bin/python3' if os.geteuid() == 0 and os.path.exists('/usr/bin/python3') else sys.executable


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.folder.chmod(0o755)
        (cls.folder / 'demo.pcap').write_bytes(DEMO.read_bytes())
        cls.env = cls.folder / 'env'
        made = run(python_for_all(), '-m', 'venv', cls.env)
        if made.returncode != 0:
            print(f'skipped: {made.stdout}{made.stderr}')
            sys.exit(77)
        done = run(cls.env / 'bin' / 'python', '-m', 'pip', 'install', '--no-index', '--no-deps', '--quiet',
                   '--disable-pip-version-check', made_wheel(cls.folder))
        assert done.returncode == 0, done.stdout + done.stderr

    def own(self, user, group, mode):
        for path in [self.env, *self.env.rglob('*')]:
            os.chown(path, user, group, follow_symlinks=False)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~0o022 | mode)

    def used_by(self, user):
        """What both say, module and program: the last line, and where it says no the end of its sentence."""
        became = {'user': user, 'group': user, 'extra_groups': []} if os.geteuid() == 0 else {}
        plain = {name: value for name, value in os.environ.items() if name not in ('PYTHONPATH', 'FLOWGAUGE_PROGRAM')}
        out = []
        for words in ((self.env / 'bin' / 'python', '-c', READS),
                      (self.env / 'bin' / 'flowgauge', 'pcap', 'demo.pcap', '-f', 'cic', '-o', 'csv')):
            done = run(*words, cwd=self.folder, env={**plain, 'PYTHONDONTWRITEBYTECODE': '1'}, **became)
            out.append(done.stdout.splitlines()[-1] if done.returncode == 0 else done.stderr)
        return out

    def expect_rows(self, user):
        module, program = self.used_by(user)
        self.assertEqual(module, '16 100 True')
        self.assertEqual(program.count(','), 99, program)

    def test_by_who_installed_it(self):
        self.expect_rows(os.geteuid())

    @unittest.skipIf(os.geteuid() != 0, 'only root can be several users')
    def test_by_another_user(self):
        self.own(INSTALLER, INSTALLER, 0)
        self.expect_rows(USER)

    @unittest.skipIf(os.geteuid() != 0, 'only root can be several users')
    def test_where_a_group_maintains_it(self):
        self.own(INSTALLER, GROUP, 0o020)
        self.expect_rows(USER)

    @unittest.skipIf(os.geteuid() != 0, 'only root can be several users')
    def test_where_everybody_may_write_nobody_is_trusted(self):
        self.own(INSTALLER, INSTALLER, 0o022)
        for said in self.used_by(USER):
            self.assertIn('can be written by everybody, so that others could run code with your rights', said)

    @unittest.skipIf(os.geteuid() != 0, 'only root can be several users')
    def test_what_a_third_user_put_there(self):
        self.own(INSTALLER, INSTALLER, 0)
        for plugin in self.env.rglob('plugins/cic.so'):
            os.chown(plugin, GROUP, INSTALLER)
        for said in self.used_by(USER):
            self.assertIn(f'cic.so: is owned by user {GROUP}, so that others', said)


if __name__ == '__main__':
    unittest.main()
