#!/usr/bin/env python3
"""Does what a page of docs/tutorials says, word for word, and compares.

tutorial.py PROJECT NAME WORK BINDIR      WORK/prefix holds an installation

Every quoted block of the page stands in a file of its folder. Its commands build the plugin in a copy of the folder, which lies as in the
project; the rows that the last one writes are expected.csv. The project's own test, `flowgauge plugin check`, passes.
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

FILES = {'cpp': '*.cpp', 'c': '*.[ch]', 'go': '*.go', 'cmake': 'CMakeLists.txt', 'yaml': '*.yaml', 'csv': 'expected.csv'}
TOOLS = {'in_go': 'go'}         # what a page takes besides a C and C++ compiler
HEADERS = {'sqlite': 'sqlite3.h'}
SKIPPED = 77


def blocks_of(page):
    return re.findall(r'^```(\w+)\n(.*?)^```$', page.read_text(encoding='utf-8'), flags=re.M | re.S)


def strange_quotes(folder, blocks):
    for language, block in blocks:
        sources = [path.read_text(encoding='utf-8') for path in folder.glob(FILES.get(language, ''))] if language in FILES else []
        if language != 'sh' and not any(block in source for source in sources):
            yield f'{folder}/README.md quotes what stands in no {FILES.get(language, language)}:\n{block}'


def copy_of(project, name, work):
    root = work / name
    shutil.rmtree(root, ignore_errors=True)
    folder = root / 'docs' / 'tutorials' / name
    shutil.copytree(project / 'docs' / 'tutorials' / name, folder)
    (root / 'fixtures').mkdir()
    for capture in (project / 'fixtures').glob('*.pcap'):
        shutil.copy(capture, root / 'fixtures')
    return folder


def has_header(name):
    compiler = os.environ.get('CC', 'cc')
    return subprocess.run([compiler, '-E', '-include', name, '-x', 'c', '/dev/null'], capture_output=True, check=False).returncode == 0


def run(line, folder, environment):
    """What a command of the page writes."""
    finished = subprocess.run(shlex.split(line), cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        raise SystemExit(f'{line}\nends with {finished.returncode}\n{finished.stdout}{finished.stderr}')
    return finished.stdout


def main(project, name, work, bindir):
    project, work = pathlib.Path(project), pathlib.Path(work)
    if name in TOOLS and not shutil.which(TOOLS[name]):
        print(f'skipped: {TOOLS[name]} is not installed')
        return SKIPPED
    if name in HEADERS and not has_header(HEADERS[name]):
        print(f'skipped: {HEADERS[name]} is not installed')
        return SKIPPED
    blocks = blocks_of(project / 'docs' / 'tutorials' / name / 'README.md')
    wrong = list(strange_quotes(project / 'docs' / 'tutorials' / name, blocks))
    commands = [line for language, block in blocks if language == 'sh' for line in block.splitlines()]
    if len(commands) not in (3, 4) or len(blocks) < 6:
        wrong.append(f'{name}: {len(commands)} commands and {len(blocks)} blocks: is this still a tutorial?')
    folder = copy_of(project, name, work)
    environment = {**os.environ, 'CMAKE_PREFIX_PATH': str(work / 'prefix'), 'PATH': f'{work / "prefix" / bindir}:{os.environ["PATH"]}'}
    rows = [run(line, folder, environment) for line in commands][-1]
    expected = folder / 'expected.csv'
    if rows != expected.read_text(encoding='utf-8'):
        wrong.append(f'{commands[-1]}\nwrites other rows than {name}/expected.csv:\n{rows}')
    said = run('ctest --test-dir build --output-on-failure', folder, environment)
    if f'{name}.conformance' not in said:
        wrong.append(f'{name}/CMakeLists.txt has no test {name}.conformance:\n{said}')
    print('\n'.join(wrong) or f'{len(blocks)} blocks compared, {len(rows.splitlines())} lines as expected')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
