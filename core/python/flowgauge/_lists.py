"""What there is to choose from."""
from __future__ import annotations

import json
import typing

from . import _fg
from ._flows import Column, Flows
from ._options import Options, log, wanted_log_level

_PLUGINS, _COLUMNS = 1, 2


def _list(what: int, plugins: typing.Any) -> list:
    options = Options(plugins=plugins)
    return json.loads(_fg.list_json(what, {**options.plain, 'log_level': wanted_log_level()}, log))


def schemas(plugins: typing.Any = ()) -> dict[str, str]:
    """The tables that there are, with a sentence about each: ``{'basic': '...'}``."""
    found = {}
    for module in _list(_PLUGINS, plugins):
        for schema in module.get('schemas', ()):
            found[schema['name']] = schema.get('doc', '')
    return dict(sorted(found.items()))


def columns(schema: str | None = None, plugins: typing.Any = ()) -> list[Column] | list[dict]:
    """The columns of a schema; without one, those of all features, of which schemas are made, as dicts."""
    if schema is None:
        return _list(_COLUMNS, plugins)
    return list(Flows([], Options(schema=schema, plugins=plugins)).schema)


def profile_check(profile: typing.Any, **options: typing.Any) -> str:
    """Is the profile right? Then what it amounts to: YAML with every key. Else :class:`ProfileError` says where not.

    `options` are those of :func:`flowgauge.read` that belong to a profile.
    """
    return Flows([], Options(profile=profile, **options)).profile()
