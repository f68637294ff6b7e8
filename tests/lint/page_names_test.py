#!/usr/bin/env python3
"""The check of docs/architecture.md finds each kind of wrong name, and nothing in this project."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import page_names  # noqa: E402

PROJECT = pathlib.Path(__file__).resolve().parents[2]
DOT = 'digraph { "core/flow" [label="core/flow\\ntable"]; "core/base" [label="core/base"]; "core/flow" -> "core/base" [label="uses"]; }'


def svg(nodes, edges, words):
    parts = [f'<g class="{kind}"><title>{name}</title></g>' for kind, names in (("node", nodes), ("edge", edges)) for name in names]
    parts += [f"<text>{word}</text>" for word in words]
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(parts).replace("->", "&#45;&gt;") + "</svg>"


DRAWN = svg(["core/flow", "core/base"], ["core/flow->core/base"], ["core/flow", "table", "core/base", "uses"])


class PageNames(unittest.TestCase):
    def check(self, page, dot=DOT, picture=DRAWN):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in {"docs/architecture.md": page, "docs/architecture.dot": dot, "docs/architecture.svg": picture,
                               "docs/design.md": "", "core/flow/table.h": "struct FlowTable;\n", "core/flow/table.cpp": "",
                               "core/base/a.h": "int kOne;\n"}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            return page_names.complaints(root)

    GOOD = "`core/flow` `core/base` `core/flow/table` `core/flow/table.h` `table.cpp` `FlowTable` [why](design.md)\n"

    def test_this_project_is_as_the_page_says(self):
        self.assertEqual(page_names.complaints(PROJECT), [])

    def test_what_is_there(self):
        self.assertEqual(self.check(self.GOOD), [])

    def test_what_is_not_there(self):
        self.assertEqual(self.check(self.GOOD + "`core/flow/tab` `tables.h` `FlowTabel` [why](desing.md)\n"), [
            "docs/architecture.md:2: there is no desing.md",
            "docs/architecture.md:2: there is no core/flow/tab",
            "docs/architecture.md:2: there is no file tables.h",
            "docs/architecture.md:2: no source has the name FlowTabel",
        ])

    def test_a_folder_that_the_page_leaves_out(self):
        self.assertEqual(self.check("`core/flow`\n"), ["docs/architecture.md: says nothing of core/base"])

    def test_a_picture_of_another_text(self):
        stale = ["docs/architecture.dot: architecture.svg shows something else; run ./dev picture"]
        for dot in (DOT.replace("table", "tables"), DOT.replace('"core/flow" -> "core/base"', '"core/base" -> "core/flow"'),
                    DOT.replace('"core/base" [label="core/base"]; ', "")):
            self.assertEqual(self.check(self.GOOD, dot=dot), stale)

    def test_a_picture_with_a_folder_that_is_not_there(self):
        dot = DOT.replace("core/base", "core/bass")
        self.assertEqual(self.check(self.GOOD, dot=dot, picture=DRAWN.replace("core/base", "core/bass")),
                         ["docs/architecture.dot: there is no folder core/bass"])


if __name__ == "__main__":
    unittest.main()
