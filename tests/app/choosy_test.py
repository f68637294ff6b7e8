#!/usr/bin/env python3
"""Features that are shown the packets of some flows, with the plugin `choosy`, over the bundled captures."""
import csv
import io
import json
import os
import pathlib
import tempfile
import unittest

import program

PLUGIN = os.environ["FLOWGAUGE_CHOOSY"]
DEMO = program.SOURCE_DIR / "fixtures" / "demo.pcap"
FLOW = ["flow.id", "flow.protocol", "flow.src_port", "flow.dst_port", "flow.segment", "flow.end_reason_text"]
SUMS = ["packets", "order", "all"]


def profile(features, columns, more=""):
    listed = "".join(f"  - {{name: {name}, module: {PLUGIN}}}\n" for name in features)
    return f"{more}features:\n{listed}exporters:\n  - format: csv\n    columns: [{', '.join(columns)}]\n"


class Choosy(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def finished(self, text, *words):
        (self.folder / "p.yaml").write_text(text)
        return program.run("pcap", DEMO, "-p", "./p.yaml", *words, cwd=self.folder)

    def rows(self, text, *words):
        finished = self.finished(text, *words)
        self.assertEqual(0, finished.returncode, finished.stderr)
        return list(csv.DictReader(io.StringIO(finished.stdout.decode())))


class Filters(Choosy):
    ALL = [f"choosy_all.{name}" for name in SUMS]
    WEB = [f"choosy_web.{name}" for name in SUMS]

    def test_flows_that_fit_are_seen_whole_and_the_others_not_at_all(self):
        rows = self.rows(profile(["choosy_all", "choosy_web"], FLOW + self.ALL + self.WEB))
        shown = 0
        for row in rows:
            fits = row["flow.protocol"] == "58" or (row["flow.protocol"] == "6" and "80" in (row["flow.src_port"], row["flow.dst_port"]))
            shown += fits
            self.assertEqual([row[name] if fits else "0" for name in self.ALL], [row[name] for name in self.WEB], row)
        self.assertGreater(shown, 0)
        self.assertGreater(len(rows), shown)

    def test_threads_change_nothing(self):
        text = profile(["choosy_all", "choosy_web", "choosy_udp"],
                       FLOW + self.ALL + self.WEB + ["choosy_udp.packets", "choosy_udp.share"])
        one = self.rows(text, "--threads", "1")
        self.assertEqual(one, self.rows(text, "--threads", "4"))

    def test_a_feature_beside_it_is_as_it_is_alone(self):
        alone = self.rows(profile(["choosy_all"], FLOW + self.ALL))
        beside = self.rows(profile(["choosy_web", "choosy_all"], FLOW + self.ALL + self.WEB))
        self.assertEqual(alone, [{name: row[name] for name in FLOW + self.ALL} for row in beside])

    def test_ends_come_from_packets_that_it_is_shown(self):
        columns = FLOW + ["choosy_udp.packets", "choosy_udp.share"]
        rows = self.rows(profile(["choosy_udp"], columns))
        ended = [row for row in rows if row["flow.end_reason_text"] == "choosy_udp: third"]
        self.assertGreater(len(ended), 0)
        self.assertEqual([("17", "3", "1")] * len(ended),
                         [(row["flow.protocol"], row["choosy_udp.packets"], row["choosy_udp.share"]) for row in ended])
        others = [row for row in rows if row["flow.protocol"] != "17"]
        self.assertEqual({("0", "0")}, {(row["choosy_udp.packets"], row["choosy_udp.share"]) for row in others})

    def test_a_port_is_given_away_and_a_protocol_is_not(self):
        columns = ["flow.protocol", "choosy_udp.packets"]
        self.assertGreater(len(self.rows(profile(["choosy_udp"], columns, "contamination: [port]\n"))), 1)
        refused = self.finished(profile(["choosy_web"], ["choosy_web.packets"], "contamination: [port]\n"))
        self.assertEqual((1, b""), (refused.returncode, refused.stdout))
        self.assertIn("excludes port", refused.stderr)

    def test_they_are_listed(self):
        said = json.loads(program.run("plugin", "info", PLUGIN, "--json").stdout)
        features = {feature["name"]: feature for feature in said["module"]["features"]}
        self.assertEqual([[], [{"ip_protocol": 6, "port": 80}, {"ip_protocol": 58, "port": 0}], [{"ip_protocol": 17, "port": 0}]],
                         [features[name]["packet_filters"] for name in ("choosy_all", "choosy_web", "choosy_udp")])
        self.assertEqual([{"name": "third", "doc": "It has three packets"}], features["choosy_udp"]["ends"])
        self.assertEqual(["port"], features["choosy_web"]["columns"][0]["classes"])
        self.assertEqual([], features["choosy_udp"]["columns"][0]["classes"])
        text = program.run("plugin", "info", PLUGIN).stdout.decode()
        self.assertIn("\n  packets   tcp port 80, icmpv6\n", text)
        self.assertIn("\n  end       third: It has three packets\n", text)


class Counters(Choosy):
    COLUMNS = ["choosy_all.packets", "choosy_web.packets", "packet_length.flow.total"]

    def report(self, text, *words):
        finished = self.finished(text, "--report", "./report.json", "--force", *words)
        self.assertEqual(0, finished.returncode, finished.stderr)
        counted = [line for line in finished.stderr.splitlines() if line.startswith("counted")]
        return finished.stdout, json.loads((self.folder / "report.json").read_text()), counted

    def test_they_are_sums_over_all_flows_whatever_the_threads(self):
        text = profile(["choosy_all", "choosy_web"], self.COLUMNS).replace("features:\n", "features:\n  - packet_length\n")
        for threads in ("1", "2", "4"):
            rows, report, counted = self.report(text, "--threads", threads)
            rows = list(csv.DictReader(io.StringIO(rows.decode())))
            packets, shown, size = (sum(int(row[name]) for row in rows) for name in self.COLUMNS)
            self.assertEqual([{"name": "choosy_all.packets", "unit": "packets", "value": packets},
                              {"name": "choosy_all.bytes", "unit": "B", "value": size},
                              {"name": "choosy_all.none", "unit": "", "value": 0},
                              {"name": "choosy_web.packets", "unit": "packets", "value": shown}], report["feature_counters"])
            self.assertEqual([f"counted  choosy_all: packets {packets:,} packets, bytes {size:,} B, none 0",
                              f"counted  choosy_web: packets {shown:,} packets"], counted)
            self.assertGreater(shown, 0)

    def test_of_a_run_without_them_nothing_is_said(self):
        _, report, counted = self.report(profile(["choosy_udp"], ["choosy_udp.packets"]))
        self.assertNotIn("feature_counters", report)
        self.assertEqual([], counted)

    def test_they_are_listed(self):
        said = json.loads(program.run("plugin", "info", PLUGIN, "--json").stdout)
        features = {feature["name"]: feature["counters"] for feature in said["module"]["features"]}
        self.assertEqual({"name": "bytes", "unit": "B", "doc": "IP lengths"}, features["choosy_all"][1])
        self.assertEqual([], features["choosy_udp"])
        self.assertIn("\n  counter   choosy_web.packets: Packets that it was shown\n", program.run("plugin", "info", PLUGIN).stdout.decode())


if __name__ == "__main__":
    unittest.main()
