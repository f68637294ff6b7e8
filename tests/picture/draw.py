#!/usr/bin/env python3
"""Draws what the program shows on a terminal.

usage: draw.py view BUILD OUT.svg      the view of a live run (as root: it makes a cable of its own)
       draw.py summary BUILD OUT.svg   the summary of a table of the same traffic
"""
import pathlib
import shlex
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / 'support'), str(HERE.parent / 'live')]

import office  # noqa: E402
import processes  # noqa: E402
import terminal_svg  # noqa: E402
import tmux  # noqa: E402
from network import Network  # noqa: E402

COLUMNS, ROWS = 100, 26
SECONDS = 85
SHOWN_AT = ' running 1:18'
VIEW_TITLE = 'The live view of flowgauge: packets and bits per second, flows, lanes, interfaces, outputs, and who moves most'
SUMMARY_COLUMNS, SUMMARY_ROWS = 82, 70
SUMMARY_TITLE = 'A summary of flowgauge: rows, span, protocols, services, ends, columns, and what is suspicious'
DRAWN = 'drawn'                                         # stands behind what is drawn


def draw_view(build, out):
    build = pathlib.Path(build).resolve()
    with Network(addresses=False) as net, tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        interface = net.here.interface()                # the sender knows it by this name; the picture has a plain one
        office.write(folder / 'office.pcap', SECONDS)
        window = tmux.Window(folder, columns=COLUMNS, rows=ROWS)
        words = [build / 'bin' / 'flowgauge', 'realtime', interface, '-f', 'basic', '--idle-timeout', '15', '--export-path', 'flows.csv', '--view']
        window.enter(shlex.join(net.here.command(*words)))
        window.wait_for(lambda lines: lines[0].startswith(f' flowgauge  {interface}'), 'the view')
        sender = processes.start([build / 'bin' / 'live_sender', 'replay', net.there.name, net.here.name, 0, folder / 'office.pcap'],
                                 stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        with processes.running(sender):
            sender.stdin.write(b'go\n')
            sender.stdin.flush()
            window.wait_for(lambda lines: SHOWN_AT in lines[0], SHOWN_AT)
            screen = window.styled_screen()
        window.press('C-c')
        window.wait_for(lambda lines: not any('Ctrl-C end run' in line for line in lines), 'the end')
        window.close()
    screen = screen.replace(interface, 'eth0'.ljust(len(interface)))
    pathlib.Path(out).write_text(terminal_svg.draw(screen, COLUMNS, VIEW_TITLE), encoding='utf-8')


def draw_summary(build, out):
    flowgauge = pathlib.Path(build).resolve() / 'bin' / 'flowgauge'
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        office.write(folder / 'office.pcap', SECONDS)
        subprocess.run([flowgauge, 'pcap', 'office.pcap', '-f', 'basic', '--export-path', 'flows.csv'], cwd=folder, check=True, capture_output=True)
        window = tmux.Window(folder, columns=SUMMARY_COLUMNS, rows=SUMMARY_ROWS)
        window.enter(f"cd {folder}; clear; printf '$ flowgauge summary flows.csv\\n'; {flowgauge} summary flows.csv; echo {DRAWN}")
        window.wait_for(lambda lines: DRAWN in lines, 'the end of the summary')
        screen = window.styled_screen()
        window.close()
    kept = screen[:screen.rindex(DRAWN)].rstrip('\n')
    pathlib.Path(out).write_text(terminal_svg.draw(kept, SUMMARY_COLUMNS, SUMMARY_TITLE), encoding='utf-8')


if __name__ == '__main__':
    {'view': draw_view, 'summary': draw_summary}[sys.argv[1]](*sys.argv[2:])
