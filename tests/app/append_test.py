#!/usr/bin/env python3
"""Columns that a profile adds to a table, and the mark of snapshots. Tables and messages are compared whole."""
import pathlib
import tempfile
import unittest

import program


class Append(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        # One flow of three packets, 40 s apart: with an early export of 30 s there are two snapshots before its row.
        records = [program.pcap_record(1_700_000_000 + 40 * i, program.udp_frame(2000)) for i in range(3)]
        (self.folder / "in.pcap").write_bytes(program.pcap_header() + b"".join(records))

    def table(self, profile, *words):
        (self.folder / "p.yaml").write_text(profile)
        finished = program.run("pcap", "in.pcap", "-p", "p.yaml", "-o", "csv", *words, cwd=self.folder)
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
        header, *rows = (line.split(",") for line in finished.stdout.decode().splitlines())
        return header, rows

    def refusal(self, profile, *words):
        (self.folder / "p.yaml").write_text(profile)
        finished = program.run("pcap", "in.pcap", "-p", "p.yaml", "-o", "csv", *words, cwd=self.folder)
        self.assertEqual(finished.stdout, b"")
        return finished.returncode, finished.stderr

    def test_columns_stand_behind_those_of_the_schema(self):
        plain, (plain_row,) = self.table("exporters: [basic]\n")
        header, (row,) = self.table("exporters: [{schema: basic, append: [flow.segment, iat.iat.count, flow.src_mac]}]\n")
        self.assertEqual((header, row), ([*plain, "flow.segment", "iat.iat.count", "flow.src_mac"], [*plain_row, "0", "2", "00:00:00:00:00:00"]))
        rules = "src_ip,label\n10.0.0.1,fine\n"
        (self.folder / "rules.csv").write_text(rules)
        header, _ = self.table("exporters: [{schema: basic, append: [flow.segment]}]\nlabels: rules.csv\n")
        self.assertEqual(header, [*plain, "flow.segment", "label"])
        header, (row,) = self.table("exporters: [{schema: basic, append: [flow.segment]}]\n", "--column", "flow.segment", "--column", "protocol")
        self.assertEqual((header, row), (["flow.segment", "protocol"], ["0", "17"]))
        header, _ = self.table("exporters: [{columns: [flow.protocol], append: [flow.segment]}]\n")
        self.assertEqual(header, ["flow.protocol", "flow.segment"])

    def test_what_cannot_be_appended(self):
        for append, message in (
                ("protocol", "'append': schema 'basic' has a column 'protocol' already; leave it out"),
                ("flow.segment, flow.segment", "'append': schema 'basic' has a column 'flow.segment' already; leave it out")):
            profile = f"exporters:\n  - schema: basic\n    append: [{append}]\n"
            self.assertEqual(self.refusal(profile), (1, f"flowgauge: error: p.yaml:3: {message}\n"))
        for append, expected in (("flow.segmnt", 1), ("iat.iat", 1), ("nowhere.column", 2)):
            code, message = self.refusal(f"exporters:\n  - schema: basic\n    append: [{append}]\n")
            self.assertEqual((code, message.startswith("flowgauge: error: p.yaml:3: ")), (expected, True), message)
        code, message = self.refusal("exporters:\n  - schema: basic\n    append: [flow.src_mac]\n", "--drop-contaminant-features")
        self.assertEqual((code, "needs columns that `contamination` excludes: 'flow.src_mac'" in message), (1, True), message)

    def test_snapshots_are_marked(self):
        early = "flow: {early_export: 30}\n"
        plain, (final,) = self.table("exporters: [basic]\n")
        header, rows = self.table(early + "exporters: [basic]\n")
        self.assertEqual(header, [*plain, "flow.snapshot"])
        self.assertEqual([row[-1] for row in rows], ["1", "1", "0"])
        self.assertEqual(rows[-1][:-1], final)
        unmarked, rows = self.table(early + "exporters: [basic]\noutput: {snapshots: unmarked}\n")
        self.assertEqual((unmarked, len(rows)), (plain, 3))
        self.assertEqual(self.table(early + "exporters: [basic]\n", "--set", "output.snapshots=unmarked")[0], plain)

    def test_who_reads_the_mark_has_no_second_one(self):
        early = "flow: {early_export: 30}\n"
        for columns in ("[flow.snapshot]", "[{name: kind, expression: 'if(flow.snapshot, 1, 2)'}]"):
            header, rows = self.table(early + f"exporters: [{{columns: {columns}}}]\n")
            self.assertEqual((len(header), len(rows)), (1, 3))
        self.assertEqual(self.table(early + "exporters: [{schema: basic, append: [flow.snapshot]}]\n")[0].count("flow.snapshot"), 1)
        header, rows = self.table(early + "exporters: [{columns: [packet.index]}]\n")
        self.assertEqual((header, len(rows)), (["packet.index"], 3))
        header, _ = self.table(early + "exporters: [basic]\n", "--column", "protocol")
        self.assertEqual(header, ["protocol"])


if __name__ == "__main__":
    unittest.main()
