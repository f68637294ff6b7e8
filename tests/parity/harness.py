"""What the parity tests share: arguments, the skip, workers, the verdict."""
import argparse
import concurrent.futures
import os
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / 'oracle'))

COMPAT_PROFILE = SOURCE / 'configs' / 'compat' / 'rustiflow.yaml'
SCHEMAS = ('basic', 'cic', 'cidds', 'nfstream', 'rustiflow')
SKIPPED = 77
ALL = bool(os.environ.get('FLOWGAUGE_LARGE'))  # a night's check: all public captures, the large ones too


def arguments(doc, **defaults):
    p = argparse.ArgumentParser(description=doc)
    p.add_argument('--program', required=True, help='the flowgauge to judge')
    p.add_argument('--plugins', required=True, help='folder of the canonical schema plugin')
    p.add_argument('--shared', default=str(SOURCE.parent / 'shared'), help='folder with public captures and reference outputs')
    p.add_argument('--jobs', type=int, default=os.cpu_count())
    for name, value in defaults.items():
        p.add_argument('--' + name.replace('_', '-'), type=type(value), default=value)
    return p


def shared_folder(args, name):
    folder = pathlib.Path(args.shared, name)
    if not folder.is_dir():
        print(f'skipped: {folder} is absent; name the folder with public captures in FLOWGAUGE_SHARED_DIR')
        sys.exit(SKIPPED)
    return folder


def captures(args):
    """The public captures and the cases, but for the large ones."""
    return [path for name in ('captures', 'captures2', 'cases') for path in sorted(shared_folder(args, name).iterdir())
            if '.pcap' in path.name or path.suffix in ('.cap', '.ntar')]


def large_captures(args):
    return sorted(pathlib.Path(args.shared, 'captures', 'large').glob('*.zst'))


def sample(args, every, also=()):
    """Each `every`-th public capture or case, and those whose names are in `also`. At night all, the large ones first."""
    everything = captures(args)
    if ALL:
        return large_captures(args) + everything
    return [path for i, path in enumerate(everything) if i % every == 0 or path.name in also]


def in_parallel(jobs, function, items):
    """Results in the items' order. Processes: the oracle is Python."""
    if jobs == 1:
        return list(map(function, items))
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        return list(pool.map(function, items))


def verdict(findings, what):
    """`findings`: [(name, [sentence])]. Exit code 0 if no name has a sentence."""
    return summary([f for f in findings if f[1]], f'{what}: {len(findings)} compared')


def summary(differences, what):
    for name, sentences in differences:
        print(f'{name}:')
        for sentence in sentences:
            print(f'  {sentence}')
    print(f'{what}, {len(differences)} with differences')
    return 1 if differences else 0
