#!/usr/bin/env python3
"""Fails on a page of README.md, CHANGELOG.md and docs/ with a line of more than 120 columns (tables, code and targets of links
may be longer), with a link to nothing, or with a command that flowgauge does not have, by its manual page. And on a line of
more than 120 columns that is a comment, in code, builds and profiles.

usage: prose.py PROJECT_ROOT        0: all is well; 1: each problem on its own line
"""
import pathlib
import re
import shlex
import sys

COLUMNS = 120
MANUAL = "docs/flowgauge.1"
FOLDERS_WITH_COMMENTS = ("bpf", "configs", "core", "plugins", "tests")
FILES_WITH_COMMENTS = ("dev", "CMakeLists.txt", ".ci/run")
SUFFIXES_WITH_COMMENTS = (".c", ".h", ".cpp", ".py", ".sh", ".cmake", ".txt", ".yaml", ".yml")
COMMENT = re.compile(r"\s*(//|/\*|\* |# )")
FENCE = re.compile(r"^\s*```(\w*)\s*$")
LINK = re.compile(r"\]\(([^)]*)\)")
ASSIGNMENT = re.compile(r"\w+=")


def pages_of(root):
    found = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    return sorted(path.relative_to(root).as_posix() for path in found)


def parted(text):
    """Each line with its number and what it stands in: None for prose, else the kind of a block of code, as "sh"."""
    kind = None
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if fence:
            kind = fence[1] if kind is None else None
            continue
        yield number, kind, line


def is_wide(line):
    return not line.startswith("|") and len(LINK.sub("]()", line)) > COLUMNS


def wide_lines(text):
    for number, kind, line in parted(text):
        if kind is None and not line.startswith("    ") and is_wide(line):
            yield number, f"{len(LINK.sub(']()', line))} columns; {COLUMNS} is the most"


def dead_links(path, text):
    for number, kind, line in parted(text):
        for target in LINK.findall(line) if kind is None else ():
            file = target.split("#")[0]
            if file and ":" not in file and not (path.parent / file).exists():
                yield number, f"there is no {file}"


def commands_of(manual):
    """From the manual page: each command, as ("plugin", "new"), with its flags."""
    commands, flags = {}, None
    for line in manual.replace("\\-", "-").splitlines():
        if line.startswith(".SH OPTIONS"):
            flags = commands.setdefault((), set())
        elif line.startswith(".SH ") and not line.startswith(".SH COMMANDS"):
            flags = None
        elif command := re.fullmatch(r"\.SS \\fBflowgauge (.*)\\fR", line):
            flags = commands.setdefault(tuple(command[1].split()), set())
        elif flags is not None and line.startswith("\\fB-"):
            flags.update(re.match(r"\\fB(.*?)\\fR", line)[1].split(", "))
    return commands


def split_commands(line):
    """The words of each command of a line of a shell."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|;&")
    lexer.whitespace_split = True
    words = []
    for word in [*lexer, ";"]:
        if set(word) <= set("|;&"):
            yield words
            words = []
        elif words or not (word == "sudo" or ASSIGNMENT.match(word)):
            words.append(word)


def wrong_words(words, commands):
    """What a command of flowgauge says that flowgauge does not have."""
    words = words[1:]
    command = ()
    while words and (*command, words[0]) in commands:
        command = (*command, words.pop(0))
    name = " ".join(("flowgauge", *command))
    below = [known for known in commands if known[:-1] == command and known]
    if below and words and not words[0].startswith("-"):
        yield f"'{name}' has no command '{words[0]}'"
        return
    for word in words:
        if word == "--":
            return
        flag = word.split("=")[0]
        if flag.startswith("-") and flag != "-" and flag not in commands[command]:
            yield f"'{name}' has no flag '{flag}'"


def wrong_commands(text, commands):
    pending, begin = "", 0
    for number, kind, line in parted(text):
        if kind != "sh":
            continue
        begin = begin or number
        pending += line
        if pending.endswith("\\"):
            pending = pending[:-1]
            continue
        try:
            for words in split_commands(pending):
                if words and words[0] == "flowgauge":
                    yield from ((begin, wrong) for wrong in wrong_words(words, commands))
        except ValueError as problem:
            yield begin, f"is no line of a shell: {problem}"
        pending, begin = "", 0


def wide_comments(root):
    within = (path for folder in FOLDERS_WITH_COMMENTS for path in sorted((root / folder).rglob("*")))
    beside = (root / name for name in FILES_WITH_COMMENTS)
    for path in (*(path for path in within if path.suffix in SUFFIXES_WITH_COMMENTS), *(path for path in beside if path.exists())):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if len(line) > COLUMNS and COMMENT.match(line):
                yield f"{path.relative_to(root).as_posix()}:{number}: {len(line)} columns; {COLUMNS} is the most"


def complaints(root):
    commands = commands_of((root / MANUAL).read_text(encoding="utf-8"))
    pages = pages_of(root)
    for name in pages:
        path = root / name
        text = path.read_text(encoding="utf-8")
        found = [*wide_lines(text), *dead_links(path, text), *wrong_commands(text, commands)]
        yield from (f"{name}:{number}: {problem}" for number, problem in sorted(found))
    yield from wide_comments(root)


def main():
    found = list(complaints(pathlib.Path(sys.argv[1])))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
