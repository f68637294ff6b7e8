#!/usr/bin/env python3
"""What features may do since plugin ABI 1.1, with the plugin `modern`, over the bundled captures and made ones."""
import csv
import io
import os
import pathlib
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


if __name__ == "__main__":
    unittest.main()
