#!/usr/bin/env python3
"""A new user's path, from docs/writing-a-feature.md, with the packages of this build unpacked in a root of their own."""
import os
import pathlib
import tempfile
import unittest

import packages

HERE = pathlib.Path(__file__).resolve().parent


@unittest.skipIf(packages.missing_tools(), f'needs {", ".join(packages.missing_tools())}')
class UserPath(unittest.TestCase):
    def test_the_commands_of_the_page(self):
        with tempfile.TemporaryDirectory() as folder:
            root = packages.Root(f'{folder}/root')
            root.install(packages.make(os.environ['FLOWGAUGE_BINARY_DIR'], f'{folder}/made').values())
            found = {'PATH': f'{root.folder}/usr/bin:{os.environ["PATH"]}', 'CMAKE_PREFIX_PATH': f'{root.folder}/usr'}
            said = packages.run(HERE / 'user_path.sh', '--installed', env={**os.environ, **found})
        self.assertIn('the rows are those of the page', said)


if __name__ == '__main__':
    unittest.main()
