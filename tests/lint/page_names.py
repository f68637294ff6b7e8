#!/usr/bin/env python3
"""Fails on a path or a name of docs/architecture.md that does not exist, on a folder of core/ that the page leaves out, and
on a picture that was not made of its text.

usage: page_names.py PROJECT_ROOT        0: all is there; 1: each wrong name on its own line
"""
import pathlib
import re
import sys
import xml.etree.ElementTree

PAGE = "docs/architecture.md"
PICTURE = "docs/architecture.dot"
QUOTED = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\(([^)#:]+)\)")
NAME = re.compile(r"[A-Za-z_]\w*")
FILE = re.compile(r"[\w.]+\.(h|hpp|c|cpp)")
ENDINGS = ("", ".h", ".cpp", ".py", ".hpp")
SOURCES = (".h", ".hpp", ".c", ".cpp")
TOP = ("core", "bpf", "plugins", "configs", "fixtures", "tests", "docs")


def names_of_sources(root):
    found = set()
    for top in TOP:
        for path in (root / top).rglob("*"):
            if path.suffix in SOURCES:
                found |= set(NAME.findall(path.read_text(encoding="utf-8", errors="replace")))
    return found


def files_of(root):
    return {path.name for top in TOP for path in (root / top).rglob("*") if path.is_file()}


def exists(root, path):
    return any((root / (path + ending)).exists() for ending in ENDINGS)


def wrong_names(root):
    known, files = names_of_sources(root), files_of(root)
    for number, line in enumerate((root / PAGE).read_text(encoding="utf-8").splitlines(), 1):
        for link in LINK.findall(line):
            if not (root / "docs" / link).exists():
                yield f"{PAGE}:{number}: there is no {link}"
        for text in QUOTED.findall(line):
            if text.split("/")[0] in TOP:
                if not exists(root, text.rstrip("/")):
                    yield f"{PAGE}:{number}: there is no {text}"
            elif text.startswith("."):
                continue  # an ending of file names
            elif FILE.fullmatch(text):
                if text not in files:
                    yield f"{PAGE}:{number}: there is no file {text}"
            else:
                for name in NAME.findall(text):
                    if name not in known:
                        yield f"{PAGE}:{number}: no source has the name {name}"


def left_out(root):
    page = set(QUOTED.findall((root / PAGE).read_text(encoding="utf-8")))
    for folder in sorted((root / "core").iterdir()):
        if folder.is_dir() and f"core/{folder.name}" not in page:
            yield f"{PAGE}: says nothing of core/{folder.name}"


def nodes_and_edges(text):
    """Of a text for Graphviz: its nodes are the quoted names with a label, its edges are written with ->."""
    nodes = set(re.findall(r'"([\w/]+)" \[label=', text))
    edges = {f"{a}->{b}" for a, b in re.findall(r'"([\w/]+)" -> "([\w/]+)"', text)}
    return nodes, edges


def wrong_picture(root):
    text = (root / PICTURE).read_text(encoding="utf-8")
    nodes, edges = nodes_and_edges(text)
    for node in sorted(nodes):
        if not (root / node).is_dir():
            yield f"{PICTURE}: there is no folder {node}"
    drawn = xml.etree.ElementTree.parse(root / PICTURE.replace(".dot", ".svg"))
    svg = "{http://www.w3.org/2000/svg}"
    titles = {group.get("class"): set() for group in drawn.iter(svg + "g")}
    for group in drawn.iter(svg + "g"):
        if group.get("class") in ("node", "edge"):
            titles[group.get("class")].add(group.find(svg + "title").text)
    words = {" ".join(element.text.split()) for element in drawn.iter(svg + "text")}
    labels = {" ".join(part.split()) for label in re.findall(r'label="([^"]*)"', text) for part in label.split("\\n")}
    if titles.get("node") != nodes or titles.get("edge") != edges or words != labels:
        yield f"{PICTURE}: architecture.svg shows something else; run ./dev picture"


def complaints(root):
    return [*wrong_names(root), *left_out(root), *wrong_picture(root)]


def main():
    found = complaints(pathlib.Path(sys.argv[1]))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
