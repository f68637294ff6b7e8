#!/usr/bin/env python3
"""Inputs that a fuzz target begins with, made of the captures in some folders; and a run of the target over them.

    seeds.py TARGET FOLDER [CAPTURES...]           writes them into FOLDER
    seeds.py TARGET --run PROGRAM [CAPTURES...]    runs `fuzz_TARGET` over them
"""
import bz2
import gzip
import hashlib
import lzma
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'oracle'))

from capture_file import CaptureError, read_capture

SECTION = b'\x0a\x0d\x0d\x0a'
CLASSIC = tuple(map(bytes.fromhex, ('d4c3b2a1', 'a1b2c3d4', '4d3cb2a1', 'a1b23c4d', '34cdb2a1', 'a1b2cd34')))
COMPRESSED = tuple(map(bytes.fromhex, ('1f8b', '28b52ffd', '425a68', 'fd377a585a', '04224d18')))
MOST_BYTES = 16_384             # of a file; of longer ones the beginning
MOST_FRAMES, MOST_FRAME = 12, 400


def files(folders):
    for folder in folders:
        yield from sorted(p for p in pathlib.Path(folder).rglob('*') if p.is_file() and p.parent.name != 'large')


def frames(path):
    """Of a capture's frames the first ones and some of the others."""
    found = []
    try:
        for frame in read_capture(path):
            found.append(frame)
            if len(found) == 1000:
                break
    except (CaptureError, OSError, EOFError, ValueError, subprocess.CalledProcessError):
        pass
    some = found[:MOST_FRAMES // 2]
    rest = found[len(some):]
    return some + rest[::max(1, 2 * len(rest) // MOST_FRAMES)]


def parse_seeds(paths):
    """As tests/fuzz/parse.cpp reads them."""
    for path in paths:
        for frame in frames(path):
            data = frame.data[:MOST_FRAME]
            longer = min(255, (max(0, frame.wire_len - len(data)) + 63) // 64)
            yield struct.pack('<HBB', frame.linktype & 0xFFFF, 0, longer) + data


def file_seeds(paths, magics):
    for path in paths:
        with open(path, 'rb') as f:
            data = f.read(MOST_BYTES)
        if data.startswith(magics):
            yield data


def stream_seeds(paths):
    paths = list(paths)
    yield from file_seeds(paths, COMPRESSED)
    text = bytes(range(256)) * 8 + bytes(2000)
    for compress in (gzip.compress, bz2.compress, lzma.compress):
        yield from (compress(text), compress(text) + compress(text[:100]), compress(b''))
    for tool in ('zstd', 'lz4'):
        if shutil.which(tool):
            yield subprocess.run([tool, '-qc'], input=text, capture_output=True, check=True).stdout


def seeds(target, folders):
    paths = files(folders)
    return {'parse': lambda: parse_seeds(paths), 'pcapng': lambda: file_seeds(paths, SECTION),
            'classic': lambda: file_seeds(paths, CLASSIC), 'streams': lambda: stream_seeds(paths)}[target]()


def write(target, folder, folders):
    """Named by their content: the same inputs are the same files."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds(target, folders):
        (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


def main():
    target, *words = sys.argv[1:]
    if words[0] != '--run':
        write(target, pathlib.Path(words[0]), words[1:])
        return 0
    with tempfile.TemporaryDirectory() as folder:
        write(target, pathlib.Path(folder), words[2:])
        return subprocess.run([words[1], folder]).returncode


if __name__ == '__main__':
    sys.exit(main())
