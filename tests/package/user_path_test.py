#!/usr/bin/env python3
"""A new user's path, from docs/writing-a-feature.md, with the packages of this build: unpacked in a root of their own, and installed by
apt in a root that is thrown away."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import packages

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
SKIPPED = 77
WITHOUT_NETWORK = ('Failed to fetch', 'Unable to fetch', 'Temporary failure resolving')


@unittest.skipIf(packages.missing_tools(), f'needs {", ".join(packages.missing_tools())}')
class UserPath(unittest.TestCase):
    def test_the_commands_of_the_page(self):
        with tempfile.TemporaryDirectory() as folder:
            root = packages.Root(f'{folder}/root')
            root.install(packages.made(os.environ['FLOWGAUGE_BINARY_DIR']).values())
            found = {'PATH': f'{root.folder}/usr/bin:{os.environ["PATH"]}', 'CMAKE_PREFIX_PATH': f'{root.folder}/usr'}
            said = packages.run(HERE / 'user_path.sh', '--installed', env={**os.environ, **found})
        self.assertIn('the rows are those of the page', said)

    @unittest.skipIf(os.geteuid() != 0, 'apt installs as root alone')
    @unittest.skipIf(any(shutil.which(tool) is None for tool in ('apt-get', 'unshare', 'chroot')), 'needs apt-get, unshare and chroot')
    def test_the_commands_of_the_page_with_apt(self):
        with tempfile.TemporaryDirectory() as folder:
            given = pathlib.Path(folder)
            shutil.copytree(packages.folder_of(os.environ['FLOWGAUGE_BINARY_DIR']), given / 'packages', ignore=shutil.ignore_patterns('_CPack_Packages'))
            for path in ('docs/writing-a-feature.md', 'tests/package/user_path.sh'):
                (given / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(PROJECT / path, given / path)
            words = [HERE / 'overlay_root.sh', given, 'tests/package/user_path.sh', '--install', 'packages']
            finished = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=packages.LIMIT_SECONDS, check=False)
        said = finished.stdout
        if finished.returncode == SKIPPED:
            self.skipTest(said.strip().splitlines()[-1])
        if finished.returncode != 0 and any(words in said for words in WITHOUT_NETWORK):
            self.skipTest('a package that this machine does not have cannot be fetched')
        self.assertEqual(finished.returncode, 0, said)
        self.assertIn('the rows are those of the page', said)


if __name__ == '__main__':
    unittest.main()
