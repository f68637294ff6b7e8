#!/usr/bin/env python3
"""Makes a Python of its own with packages from PyPI. Does nothing where it is there already.

usage: environment.py FOLDER REQUIREMENTS        77: no package index can be reached, or this Python has no venv
"""
import pathlib
import re
import subprocess
import sys

SKIPPED = 77
WITHOUT_NETWORK = re.compile(r'NewConnectionError|ConnectTimeoutError|Temporary failure in name resolution|ProxyError|'
                             r'ReadTimeoutError|Max retries exceeded|No matching distribution found')


def main(folder, requirements):
    mark = pathlib.Path(folder, 'made-of.txt')
    wanted = pathlib.Path(requirements).read_text(encoding='utf-8')
    if mark.exists() and mark.read_text(encoding='utf-8') == wanted:
        print('is there')
        return 0
    made = subprocess.run([sys.executable, '-m', 'venv', '--clear', folder], capture_output=True, text=True)
    if made.returncode != 0:
        print(f'skipped: {made.stdout}{made.stderr}')
        return SKIPPED
    pip = [f'{folder}/bin/python3', '-m', 'pip', 'install', '--quiet', '--retries', '1', '--timeout', '10',
           '--disable-pip-version-check', '--no-compile', '--only-binary', ':all:', '--require-hashes', '-r', requirements]
    installed = subprocess.run(pip, capture_output=True, text=True)
    print(installed.stdout + installed.stderr)
    if installed.returncode != 0:
        if WITHOUT_NETWORK.search(installed.stderr):
            print('skipped: no package index can be reached')
            return SKIPPED
        return 1
    # As pip would do it, but on all processors, and without the packages' own tests.
    subprocess.run([f'{folder}/bin/python3', '-m', 'compileall', '-qq', '-j', '0', '-x', '/tests/', f'{folder}/lib'], check=False)
    mark.write_text(wanted, encoding='utf-8')
    return 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
