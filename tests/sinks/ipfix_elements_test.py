#!/usr/bin/env python3
"""The registry of our own information elements has all columns of features and schemas, and no line of it ever changed."""
import hashlib
import subprocess
import sys
import unittest

import ipfix_common as common
import program

# Grown, not changed: whoever adds lines says how many there are now and what they come to.
LINES = 474
DIGEST = "35987196730736d53b0ac15bf06f08a9df8bb96c2f8597dddcc79c58803ec94e"


class Elements(unittest.TestCase):
    def test_every_column_has_one(self):
        grown = subprocess.run([sys.executable, common.REGISTRY.parent / "grow.py", program.PROGRAM, common.DEMO, "--check"],
                               capture_output=True, text=True, check=False, timeout=program.LIMIT_SECONDS)
        self.assertEqual((grown.returncode, grown.stdout, grown.stderr), (0, "", ""))

    def test_numbers_and_names_stay(self):
        lines = [line.split("\t") for line in common.REGISTRY.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        self.assertEqual([int(line[0]) for line in lines], list(range(1, len(lines) + 1)))
        self.assertLess(len(lines), 16_384)
        for place in (1, 5):
            self.assertEqual(len({line[place] for line in lines}), len(lines))
        text = "\n".join("\t".join(line) for line in lines[:LINES])
        self.assertEqual((len(lines) >= LINES, hashlib.sha256(text.encode()).hexdigest()), (True, DIGEST))


if __name__ == "__main__":
    unittest.main()
