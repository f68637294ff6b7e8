"""tcpdump on one interface and, beside it, a monitor for each way of capturing that works here; and the flows that the capture
gives offline. Of the flows' columns those are compared whose values do not depend on how packets of the two directions, on two
processors, fell in line."""
import csv
import json
import subprocess
import sys

import common
from dump import Dump
from network import ADDRESS
from realtime import Realtime

LAST_PORT, LAST_WORD = 40009, b'flowgauge-live: nothing comes behind this'
SERIES = [f'{family}.{side}.{member}' for family in ('packet_length', 'payload_length', 'header_length') for side in ('flow', 'fwd', 'bwd')
          for member in ('count', 'total', 'min', 'max')]
FLAGS = [f'tcp_flags.{side}_{flag}' for side in ('fwd', 'bwd') for flag in ('fin', 'syn', 'rst', 'psh', 'ack')]
COLUMNS = ['flow.id', 'flow.src_mac', 'flow.ip_version', 'flow.direction_basis', *SERIES, *FLAGS]


def rows(path):
    """Sorted; without the last word, behind which nobody needs to look."""
    with open(path, newline='') as f:
        return sorted(tuple(row[name] for name in COLUMNS) for row in csv.DictReader(f) if row['flow.dst_port'] != str(LAST_PORT))


def differences(mine, theirs):
    """Sentences about rows that are live alone, and in the capture alone."""
    if mine == theirs:
        return []
    out = [f'{len(mine)} flows live, {len(theirs)} in the capture']
    out += [f'live alone: {dict(zip(COLUMNS, row))}' for row in mine if row not in theirs][:5]
    return out + [f'in the capture alone: {dict(zip(COLUMNS, row))}' for row in theirs if row not in mine][:5]


class BesideDump:
    """All of them listen once it is made; `folder` takes what they write."""

    def __init__(self, args, net, folder):
        self.net, self.folder, self.program = net, folder, args.program
        profile = folder / 'profile.yaml'
        # The kernel's own words to its neighbours come at any time, also between one's attaching and another's.
        profile.write_text(json.dumps({'packets': {'protocols': ['tcp', 'udp']}}))
        self.options = ['-p', str(profile), '--plugin-dir', args.plugins]
        self.dump = Dump(net.here, net.here.interface(), folder / 'all.pcap')
        self.monitors = {}
        for method in common.methods(args, net.here):
            (folder / method).mkdir()
            self.monitors[method] = Realtime(args.program, net.here, [net.here.interface()], folder / method, '--capture', method, *self.options)
        self.dump.wait_until_listening()
        for monitor in self.monitors.values():
            monitor.wait_until_attached()

    def stop(self):
        """Behind a last packet from here, which the capture has to have."""
        send = f"import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto({LAST_WORD!r}, ('{ADDRESS['p'][0]}', {LAST_PORT}))"
        self.net.here.run(sys.executable, '-c', send)
        self.dump.stop_behind(LAST_WORD)
        self.codes = {method: monitor.stop() for method, monitor in self.monitors.items()}

    def offline(self):
        """The table of the capture."""
        path = self.folder / 'offline.csv'
        subprocess.run([self.program, 'pcap', self.dump.path, '-f', 'canonical', '-o', 'csv', *self.options, '--export-path', path],
                       check=True, capture_output=True)
        return path

    def judged(self, judge):
        """[(method, sentences)]: those of judge(method, monitor), where the monitor ended well."""
        return [(method, [f'exit code {self.codes[method]}: {monitor.said}'] if self.codes[method] else judge(method, monitor))
                for method, monitor in self.monitors.items()]
