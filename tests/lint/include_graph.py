#!/usr/bin/env python3
"""Walks every #include of core/, plugins/ and bpf/ and fails on an arrow that docs/architecture.md, section 3, does not allow.

usage: include_graph.py PROJECT_ROOT        0: as drawn; 1: each wrong include on its own line
"""
import pathlib
import re
import sys

# Folder -> the folders that it may include besides itself. Downwards only.
MAY_INCLUDE = {
    "core/sdk": set(),
    "core/base": {"core/sdk"},
    "core/text": {"core/base"},
    "core/compression": {"core/base"},
    "core/host": {"core/base"},
    "core/screen": {"core/text", "core/base"},
    "core/scaffold": {"core/base"},
    "core/packet": {"core/base", "core/sdk"},
    "core/ingest": {"core/compression", "core/packet", "core/base", "core/sdk"},
    "core/flow": {"core/text", "core/packet", "core/base", "core/sdk"},
    "core/events": {"core/flow", "core/ingest", "core/compression", "core/packet", "core/base", "core/sdk"},
    "core/plugin": {"core/text", "core/packet", "core/base", "core/sdk"},
    "core/expression": {"core/plugin", "core/text", "core/packet", "core/base", "core/sdk"},
    "core/table": {"core/expression", "core/plugin", "core/text", "core/base", "core/sdk"},
    "core/output": {"core/table", "core/plugin", "core/compression", "core/text", "core/base", "core/sdk"},
    "core/report": {"core/live", "core/flow", "core/plugin", "core/output", "core/text", "core/packet", "core/base", "core/sdk"},
    "core/check": {"core/output", "core/table", "core/plugin", "core/text", "core/packet", "core/base", "core/sdk"},
    "core/profile": {"core/text", "core/packet", "core/base", "core/sdk"},
    "core/labels": {"core/profile", "core/base", "core/sdk"},
    "core/live": {"core/host", "core/ingest", "core/packet", "core/base", "core/sdk", "bpf"},
    "core/engine": {"core/report", "core/host", "core/ingest", "core/events", "core/flow", "core/plugin", "core/table", "core/output", "core/profile", "core/labels",
                    "core/live", "core/text", "core/packet", "core/base", "core/sdk"},
    "core/editor": {"core/profile", "core/plugin", "core/screen", "core/text", "core/base", "core/sdk"},
    "core/view": {"core/screen", "core/engine", "core/flow", "core/profile", "core/text", "core/packet", "core/base"},
    "core/summary": {"core/ingest", "core/compression", "core/packet", "core/text", "core/base", "core/sdk"},
    "core/monitor": {"core/engine", "core/report", "core/host", "core/ingest", "core/flow", "core/plugin", "core/output", "core/live", "core/text", "core/packet",
                     "core/base", "core/sdk"},
    "core/app": {"core/view", "core/summary", "core/editor", "core/screen", "core/expression", "core/check", "core/monitor", "core/engine", "core/report", "core/scaffold", "core/host", "core/ingest", "core/flow", "core/plugin", "core/table",
                 "core/output", "core/profile", "core/labels", "core/live", "core/text", "core/packet", "core/base", "core/sdk"},
    "core/api": {"core/engine", "core/report", "core/table", "core/flow", "core/plugin", "core/profile", "core/base"},
    "core/python": {"core/api"},
    "plugins": set(),
    "bpf": {"core/packet"},
}
# Headers of plain data that a sibling may include: the choices of a profile, declared where they are used.
MAY_INCLUDE_HEADER = {
    "core/profile": {"core/flow/life_cycle.h", "core/live/capture_choices.h", "core/output/file_mode.h", "core/output/rotation.h", "core/output/table_format.h",
                     "core/plugin/contamination_classes.h", "core/plugin/trial_limits.h", "core/table/existing_file.h"},
}
PROJECT_INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')
SYSTEM_INCLUDE = re.compile(r"^\s*#\s*include\s*<(flowgauge/[^>]+)>")
SUFFIXES = {".h", ".hpp", ".c", ".cpp"}


def folder_of(path):
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] == "core" else parts[0]


def sources(root):
    for top in ("core", "plugins", "bpf"):
        for path in sorted((root / top).rglob("*"), key=pathlib.Path.as_posix):
            if path.suffix in SUFFIXES:
                yield path


def complaints(root):
    found = []
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        folder = folder_of(name)
        if folder not in MAY_INCLUDE:
            found.append(f"{name}: folder {folder} is not drawn in docs/architecture.md, section 3")
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            where = f"{name}:{number}"
            if SYSTEM_INCLUDE.match(line):
                continue  # the SDK as third parties see it: open to everybody
            match = PROJECT_INCLUDE.match(line)
            if not match:
                continue
            target = match.group(1)
            if folder == "plugins":
                if not (path.parent / target).is_file():
                    found.append(f'{where}: a plugin includes <flowgauge/...> and files beside it, not "{target}"')
                continue
            if folder == "core/sdk":
                # Installed apart from the rest: by relative paths, within itself.
                to = (path.parent / target).resolve()
                if not (to.is_file() and to.is_relative_to((root / "core/sdk").resolve())):
                    found.append(f'{where}: the SDK includes nothing but itself, not "{target}"')
                continue
            if folder == "bpf" and (path.parent / target).is_file():
                continue
            if target.split("/")[0] not in ("core", "bpf") or not exists(root, target):
                found.append(f'{where}: includes name the full path from the root; there is no "{target}"')
                continue
            to = folder_of(target)
            if target in MAY_INCLUDE_HEADER.get(folder, ()):
                continue
            if to != folder and to not in MAY_INCLUDE[folder]:
                found.append(f"{where}: {folder} may not include {to} ({target})")
    return found


def exists(root, target):
    """Also what the build makes: from NAME.in, and the kernel program's skeleton."""
    return (root / target).is_file() or (root / (target + ".in")).is_file() or target.endswith(".skel.h")


def main():
    found = complaints(pathlib.Path(sys.argv[1]))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
