#!/usr/bin/env python3
"""Derived features with the plugin `deriving`: columns made of other features' columns, in tables of a profile, of a schema and
of a schema's derive; what they reveal; what is refused and what fails."""
import csv
import io
import json
import os
import pathlib
import tempfile
import unittest

import program

PLUGIN = os.environ["FLOWGAUGE_DERIVING"]
SOURCE = pathlib.Path(os.environ["FLOWGAUGE_SOURCE_DIR"])
DEMO = SOURCE / "fixtures" / "demo.pcap"
READ = ["packet_length.fwd.total", "packet_length.fwd.count", "packet_length.bwd.total", "packet_length.bwd.count", "flow.dst_port"]
MADE = [f"deriving.{name}" for name in ("ratio", "louder", "totals", "wanted", "odd_port", "second")]


def ratio_of(row):
    fwd, fwd_packets, bwd, bwd_packets = (int(row[name]) for name in READ[:4])
    return fwd / fwd_packets / (bwd / bwd_packets) if fwd_packets and bwd_packets else None


def louder_of(row):
    return 'the "other", by far' if int(row[READ[0]]) < int(row[READ[2]]) else "source"


class Derived(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def finished(self, exporter, *words, features=("deriving",), **more):
        profile = {"features": [{"name": name, "module": PLUGIN} for name in features], "exporters": [exporter], **more}
        (self.folder / "p.yaml").write_text(json.dumps(profile))                    # JSON is YAML
        return program.run("pcap", DEMO, "-p", "./p.yaml", *words, cwd=self.folder)

    def output(self, *words, **more):
        finished = self.finished(*words, **more)
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
        return finished.stdout.decode()

    def rows(self, columns, *words, **more):
        return list(csv.DictReader(io.StringIO(self.output({"columns": columns}, *words, **more))))

    def refused(self, code, exporter, *words, **more):
        finished = self.finished(exporter, *words, **more)
        self.assertEqual(finished.returncode, code)
        return program.messages(finished)[-1].replace(PLUGIN, "PLUGIN")


class Columns(Derived):
    def test_they_are_what_the_read_columns_say(self):
        rows = self.rows([*READ, "flow.first_seen", "timing.fwd_first", *MADE])
        self.assertGreater(len(rows), 10)
        for row in rows:
            ratio = ratio_of(row)
            self.assertEqual(row["deriving.ratio"], "" if ratio is None else row["deriving.ratio"])
            if ratio is not None:
                self.assertEqual(float(row["deriving.ratio"]), ratio)
            self.assertEqual(row["deriving.louder"], louder_of(row))
            self.assertEqual(json.loads(row["deriving.totals"]), [int(row[READ[0]]), int(row[READ[2]])])
            self.assertEqual(row["deriving.wanted"], "3")
            self.assertEqual(row["deriving.odd_port"], str(int(row["flow.dst_port"]) % 2))
            self.assertEqual(int(row["deriving.second"]), int(row["timing.fwd_first"]) // 10**9, "absolute where it is read")
        self.assertEqual({row["deriving.ratio"] == "" for row in rows}, {True, False})
        self.assertEqual({row["deriving.odd_port"] for row in rows}, {"0", "1"})

    def test_every_number_of_threads_and_every_format_gives_the_same(self):
        one = self.output({"columns": [*READ, *MADE]}, "--threads", "1")
        self.assertEqual(self.output({"columns": [*READ, *MADE]}, "--threads", "4"), one)
        lines = self.output({"columns": [*READ, *MADE], "format": "jsonl"}, "--threads", "4").splitlines()
        for line, row in zip(lines, csv.DictReader(io.StringIO(one)), strict=True):
            cells = json.loads(line)
            self.assertEqual([cells[name] for name in MADE],
                             [float(row[MADE[0]]) if row[MADE[0]] else None, row[MADE[1]], json.loads(row[MADE[2]]), 3,
                              row[MADE[4]] == "1", int(row[MADE[5]])])

    def test_an_output_that_nobody_wants_is_not_made(self):
        self.assertEqual({row["deriving.wanted"] for row in self.rows(["deriving.wanted"])}, {"0"})
        self.assertEqual({row["deriving.wanted"] for row in self.rows(["deriving.wanted", "deriving.louder"])}, {"1"})
        # Two tables of one run: it is made once, for both.
        words = {"columns": ["deriving.louder"], "path": str(self.folder / "other.csv")}
        profile = {"features": [PLUGIN], "exporters": [{"columns": ["deriving.wanted"]}, words]}
        (self.folder / "two.yaml").write_text(json.dumps(profile))
        finished = program.run("pcap", DEMO, "-p", "./two.yaml", cwd=self.folder)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        self.assertEqual(set(finished.stdout.decode().split()[1:]), {"1"})

    def test_in_expressions(self):
        rows = self.rows(["deriving.ratio", {"name": "text", "expression": "if(deriving.ratio > 1, join('x', deriving.louder), 'less')"}])
        for row in rows:
            ratio = row["deriving.ratio"]
            self.assertEqual(row["text"].startswith("x"), bool(ratio) and float(ratio) > 1)

    def test_label_columns_stand_behind_them(self):
        (self.folder / "labels.csv").write_text("protocol,label\ntcp,stream\n,rest\n")
        text = self.output({"columns": ["flow.protocol", "deriving.louder"]}, labels="labels.csv")
        rows = list(csv.reader(io.StringIO(text)))
        self.assertEqual(rows[0], ["flow.protocol", "deriving.louder", "label"])
        self.assertEqual({(row[0] == "6", row[2]) for row in rows[1:]}, {(True, "stream"), (False, "rest")})

    def test_without_its_module_it_is_found_by_its_name(self):
        text = self.output({"columns": ["deriving.louder"]}, "--plugin-dir", pathlib.Path(PLUGIN).parent, features=())
        self.assertEqual(text, self.output({"columns": ["deriving.louder"]}))


class Schemas(Derived):
    def test_a_schema_and_its_derive_read_them(self):
        exporter = {"schema": "deriving", "module": PLUGIN}
        for threads in ("1", "4"):
            rows = list(csv.DictReader(io.StringIO(self.output(exporter, "--threads", threads))))
            expected = self.rows([*READ, *MADE], "--threads", threads)
            self.assertEqual(
                [list(row.values()) for row in rows],
                [[row[READ[0]], row[MADE[0]], row_doubled, row[MADE[1]][0].replace("t", "o"), ("even", "odd")[int(row[MADE[4]])]]
                 for row, row_doubled in zip(expected, [row["Doubled"] for row in rows], strict=True)])
            for row in rows:
                self.assertEqual(float(row["Doubled"]), 2 * float(row["Ratio"]) if row["Ratio"] else -1)

    def test_metadata_says_what_they_are(self):
        path = self.folder / "table.csv"
        self.output({"schema": "deriving", "module": PLUGIN, "path": str(path), "metadata": True})
        columns = json.loads((self.folder / "table.csv.meta.json").read_text())["columns"]
        self.assertEqual([(one["name"], one["classes"], one["definition"]) for one in columns if one["name"] in ("Ratio", "Odd")],
                         [("Ratio", [], "Bytes per packet, forward / backward; null where nothing came back"),
                          ("Odd", ["port", "time"], "The destination port is odd")])


class Classes(Derived):
    def header(self, excluded):
        return self.output({"columns": MADE}, contamination=excluded).splitlines()[0].split(",")

    def test_what_an_input_reveals_takes_all_outputs_of_its_derive_away(self):
        self.assertEqual(self.header([]), MADE)
        for excluded in (["port"], ["time"], ["port", "time"]):
            self.assertEqual(self.header(excluded), MADE[:4], excluded)
        self.assertEqual(self.header(["identity"]), MADE)
        self.assertEqual(self.output({"schema": "deriving", "module": PLUGIN}, contamination=["port"]).splitlines()[0],
                         "Bytes,Ratio,Doubled,Loud")

    def test_no_function_lowers_them(self):
        said = self.refused(1, {"columns": [{"name": "x", "expression": "port_class(deriving.odd_port)"}]})
        self.assertTrue(said.endswith("port_class() takes columns of features that see packets, and 'deriving.odd_port' is derived"), said)


class Refusals(Derived):
    def test_what_they_read(self):
        for name, code, sentence in (
                ("deriving_chained", 2, "PLUGIN: derived feature 'deriving_chained': its derive reads 'deriving.odd_port', which is "
                                        "derived itself; read columns of features that see packets alone"),
                ("deriving_misspelt", 2, "PLUGIN: derived feature 'deriving_misspelt': packet_length.fdw: feature 'packet_length' has "
                                         "no such column; did you mean 'packet_length.fwd'?"),
                ("deriving_mistyped", 2, "PLUGIN: derived feature 'deriving_mistyped': its derive reads 'packet_length.fwd' as u64, "
                                         "but the column is series; declare that type")):
            said = self.refused(code, {"columns": [f"{name}.one"]}, features=(name,))
            self.assertTrue(said.endswith(sentence), said)
            self.assertIn("p.yaml:1: column ", said)

    def test_a_feature_that_cannot_be_found(self):
        said = self.refused(2, {"columns": ["deriving_homeless.one"]}, features=("deriving_homeless",))
        self.assertIn("derived feature 'deriving_homeless' of PLUGIN: feature 'nowhere' not found", said)

    def test_options(self):
        profile = {"features": [{"name": "deriving", "module": PLUGIN, "options": {"x": 1}}], "exporters": [{"columns": MADE}]}
        (self.folder / "p.yaml").write_text(json.dumps(profile))
        finished = program.run("pcap", DEMO, "-p", "./p.yaml", cwd=self.folder)
        self.assertEqual(finished.returncode, 1)
        self.assertIn("'x'", finished.stderr)

    def test_failures_stop_the_run(self):
        for threads in ("1", "4"):
            said = self.refused(2, {"columns": ["deriving_failing.one"]}, "--threads", threads, features=("deriving_failing",))
            self.assertIn("PLUGIN: derived feature 'deriving_failing' failed: 'one' failed in derive: it has had enough; rows so far are kept", said)

    def test_a_trap_is_known_as_theirs(self):
        finished = self.finished({"columns": ["deriving_trapping.one"]}, features=("deriving_trapping",))
        self.assertNotEqual(finished.returncode, 0)
        self.assertIn("deriving_trapping", finished.stderr)
        self.assertIn("derive", finished.stderr)


class Listings(unittest.TestCase):
    FOLDER = pathlib.Path(PLUGIN).parent

    def test_columns(self):
        listed = json.loads(program.run("columns", "--json", "--plugin-dir", self.FOLDER).stdout)
        mine = {one["name"]: one for one in listed}
        self.assertEqual((mine["deriving.odd_port"]["kind"], mine["deriving.odd_port"]["classes"]), ("derived", ["port", "time"]))
        self.assertEqual((mine["packet_length.fwd"]["kind"], mine["deriving.ratio"]["classes"]), ("feature", []))
        text = program.run("columns", "--plugin-dir", self.FOLDER).stdout.decode()
        self.assertIn("Who sent more bytes (derived from packet_length.fwd, packet_length.bwd)\n", text)

    def test_plugins_and_plugin_info(self):
        text = program.run("plugins", "--plugin-dir", self.FOLDER).stdout.decode()
        self.assertIn("\n  derived   deriving, deriving_chained, ", text)
        self.assertIn("\n  columns   deriving.ratio, deriving.louder, ", text)
        self.assertIn("derived feature `deriving`", program.run("plugins", "--markdown", "--plugin-dir", self.FOLDER).stdout.decode())
        info = program.run("plugin", "info", PLUGIN).stdout.decode()
        self.assertIn("\nderived feature deriving 1.2: What lengths and ends say together.\n  reads     packet_length.fwd: series\n", info)
        module = json.loads(program.run("plugin", "info", PLUGIN, "--json").stdout)["module"]
        self.assertEqual((module["features"], len(module["derived"])), ([], 7))
        first, second = module["derived"][0]["derives"]
        self.assertEqual(first["inputs"], [{"name": "packet_length.fwd", "type": "series"}, {"name": "packet_length.bwd", "type": "series"}])
        self.assertEqual([one["name"] for one in second["columns"]], ["odd_port", "second"])


if __name__ == "__main__":
    unittest.main()
