#!/usr/bin/env python3
"""Makes the header of an imagined ABI 1.2 from today's: every struct that may grow has one field more at its end.

newer_header.py HEADER OUTPUT
"""
import re
import sys

from layout import FROZEN

# As docs/plugin-abi.md, section 2 asks: hidden from those who want to run on older hosts.
FIELD = '#if FG_TARGET_MINOR >= 2\n  uint64_t imagined;\n#endif\n'


def newer(header):
    def grown(match):
        return match[0] if match[1] in FROZEN else FIELD + match[0]

    text, structs = re.subn(r'^\} (fg_\w+);', grown, header, flags=re.M)
    text, minors = re.subn(r'^#define FG_ABI_MINOR 1\b', '#define FG_ABI_MINOR 2', text, flags=re.M)
    if structs < 20 or minors != 1:
        raise SystemExit(f'the header has another form than this script knows: {structs} structs, {minors} FG_ABI_MINOR')
    return text


if __name__ == '__main__':
    with open(sys.argv[1]) as source:
        made = newer(source.read())
    with open(sys.argv[2], 'w') as target:
        target.write(made)
