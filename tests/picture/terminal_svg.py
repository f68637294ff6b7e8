"""A terminal's screen, with its colours, as an SVG: text that can be selected and read aloud, on a dark ground as a terminal has it, so
that it looks the same on light and dark pages."""
import dataclasses
import re
from xml.sax.saxutils import escape

SEQUENCE = re.compile(r'\x1b\[([0-9;]*)m|\x1b\(B|\x0f|\x0e')
CELL, LINE, SIZE = 8.0, 17, 13                          # width and height of a character's place, size of the letters, in pixels
PAD, TOP = 14, 34                                       # around the text; above it, for the three buttons
GROUND, TEXT = '#14191f', '#d5dde5'
COLOURS = {30: '#3b4654', 31: '#f0717c', 32: '#7fd99a', 33: '#f2c572', 34: '#79b8ff', 35: '#d6a4f5', 36: '#6fd3d8', 37: TEXT}
BLOCKS = {'▁': 1, '▂': 2, '▃': 3, '▄': 4, '▅': 5, '▆': 6, '▇': 7, '█': 8}   # eighths of a cell's height
SHADE = '░'


@dataclasses.dataclass(frozen=True)
class Look:
    colour: str = TEXT
    ground: str = ''
    is_bold: bool = False
    is_dim: bool = False
    is_reversed: bool = False

    def after(self, code):
        if code == 0:
            return Look()
        changes = {1: {'is_bold': True}, 2: {'is_dim': True}, 7: {'is_reversed': True}, 22: {'is_bold': False, 'is_dim': False},
                   27: {'is_reversed': False}, 39: {'colour': TEXT}, 49: {'ground': ''}}.get(code, {})
        if code % 100 in range(30, 38):                 # 90 and more: bright ones
            changes = {'colour': COLOURS[code % 100]}
        elif 90 <= code <= 97:
            changes = {'colour': COLOURS[code - 60]}
        elif 40 <= code <= 47:
            changes = {'ground': COLOURS[code - 10]}
        return dataclasses.replace(self, **changes)


def pieces_of(line, look):
    """[(column, text, look)] of a line, and the look behind it."""
    pieces, column, at = [], 0, 0
    for found in [*SEQUENCE.finditer(line), None]:
        text = line[at:found.start() if found else len(line)]
        if text:
            pieces.append((column, text, look))
            column += len(text)
        if found:
            at = found.end()
            if found[1] is not None:
                for code in found[1].split(';'):
                    look = look.after(int(code or 0))
    return pieces, look


def number(value):
    return f'{value:.1f}'.removesuffix('.0')


def rectangle(column, row, width, eighths, colour, more=''):
    height = LINE * eighths / 8
    return (f'<rect x="{number(PAD + column * CELL)}" y="{number(TOP + (row + 1) * LINE - height)}" width="{number(width * CELL)}" '
            f'height="{number(height)}" fill="{colour}"{more}/>')


def blocks(column, row, text, colour):
    """Bars are drawn, not written: no font has a gap in them."""
    for run in re.finditer(f'([{"".join(BLOCKS)}{SHADE}])\\1*', text):
        shade = run[0][0] == SHADE
        yield rectangle(column + run.start(), row, len(run[0]), 8 if shade else BLOCKS[run[0][0]], colour, ' opacity="0.25"' if shade else '')


def letters(column, row, text, look, colour):
    """A word or several with single spaces: each has its place, whatever the font."""
    style = ' font-weight="bold"' * look.is_bold + ' opacity="0.62"' * look.is_dim
    style += f' fill="{colour}"' if colour != TEXT else ''
    for words in re.finditer(r'\S+(?: \S+)*', re.sub(f'[{"".join(BLOCKS)}{SHADE}]', ' ', text)):
        yield (f'<text x="{number(PAD + (column + words.start()) * CELL)}" y="{TOP + row * LINE + 13}" '
               f'textLength="{number(len(words[0]) * CELL)}"{style}>{escape(words[0])}</text>')


def draw(screen, columns, title):
    """`screen`: lines with sequences of SGR, as `tmux capture-pane -e` gives them."""
    lines = screen.rstrip('\n').split('\n')
    width, height = columns * CELL + 2 * PAD, TOP + len(lines) * LINE + PAD
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(width)} {number(height)}" width="{number(width)}" '
           f'height="{number(height)}" role="img" aria-labelledby="title">',
           f'<title id="title">{escape(title)}</title>',
           f'<rect width="100%" height="100%" rx="9" fill="{GROUND}"/>',
           *(f'<circle cx="{PAD + 6 + 18 * i}" cy="17" r="5.5" fill="{colour}"/>' for i, colour in enumerate(('#f0717c', '#f2c572', '#7fd99a'))),
           f'<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,\'DejaVu Sans Mono\',monospace" font-size="{SIZE}" fill="{TEXT}">']
    look = Look()
    for row, line in enumerate(lines):
        pieces, look = pieces_of(line, look)
        for column, text, of in pieces:
            colour, ground = (of.ground or GROUND, of.colour) if of.is_reversed else (of.colour, of.ground)
            if ground:
                out.append(rectangle(column, row, len(text), 8, ground))
            out += blocks(column, row, text, colour)
            out += letters(column, row, text, of, colour)
    return '\n'.join([*out, '</g>', '</svg>', ''])


def texts_of(svg):
    """The words of such a picture, by lines."""
    rows = {}
    for y, text in re.findall(r'<text x="[^"]*" y="(\d+)"[^>]*>([^<]*)</text>', svg):
        rows.setdefault(int(y), []).append(text.replace('&lt;', '<').replace('&gt;', '>').replace('&amp;', '&'))
    return [rows[y] for y in sorted(rows)]
