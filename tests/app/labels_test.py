#!/usr/bin/env python3
"""Labels from the file of rules to the last column: tables, forms, threads, report, mistakes; and the example of docs/labels.md."""
import csv
import io
import json
import pathlib
import re
import struct
import tempfile
import unittest

import program

ATTACKER, VICTIM, OTHER = (172, 16, 0, 1), (192, 168, 10, 50), (192, 168, 10, 99)
NINE_20 = 1_499_170_800  # 2017-07-04T09:20:00-03:00, which is 12:20 UTC


def tcp_frame(source, destination, flags=0x02):
    """(address, port) each; without payload."""
    tcp = struct.pack(">HHIIBBHHH", source[1], destination[1], 1, 0, 0x50, flags, 1024, 0, 0)
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0, bytes(source[0]), bytes(destination[0]))
    return bytes(12) + b"\x08\x00" + ip + tcp


def tuesday():
    """One packet a flow, all with SYN, in the order of their times."""
    sent = [
        (-1, (ATTACKER, 50001), (VICTIM, 21)),       # a second early
        (0, (ATTACKER, 50002), (VICTIM, 21)),        # the window's first second
        (1, (VICTIM, 50003), (ATTACKER, 4444)),      # not to port 21
        (2, (ATTACKER, 50004), (OTHER, 21)),         # another victim
        (3, (VICTIM, 21), (ATTACKER, 50005)),        # the victim's answer alone
        (3599, (ATTACKER, 50006), (VICTIM, 21)),     # its last second
        (3600, (ATTACKER, 50007), (VICTIM, 21)),     # its end
        (16_800, (ATTACKER, 50008), (VICTIM, 22)),   # 14:00, the other attack
    ]
    records = [program.pcap_record(NINE_20 + at, tcp_frame(source, destination)) for at, source, destination in sent]
    return program.pcap_header() + b"".join(records)


EXPECTED = ["BENIGN", "FTP-Patator", "BENIGN", "BENIGN", "FTP-Patator", "FTP-Patator", "BENIGN", "SSH-Patator"]


def examples():
    """The two files that docs/labels.md shows."""
    page = (program.SOURCE_DIR / "docs" / "labels.md").read_text(encoding="utf-8")
    return {kind: re.search(rf"```{kind}\n(.*?)```", page, re.DOTALL).group(1) for kind in ("csv", "yaml")}


class Labels(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "in.pcap").write_bytes(tuesday())
        for kind, text in examples().items():
            (self.folder / f"tuesday.{kind}").write_text(text)

    def run_it(self, *words, code=0):
        finished = program.run("pcap", "in.pcap", *words, cwd=self.folder)
        self.assertEqual(code, finished.returncode, finished.stderr)
        return finished

    def rows(self, *words):
        """As dictionaries, in the order of the capture's flows."""
        made = list(csv.DictReader(io.StringIO(self.run_it(*words).stdout.decode())))
        return sorted(made, key=lambda row: row.get("first_timestamp", ""))

    def test_the_example_in_both_spellings(self):
        for kind in ("csv", "yaml"):
            rows = self.rows("-f", "basic", "--labels", f"tuesday.{kind}")
            self.assertEqual(EXPECTED, [row["label"] for row in rows])
            self.assertEqual([str(int(label != "BENIGN")) for label in EXPECTED], [row["attack"] for row in rows])
            self.assertEqual(["label", "attack"], list(rows[0])[-2:])

    def test_a_table_is_the_one_without_labels_and_two_columns_more(self):
        plain = self.run_it("-f", "basic").stdout.decode().splitlines()
        labelled = self.run_it("-f", "basic", "--labels", "tuesday.csv").stdout.decode().splitlines()
        self.assertEqual(plain, [line.rsplit(",", 2)[0] for line in labelled])

    def test_the_clean_form_keeps_its_labels(self):
        header, *lines = self.run_it("-f", "basic", "--labels", "tuesday.csv", "--drop-contaminant-features").stdout.decode().split()
        self.assertTrue(header.endswith("flow_expire_cause,label,attack"), header)
        self.assertNotIn("source_ip", header)
        self.assertEqual(3, sum("FTP-Patator,1" in line for line in lines))

    def test_every_table_of_a_profile_and_every_format(self):
        (self.folder / "lab").mkdir()
        (self.folder / "lab" / "p.yaml").write_text(
            "labels: {file: ../plain.csv, time_zone: -03:00}\n"
            "exporters: [{schema: basic, path: b.jsonl, format: jsonl}, {schema: cidds, path: c.csv.gz}]\n")
        (self.folder / "plain.csv").write_text("begin,end,any_port,label\n2017-07-04 09:20,2017-07-04 10:20,21,\"a \"\"b\"\"\"\n")
        self.run_it("-p", "lab/p.yaml", "--report", "run.json")
        objects = [json.loads(line) for line in (self.folder / "b.jsonl").read_text().splitlines()]
        by_port = {o["source_port"]: o["label"] for o in objects}
        self.assertEqual({50001: "", 50002: 'a "b"', 50003: "", 50004: 'a "b"', 21: 'a "b"', 50006: 'a "b"', 50007: "", 50008: ""}, by_port)
        report = json.loads((self.folder / "run.json").read_text())
        self.assertEqual([8, 8], [output["rows"] for output in report["outputs"]])
        self.assertEqual((4, 4), (report["labels"]["rules"][0]["rows"], report["labels"]["rows_without_a_match"]))

    def test_the_report_counts_per_rule(self):
        finished = self.run_it("-f", "basic", "--labels", "tuesday.csv", "--report", "run.json", "--export-path", "o.csv")
        labels = json.loads((self.folder / "run.json").read_text())["labels"]
        self.assertEqual("tuesday.csv", labels["file"])
        self.assertRegex(labels["sha256"], "^[0-9a-f]{64}$")
        self.assertEqual(["label", "attack"], labels["columns"])
        self.assertEqual([{"line": 3, "label": "FTP-Patator", "rows": 3}, {"line": 4, "label": "SSH-Patator", "rows": 1},
                          {"line": 5, "label": "BENIGN", "rows": 4}], labels["rules"])
        self.assertEqual(0, labels["rows_without_a_match"])
        self.assertIn("labels   8 rows labelled by 3 rules, 0 without a match\n", finished.stderr)
        self.assertEqual([], program.messages(finished))

    def test_rules_that_label_nothing_are_named_at_the_end(self):
        text = examples()["csv"].replace("-03:00", "+03:00").replace(",,,,,,BENIGN,0\n", "")
        (self.folder / "wrong.csv").write_text(text)
        finished = self.run_it("-f", "basic", "--labels", "wrong.csv")
        self.assertEqual(["flowgauge: warning: wrong.csv: 2 of 2 rules labelled no row: line 3 (FTP-Patator), line 4 (SSH-Patator); "
                          "are its times, time zone and addresses those of the capture?"], program.messages(finished))
        self.assertIn("labels   0 rows labelled by 2 rules, 8 without a match\n", finished.stderr)

    def test_threads_and_inputs_change_nothing(self):
        one = self.run_it("-f", "basic", "--labels", "tuesday.csv", "--threads", "1", "--report", "1.json").stdout
        three = self.run_it("-f", "basic", "--labels", "tuesday.csv", "--threads", "3", "--report", "3.json").stdout
        self.assertEqual(one, three)
        self.assertEqual(*(json.loads((self.folder / name).read_text())["labels"] for name in ("1.json", "3.json")))
        (self.folder / "other.pcap").write_bytes(tuesday())
        self.run_it("other.pcap", "-f", "basic", "--labels", "tuesday.csv", "--per-file", "--export-path", "out", "--report", "n.json")
        labels = json.loads((self.folder / "n.json").read_text())["labels"]
        self.assertEqual([6, 2, 8], [rule["rows"] for rule in labels["rules"]])
        self.assertEqual(one, (self.folder / "out" / "other.pcap.csv").read_bytes())

    def test_snapshots_are_labelled_by_the_flow_s_first_packet(self):
        frame = tcp_frame((ATTACKER, 50002), (VICTIM, 21))
        records = [program.pcap_record(NINE_20 + at, frame) for at in (3590, 3601, 3612)]
        (self.folder / "in.pcap").write_bytes(program.pcap_header() + b"".join(records))
        rows = self.rows("-f", "basic", "--labels", "tuesday.csv", "--early-export", "10")
        self.assertEqual(["FTP-Patator"] * 3, [row["label"] for row in rows])

    def test_refusals(self):
        (self.folder / "p.yaml").write_text("labels:\n  file: tuesday.csv\n  time_zone: Berlin\nexporters: [basic]\n")
        (self.folder / "clash.yaml").write_text("columns: [source_ip]\nrules: [{source_ip: x}]\n")
        (self.folder / "bad.csv").write_text("src_ip,label\n10.0.0.256,x\n")
        (self.folder / "absent.yaml").write_text("exporters: [basic]\nlabels:\n  file: none.csv\n")
        cases = [
            (["-p", "absent.yaml"], "flowgauge: error: absent.yaml:3: none.csv: cannot read the labels: No such file or directory\n"),
            (["--labels", "none.csv"], "none.csv: cannot read the labels: No such file or directory"),
            (["--labels", "bad.csv"], "bad.csv:2: 'src_ip': '10.0.0.256' is no address; write it as"),
            (["--labels", "clash.yaml"], "clash.yaml: the label column 'source_ip' is a column of schema 'basic' already; call it something else"),
            (["-p", "./p.yaml"], "./p.yaml:3: 'time_zone': 'Berlin' is no offset from UTC"),
        ]
        for words, expected in cases:
            if "-p" not in words:
                words = ["-f", "basic", *words]
            finished = self.run_it(*words, code=1)
            self.assertEqual(b"", finished.stdout)
            self.assertIn(expected, finished.stderr)


if __name__ == "__main__":
    unittest.main()
