#!/usr/bin/env python3
"""The notebooks of docs/notebooks, cell by cell, each in a process of its own: what they assert holds, and they print
what stands below their cells. `notebooks_test.py --write` writes that anew; review it as a diff.
"""
import contextlib
import io
import json
import os
import pathlib
import subprocess
import sys
import unittest

SOURCE = pathlib.Path(os.environ['FLOWGAUGE_SOURCE_DIR'])
FOLDER = SOURCE / 'docs' / 'notebooks'
SKIPPED = 77

sys.path.insert(0, str(SOURCE / 'tests' / 'lint'))
import notebooks as lint  # noqa: E402


def run(path):
    """In this process: the notebook, with what its cells print."""
    os.chdir(FOLDER)  # as Jupyter does
    notebook = json.loads(pathlib.Path(path).read_text(encoding='utf-8'))
    names = {'__name__': '__main__'}
    for number, cell in enumerate(notebook['cells'], 1):
        if cell['cell_type'] != 'code':
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(''.join(cell['source']), f'{pathlib.Path(path).name}, cell {number}', 'exec'), names)
        text = printed.getvalue().splitlines(keepends=True)
        cell['outputs'] = [{'name': 'stdout', 'output_type': 'stream', 'text': text}] if text else []
    sys.stdout.write(lint.text_of(notebook))


def executed(path):
    environment = {**os.environ, 'PATH': f'{pathlib.Path(os.environ["FLOWGAUGE_PROGRAM"]).parent}:{os.environ["PATH"]}'}
    return subprocess.run([sys.executable, __file__, '--run', path], capture_output=True, text=True, env=environment)


class Notebooks(unittest.TestCase):
    def test_print_and_assert_what_they_say(self):
        paths = sorted(FOLDER.glob('*.ipynb'))
        self.assertGreaterEqual(len(paths), 4)
        for path in paths:
            with self.subTest(path.name):
                done = executed(path)
                self.assertEqual((done.returncode, done.stderr), (0, ''))
                self.maxDiff = None
                self.assertEqual(done.stdout, path.read_text(encoding='utf-8'))


if __name__ == '__main__':
    if sys.argv[1:2] == ['--run']:
        run(sys.argv[2])
        sys.exit()
    try:
        import duckdb  # noqa: F401
        import pandas  # noqa: F401
        import sklearn  # noqa: F401
    except ImportError as missing:
        print(f'skipped: {missing}: this Python is not the one that the test python.environment makes')
        sys.exit(SKIPPED)
    if sys.argv[1:] == ['--write']:
        for one in sorted(FOLDER.glob('*.ipynb')):
            finished = executed(one)
            sys.stderr.write(finished.stderr)
            if finished.returncode == 0:
                one.write_text(finished.stdout, encoding='utf-8')
    else:
        unittest.main()
