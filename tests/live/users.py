"""flowgauge as a user without any rights but the capabilities given, in a network namespace."""
import pathlib
import re
import shutil

import processes

NOBODY = 65534
NAMES = ('bpf', 'perfmon', 'net_admin', 'net_raw')     # in the order in which messages name them


class Nobody:
    """Starts programs like the namespace it stands for."""

    def __init__(self, namespace, capabilities):
        listed = ','.join(['-all', *(f'+{name}' for name in capabilities)])
        self.namespace = namespace
        # The kernel forgets that a process shall die with its parent when its user changes.
        self.become = ['setpriv', f'--reuid={NOBODY}', f'--regid={NOBODY}', '--clear-groups', f'--inh-caps={listed}',
                       f'--ambient-caps={listed}', '--pdeathsig', 'KILL']

    def command(self, *words):
        return self.namespace.command(*self.become, *words)

    def start(self, *words, **options):
        return processes.start(self.command(*words), **options)


def install(program, folder):
    """A copy of the program with its plugins, where every user may execute it; its path."""
    program, folder = pathlib.Path(program), pathlib.Path(folder)
    folder.chmod(0o755)
    plugins = 'lib/flowgauge/plugins'
    shutil.copytree(program.parent.parent / plugins, folder / plugins)
    (folder / 'bin').mkdir()
    return pathlib.Path(shutil.copy(program, folder / 'bin'))


def outputs(folder):
    """A folder that nobody may write into."""
    pathlib.Path(folder).mkdir()
    shutil.chown(folder, NOBODY, NOBODY)
    return pathlib.Path(folder)


def capabilities_of(process):
    """(permitted, effective, no_new_privs) of each of its threads, as a set: all alike if there is one element."""
    found = set()
    for status in pathlib.Path(f'/proc/{processes.worker_of(process)}/task').glob('*/status'):
        fields = dict(re.findall(r'^(CapPrm|CapEff|NoNewPrivs):\s*(\w+)$', status.read_text(), re.M))
        found.add((int(fields['CapPrm'], 16), int(fields['CapEff'], 16), int(fields['NoNewPrivs'])))
    return found
