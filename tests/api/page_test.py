#!/usr/bin/env python3
"""Blocks of code in docs/library.md are files of tests/api, line for line; the last one is run as it stands.

usage: page_test.py SOURCE [BUILD]   with BUILD, which has lib/libflowgauge.so.0: runs the last block, by a Python that
                                     has pyarrow
"""
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FILES = {'c': 'count_rows.c', 'py': 'flowgauge_arrow.py'}
SKIPPED = 77
EXPECTED = """16 flows, 203 columns
{b'flowgauge.unit': b'', b'flowgauge.classes': b'port', b'flowgauge.role': b'feature', b'flowgauge.expression': b'flow.dst_port', \
b'flowgauge.definition': b'Port of the other side, 0 where the protocol has none'}
"""


def blocks(page, language):
    return re.findall(f'^```{language}\n(.*?)^```$', page, flags=re.M | re.S)


def compared(page):
    for language, name in FILES.items():
        if blocks(page, language)[0] != (HERE / name).read_text(encoding='utf-8'):
            return f'the first block of {language} in docs/library.md is not {name}'
    return ''


def ran(page, source, build):
    try:
        import pyarrow  # noqa: F401
    except ImportError as missing:
        print(f'skipped: {missing}: this Python is not the one that the test api.pyarrow makes')
        sys.exit(SKIPPED)
    environment = {**os.environ, 'LD_LIBRARY_PATH': f'{build}/lib', 'PYTHONPATH': str(HERE)}
    done = subprocess.run([sys.executable, '-c', blocks(page, 'py')[-1]], cwd=source, env=environment,
                          capture_output=True, text=True)
    print(done.stdout + done.stderr)
    is_right = done.returncode == 0 and done.stdout == EXPECTED
    return '' if is_right else 'the example of docs/library.md prints something else'


def main(source, build=None):
    page = pathlib.Path(source, 'docs', 'library.md').read_text(encoding='utf-8')
    wrong = compared(page) or (ran(page, source, build) if build else '')
    print(wrong)
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
