"""The rules under which sequences are compared: the two modes, and variants in which short timeouts make every rule fire."""
import json
import pathlib
from dataclasses import asdict, replace

import harness

from settings import COMPAT, DEFAULT, SEC, TCP, UDP

VARIANTS = {
    'default': DEFAULT,
    'compat': COMPAT,
    'short': replace(DEFAULT, idle_timeout=3 * SEC, active_timeout=10 * SEC, linger=2 * SEC, clock_jump=20 * SEC),
    'early': replace(DEFAULT, early_export=2 * SEC),
    'early_short': replace(DEFAULT, idle_timeout=5 * SEC, active_timeout=10 * SEC, linger=0, early_export=SEC, clock_jump=3 * SEC),
    'never': replace(DEFAULT, idle_timeout=0, active_timeout=0, linger=10 * SEC, early_export=60 * SEC),
    'active_alone': replace(DEFAULT, idle_timeout=0, active_timeout=5 * SEC, direction='first_packet', clock_jump=1),
    'at_once': replace(DEFAULT, tcp_close='immediate', idle_timeout=60 * SEC, active_timeout=60 * SEC, clock_jump=60 * SEC),
    'merge': replace(DEFAULT, tcp_reuse='merge', idle_timeout=30 * SEC, linger=20 * SEC, clock_jump=30 * SEC),
    'fresh': replace(DEFAULT, continuation='fresh', flow_key='five_tuple', protocols=(TCP, UDP), early_export=SEC // 2, clock_jump=0),
    'no_vlan': replace(DEFAULT, flow_key='no_vlan', idle_timeout=3 * SEC, linger=2 * SEC),
    'outer': replace(DEFAULT, decapsulate='outer', fragments='drop', linger=120 * SEC, idle_timeout=10 * SEC, clock_jump=10 * SEC),
}
FLOW_KEYS = ('direction', 'continuation', 'tcp_close', 'tcp_reuse', 'flow_key', 'idle_timeout', 'active_timeout', 'linger',
             'early_export', 'clock_jump')


def write_profiles(folder):
    """{name: file}; JSON is YAML. `compat` is the project's own profile."""
    out = {}
    for name, settings in VARIANTS.items():
        values = asdict(settings)
        flow = {key: f'{values[key]}ns' if isinstance(values[key], int) else values[key] for key in FLOW_KEYS}
        packets = {'decapsulate': settings.decapsulate, 'fragments': settings.fragments}
        if settings.protocols:
            packets['protocols'] = list(settings.protocols)
        out[name] = pathlib.Path(folder, name + '.yaml')
        out[name].write_text(json.dumps({'flow': flow, 'packets': packets, 'output': {'snapshots': 'unmarked'}}, indent=1))
    return out | {'compat': harness.COMPAT_PROFILE}
