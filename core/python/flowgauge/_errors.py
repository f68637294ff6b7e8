"""What goes wrong, by kind: the exit codes of the program `flowgauge`."""
from __future__ import annotations

import json
import typing


class Error(Exception):
    """What went wrong, where, and what to do: a sentence. Subclasses tell the kind.

    ``status`` is the exit code that the program ``flowgauge`` has for it.
    """

    status = 8


class ProfileError(Error, ValueError):
    """The profile, a setting, a column's name or another option is wrong."""

    status = 1


class PluginError(Error):
    """A plugin cannot be used, or failed while it ran: its fault, not flowgauge's. The sentence names it."""

    status = 2


class InputError(Error, OSError):
    """An input cannot be read or is damaged. The rows of all before the damage came first."""

    status = 3


class OutputError(Error, OSError):
    """A table cannot be written."""

    status = 4


class PrivilegeError(Error, PermissionError):
    """Live traffic: a privilege is missing. The sentence says which, and how to give it."""

    status = 5


class OutOfMemoryError(Error, MemoryError):
    """There is not enough memory; the sentence names the setting that needs less."""

    status = 6


class UsageError(Error, RuntimeError):
    """A call that does not fit: a report before the run ended, a run in the copy of a process."""

    status = 7


class InternalError(Error):
    """A mistake in flowgauge: please report it."""

    status = 8


class InterruptedRunError(Error):
    """The run was ended by another thread. The rows of all that was read came first."""

    status = 130


_KINDS = {kind.status: kind for kind in (ProfileError, PluginError, InputError, OutputError, PrivilegeError,
                                         OutOfMemoryError, UsageError, InternalError, InterruptedRunError)}
_OF_REPORT = 255  # the run failed, and its report has the exit code


def error_of(status: int, text: str, run: typing.Any) -> Error:
    """Called by the module `_fg` for each error of the library."""
    return of_status(json.loads(run.report())['exit_code'] if status == _OF_REPORT else status, text)


def of_status(status: int, text: str) -> Error:
    return _KINDS.get(status, InternalError)(text)
