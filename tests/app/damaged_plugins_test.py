#!/usr/bin/env python3
"""Copies of plugins with 1 to 8 bytes changed, by a fixed seed: whatever the bytes say, no tool that lists dies, none blames flowgauge, and the other
plugins are still listed. A run with such a copy does its work, or says that the plugin failed."""
import argparse
import os
import pathlib
import random
import re
import resource
import shutil
import sys
import tempfile

import program

PLUGINS = program.BINARY_DIR / 'lib/flowgauge/plugins'
SEED = 16
USUAL, ALL = 10 if os.environ.get('FLOWGAUGE_SANITIZED') == '1' else 30, 700
GOOD_CODES = {0, 1, 2, 5, 6}
BLAMES = re.compile('this is a bug in flowgauge|Assertion|terminate called|Traceback')


def no_core():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def damaged(chance, bytes_of):
    """The name of a plugin, and its bytes but for some."""
    name = chance.choice(sorted(bytes_of))
    copy = bytearray(bytes_of[name])
    for _ in range(chance.randint(1, 8)):
        copy[chance.randrange(len(copy))] = chance.randrange(256)
    return name, bytes(copy)


def complaints_about(finished, what):
    said = finished.stderr
    if BLAMES.search(said):
        return [f'{what}: blames flowgauge: {said}']
    return []


def listed(executable, folder, words, expects):
    """A tool that only tells: it never dies, and the others are there."""
    finished = program.run(*words, '--plugin-dir', folder, preexec_fn=no_core, program=executable)
    out = complaints_about(finished, words)
    if finished.returncode not in GOOD_CODES:
        out.append(f'{words}: ended with {finished.returncode}: {finished.stderr}')
    if expects.encode() not in finished.stdout:
        out.append(f'{words}: does not list {expects}: {finished.stderr}')
    return out


def run_with(executable, folder, name):
    """A run may fail, by a signal as well, if it says whose fault it is."""
    words = ('pcap', program.SOURCE_DIR / 'fixtures/demo.pcap', '-f', 'rustiflow', '-o', 'csv', '--plugin-dir', folder, '--trial-time', '2')
    finished = program.run(*words, preexec_fn=no_core, program=executable)
    out = complaints_about(finished, f'run with {name}')
    if finished.returncode != 0 and name not in finished.stderr and f'{folder}' not in finished.stderr:
        out.append(f'run with {name}: ended with {finished.returncode} and names nobody: {finished.stderr}')
    return out


def try_copy(executable, number, name, copy):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, name)
        path.write_bytes(copy)
        path.chmod(0o644)
        found = listed(executable, folder, ('plugins',), 'timing' if name != 'timing.so' else 'iat') + listed(executable, folder, ('columns',), 'flow.')
        found += run_with(executable, folder, name)
        info = program.run('plugin', 'info', path, preexec_fn=no_core, program=executable)
        found += complaints_about(info, 'info') + ([] if info.returncode in GOOD_CODES else [f'info: ended with {info.returncode}: {info.stderr}'])
        if found:
            shutil.copy(path, tempfile.gettempdir())
    return [f'copy {number} of {name}: {one}' for one in found]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--copies', type=int, default=int(os.environ.get('FLOWGAUGE_DAMAGED_COPIES', USUAL)), help=f'how many; {ALL} are all')
    copies = parser.parse_args().copies
    bytes_of = {path.name: path.read_bytes() for path in PLUGINS.glob('*.so')}
    wrong = []
    with tempfile.TemporaryDirectory() as tree:
        executable = program.small_tree(tree)
        for number in range(copies):
            wrong += try_copy(executable, number, *damaged(random.Random(f'{SEED} {number}'), bytes_of))
    print(*wrong, f'{copies} damaged copies, {len(wrong)} complaints', sep='\n')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
