#!/usr/bin/env python3
"""What features may do since plugin ABI 1.1, with the plugin `modern`, over the bundled captures and made ones."""
import csv
import io
import json
import os
import pathlib
import struct
import sys
import tempfile
import unittest

import program

PLUGIN = os.environ["FLOWGAUGE_MODERN"]
SOURCE = pathlib.Path(os.environ["FLOWGAUGE_SOURCE_DIR"])
DEMO = SOURCE / "fixtures" / "demo.pcap"
sys.path.insert(0, str(SOURCE / "tests" / "oracle"))


class Modern(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def finished(self, profile, *words, capture=DEMO):
        (self.folder / "p.yaml").write_text(profile.replace("PLUGIN", PLUGIN))
        return program.run("pcap", capture, "-p", "./p.yaml", *words, cwd=self.folder)

    def rows(self, profile, *words, capture=DEMO):
        finished = self.finished(profile, *words, capture=capture)
        self.assertEqual(0, finished.returncode, finished.stderr)
        return list(csv.DictReader(io.StringIO(finished.stdout.decode())))


def table(feature, columns, more=""):
    listed = "".join(f"      - {name}\n" for name in columns)
    return f"features:\n  - name: {feature}\n    module: PLUGIN\n{more}exporters:\n  - format: csv\n    columns:\n{listed}"


class Headers(Modern):
    NAMES = ("traffic_class ip_id dont_fragment flow_label mss window_scale sack_permitted timestamps option_kinds header_bytes "
             "header_sum payload_sum").split()
    PROFILE = table("modern_headers", [f"modern_headers.{name}" for name in NAMES])

    def totals(self, *words):
        rows = self.rows(self.PROFILE, *words)
        return [sum(int(row[f"modern_headers.{name}"]) for row in rows) for name in self.NAMES]

    def test_event_files_have_the_bytes_too(self):
        whole = self.finished(self.PROFILE, "--order-columns")
        (self.folder / "job").mkdir()
        self.assertEqual(0, program.run("events", DEMO, "-p", "./p.yaml", "--out", "job", cwd=self.folder).returncode)
        flows = program.run("flows", "job", "-p", "./p.yaml", "--order-columns", "--threads", "2", cwd=self.folder)
        self.assertEqual((0, whole.stdout), (flows.returncode, flows.stdout))
        # Who wants none can do with them, not the other way round.
        self.assertEqual(program.run("pcap", DEMO, "-f", "basic", cwd=self.folder).stdout,
                         program.run("flows", "job", "-f", "basic", cwd=self.folder).stdout)
        program.run("events", DEMO, "-f", "basic", "--out", "job", cwd=self.folder)
        other = program.run("flows", "job", "-p", "./p.yaml", cwd=self.folder)
        self.assertEqual(3, other.returncode)
        self.assertIn("was made with '', this run has 'bytes of packets: 3 of payload, headers'", other.stderr)

    def test_sums_are_those_of_another_decoder(self):
        import capture_file
        import decode
        import header_fields
        import settings
        expected = dict.fromkeys(self.NAMES, 0)
        decoder = decode.Decoder(settings.Settings())
        for frame in capture_file.read_capture(str(DEMO)):
            try:
                packet = decoder.decode(frame)
            except decode.Ignore:
                continue
            fields = header_fields.as_struct(packet.fields)
            expected["traffic_class"] += fields["traffic_class"]
            expected["ip_id"] += fields["ip_id"]
            expected["dont_fragment"] += fields["present"] >> 1 & 1
            expected["flow_label"] += fields["flow_label"]
            expected["mss"] += fields["tcp_mss"]
            expected["window_scale"] += fields["tcp_window_scale"]
            expected["sack_permitted"] += fields["present"] >> 5 & 1
            expected["timestamps"] += fields["tcp_timestamp"]
            expected["option_kinds"] += bin(fields["tcp_options"]).count("1")
            expected["header_bytes"] += fields["header_bytes"]
            at = frame.data.index(packet.src) - (12 if packet.version == 4 else 8)
            header = frame.data[at:at + fields["header_bytes"]]
            expected["header_sum"] += sum(header)
            expected["payload_sum"] += sum(frame.data[at + len(header):][:min(3, packet.payload)])
        self.assertEqual(list(expected.values()), self.totals())
        self.assertTrue(all(expected[name] > 0 for name in ("ip_id", "dont_fragment", "mss", "sack_permitted", "option_kinds", "header_sum", "payload_sum")), expected)

    def test_threads_change_nothing(self):
        self.assertEqual(*(self.rows(self.PROFILE, "--threads", threads) for threads in ("1", "4")))

    def test_raw_headers_are_left_out_with_the_classes_that_they_give_away(self):
        finished = self.finished("contamination: [identity, port, os, path]\n" + self.PROFILE)
        self.assertEqual((1, b""), (finished.returncode, finished.stdout))
        self.assertIn("excludes identity, port, os, path", str(finished.stderr))


class Lists(Modern):
    """The three packets of one UDP flow: 38 bytes there, 48 back, 58 there; the IP length is 28 more than the payload."""

    COLUMNS = ["modern_lists." + name for name in ("signed_lengths", "halves", "sides", "end", "part", "lives", "first", "second")]
    COLUMNS += ["length(modern_lists.sides)", "item(modern_lists.signed_lengths, 1)", "item(modern_lists.halves, 2)",
                "item(modern_lists.sides, 0)", "item(modern_lists.sides, 3)"]

    def setUp(self):
        super().setUp()
        self.capture = self.folder / "three.pcap"
        self.capture.write_bytes(udp_capture([(0, 1, 10), (1, -1, 20), (2, 1, 30)]))

    def test_cells_of_csv(self):
        row, = self.rows(table("modern_lists", self.COLUMNS), capture=self.capture)
        self.assertEqual(["[38,-48,58]", "[19,-24,29]", '["source","the \\"other\\"","source"]', "4", "0", "0", "38", "-48",
                          "3", "-48", "29", "source", ""], list(row.values()))

    def test_cells_of_json(self):
        finished = self.finished(table("modern_lists", self.COLUMNS).replace("csv", "jsonl"), capture=self.capture)
        row = json.loads(finished.stdout)
        self.assertEqual([[38, -48, 58], [19, -24, 29], ["source", 'the "other"', "source"], 4], list(row.values())[:4])

    def test_snapshots_say_so(self):
        rows = self.rows("flow: {early_export: 1s}\n" + table("modern_lists", self.COLUMNS), capture=self.capture)
        self.assertEqual([("2", "1"), ("4", "0")], [(row["modern_lists.end"], row["modern_lists.lives"]) for row in rows])


class Ends(Modern):
    """Seven packets of one flow, the feature ends it with each third."""

    COLUMNS = ["modern_ender.packets", "flow.src_port", "flow.end_reason", "flow.end_reason_text", "flow.segment", "flow.direction_basis",
               "flow.release_frame", "flow.release_cause"]

    def setUp(self):
        super().setUp()
        self.capture = self.folder / "seven.pcap"
        self.capture.write_bytes(udp_capture([(second, -1 if second in (1, 3) else 1, 10) for second in range(7)]))

    def test_the_packet_that_it_asks_with_is_the_last(self):
        rows = [list(row.values()) for row in self.rows(table("modern_ender", self.COLUMNS), capture=self.capture)]
        self.assertEqual([["3", "1000", "3", "modern_ender: enough", "0", "first_packet", "2", "close"],
                          ["3", "1000", "3", "modern_ender: enough", "1", "inherited", "5", "close"],
                          ["1", "1000", "4", "Exporter Shutdown", "2", "inherited", "", "end_of_input"]], rows)

    def test_an_end_with_the_last_packet_of_a_block_is_of_its_flow_alone(self):
        block = 2048  # core/packet/event_block.h
        self.capture.write_bytes(udp_capture([(packet // 100, 1, 10) for packet in range(block + 1)]))
        rows = [list(row.values()) for row in self.rows(table("modern_ender", self.COLUMNS, f"    options: {{packets: {block}}}\n"),
                                                        capture=self.capture)]
        self.assertEqual([["2048", "1000", "3", "modern_ender: enough", "0", "first_packet", "2047", "close"],
                          ["1", "1000", "4", "Exporter Shutdown", "1", "inherited", "", "end_of_input"]], rows)

    def test_as_the_oracle_ends_them(self):
        import dataclasses
        import oracle
        import settings
        names = ["flow.id", "flow.segment", "flow.end_reason", "flow.direction_basis", "packet_length.flow.total", "flow.duration"]
        profile = table("modern_ender", ["flow.id", "flow.segment", "flow.end_reason", "flow.direction_basis", "packet_length.flow.total",
                                         "flow.duration", "modern_ender.packets"], "    options: {packets: 4}\n")
        rules = dataclasses.replace(settings.DEFAULT, feature_end=4)
        expected = [[str(row[name]) for name in names] for row in oracle.run([str(DEMO)], rules)[0]]
        for threads in ("1", "3"):
            rows = [list(row.values())[:-1] for row in self.rows(profile, "--threads", threads)]
            self.assertEqual(expected, rows)
        self.assertGreater(len([row for row in rows if row[1] != "0"]), 3)

    def test_an_end_that_is_not_declared_stops_the_run(self):
        finished = self.finished(table("modern_liar", ["modern_liar.one"]), capture=self.capture)
        self.assertEqual(2, finished.returncode)
        self.assertIn(f"{PLUGIN}: feature 'modern_liar' asks in update for an end of a flow that it does not declare; leave it out of the "
                      "profile, or tell its author", str(finished.stderr))


def udp_capture(packets):
    """(second, 1 there or -1 back, payload bytes) each, between 10.0.0.1:1000 and 10.0.0.2:2000."""
    data = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)
    ends = [(b"\x0a\0\0\x01", 1000), (b"\x0a\0\0\x02", 2000)]
    for second, way, size in packets:
        (source, sport), (destination, dport) = ends[::way]
        packet = struct.pack(">BBHHHBBH", 0x45, 0, 28 + size, 0, 0, 64, 17, 0) + source + destination
        packet += struct.pack(">HHHH", sport, dport, 8 + size, 0) + bytes(size)
        data += struct.pack("<IIII", 1000 + second, 0, len(packet), len(packet)) + packet
    return data


if __name__ == "__main__":
    unittest.main()
