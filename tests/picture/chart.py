#!/usr/bin/env python3
"""Draws docs/speed.svg from docs/speed.tsv (tests/bench/speed.py): packets a second of one processor core, on a scale of powers of ten.

usage: chart.py IN.tsv OUT.svg
"""
import csv
import math
import pathlib
import sys
from xml.sax.saxutils import escape

WIDTH, ROW, TOP, LEFT, RIGHT = 860, 30, 60, 300, 110
STYLE = '''<style>
.ink { fill: #1f2933 } .soft { fill: #5b6875 } .ours { fill: #2f9e5b } .other { fill: #9aa7b4 } .grid { stroke: #d9e0e6 }
@media (prefers-color-scheme: dark) {
.ink { fill: #e3e9ef } .soft { fill: #9fb0c0 } .ours { fill: #5ecb88 } .other { fill: #66737f } .grid { stroke: #37424d } }
</style>'''


def short(rate):
    return f'{rate / 1e6:.2f} million' if rate >= 1e6 else f'{rate:,.0f}'


def read(path):
    with open(path, encoding='utf-8') as f:
        note = f.readline().removeprefix('# ').strip()
        return note, list(csv.DictReader(f, delimiter='\t', quoting=csv.QUOTE_NONE))


def draw(path):
    note, rows = read(path)
    rows.sort(key=lambda row: -float(row['packets_per_second']))
    rates = [float(row['packets_per_second']) for row in rows]
    least, most = math.floor(math.log10(min(rates))), math.log10(max(rates))
    place = lambda rate: LEFT + (math.log10(rate) - least) / (most - least) * (WIDTH - LEFT - RIGHT)  # noqa: E731
    height = TOP + ROW * len(rows) + 44
    title = 'Packets per second of one processor core, from a capture to flows'
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
           'aria-labelledby="title" font-family="system-ui,\'Segoe UI\',Helvetica,Arial,sans-serif" font-size="13">',
           f'<title id="title">{title}: ' + escape('; '.join(f"{row['tool']} ({row['writes']}) {short(rate)}" for row, rate in zip(rows, rates))) +
           '</title>', STYLE, f'<text x="10" y="24" class="ink" font-size="16" font-weight="600">{title}</text>']
    for power in range(least, math.floor(most) + 1):
        x = place(10 ** power)
        out.append(f'<line x1="{x:.0f}" x2="{x:.0f}" y1="{TOP - 8}" y2="{TOP + ROW * len(rows)}" class="grid"/>'
                   f'<text x="{x:.0f}" y="{TOP - 13}" class="soft" text-anchor="middle" font-size="11">{10 ** power:,}</text>')
    for number, (row, rate) in enumerate(zip(rows, rates)):
        y = TOP + ROW * number
        ours = row['tool'].startswith('flowgauge')
        what = f"{row['writes']}" + (f", {row['columns']} columns" if row['columns'] else '')
        out += [f'<text x="{LEFT - 10}" y="{y + 12}" class="ink" text-anchor="end"{" font-weight=" + chr(34) + "600" + chr(34) if ours else ""}>'
                f'{escape(row["tool"])}</text>',
                f'<text x="{LEFT - 10}" y="{y + 24}" class="soft" text-anchor="end" font-size="10">{escape(what)}</text>',
                f'<rect x="{LEFT}" y="{y + 3}" width="{place(rate) - LEFT:.0f}" height="{ROW - 10}" rx="3" class="{"ours" if ours else "other"}"/>',
                f'<text x="{place(rate) + 8:.0f}" y="{y + 18}" class="ink">{short(rate)}</text>']
    out.append(f'<text x="10" y="{height - 12}" class="soft" font-size="10.5">{escape(note)}</text>')
    return '\n'.join([*out, '</svg>', ''])


if __name__ == '__main__':
    pathlib.Path(sys.argv[2]).write_text(draw(sys.argv[1]), encoding='utf-8')
