#!/usr/bin/env python3
"""Fails on a notebook that is not as it is kept: with outputs that no test could compare, with traces of a run or of a
machine, with links to nothing, or written in another way than `tests/python/notebooks_test.py --write` does.

usage: notebooks.py PROJECT_ROOT        0: all is well; 1: each problem on its own line
"""
import json
import pathlib
import re
import sys

FOLDER = "docs/notebooks"
OF_MACHINE = re.compile(r"(?<![\w.])/(home|root|tmp|work|Users|usr|var|opt)\b|[A-Z]:\\")
LINK = re.compile(r"\]\(([^)#:]+)\)")
METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"}}


def text_of(notebook):
    """The one form that a notebook is kept in."""
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def problems_of_cell(cell, folder):
    source = "".join(cell["source"])
    if cell["metadata"]:
        yield "has metadata"
    if found := OF_MACHINE.search(source):
        yield f"names a path of a machine: {found[0]}"
    if cell["cell_type"] == "markdown":
        yield from (f"there is no {link}" for link in LINK.findall(source) if not (folder / link).exists())
        return
    if cell["execution_count"] is not None:
        yield "was run, and not cleaned: it has an execution_count"
    for output in cell["outputs"]:
        if output["output_type"] != "stream" or output["name"] != "stdout":
            yield "has an output that is no printed text"
        elif found := OF_MACHINE.search("".join(output["text"])):
            yield f"shows a path of a machine: {found[0]}"


def problems(path):
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)
    if text != text_of(notebook):
        yield "is not written as notebooks_test.py --write does"
    if notebook["metadata"] != METADATA or (notebook["nbformat"], notebook["nbformat_minor"]) != (4, 5):
        yield "has other metadata than the others, or another format than 4.5"
    for number, cell in enumerate(notebook["cells"], 1):
        yield from (f"cell {number} {problem}" for problem in problems_of_cell(cell, path.parent))


def main(root):
    found = [f"{path.relative_to(root)}: {problem}" for path in sorted(pathlib.Path(root, FOLDER).glob("*.ipynb"))
             for problem in problems(path)]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
