#!/usr/bin/env python3
"""The recipe of the container: what a linter of such files asks for, and that it agrees with the packages and the page that tells of it."""
import json
import os
import pathlib
import re
import unittest

SOURCE_DIR = pathlib.Path(os.environ["FLOWGAUGE_SOURCE_DIR"])
RECIPE = SOURCE_DIR / "core" / "package" / "Containerfile"
KNOWN = {"FROM", "RUN", "COPY", "WORKDIR", "VOLUME", "ENTRYPOINT", "CMD"}


class Containerfile(unittest.TestCase):
    def setUp(self):
        text = re.sub(r"^#.*\n", "", RECIPE.read_text(encoding="utf-8"), flags=re.M).replace("\\\n", " ")
        self.steps = [tuple(line.split(None, 1)) for line in text.splitlines() if line.strip()]

    def of(self, kind):
        return [words for name, words in self.steps if name == kind]

    def test_its_steps_are_known(self):
        self.assertLessEqual({name for name, _ in self.steps}, KNOWN)
        self.assertEqual(self.of("FROM"), ["debian:12-slim AS build", "debian:12-slim"])  # the release that packages are made for
        for program in self.of("ENTRYPOINT") + self.of("CMD"):
            self.assertIsInstance(json.loads(program), list)  # without a shell, which would take the signals

    def test_lists_of_packages_do_not_stay(self):
        for words in self.of("RUN"):
            if "apt-get install" in words:
                self.assertIn("apt-get update", words)
                self.assertIn("--no-install-recommends", words)
                self.assertIn("rm -rf /var/lib/apt/lists/*", words)

    def test_it_takes_what_the_packages_make(self):
        self.assertIn("./dev package", self.of("RUN"))
        made = (SOURCE_DIR / "core" / "package" / "CMakeLists.txt").read_text(encoding="utf-8")
        for name in re.findall(r"/build/packages/(flowgauge)", " ".join(self.of("COPY"))):
            self.assertIn(f"PACKAGE_NAME {name}", made)
        self.assertTrue(any("-o flowgauge -g flowgauge" in words for words in self.of("RUN")))

    def test_the_page_names_the_file(self):
        self.assertIn("core/package/Containerfile", (SOURCE_DIR / "docs" / "realtime.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
