#!/usr/bin/env python3
"""flowgauge realtime as a user without rights: each capability missing in turn gives the documented message and exit code 5;
with them it captures, and has given them up by then."""
import pathlib
import subprocess
import sys
import tempfile

import common
import processes
import users
from network import ADDRESS, Network
from realtime import Realtime

EBPF = ('bpf', 'perfmon', 'net_admin')
HAVE_NOT = 'which this process does not have'


def setcap(program):
    return f'setcap cap_bpf,cap_perfmon,cap_net_admin,cap_net_raw+ep {program}'


def listed(names):
    names = [f'CAP_{name.upper()}' for name in names]
    return ' and '.join([', '.join(names[:-1]), names[-1]] if len(names) > 1 else names)


def message(program, method, missing):
    remedy = (f"give them to the program with '{setcap(program)}', to a container with '--cap-add BPF --cap-add PERFMON --cap-add NET_ADMIN "
              "--cap-add NET_RAW', or run it as root")
    ebpf = [name for name in missing if name in EBPF]
    if method == 'pcap':
        return f'capture with libpcap needs CAP_NET_RAW, {HAVE_NOT}; {remedy}'
    if method == 'auto':
        return f'live capture needs {listed(ebpf)} (with eBPF) or CAP_NET_RAW alone (with libpcap, --capture pcap), {HAVE_NOT}; {remedy}'
    end = '--capture pcap would need CAP_NET_RAW alone' if 'net_raw' in missing else '--capture pcap works with CAP_NET_RAW alone, which it has'
    return f'capture with eBPF needs {listed(ebpf)}, {HAVE_NOT}; {remedy}; {end}'


REFUSALS = [('ebpf', ['bpf']), ('ebpf', ['perfmon']), ('ebpf', ['net_admin']), ('ebpf', EBPF), ('ebpf', users.NAMES), ('ebpf', ['perfmon', 'net_raw']),
            ('pcap', ['net_raw']), ('auto', ['bpf', 'net_raw']), ('auto', ['perfmon', 'net_raw']), ('auto', ['net_admin', 'net_raw']),
            ('auto', users.NAMES)]

# capture and attach method, capabilities, what it says it does, capabilities that are left
SUCCESSES = [(['ebpf', 'tcx'], users.NAMES, 'eBPF (TCX)', 0), (['ebpf', 'tcx'], EBPF, 'eBPF (TCX)', 0),
             (['ebpf', 'clsact'], EBPF, 'eBPF (clsact)', 0), (['auto', 'auto'], EBPF, 'eBPF', 0), (['pcap', 'auto'], ['net_raw'], 'libpcap', 0),
             (['auto', 'auto'], ['net_raw'], 'libpcap', 0), (['auto', 'auto'], ['net_raw', 'bpf', 'net_admin'], 'libpcap', 0)]


class Trial:
    def __init__(self, net, program, folder):
        self.net, self.program, self.folder = net, program, folder
        self.interface, self.count = net.here.interface(), 0

    def outputs(self):
        self.count += 1
        return users.outputs(self.folder / f'out{self.count}')

    def refusal(self, method, missing):
        """Sentences about what is wrong with it."""
        have = [name for name in users.NAMES if name not in missing]
        out = self.outputs()
        command = users.Nobody(self.net.here, have).command(self.program, 'realtime', self.interface, '-f', 'basic', '-o', 'csv', '--capture', method,
                                                            '--export-path', out / 'rows.csv', '--duration', '5')
        done = subprocess.run(command, capture_output=True, text=True, timeout=processes.LIMIT_SECONDS, check=False)
        errors = [line for line in done.stderr.splitlines() if line.startswith('flowgauge: error: ')]
        expected = [f'flowgauge: error: {message(self.program, method, missing)}']
        wrong = [] if done.returncode == common.NO_PRIVILEGE else [f'exit code {done.returncode}']
        wrong += [] if errors == expected else [f'said {done.stderr!r}, expected {expected}']
        return wrong + [f'left {path}' for path in out.iterdir()]

    def success(self, methods, capabilities, description, left):
        capture, attach = methods
        monitor = Realtime(self.program, users.Nobody(self.net.here, capabilities), [self.interface], self.outputs(), '--capture', capture,
                           '--attach', attach, schema='basic')
        with processes.running(monitor.process):
            monitor.wait_until_attached()
            found = users.capabilities_of(monitor.process)
            self.net.there.run('ping', '-c1', '-W5', ADDRESS['t'][0], stdout=subprocess.DEVNULL)
            code = monitor.stop()
        wrong = [] if code == 0 else [f'exit code {code}']
        wrong += [] if found == {(left, left, 1)} else [f'its threads have {found}, expected {left:#x} alone']
        wrong += [] if description in monitor.said else [f'does not say {description!r}: {monitor.said}']
        rows = [row for row in monitor.table.read_text().splitlines() if ADDRESS['t'][0] in row and ADDRESS['p'][0] in row]
        return wrong + ([] if len(rows) == 1 else [f'{len(rows)} rows, expected that of the ping'])

    def own_capabilities(self):
        """A program that has them by itself captures for everybody, but runs nobody's code."""
        if subprocess.run(['setcap', *setcap(self.program).split()[1:]], capture_output=True, check=False).returncode:
            return []                                   # not on this file system
        try:
            wrong = self.success(['ebpf', 'tcx'], [], 'eBPF (TCX)', 0)
            plugins = users.outputs(self.folder / 'own_plugins')
            subprocess.run(['cp', self.folder / 'lib/flowgauge/plugins/basic.so', plugins / 'basic.so'], check=True)
            subprocess.run(['chown', '-R', str(users.NOBODY), plugins], check=True)
            command = users.Nobody(self.net.here, []).command(self.program, 'realtime', self.interface, '-f', 'basic', '-o', 'csv', '--duration', '5',
                                                              '--plugin-dir', plugins, '--insecure-plugins')
            done = subprocess.run(command, capture_output=True, text=True, timeout=processes.LIMIT_SECONDS, check=False)
            refused = done.returncode == 2 and 'this program has rights that its users do not have' in done.stderr
            return wrong + ([] if refused else [f"loads a user's plugin: {done.returncode}, {done.stderr}"])
        finally:
            subprocess.run(['setcap', '-r', self.program], check=False)


def main():
    args = common.arguments(__doc__).parse_args()
    common.require('setpriv', 'setcap', 'ping')
    with Network() as net, tempfile.TemporaryDirectory() as name:
        if subprocess.run(users.Nobody(net.here, []).command('true'), capture_output=True).returncode:
            common.skip('nobody can run anything here: the root folder is closed to others')
        folder = pathlib.Path(name)
        trial = Trial(net, users.install(args.program, folder), folder)
        findings = [(f'{method} without {", ".join(missing)}', trial.refusal(method, missing)) for method, missing in REFUSALS]
        if 'ebpf' in common.methods(args, net.here):
            findings += [(f'{" ".join(case[0])} with {", ".join(case[1])}', trial.success(*case)) for case in SUCCESSES]
            findings.append(('capabilities of the program', trial.own_capabilities()))
        return common.verdict(findings, 'privileges')


if __name__ == '__main__':
    sys.exit(main())
