#!/usr/bin/env python3
"""Pictures of the pages: a terminal's screen as SVG, the summary, and the chart of speed, which is that of its table. What docs/view.svg shows is
compared with the view of a live run by tests/live/view_test.py."""
import os
import pathlib
import re
import shutil
import tempfile
import unittest
import xml.etree.ElementTree

import chart
import draw
import terminal_svg

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCREEN = '\x1b[7m title \x1b[0m\npackets  \x1b[1m12 k\x1b[0m  \x1b[32m▁▄██\x1b[39m\nread     █░ 50 % <&>  two  words\n\n'


class Pictures(unittest.TestCase):
    maxDiff = None

    def test_a_screen(self):
        svg = terminal_svg.draw(SCREEN, 40, 'A screen & more')
        self.assertEqual(terminal_svg.texts_of(svg), [['title'], ['packets', '12 k'], ['read', '50 % <&>', 'two', 'words']])
        tree = xml.etree.ElementTree.fromstring(svg)
        self.assertEqual(tree.find('{http://www.w3.org/2000/svg}title').text, 'A screen & more')
        self.assertEqual((tree.get('width'), tree.get('height')), ('348', '99'))
        words = dict(re.findall(r'(<text [^>]*>)([^<]*)</text>', svg)[i][::-1] for i in range(3))
        self.assertEqual(words, {'title': '<text x="22" y="47" textLength="40" fill="#14191f">', 'packets': '<text x="14" y="64" textLength="56">',
                                 '12 k': '<text x="86" y="64" textLength="32" font-weight="bold">'})
        bars = re.findall(r'<rect x="([^"]*)" y="([^"]*)" width="([^"]*)" height="([^"]*)" fill="([^"]*)"( opacity="0.25")?/>', svg)
        self.assertEqual(bars, [('14', '34', '56', '17', terminal_svg.TEXT, ''), ('134', '65.9', '8', '2.1', '#7fd99a', ''),
                                ('142', '59.5', '8', '8.5', '#7fd99a', ''), ('150', '51', '16', '17', '#7fd99a', ''),
                                ('86', '68', '8', '17', terminal_svg.TEXT, ''), ('94', '68', '8', '17', terminal_svg.TEXT, ' opacity="0.25"')])

    def test_the_chart_is_that_of_its_table(self):
        drawn = chart.draw(ROOT / 'docs' / 'speed.tsv')
        self.assertEqual((ROOT / 'docs' / 'speed.svg').read_text(encoding='utf-8'), drawn, 'run ./dev picture')
        xml.etree.ElementTree.fromstring(drawn)

    @unittest.skipUnless(shutil.which('tmux'), 'there is no tmux')
    def test_the_summary_is_what_the_program_shows(self):
        with tempfile.TemporaryDirectory() as name:
            drawn = pathlib.Path(name) / 'summary.svg'
            draw.draw_summary(os.environ['FLOWGAUGE_BINARY_DIR'], drawn)
            self.assertEqual((ROOT / 'docs' / 'summary.svg').read_text(encoding='utf-8'), drawn.read_text(encoding='utf-8'), 'run ./dev picture')

    def test_the_page_shows_them(self):
        shown = re.findall(r'!\[[^\]]+\]\((docs/[^)]*\.svg)\)', (ROOT / 'README.md').read_text(encoding='utf-8'))
        self.assertEqual([path for path in ('docs/view.svg', 'docs/summary.svg', 'docs/speed.svg') if path not in shown], [])
        for path in shown:
            xml.etree.ElementTree.parse(ROOT / path)


if __name__ == '__main__':
    unittest.main()
