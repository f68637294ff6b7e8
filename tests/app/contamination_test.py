#!/usr/bin/env python3
"""What a run leaves out: the levels, lists of classes and the flag, with a third party's plugin; and what the program says of columns."""
import csv
import io
import json
import os
import pathlib
import tempfile
import unittest

import program

PLUGIN = os.environ["FLOWGAUGE_REVEALING"]
SHARED = pathlib.Path(os.environ.get("FLOWGAUGE_SHARED_DIR", ""))
ALL = "host port newest ttl_mean ttl_max vlan limit packets hash port_and_limit port_class"
NAMES = ("identity", "port", "time", "os", "path", "tool")


class Run(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "in.pcap").write_bytes(program.capture(1))

    def run_with(self, contamination, *words, schema="revealing"):
        exporter = f"{{schema: {schema}, module: {PLUGIN}}}"
        features = f"[{{name: revealing, module: {PLUGIN}}}, {{name: sighted, module: {PLUGIN}}}, {{name: keyed, module: {PLUGIN}}}]"
        (self.folder / "p.yaml").write_text(f"features: {features}\nexporters: [{exporter}]\n{contamination}\n")
        return program.run("pcap", "in.pcap", "-p", "./p.yaml", *words, cwd=self.folder)

    def header(self, contamination, *words):
        finished = self.run_with(contamination, *words)
        self.assertEqual(0, finished.returncode, finished.stderr)
        header, row = csv.reader(io.StringIO(finished.stdout.decode()))
        self.assertEqual(len(header), len(row))
        return " ".join(header), row

    def test_levels_lists_and_the_flag(self):
        raw = "ttl_mean ttl_max limit packets"  # nothing of sighted and keyed: they see the key
        strict = "ttl_mean packets"
        cases = [
            ("contamination: none_removed", (), ALL),
            ("", (), ALL),
            ("contamination: raw_identifiers", (), raw),
            ("", ("--drop-contaminant-features",), raw),
            ("contamination: none_removed", ("--drop-contaminant-features",), raw),
            ("contamination: [os]", ("--drop-contaminant-features",), "ttl_mean limit packets"),
            ("contamination: strict", (), strict),
            ("contamination: strict", ("--drop-contaminant-features",), strict),
            ("contamination: [identity, port, time, os, path, tool]", (), strict),
            ("contamination: [identity, time, port]", (), raw),
            ("contamination: []", (), ALL),
            # One class at a time; sighted and keyed see identity and port, so that one of them is enough to leave both
            # out.
            ("contamination: [identity]", (), "newest ttl_mean ttl_max limit packets"),
            ("contamination: [port]", (), "newest ttl_mean ttl_max limit packets"),
            ("contamination: [time]", (), ALL.replace("newest ", "")),
            ("contamination: [os]", (), ALL.replace("ttl_max ", "")),
            ("contamination: [path]", (), "newest ttl_mean ttl_max limit packets hash"),
            ("contamination: [tool]", (), ALL.replace(" limit ", " ").replace("port_and_limit ", "")),
            ("contamination: [identity, port]", (), "newest ttl_mean ttl_max limit packets"),
        ]
        for contamination, words, expected in cases:
            with self.subTest(contamination, words=words):
                self.assertEqual(expected, self.header(contamination, *words)[0])

    def test_cells_are_those_of_the_full_table(self):
        """The frame of program.capture: 10.0.0.1:1024 to port 53, TTL 64, at 1,700,000,000 s."""
        full = ["1", "53", "1700000000000000000", "64", "64", "0", "7", "1", str(1024 + 53), str(53 + 7), "well-known"]
        self.assertEqual((ALL, full), self.header(""))
        self.assertEqual(["64", "1"], self.header("contamination: strict")[1])

    def test_what_is_left_out_is_reported(self):
        self.run_with("contamination: strict", "--report", "run.json")
        report = json.loads((self.folder / "run.json").read_text())
        self.assertEqual("host port newest ttl_max vlan limit hash port_and_limit port_class".split(), report["outputs"][0]["left_out"])

    def test_a_required_entry_that_is_excluded_refuses_the_schema_with_the_names(self):
        finished = self.run_with("contamination: [identity, port]", schema="demanding")
        self.assertEqual(1, finished.returncode)
        self.assertEqual(b"", finished.stdout)
        self.assertIn("schema 'demanding' needs columns that `contamination` excludes: 'host' (it reveals identity), "
                      "'hash' (feature 'keyed' sees what is excluded)", finished.stderr)
        self.assertIn("p.yaml:2: ", finished.stderr)
        allowed = self.run_with("contamination: [tool]", schema="demanding")
        self.assertEqual(b"host,hash,packets\n1,1077,1\n", allowed.stdout, allowed.stderr)


def listed(*words):
    return json.loads(program.run("columns", "--json", *words).stdout)


class Columns(unittest.TestCase):
    maxDiff = None

    def test_every_class_of_every_column_has_its_reason(self):
        columns = {one["name"]: one for one in listed("--contamination")}
        self.assertEqual([one["name"] for one in listed()], list(columns))
        for name, column in columns.items():
            classes = column["classes"] + column["classes_of_extremes"]
            self.assertEqual(classes, list(column["reasons"]), name)
        window = columns["window_size.fwd"]
        self.assertEqual(([], ["os"]), (window["classes"], window["classes_of_extremes"]))
        self.assertEqual(["identity", "port"], columns["flow.id"]["classes"])
        seen = {one for column in columns.values() for one in column["reasons"]}
        self.assertEqual(set(NAMES), seen)

    def test_as_text(self):
        finished = program.run("columns", "--contamination")
        lines = finished.stdout.decode().splitlines()
        self.assertEqual(["column", "reveals", "why"], lines[0].split())
        self.assertEqual(len(listed()) + 1, len(lines))
        by_name = {line.split()[0]: line for line in lines}
        self.assertRegex(by_name["flow.src_ip"], r"^flow\.src_ip +identity +identity: it names a host")
        self.assertRegex(by_name["window_size.fwd"],
                         r"^window_size\.fwd +nothing; min and max: os +min and max are values of single packets; os: it ")
        self.assertRegex(by_name["flow.duration"], r"^flow\.duration +nothing +-$")

    def test_every_column_has_meaning_and_source(self):
        for column in listed():
            self.assertTrue(column["meaning"], column["name"])
            self.assertRegex(column["source"], r"^semantics \d(, \d)*(; .+)?$", column["name"])

    def test_a_third_party_column_names_its_plugin(self):
        columns = {one["name"]: one for one in listed("--plugin-dir", str(pathlib.Path(PLUGIN).parent))}
        self.assertEqual("plugin revealing 1.0", columns["sighted.host"]["source"])
        self.assertEqual("RFC 7011", columns["revealing.packets"]["source"])  # it says so itself
        self.assertEqual(["time"], columns["revealing.newest"]["classes"])  # of type time: the host adds the class


# What the page of the definitions has, and what the host's types make of it: integers have 64 bits in a row.
WIDTHS = {"u8": "u64", "u16": "u64", "u32": "u64", "u64": "u64", "i16": "i64", "i64": "i64", "time": "i64"}
UNITS = {"1": "", "count": ""}  # a plain number has no unit here
MEMBERS = {"count": "u64", "total": "u64", "mean": "f64", "std": "f64", "max": "u64", "min": "u64"}


def opened(column):
    """A column as the page has it: a series is its six members."""
    kind, nullable = column["type"].rstrip("?"), column["type"].endswith("?")
    unit = UNITS.get(column["unit"], column["unit"])
    if kind != "series":
        return {column["name"]: (WIDTHS.get(kind, kind) + "?" * nullable, unit, column["classes"])}
    facts = {}
    for member, type_of in MEMBERS.items():
        extremes = column["classes_of_extremes"] if member in ("max", "min") else []
        facts[f"{column['name']}.{member}"] = (type_of, "" if member == "count" else unit, column["classes"] + extremes)
    return facts


# Columns that the page does not have: of live capture, and younger ones.
LEFT_TO_SEMANTICS = ("quality.", "flow.release_", "tcp_quality.fwd_keep_alives", "tcp_quality.bwd_keep_alives", "flow.outer_",
                     "flow.ingress", "flow.interface", "flow.sensor", "ttl.", "packet.", "size_bins.", "retransmission_bytes.", "first_packets.", "packet_histograms.")


class Definitions(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.page = SHARED / "spec" / "columns.tsv"
        if not SHARED.parts or not self.page.is_file():
            self.skipTest(f"{self.page}: not there; set FLOWGAUGE_SHARED_DIR")

    def test_columns_agree_with_the_page_of_the_definitions(self):
        wanted = {}
        for row in csv.DictReader(io.StringIO(self.page.read_text(encoding="utf-8")), delimiter="\t"):
            kind, nullable = row["type"].rstrip("?"), row["type"].endswith("?")
            classes = [one for one in NAMES if one in row["classes"].split(",")]
            wanted[row["column"]] = (WIDTHS.get(kind, kind) + "?" * nullable, UNITS.get(row["unit"], row["unit"]), classes)
        self.assertGreater(len(wanted), 200)
        made = {}
        for column in listed():
            if not column["name"].startswith(LEFT_TO_SEMANTICS):
                made.update(opened(column))
        self.assertEqual(sorted(wanted), sorted(made))
        self.assertEqual({name: wanted[name] for name in wanted if wanted[name] != made[name]},
                         {name: made[name] for name in wanted if wanted[name] != made[name]})


class Version(unittest.TestCase):
    def test_names_the_service_groups(self):
        self.assertRegex(program.run("version").stdout.decode(),
                         r"^flowgauge \S+ \(plugin ABI 1\.\d+\)\nservice groups \d+ \(SHA-256 [0-9a-f]{64}\)\n$")


if __name__ == "__main__":
    unittest.main()
