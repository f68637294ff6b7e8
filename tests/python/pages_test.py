#!/usr/bin/env python3
"""Python on the pages: the first block of README.md and that of docs/python.md run as they stand, and those with packets."""
import ast
import contextlib
import io
import os
import pathlib
import re
import sys
import unittest

try:
    import pandas  # noqa: F401
    import polars  # noqa: F401
except ImportError as missing:
    print(f'skipped: {missing}: this Python is not the one that the test python.environment makes')
    sys.exit(77)

SOURCE = pathlib.Path(os.environ['FLOWGAUGE_SOURCE_DIR'])


def blocks(page):
    return re.findall(r'^```python\n(.*?)^```$', (SOURCE / page).read_text(encoding='utf-8'), flags=re.M | re.S)


def printed(code):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, 'page', 'exec'), {})
    return out.getvalue()


class Pages(unittest.TestCase):
    def setUp(self):
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(SOURCE)

    def test_readme(self):
        self.assertEqual(printed(blocks('README.md')[0]), '(16, 100) True\n')

    def test_python(self):
        self.assertEqual(printed(blocks('docs/python.md')[0]), '(16, 100)\n')

    def test_python_with_packets(self):
        given = [block for block in blocks('docs/python.md') if 'splt' in block]
        self.assertEqual(printed('import flowgauge as fg\n' + ''.join(given)), '(16, 107)\n(16, 101)\n')

    def test_the_others_are_python_and_name_what_there_is(self):
        import flowgauge as fg
        for block in blocks('docs/python.md')[1:]:
            for node in ast.walk(ast.parse(block)):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == 'fg':
                    self.assertTrue(hasattr(fg, node.attr), node.attr)


if __name__ == '__main__':
    unittest.main()
