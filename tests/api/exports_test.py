#!/usr/bin/env python3
"""libflowgauge.so exports what its header declares, by versioned names, and nothing else.

usage: exports_test.py LIBRARY HEADER
"""
import re
import subprocess
import sys

FIRST_NODE = 'FLOWGAUGE_0'
ADDED = dict.fromkeys(('flowgauge_session_add_events', 'flowgauge_session_profile', 'flowgauge_session_write_events'), 'FLOWGAUGE_0_1')  # functions that came later, by the API that brought them
SONAME = 'libflowgauge.so.0'


def declared(header):
    """Names of the functions that are not defined in the header itself."""
    text = re.sub(r'/\*.*?\*/', ' ', header, flags=re.S)
    return set(re.findall(r'FLOWGAUGE_API\s[^;{(]*?\b(flowgauge_\w+)\(', text))


def exported(nm):
    """{name with version: kind} of the lines of `nm -D --defined-only --with-symbol-versions`."""
    return {words[-1]: words[-2] for words in (line.split() for line in nm.splitlines()) if len(words) >= 2}


def complaints(names, symbols):
    versioned = {f'{name}@@{ADDED.get(name, FIRST_NODE)}': name for name in names}
    expected = {symbol: 'T' for symbol in versioned}
    for node in {FIRST_NODE, *ADDED.values()}:
        expected |= {node: 'A', f'{node}@@{node}': 'A'}
    out = [f'{name} is declared, but not exported as {symbol}' for symbol, name in sorted(versioned.items())
           if symbols.get(symbol) != 'T']
    return out + [f'{name} ({kind}) is exported, but not declared' for name, kind in sorted(symbols.items())
                  if expected.get(name) != kind]


def tool(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def main(library, header):
    with open(header, encoding='utf-8') as file:
        names = declared(file.read())
    out = complaints(names, exported(tool('nm', '-D', '--defined-only', '--with-symbol-versions', library)))
    # The comparison itself: a name too many and a name too few are both found.
    wrong = {'flowgauge_a@@FLOWGAUGE_0': 'T', '_ZN9flowgauge3runEv': 'T'}
    if len(complaints({'flowgauge_a', 'flowgauge_b'}, wrong)) != 2:
        out.append('the comparison does not see what is wrong')
    if f'Library soname: [{SONAME}]' not in tool('readelf', '-d', library):
        out.append(f'its soname is not {SONAME}')
    print('\n'.join(out) if out else f'{len(names)} functions, and nothing else')
    return 1 if out or not names else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
