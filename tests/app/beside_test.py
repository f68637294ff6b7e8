#!/usr/bin/env python3
"""Each wrong plugin of tests/mutants and tests/broken_plugins beside good features in a run: their cells are those of a run
without it, or the run says that it failed, and whose fault it is."""
import csv
import io
import json
import os
import pathlib
import tempfile
import unittest

import program

DEMO = program.SOURCE_DIR / "fixtures/demo.pcap"
LEAKS = f"{os.environ.get('ASAN_OPTIONS', '')}:detect_leaks=0"
# Column: expression, type.
BESIDE = {"packets": ("packet_length.fwd.count", "u64"), "gap": ("iat.iat.mean", "f64"), "greatest": ("packet_length.fwd.max", "i64"),
          "flags": ("tcp_flags.text", "string"), "scope": ("endpoint.dst_scope", "string"), "started": ("flow.first_seen", "i64")}
EVERY = 3 if os.environ.get("FLOWGAUGE_SANITIZED") == "1" else 1  # the release build takes all
OWN = {"mutant": {"packets": "u64", "ratio": "f64", "flag": "bool", "text": "string", "other": "u64"}, "broken": {"count": "u64"}}


def names(table):
    lines = (program.SOURCE_DIR / "tests" / table).read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[0] for line in lines if line and line[0] != "#"][::EVERY]


class Beside(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.profile = pathlib.Path(folder.name) / "beside.yaml"

    def run_with(self, feature=None, module=None, capture=DEMO):
        """Of a run: exit code, what it says, columns."""
        columns = dict(BESIDE)
        document = {}
        if feature is not None:
            document["features"] = [{"name": feature, "module": str(module)}]
            columns |= {f"own_{name}": (f"{feature}.{name}", kind) for name, kind in OWN[feature].items()}
        document["exporters"] = [{"columns": [{"name": name, "expression": expression, "type": kind}
                                               for name, (expression, kind) in columns.items()]}]
        self.profile.write_text(json.dumps(document), encoding="utf-8")
        # What a plugin leaks is another matter.
        finished = program.run("pcap", capture, "-p", self.profile, "-o", "csv", "--trial-time", "1", env={"ASAN_OPTIONS": LEAKS})
        rows = list(csv.DictReader(io.StringIO(finished.stdout.decode(errors="replace"))))
        return finished.returncode, finished.stderr, [[row.get(name) for name in BESIDE] for row in rows]

    def look_at(self, feature, paths):
        code, said, expected = self.run_with()
        self.assertEqual((code, len(expected)), (0, 16), said)
        outcomes = set()
        for path in paths:
            with self.subTest(path.stem):
                code, said, rows = self.run_with(feature, path)
                outcomes.add(code)
                if code == 0:
                    self.assertEqual(rows, expected)
                    continue
                self.assertIn(str(path), said)
                if code != 2:                                  # the signal of a crash
                    self.assertLess(code, 0, said)
                # Other workers may have gone on.
                self.assertEqual([row for row in rows if row not in expected], [], said)
        self.assertTrue({0, 2} <= outcomes, outcomes)

    def test_mutants(self):
        self.look_at("mutant", [program.BINARY_DIR / "mutants" / f"{name}.so" for name in names("mutants/mutants.tsv")])

    def test_broken_plugins(self):
        listed = names("broken_plugins/refusals.tsv") + names("broken_plugins/failures.tsv") + ["nothing"]
        self.look_at("broken", [program.BINARY_DIR / "broken_plugins" / f"{name}.so" for name in listed])

    def test_what_is_written_beyond_its_end(self):
        """Silently wrong cells of others, else."""
        full = self.profile.with_name("full.pcap")
        full.write_bytes(program.capture(200))                 # rows come in batches of 64
        for mutant, capture, sentence in (
                ("writes_beside_state", DEMO, "writes behind its state of 72 bytes, where others keep theirs"),
                ("writes_behind_cells", full, "writes behind the 64 cells of its column 'other'"),
                ("count_writes_behind", DEMO, "failed in count: it writes behind its counters")):
            with self.subTest(mutant):
                path = program.BINARY_DIR / f"mutants/{mutant}.so"
                code, said, rows = self.run_with("mutant", path, capture)
                self.assertEqual(code, 2, said)
                self.assertIn(f"{path}: feature 'mutant' {sentence}; leave it out", said)
                self.assertEqual(rows if mutant != "count_writes_behind" else [], [])


if __name__ == "__main__":
    unittest.main()
