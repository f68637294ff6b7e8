#!/usr/bin/env python3
"""PATH.meta.json beside a table: what it says, where it lies, when it is .part."""
import csv
import gzip
import json
import pathlib
import re
import tempfile
import unittest

import program


class Metadata(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "in.pcap").write_bytes(program.capture(3))

    def run_it(self, *words, code=0):
        finished = program.run("pcap", *words, "--metadata", cwd=self.folder)
        self.assertEqual(code, finished.returncode, finished.stderr)
        return finished

    def read(self, name):
        return json.loads((self.folder / name).read_text())

    def files(self):
        return sorted(path.name for path in self.folder.rglob("*") if path.is_file() and path.suffix != ".pcap")

    def test_does_not_outlive_its_table(self):
        self.run_it("in.pcap", "-f", "basic", "--export-path", "flows.csv")
        self.assertEqual(["flows.csv", "flows.csv.meta.json"], self.files())
        finished = program.run("pcap", "in.pcap", "-f", "cidds", "--export-path", "flows.csv", "--force", cwd=self.folder)
        self.assertEqual(0, finished.returncode, finished.stderr)
        self.assertEqual(["flows.csv"], self.files())

    def test_says_all_of_a_small_table(self):
        (self.folder / "rules.csv").write_text("src_port,label\n1025,odd\n")
        self.run_it("in.pcap", "-f", "basic", "--export-path", "flows.csv", "--labels", "rules.csv", "--report", "run.json")
        self.assertEqual(["flows.csv", "flows.csv.meta.json", "rules.csv", "run.json"], self.files())
        made, report = self.read("flows.csv.meta.json"), self.read("run.json")
        self.assertEqual("flows.csv.meta.json", report["outputs"][0]["metadata"])
        columns = made.pop("columns")
        for key in ("profile", "plugins", "service_group_version", "service_group_sha256", "inputs", "ledger", "labels", "cut_cells"):
            self.assertEqual(report[key], made.pop(key), key)
        self.assertEqual(report["flows"]["by_end_reason"], made["flows"].pop("by_end_reason"))
        self.assertEqual(
            {"metadata_version": 1, "table": "flows.csv", "complete": True, "rows": 3,
             "size_bytes": (self.folder / "flows.csv").stat().st_size, "format": "csv", "header": True, "compression": "none",
             "schema": {"name": "basic", "version": "1.0"}, "excluded_classes": [], "left_out": [],
             "program": {"name": "flowgauge", "version": report["version"], "plugin_abi": "1.1"},
             "flows": {"begun": 3, "snapshots": 0}}, made)
        header = (self.folder / "flows.csv").read_text().splitlines()[0].split(",")
        self.assertEqual(header, [column["name"] for column in columns])
        self.assertEqual(
            {"name": "source_port", "role": "feature", "type": "u64", "unit": "", "classes": ["port"], "expression": "flow.src_port",
             "definition": "Port of the source side, 0 where the protocol has none"}, columns[2])
        duration = next(column for column in columns if column["name"] == "duration")
        self.assertEqual(("i64", "us", [], "elapsed(flow.first_seen, flow.last_seen, us)"),
                         tuple(duration[key] for key in ("type", "unit", "classes", "expression")))
        self.assertEqual("flow.first_seen: Smallest timestamp, since the epoch; flow.last_seen: Greatest timestamp, since the epoch",
                         duration["definition"])
        self.assertEqual({"name": "label", "role": "label", "type": "string", "unit": "", "classes": [], "expression": "",
                          "definition": "Label of the first rule of rules.csv that the flow meets"}, columns[-1])

    def test_every_column_of_every_schema_has_its_definition(self):
        plugins = json.loads(program.run("plugins", "--json").stdout)
        schemas = [schema["name"] for plugin in plugins for schema in plugin["schemas"]]
        self.assertLessEqual({"basic", "cic", "cidds", "nfstream", "rustiflow"}, set(schemas))
        for schema in schemas:
            self.run_it("in.pcap", "-f", schema, "--export-path", f"{schema}.csv")
            made = self.read(f"{schema}.csv.meta.json")
            with (self.folder / f"{schema}.csv").open(newline="") as table:
                self.assertEqual(next(csv.reader(table)), [column["name"] for column in made["columns"]])
            for column in made["columns"]:
                reads_nothing = not re.search(r"[a-z]\.[a-z]", column["expression"])
                self.assertTrue(column["definition"] or reads_nothing, column)

    def test_the_clean_form_says_what_was_left_out(self):
        self.run_it("in.pcap", "-f", "basic", "--export-path", "c.csv", "--drop-contaminant-features")
        made = self.read("c.csv.meta.json")
        self.assertEqual(["identity", "port", "time"], made["excluded_classes"])
        self.assertEqual("flow_id source_ip source_port destination_ip destination_port first_timestamp last_timestamp".split(),
                         made["left_out"])
        self.assertFalse({"identity", "port", "time"} & {one for column in made["columns"] for one in column["classes"]})

    def test_compressed_and_per_file(self):
        (self.folder / "two.pcap").write_bytes(program.capture(2))
        (self.folder / "p.yaml").write_text("exporters:\n  - {schema: basic, path: out, format: jsonl, metadata: true}\n")
        finished = program.run("pcap", "in.pcap", "two.pcap", "-p", "./p.yaml", "--per-file", cwd=self.folder)
        self.assertEqual(0, finished.returncode, finished.stderr)
        for name, rows in (("in.pcap", 3), ("two.pcap", 2)):
            made = self.read(f"out/{name}.jsonl.meta.json")
            self.assertEqual((f"{name}.jsonl", rows, "jsonl", False), tuple(made[key] for key in ("table", "rows", "format", "header")))
            self.assertEqual([name], [one["name"] for one in made["inputs"]])
            self.assertEqual((rows, rows, True), tuple(made["ledger"][key] for key in ("frames_read", "in_flows", "balances")))
        self.run_it("in.pcap", "-f", "basic", "--export-path", "z.csv.gz")
        made = self.read("z.csv.gz.meta.json")
        self.assertEqual(("z.csv.gz", "gzip", "csv", 3), tuple(made[key] for key in ("table", "compression", "format", "rows")))
        self.assertEqual(made["size_bytes"], (self.folder / "z.csv.gz").stat().st_size)
        self.assertEqual(4, len(gzip.decompress((self.folder / "z.csv.gz").read_bytes()).splitlines()))

    def test_is_the_same_with_any_number_of_threads(self):
        made = []
        for threads in ("1", "3"):
            self.run_it("in.pcap", "-f", "basic", "--export-path", "t.csv", "--threads", threads, "--force")
            made.append((self.folder / "t.csv.meta.json").read_bytes())
        self.assertEqual(*made)

    def test_stays_a_part_beside_a_partial_table(self):
        damaged = program.capture(3) + program.pcap_record(1_700_000_000, b"x" * 10, captured=500)
        (self.folder / "damaged.pcap").write_bytes(damaged)
        self.run_it("damaged.pcap", "-f", "basic", "--export-path", "d.csv", code=3)
        self.assertEqual(["d.csv.meta.json.part", "d.csv.part"], self.files())
        made = self.read("d.csv.meta.json.part")
        self.assertEqual((False, "d.csv.part", 3), (made["complete"], made["table"], made["rows"]))

    def test_replaces_nothing_without_force(self):
        (self.folder / "flows.csv.meta.json").write_text("mine")
        finished = self.run_it("in.pcap", "-f", "basic", "--export-path", "flows.csv", code=4)
        self.assertIn("flows.csv.meta.json: already exists; take another name, or replace it with --force", finished.stderr)
        self.assertEqual("mine", (self.folder / "flows.csv.meta.json").read_text())
        self.run_it("in.pcap", "-f", "basic", "--export-path", "flows.csv", "--force")
        self.assertEqual(3, self.read("flows.csv.meta.json")["rows"])

    def test_needs_a_file_to_lie_beside(self):
        finished = self.run_it("in.pcap", "-f", "basic", code=1)
        self.assertIn("schema 'basic' goes to standard output, which no metadata can lie beside; give it a path", finished.stderr)
        finished = self.run_it("in.pcap", "-f", "basic", "--export-path", "/dev/null", code=4)
        self.assertIn("/dev/null: is a device or a pipe, which no metadata can lie beside; name a file", finished.stderr)


if __name__ == "__main__":
    unittest.main()
