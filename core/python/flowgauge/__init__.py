"""Network captures in, flow feature rows out: data frames, Arrow streams, Parquet.

    import flowgauge as fg
    flows = fg.read('day/*.pcap.zst', schema='cic')
    frame = flows.to_pandas()

`read` is for capture files, `live` for interfaces, `scan` makes a lazy frame of polars; `packets` gives packets instead
of flows; `events` and `flows` are the two stages of a run on many machines. What there is to choose from is told by
`schemas` and `columns`. Messages go to the logger `flowgauge`.
"""
from __future__ import annotations

from . import _fg
from ._errors import (Error, InputError, InternalError, InterruptedRunError, OutOfMemoryError, OutputError,
                      PluginError, PrivilegeError, ProfileError, UsageError)
from ._events import events, flows
from ._features import Features, features
from ._flows import Column, Flows, LiveFlows, Packets, Progress, Schema
from ._lists import columns, profile_check, schemas
from ._read import live, packets, read
from ._scan import scan

__version__ = _fg.version
__all__ = ['Column', 'Error', 'Features', 'Flows', 'InputError', 'InternalError', 'InterruptedRunError', 'LiveFlows',
           'OutOfMemoryError', 'OutputError', 'Packets', 'PluginError', 'PrivilegeError', 'ProfileError', 'Progress',
           'Schema', 'UsageError', 'columns', 'events', 'features', 'flows', 'live', 'packets', 'profile_check',
           'read', 'scan', 'schemas']
