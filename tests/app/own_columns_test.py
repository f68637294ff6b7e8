#!/usr/bin/env python3
"""Tables that a profile writes down by itself: the schema `cic` as columns gives the plugin's rows, byte by byte; options of
schemas add their columns; what comes with the program runs."""
import json
import os
import pathlib
import tempfile
import unittest

import program

OWN_CIC = program.SOURCE_DIR / "fixtures/profiles/good/cic_columns.yaml"
DEMO = program.SOURCE_DIR / "fixtures/demo.pcap"
# Closed and reset connections, ICMP, IPv6, VLANs and tunnels, where the public captures are at hand.
PUBLIC = ("ipfixprobe__mixed.pcap", "ipfixprobe__vlan.pcap", "nfstream__skype.pcap", "ndpi__1kxun.pcap", "zeek__vxlan-encapsulated-http.pcap")


def captures():
    folder = pathlib.Path(os.environ["FLOWGAUGE_SHARED_DIR"], "captures")
    return [DEMO] + [folder / name for name in PUBLIC if (folder / name).exists()]


class OwnColumns(unittest.TestCase):
    def table(self, *words):
        finished = program.run("pcap", *words)
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
        return finished.stdout.decode()

    def cells(self, *words):
        """(header, rows) of a table whose cells need no quotes."""
        header, *rows = (line.split(",") for line in self.table(DEMO, *words).splitlines())
        return header, rows

    def profile(self, *exporters):
        file = tempfile.NamedTemporaryFile("w", suffix=".yaml")
        self.addCleanup(file.close)
        json.dump({"exporters": exporters}, file)               # JSON is YAML
        file.flush()
        return file.name

    def test_cic_as_columns_gives_the_rows_of_the_plugin(self):
        for form in ([], ["--drop-contaminant-features"]):
            for output in ("csv", "jsonl"):
                with self.subTest(form=form, output=output):
                    words = [*captures(), "-o", output, *form]
                    expected = self.table(*words, "-f", "cic")
                    self.assertEqual(self.table(*words, "-p", OWN_CIC), expected)
                    self.assertGreater(expected.count("\n"), 10)

    def test_some_columns_of_a_table_in_their_order(self):
        header, rows = self.cells("-f", "cidds", "-o", "csv")
        self.assertEqual(self.cells("-f", "cidds", "--column", "Proto", "--column=Src IP"),
                         (["Proto", "Src IP"], [[row[4], row[0]] for row in rows]))
        self.assertEqual([header[4], header[0]], ["Proto", "Src IP"])

    def test_a_profile_comes_through_standard_input(self):
        finished = program.run("pcap", "-p", "-", DEMO, stdin=b"exporters: [cidds]\n")
        self.assertEqual(finished.stdout.decode(), self.table(DEMO, "-f", "cidds"))
        for given, words, message in (
                (b"exporters: [cidds]\nflow: {linger: 1x}\n", [DEMO], "profile:2: 'linger': '1x' is not a duration"),
                (b"#" * (1 << 20) + b"\n", [DEMO], "profile: larger than 1.0 MiB; this is no profile"),
                (b"", ["-"], "standard input is both the profile and a capture; give one of them as a file")):
            finished = program.run("pcap", "-p", "-", *words, stdin=given)
            self.assertEqual(finished.returncode, 1)
            self.assertIn(message, finished.stderr)

    def test_gaps_of_nfstream(self):
        header, rows = self.cells("-p", self.profile({"schema": "nfstream", "options": {"gaps": "fill"}}))
        at = [header.index(name) for name in ("src_mac", "src_oui", "dst_mac", "dst_oui", "vlan_id", "tunnel_id")]
        self.assertEqual(at, [3, 4, 7, 8, 12, 13])
        plain = self.cells("-f", "nfstream", "-o", "csv")
        self.assertEqual([[cell for i, cell in enumerate(row) if i not in at] for row in (header, *rows)], [plain[0], *plain[1]])
        for row in rows:
            self.assertRegex(row[3], "^([0-9a-f]{2}:){5}[0-9a-f]{2}$")
            self.assertEqual((row[4], row[8], row[12], row[13]), (row[3][:8], row[7][:8], "", ""))
        self.assertEqual(self.cells("-p", self.profile({"schema": "nfstream", "options": {"gaps": "none"}})), plain)

    def test_the_schema_on_the_command_line_is_that_of_the_plugin(self):
        # -f takes the place of the profile's table, options and all.
        expected = self.table(DEMO, "-f", "cic", "-o", "csv")
        for exporter in ({"schema": "nfstream", "options": {"gaps": "fill"}}, {"columns": ["flow.id"]}):
            self.assertEqual(self.table(DEMO, "-p", self.profile(exporter), "-f", "cic"), expected)

    def test_custom_profile(self):
        header, rows = self.cells("-p", "custom")
        self.assertEqual(",".join(header),
                         "flow.src_ip,flow.protocol,server,server_port,service,transport,begin,duration_us,bytes,packets,mean_gap_ms,"
                         "std_gap_ms,std_sample_gap_ms,bytes_per_second,share_sent,handshake")
        # Of n gaps, the deviation of a sample is sqrt(n / (n - 1)) times that of the population.
        row = dict(zip(header, max(rows, key=lambda row: int(row[header.index("packets")]))))
        gaps = int(row["packets"]) - 1
        self.assertGreater(gaps, 2)
        self.assertAlmostEqual(float(row["std_sample_gap_ms"]), float(row["std_gap_ms"]) * (gaps / (gaps - 1)) ** 0.5, places=6)

        clean_header, clean = self.cells("-p", "custom", "--drop-contaminant-features")
        gone = ("flow.src_ip", "server", "begin")
        self.assertEqual(clean_header, [name for name in header if name not in gone])
        port = clean_header.index("server_port")
        self.assertTrue(all(row[port] in ("well-known", "registered", "dynamic") for row in clean))


if __name__ == "__main__":
    unittest.main()
