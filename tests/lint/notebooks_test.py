#!/usr/bin/env python3
"""The check of notebooks: nothing is wrong here, and what is wrong elsewhere is found."""
import copy
import json
import pathlib
import tempfile
import unittest

import notebooks

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOOD = {"cells": [{"cell_type": "markdown", "id": "00", "metadata": {}, "source": ["[here](x.ipynb)"]},
                  {"cell_type": "code", "execution_count": None, "id": "01", "metadata": {},
                   "outputs": [{"name": "stdout", "output_type": "stream", "text": ["1/2\n"]}], "source": ["print('1/2')"]}],
        "metadata": notebooks.METADATA, "nbformat": 4, "nbformat_minor": 5}


class Notebooks(unittest.TestCase):
    def problems(self, notebook, text_of=notebooks.text_of):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "x.ipynb")
            path.write_text(text_of(notebook), encoding="utf-8")
            return list(notebooks.problems(path))

    def test_nothing_is_wrong_here(self):
        self.assertEqual(notebooks.main(ROOT), 0)
        self.assertEqual(self.problems(GOOD), [])

    def test_what_is_wrong_is_found(self):
        def with_cell(number, **changes):
            notebook = copy.deepcopy(GOOD)
            notebook["cells"][number].update(changes)
            return notebook
        picture = {"output_type": "display_data", "data": {}, "metadata": {}}
        path = {"name": "stdout", "output_type": "stream", "text": ["see /tmp/x\n"]}
        for notebook, problem in (
                (with_cell(0, source=["[there](y.md)"]), "cell 1 there is no y.md"),
                (with_cell(0, metadata={"tags": []}), "cell 1 has metadata"),
                (with_cell(1, execution_count=3), "cell 2 was run, and not cleaned: it has an execution_count"),
                (with_cell(1, outputs=[picture]), "cell 2 has an output that is no printed text"),
                (with_cell(1, outputs=[path]), "cell 2 shows a path of a machine: /tmp"),
                (with_cell(1, source=["open('/home/me/x')"]), "cell 2 names a path of a machine: /home"),
                ({**GOOD, "metadata": {}}, "has other metadata than the others, or another format than 4.5")):
            self.assertEqual(self.problems(notebook), [problem])
        self.assertEqual(self.problems(GOOD, json.dumps), ["is not written as notebooks_test.py --write does"])


if __name__ == "__main__":
    unittest.main()
