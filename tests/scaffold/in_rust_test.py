#!/usr/bin/env python3
"""docs/writing-in-rust.md, done word for word against an installation: its commands give the rows of the sample, what it quotes stands in the
project, and the numbers that the project compares its structs with are those of the ABI's golden layout.

in_rust_test.py PROJECT
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
# A struct of src/flowgauge.rs: that of the header. Fields are called alike but for these.
STRUCTS = {'Column': 'fg_column', 'Opt': 'fg_option', 'Value': 'fg_value', 'Vector': 'fg_vector', 'Text': 'fg_string', 'Host': 'fg_host',
           'Packet': 'fg_packet', 'Flow': 'fg_flow', 'Create': 'fg_create', 'Batch': 'fg_batch', 'Emit': 'fg_emit',
           'FeatureTable': 'fg_feature', 'Module': 'fg_module'}
FIELDS = {'kind': 'type'}


def golden_layout(project):
    """(struct, field) and (struct, None): offset and size."""
    numbers, struct = {}, None
    for line in (project / 'tests/abi/layout.golden').read_text().splitlines():
        words = line.split()
        if line.startswith('struct '):
            struct = words[1]
            numbers[struct, None] = int(words[2])
        elif line.startswith('  ') and struct:
            numbers[struct, words[0]] = int(words[1])
        else:
            struct = None
    return numbers


def wrong_numbers(project, source):
    golden = golden_layout(project)
    said = [(STRUCTS[name], None, int(number)) for name, number in re.findall(r'size_of::<(\w+)>\(\) == (\d+)', source)]
    said += [(STRUCTS[name], FIELDS.get(field, field), int(number))
             for name, field, number in re.findall(r'offset_of!\((\w+), (\w+)\) == (\d+)', source)]
    if {struct for struct, _, _ in said} != set(STRUCTS.values()):
        yield 'not every struct of src/flowgauge.rs is compared with the header'
    for struct, field, number in said:
        if golden[struct, field] != number:
            yield f'src/flowgauge.rs: {struct}.{field}: {number}, in the header {golden[struct, field]}'


def run(line, folder, environment):
    finished = subprocess.run(shlex.split(line), cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        raise SystemExit(f'{line}\nends with {finished.returncode}\n{finished.stdout}{finished.stderr}')
    return finished.stdout


def main(project):
    project = pathlib.Path(project)
    if not shutil.which('cargo'):
        print('skipped: cargo is not installed')
        return SKIPPED
    page = (project / 'docs/writing-in-rust.md').read_text()
    commands = re.search(r'^```sh\n(.*?)^```$', page, re.MULTILINE | re.DOTALL)[1].splitlines()
    quotes = re.findall(r'^```rust\n(.*?)^```$', page, re.MULTILINE | re.DOTALL)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        prefix = folder / 'prefix'
        subprocess.run(['cmake', '--install', os.environ['FLOWGAUGE_BINARY_DIR'], '--prefix', prefix], check=True, stdout=subprocess.DEVNULL)
        environment = {**os.environ, 'CMAKE_PREFIX_PATH': str(prefix), 'RUSTFLAGS': '-D warnings',
                       'PATH': f"{prefix / os.environ['FLOWGAUGE_BINDIR']}:{os.environ['PATH']}"}
        said = [run(line, folder, environment) for line in commands]
        made = folder / 'small_packets'
        wrong = [f'the page quotes what is not in src/lib.rs:\n{quote}' for quote in quotes if quote not in (made / 'src/lib.rs').read_text()]
        wrong += wrong_numbers(project, (made / 'src/flowgauge.rs').read_text())
        if len(quotes) < 4 or 'out of 2' not in ''.join(said):
            wrong.append('fewer quotes or tests than there were')
        if said[-1] != (made / 'expected.csv').read_text():
            wrong.append(f'{commands[-1]}\nwrites other rows than expected.csv:\n{said[-1]}')
    print('\n'.join(wrong) or f'{len(quotes)} quotes, {len(commands)} commands as said')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
