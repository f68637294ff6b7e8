"""What the live tests share: arguments, what they need, the skip, the verdict."""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys

import network

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77                                            # exit code: could not be tested here; the reason was said
NO_PRIVILEGE = 5                                        # exit code of flowgauge


def arguments(doc, **defaults):
    p = argparse.ArgumentParser(description=doc)
    p.add_argument('--program', required=True, help='the flowgauge to judge')
    p.add_argument('--sender', required=True, help='live_sender of the same build')
    p.add_argument('--plugins', required=True, help='folder of the canonical schema plugin')
    p.add_argument('--shared', default='', help='folder with public captures')
    for name, value in defaults.items():
        p.add_argument('--' + name.replace('_', '-'), type=type(value), default=value)
    return p


def skip(reason):
    print(f'skipped: {reason}')
    sys.exit(SKIPPED)


def require(*tools):
    """Root, namespaces, and these programs."""
    if os.geteuid() != 0:
        skip('network namespaces need root')
    missing = [tool for tool in ('ip', 'ethtool', 'tcpdump', *tools) if not shutil.which(tool)]
    if missing:
        skip(f'not installed: {", ".join(missing)}; `./dev live` installs what is missing')
    network.remove_leftovers()
    trial = f'{network.PREFIX}-{os.getpid()}-{network.started(os.getpid())}-t'
    if subprocess.run(['ip', 'netns', 'add', trial], capture_output=True).returncode:
        skip('no network namespace can be made here')
    subprocess.run(['ip', 'netns', 'delete', trial], check=True)
    network.leave_folder()


def methods(args, namespace):
    """The capture methods that work here; says why eBPF is not among them."""
    trial = subprocess.run(namespace.command(args.program, 'realtime', 'lo', '--capture', 'ebpf', '--duration', '0.01', '-f', 'canonical', '-o', 'csv',
                                             '--plugin-dir', args.plugins), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if trial.returncode == 0:
        return ['ebpf', 'pcap']
    if trial.returncode != NO_PRIVILEGE:
        raise RuntimeError(f'flowgauge realtime ended with {trial.returncode}: {trial.stderr}')
    print(f'without eBPF, which is not allowed here: {trial.stderr.strip()}')
    return ['pcap']


def verdict(findings, what):
    """`findings`: [(name, [sentence])]."""
    differing = [(name, sentences) for name, sentences in findings if sentences]
    for name, sentences in differing:
        print(f'{name}:')
        for sentence in sentences:
            print(f'  {sentence}')
    print(f'{what}: {len(findings)} compared, {len(differing)} with differences')
    return 1 if differing else 0
