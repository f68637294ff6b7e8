#!/usr/bin/env python3
"""What the view shows of live traffic, on a real terminal: within a second that it lives, then the rate of the traffic, which
the interface counts too; and at the end the report. docs/view.svg has the sections that the view has today. And a run that is
started from the editor."""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

import common
import processes
from network import Network

sys.path[:0] = [str(common.HERE.parent / 'support'), str(common.HERE.parent / 'picture')]
import editor_screen  # noqa: E402
import terminal_svg  # noqa: E402
import tmux  # noqa: E402

PICTURE = common.HERE.parents[1] / 'docs' / 'view.svg'
LABEL_COLUMNS = 11

RATE = 20_000                                           # packets a second
TOLERANCE = 0.05
UNITS = {'': 1, 'k': 1_000, 'M': 1_000_000}


def shown_rate(lines):
    """None: there is no view."""
    found = re.match(r'packets/s +([0-9.]+) ?([kM]?)', lines[1])
    return float(found[1]) * UNITS[found[2]] if found else None


def sections(labels, keys):
    """What the lines begin with, down to the table; a machine has one lane or more, and one that is busy loses packets."""
    labels = [re.sub(r'^lane \d+$', 'lane', label).replace('flow-t0', 'eth0') for label in labels]
    found = dict.fromkeys(label for label in labels[:labels.index('address') + 1] if label not in ('', 'lost/s'))
    return [*found, *keys]


def judge_picture(lines):
    shown = sections([line[:LABEL_COLUMNS].strip() for line in lines[1:-1]], re.split(r'  +', lines[-1].strip()))
    title, *rows, keys = terminal_svg.texts_of(PICTURE.read_text(encoding='utf-8'))
    drawn = sections([row[0] for row in rows], keys)
    return [] if title[0].startswith('flowgauge') and drawn == shown else [f'{PICTURE.name} has {drawn}, the view {shown}; run ./dev picture']


class Counted:
    """The packets that the interface has taken, at several times; the view's number is of the last second or a little more."""

    def __init__(self, net):
        self.net = net
        self.seen = []

    def look(self):
        self.seen.append((time.monotonic(), self.net.here.counted('rx_packets')))

    def rate(self):
        now, last = self.seen[-1]
        then, first = [look for look in self.seen if look[0] <= now - 1.1][-1] if self.seen[0][0] <= now - 1.1 else self.seen[0]
        return (last - first) / (now - then) if now > then else 0


def judge(args, net, folder):
    window = tmux.Window(folder, columns=100, rows=30)
    wrong = []
    try:
        words = [args.program, 'realtime', net.here.interface(), '-f', 'basic', '--export-path', 'rows.csv', '--idle-timeout', '1']
        began = time.monotonic()
        window.enter(shlex.join(net.here.command(*words)) + '; echo code=$?=')
        window.wait_for(lambda lines: shown_rate(lines) is not None, 'the view')
        print(f'the view is there after {time.monotonic() - began:.2f} s')
        sender = processes.start([args.sender, 'flood', net.there.name, net.there.interface(), 0, 'seconds=60', f'rate={RATE}'],
                                 stdout=subprocess.DEVNULL)
        counted = Counted(net)
        pairs = []

        def agree(lines):
            counted.look()
            pairs.append((shown_rate(lines), counted.rate()))
            shown, real = pairs[-1]
            return real > RATE / 2 and abs(shown - real) <= TOLERANCE * real

        window.wait_for(agree, 'the rate that the interface counts')
        print(f'shown {pairs[-1][0]:,.0f} packets/s, counted {pairs[-1][1]:,.0f}')
        lines = window.wait_for_text('10.')              # who talks
        if not any(line.startswith('address') for line in lines):
            wrong.append('the table of talkers has no head')
        elif 'ebpf' in common.methods(args, net.here):
            wrong += judge_picture(window.wait_for_text('address'))
        sender.kill()
        sender.wait()
        window.press('C-c')
        lines = window.wait_for_text('code=0=')
        if not any(line.startswith('wire     flow-t0 ingress:') for line in lines):
            wrong.append('the report is not on the terminal: ' + '\n'.join(lines))
    finally:
        window.close()
    return wrong


def judge_first_command(args, net, folder):
    """The first one of the README: rows go to the terminal, and on a wire where nothing comes there is none for long."""
    window = tmux.Window(folder, columns=100, rows=30)
    try:
        began = time.monotonic()
        window.enter(shlex.join(net.here.command(args.program, 'realtime', net.here.interface())) + '; echo code=$?=')
        window.wait_for(lambda lines: any(re.fullmatch(r'\d:\d\d, [\d,]+ packets/s, \d+ flows?, \d+ rows?', line) for line in lines),
                        'the line of status')
        print(f'the first command lives after {time.monotonic() - began:.2f} s')
        window.press('C-c')
        window.wait_for_text('code=0=')
    finally:
        window.close()
    return []


def judge_editor(args, net, folder):
    """A profile made on the screen, with a column of one's own, saved, and its run of an interface started there."""
    window = tmux.Window(folder, columns=100, rows=30)
    sender = None
    try:
        window.enter('stty -g > before')
        window.enter(shlex.join(net.here.command(args.program, 'configure')) + '; echo code=$?=')
        editor_screen.choose(window, 'Source', 'network interfaces')
        window.press('Enter')
        editor_screen.choose(window, 'Source', net.here.interface())
        window.press('Space')
        window.wait_for_text(f'$ flowgauge realtime {net.here.interface()} -p')
        editor_screen.choose(window, 'Schema', 'columns of your own')
        window.press('Enter')
        editor_screen.choose(window, 'Columns', 'add a column of your own')
        window.press('Enter')
        window.type('flow.protocol * 2 + flow.protocl')
        window.wait_for(lambda lines: "did you mean 'flow.protocol'?" in ' '.join(' '.join(line[17:] for line in lines).split()), 'the mistake')
        window.press('BSpace')
        window.type('ol')
        window.press('Enter')
        window.wait_for_text('column 1')
        editor_screen.type_value(window, 'Columns', '  name', 'thrice')
        editor_screen.type_value(window, 'Timeouts', 'idle_timeout', '200ms')
        editor_screen.type_value(window, 'Outputs', 'path', 'made.csv')
        window.type('r')
        window.press('C-u')
        window.type('made.yaml')
        window.press('Enter')
        window.wait_for(lambda lines: shown_rate(lines) is not None, 'the view')
        sender = processes.start([args.sender, 'flood', net.there.name, net.there.interface(), 0, 'seconds=60', 'rate=1000'],
                                 stdout=subprocess.DEVNULL)
        window.wait_for(lambda lines: (shown_rate(lines) or 0) > 0, 'packets')
        window.press('C-c')
        window.wait_for_text('code=0=')
        window.enter('clear; stty -g > after; cmp before after && echo as before; head -2 made.csv')
        # The first command stands there until the screen is cleared.
        lines = window.wait_for(lambda lines: 'stty' not in lines[0] and sum(line != '' for line in lines) >= 4, 'the rows')
    finally:
        if sender is not None:
            sender.kill()
            sender.wait()
        window.close()
    before, header, row = lines[:3]
    cells = row.split(',')
    is_right = (before, header) == ('as before', 'flow.src_ip,flow.dst_ip,flow.protocol,thrice') and int(cells[3]) == 3 * int(cells[2]) > 0
    return [] if is_right else ['on the screen: ' + ' | '.join(lines[:3])]


def main():
    args = common.arguments(__doc__).parse_args()
    common.require('tmux')
    with Network() as net, tempfile.TemporaryDirectory() as name:
        common.methods(args, net.here)
        folder = pathlib.Path(name)
        views = [('view', judge(args, net, folder)), ('first command', judge_first_command(args, net, folder)),
                 ('editor', judge_editor(args, net, folder))]
        return common.verdict(views, 'views')


if __name__ == '__main__':
    sys.exit(main())
