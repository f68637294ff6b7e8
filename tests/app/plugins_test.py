#!/usr/bin/env python3
"""flowgauge plugins: what it says of each module, as text and as JSON."""
import hashlib
import json
import pathlib
import re
import unittest

import program



class Plugins(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.modules = json.loads(program.run("plugins", "--json").stdout)
        cls.text = program.run("plugins").stdout.decode()

    def bytes_per_flow(self):
        return {feature["name"]: feature["state_bytes"] for module in self.modules for feature in module["features"]}

    def test_features_say_their_bytes_per_flow(self):
        found = self.bytes_per_flow()
        # packet_length: 2 directions of 24; the times of timing and the names of endpoint are the host's
        self.assertEqual((found["packet_length"], found["timing"], found["endpoint"]), (48, 0, 0))
        self.assertGreaterEqual(len(found), 14)

    def test_which_features_keep_more_than_their_state(self):
        own = {feature["name"] for module in self.modules for feature in module["features"] if feature["owns_memory"]}
        self.assertEqual(own, {"active_idle", "bulk", "first_packets", "retransmission", "retransmission_bytes"})
        self.assertEqual(set(re.findall(r"(\w+) \(\d+ bytes per flow, and memory of its own\)", self.text)), own)

    def test_text_says_the_same(self):
        said = dict(re.findall(r"(\w+) \((\d+) bytes per flow", self.text))
        self.assertEqual({name: int(count) for name, count in said.items()}, self.bytes_per_flow())

    def test_schemas_count_the_columns_of_their_full_form(self):
        readme = (program.SOURCE_DIR / "README.md").read_text(encoding="utf-8")
        said = dict(re.findall(r"^  schemas   (\w+) \((\d+) columns\)$", self.text, re.MULTILINE))
        self.assertEqual(dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", readme, re.MULTILINE)), said)
        table = program.run("plugins", "--markdown").stdout.decode()
        self.assertEqual(dict(re.findall(r"schema `(\w+)` \| (\d+) \|", table)), said)
        self.assertEqual(said["rustiflow"], "203")

    def test_options_of_a_schema(self):
        self.assertIn("  schemas   nfstream (71 columns)\n  option    nfstream.gaps: string of none, fill (default none)\n", self.text)
        schema = next(schema for module in self.modules for schema in module["schemas"] if schema["name"] == "nfstream")
        self.assertEqual([(option["name"], option["type"], option["default"]) for option in schema["options"]], [("gaps", "string", "none")])

    def test_a_module_as_text(self):
        path = next(module["path"] for module in self.modules if module["name"] == "packet_length")
        expected = ["packet_length 1.0", "  features  packet_length (48 bytes per flow)",
                    "  columns   packet_length.flow, packet_length.fwd, packet_length.bwd", "  licence   Apache-2.0",
                    "  needs     plugin ABI 1.0", f"  file      {path}",
                    f"  sha256    {hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()}"]
        self.assertIn("\n".join(expected) + "\n", self.text)

    def test_options_of_a_feature(self):
        folder = ("--plugin-dir", program.BINARY_DIR / "tests/features")
        said = [line for line in program.run("plugins", *folder).stdout.decode().splitlines() if line.startswith(("  option    cells.", "  option    thrower."))]
        self.assertEqual(said, ["  option    cells.limit: u64 (default 3)", "  option    cells.offset: i64 (default 0)",
                                "  option    cells.divisor: f64 (default 1)", "  option    cells.nulls: bool (default true)",
                                "  option    cells.label: string (must be given)", "  option    thrower.where: string (default update)"])
        modules = json.loads(program.run("plugins", "--json", *folder).stdout)
        cells = next(module["features"][0] for module in modules if module["name"] == "sdk_tour")
        self.assertEqual([cells["options"][0], cells["options"][4]],
                         [{"name": "limit", "type": "u64", "doc": "For 'many'", "default": "3"},
                          {"name": "label", "type": "string", "doc": "For 'label'"}])

    def test_a_feature_as_json(self):
        feature = next(module["features"][0] for module in self.modules if module["name"] == "packet_length")
        columns = feature.pop("columns")
        self.assertEqual(feature, {"name": "packet_length", "version": "1.0", "state_bytes": 48, "owns_memory": False, "needs": [], "options": [], "packet_filters": [], "ends": [], "counters": [],
                                   "doc": "IP length of packets, per flow and per direction."})
        self.assertEqual([column["name"] for column in columns], ["flow", "fwd", "bwd"])
        self.assertEqual(columns[1] | {"doc": ""}, {"name": "fwd", "type": "series", "unit": "B", "nullable": False, "classes": [],
                                                   "classes_of_extremes": [], "doc": ""})

    def test_as_markdown(self):
        table = program.run("plugins", "--markdown").stdout.decode().splitlines()
        self.assertEqual(len(table), len(self.modules) + 2)
        module = next(module for module in self.modules if module["name"] == "packet_length")
        self.assertIn(f"| `packet_length` | 1.0 | 1.0 | feature `packet_length` | 3 | 48 | Apache-2.0 | `{module['sha256']}` |", table)
        self.assertEqual({row.count("|") for row in table}, {9})


if __name__ == "__main__":
    unittest.main()
