#!/usr/bin/env python3
"""compare_frames.py FRAME_DUMP ORACLE_FOLDER CAPTURE_FOLDER...: the frames of all captures, read twice, must be the same.

FRAME_DUMP prints what the library reads; ORACLE_FOLDER holds capture_file.py. Damage must be met at the same
packet and byte. Exit code 77: the captures are not there.
"""
import pathlib
import re
import subprocess
import sys
import zlib

dump, oracle_folder, *folders = sys.argv[1:]
captures = [path for folder in folders for path in sorted(pathlib.Path(folder).glob('*'))]
if not captures:
    print(f'skipped: no captures at {folders}')
    sys.exit(77)
sys.path.insert(0, oracle_folder)
import capture_file  # noqa: E402


def expected(path):
    """Lines as FRAME_DUMP prints them; damage as (packet, byte)."""
    lines = []
    try:
        for frame in capture_file.read_capture(path):
            crc = zlib.crc32(frame.data)
            lines.append(f'{frame.number} {frame.ts} {frame.wire_len} {len(frame.data)} {crc} {frame.linktype} {frame.interface}')
    except capture_file.CaptureError as error:
        # A damaged file header: packet 0.
        return lines, (error.number, error.offset) if error.number else 'refused'
    return lines, 'end'


def found(path):
    out = subprocess.run([dump, path], capture_output=True, text=True, check=True).stdout.splitlines()
    last = out.pop()
    damage = re.match(r'damaged .*: packet (\d+) at byte (\d+)', last)
    if damage:
        return out, (int(damage[1]), int(damage[2])), last
    block = re.match(r'damaged .*: block \d+ at byte (\d+), behind packet (\d+),', last)
    return out, (int(block[2]) + 1, int(block[1])) if block else last.split()[0], last


failures = compared = frames = 0
for path in captures:
    if path.suffix not in ('.pcap', '.pcapng', '.cap', '.gz', '.ntar'):
        continue
    want, want_end = expected(path)
    have, have_end, last = found(str(path))
    compared += 1
    frames += len(want)
    if want != have or want_end != have_end:
        failures += 1
        at = next((i for i, pair in enumerate(zip(want, have)) if pair[0] != pair[1]), min(len(want), len(have)))
        print(f'{path.name}: differs at frame {at + 1} of {len(want)}/{len(have)}: '
              f'{want[at:at + 1]} expected, {have[at:at + 1]} found; end {want_end} expected, {have_end} found: {last}')
print(f'{compared} captures, {frames} frames, {failures} captures differ')
sys.exit(1 if failures or not compared else 0)
