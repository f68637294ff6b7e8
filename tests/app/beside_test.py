#!/usr/bin/env python3
"""Each wrong plugin of tests/mutants and tests/broken_plugins beside good features in a run: their cells are those of a run
without it, or the run says that it failed, and whose fault it is."""
import csv
import io
import json
import pathlib
import tempfile
import unittest

import program

DEMO = program.SOURCE_DIR / "fixtures/demo.pcap"
# Column: expression, type.
BESIDE = {"packets": ("packet_length.fwd.count", "u64"), "gap": ("iat.iat.mean", "f64"), "greatest": ("packet_length.fwd.max", "i64"),
          "flags": ("tcp_flags.text", "string"), "scope": ("endpoint.dst_scope", "string"), "started": ("flow.first_seen", "i64")}
OWN = {"mutant": {"packets": "u64", "ratio": "f64", "flag": "bool", "text": "string", "other": "u64"}, "broken": {"count": "u64"}}


def names(table):
    lines = (program.SOURCE_DIR / "tests" / table).read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[0] for line in lines if line and line[0] != "#"]


class Beside(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.profile = pathlib.Path(folder.name) / "beside.yaml"

    def run_with(self, feature=None, module=None):
        """Of a run: exit code, what it says, columns."""
        columns = dict(BESIDE)
        document = {}
        if feature is not None:
            document["features"] = [{"name": feature, "module": str(module)}]
            columns |= {f"own_{name}": (f"{feature}.{name}", kind) for name, kind in OWN[feature].items()}
        document["exporters"] = [{"columns": [{"name": name, "expression": expression, "type": kind}
                                               for name, (expression, kind) in columns.items()]}]
        self.profile.write_text(json.dumps(document), encoding="utf-8")
        finished = program.run("pcap", DEMO, "-p", self.profile, "-o", "csv", "--trial-time", "1")
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

    def test_a_state_is_written_beyond(self):
        """Silently wrong cells of others, else."""
        path = program.BINARY_DIR / "mutants/writes_beside_state.so"
        code, said, rows = self.run_with("mutant", path)
        self.assertEqual((code, rows), (2, []))
        self.assertIn(f"{path}: feature 'mutant' writes behind its state of 72 bytes, where others keep theirs; leave it out", said)


if __name__ == "__main__":
    unittest.main()
