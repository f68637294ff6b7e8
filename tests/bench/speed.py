#!/usr/bin/env python3
"""How fast flowgauge reads a capture, beside other tools that are here: writes the table that docs/speed.svg is drawn from.

usage: speed.py [--build FOLDER] [--packets N] [--rounds N] [--nfstream PYTHON] [--machine TEXT] OUT.tsv

Every tool reads the same made capture, one after the other, in several rounds; the least processor time counts (user and system, of all
its processes), since that is what others on the machine disturb least. Each writes to a file, softflowd to a port. A tool that is not here is
left out, and said. softflowd, argus and nfpcapd (of nfdump) are found by PATH.
"""
import argparse
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile

NFSTREAM = ("from nfstream import NFStreamer; NFStreamer('{capture}', statistical_analysis=True, n_dissections=0)"
            ".to_csv('{folder}/nfstream.csv')")
FLOWGAUGE = '{build}/bin/flowgauge pcap {capture} -f {schema} -o csv --threads 1 --export-path {folder}/flows.csv'
HEAD = ('tool', 'writes', 'columns', 'seconds', 'packets_per_second', 'command')


def tools(args):
    """(name, what it writes, columns, command as words with {capture} and {folder}, how its version is asked)."""
    for schema, columns in (('basic', 10), ('nfstream', 71), ('cic', 100), ('rustiflow', 203)):
        yield ('flowgauge', f'{schema}, CSV', columns, FLOWGAUGE.replace('{build}', args.build).replace('{schema}', schema).split(),
               [f'{args.build}/bin/flowgauge', 'version'])
    yield ('nfpcapd', 'its own format', '', ['nfpcapd', '-r', '{capture}', '-w', '{folder}'], ['nfpcapd', '-V'])
    yield ('softflowd', 'NetFlow 9, UDP', '', ['softflowd', '-r', '{capture}', '-v', '9', '-n', '127.0.0.1:9', '-m', '1000000', '-d'], ['softflowd', '-h'])
    yield ('argus', 'its own format', '', ['argus', '-r', '{capture}', '-w', '{folder}/argus.out'], ['argus', '-h'])
    yield ('NFStream', 'statistics, CSV', 77, [args.nfstream, '-c', NFSTREAM],
           [args.nfstream, '-c', 'import nfstream; print(nfstream.__version__)'])


def version(words):
    finished = subprocess.run(words, capture_output=True, text=True, check=False)
    found = re.search(r'\d+\.\d+(\.\d+)*', finished.stdout + finished.stderr)
    return found[0] if found else ''


def seconds_of(words, capture):
    """Of the processor."""
    with tempfile.TemporaryDirectory(dir=capture.parent) as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([word.replace('{capture}', str(capture)).replace('{folder}', folder) for word in words], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument('out')
    p.add_argument('--build', default='build/release')
    p.add_argument('--packets', type=int, default=1_000_000)
    p.add_argument('--rounds', type=int, default=3)
    p.add_argument('--nfstream', default='python3', help='a Python that has it')
    p.add_argument('--machine', default='')
    args = p.parse_args()
    with tempfile.TemporaryDirectory() as name:
        capture = pathlib.Path(name) / 'speed.pcap'
        words = ['make_capture', str(capture), str(args.packets), '20000', '65535']
        subprocess.run([f'{args.build}/bin/{words[0]}', *words[1:]], check=True)
        here, least = [], {}
        for tool in tools(args):
            versioned = version(tool[4]) if shutil.which(tool[3][0]) else ''
            if versioned:
                here.append((*tool[:4], versioned))
            else:
                print(f'{tool[0]} is not here: left out', file=sys.stderr)
        for _ in range(args.rounds):
            for number, tool in enumerate(here):
                seconds = seconds_of(tool[3], capture)
                least[number] = min(seconds, least.get(number, seconds))
        lines = [f'# tests/bench/speed.py: make_capture speed.pcap {" ".join(words[2:])}; least processor time of {args.rounds} rounds in turns; '
                 f'{args.machine}', '\t'.join(HEAD)]
        for number, (tool, writes, columns, command, versioned) in enumerate(here):
            shown = ' '.join(word if ' ' not in word else f'"{word}"' for word in command)
            shown = shown.replace('{capture}', 'speed.pcap').replace('{folder}', 'OUT').replace(f'{args.build}/bin/', '').replace(args.nfstream, 'python3')
            lines.append('\t'.join(map(str, (f'{tool} {versioned}', writes, columns, f'{least[number]:.2f}',
                                             1000 * round(args.packets / least[number] / 1000), shown))))
    pathlib.Path(args.out).write_text('\n'.join([*lines, '']), encoding='utf-8')


if __name__ == '__main__':
    main()
