#!/usr/bin/env python3
"""The Debian packages of a build tree, and a root of their own to put them into. Run as a program it makes them, once for all tests."""
import os
import pathlib
import shutil
import subprocess
import sys

TOOLS = ('cpack', 'dpkg', 'dpkg-deb', 'dpkg-shlibdeps', 'file')
LIMIT_SECONDS = 300  # only a hanging program comes near it


def missing_tools():
    return [tool for tool in TOOLS if shutil.which(tool) is None]


def run(*words, **more):
    finished = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=LIMIT_SECONDS, check=False, **more)
    if finished.returncode != 0:
        raise AssertionError(f'{" ".join(map(str, words))} ends with {finished.returncode}:\n{finished.stdout}')
    return finished.stdout


def folder_of(binary_dir):
    return pathlib.Path(binary_dir, 'tests/package/made')


def make(binary_dir):
    shutil.rmtree(folder_of(binary_dir), ignore_errors=True)
    run('cpack', '--config', pathlib.Path(binary_dir) / 'CPackConfig.cmake', '-B', folder_of(binary_dir))


def made(binary_dir):
    """{package name: its file}."""
    return {field(file, 'Package'): file for file in sorted(folder_of(binary_dir).glob('*.deb'))}


def field(file, name):
    return run('dpkg-deb', '--field', file, name).strip()


class Root:
    """A root with a dpkg of its own and nothing else. Only root can write the owners of files: others unpack alone."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.is_registered = os.geteuid() == 0
        database = self.folder / 'var/lib/dpkg'
        (database / 'updates').mkdir(parents=True)
        (database / 'info').mkdir()
        (database / 'status').touch()
        (self.folder / 'etc').mkdir()
        # Two of dpkg's helpers lie where PATH does not lead every user.
        self.environment = {**os.environ, 'PATH': os.environ['PATH'] + ':/usr/sbin:/sbin'}

    def dpkg(self, *words):
        return run('dpkg', f'--root={self.folder}', *words, env=self.environment)

    def install(self, files):
        if self.is_registered:
            # The libraries that they depend on are this machine's, and so are the tools of their scripts.
            self.dpkg('--force-depends', '--force-script-chrootless', '--install', *files)
        else:
            for file in files:
                run('dpkg-deb', '--extract', file, self.folder)

    def purge(self, names):
        self.dpkg('--force-script-chrootless', '--purge', *names)

    def files(self):
        """Everything outside of dpkg's own folders, and of etc, where the users are: they stay."""
        own = [self.folder / name for name in ('var', 'dev', 'etc')]
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob('*') if not any(map(path.is_relative_to, own)))


if __name__ == '__main__':
    if missing_tools():
        print(f'skipped: needs {", ".join(missing_tools())}')
        sys.exit(77)
    make(os.environ['FLOWGAUGE_BINARY_DIR'])
