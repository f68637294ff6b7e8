#!/usr/bin/env python3
"""IPFIX files, read back by a reader of RFC 7011 and RFC 5610: every cell is that of the CSV of the same run."""
import pathlib
import struct
import tempfile
import unittest

import ipfix_common as common
import ipfix_reader
import program
import where_test

SCHEMAS = ("basic", "cic", "cidds", "nfstream", "rustiflow")


def ipv6_frame(source_port):
    udp = struct.pack(">HHHH", source_port, 53, 16, 0) + bytes(8)
    ip = struct.pack(">IHBB", 6 << 28, len(udp), 17, 64) + bytes.fromhex("20010db8" + "00" * 11 + "01" + "20010db8" + "00" * 11 + "02")
    return bytes(12) + b"\x86\xdd" + ip + udp


def vlan_frame(source_port):
    frame = program.udp_frame(source_port)
    return frame[:12] + b"\x81\x00\x00\x2a" + frame[12:]


class Files(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_it(self, capture, *tables, **options):
        """Each table as IPFIX and as CSV."""
        exporters = []
        for name, table in tables:
            exporters.append({**table, "path": f"{name}.ipfix", "format": {"name": "ipfix", "options": options}})
            exporters.append({**table, "path": f"{name}.csv", "metadata": True})
        profile = common.write_profile(self.folder / "p.yaml", *exporters)
        finished = program.run("pcap", capture, "-p", profile, "--force", cwd=self.folder)
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
        return finished

    def read(self, name):
        return ipfix_reader.Reader().read_all((self.folder / f"{name}.ipfix").read_bytes())

    def expected(self, name):
        return common.expected_rows(self.folder / f"{name}.csv")

    def test_every_schema(self):
        self.run_it(common.DEMO, *((schema, {"schema": schema}) for schema in SCHEMAS))
        for schema in SCHEMAS:
            with self.subTest(schema):
                rows = self.read(schema).rows
                expected = self.expected(schema)
                self.assertEqual(len(rows), 16)
                for row, wanted in zip(rows, expected, strict=True):
                    # Times in other forms than nanoseconds have a test of their own.
                    times = {name for name in row if name.startswith(("flowStart", "flowEnd"))}
                    self.assertEqual(len(times), {"basic": 4, "cic": 2, "cidds": 2, "nfstream": 4, "rustiflow": 4}[schema])
                    kept = {name: value for name, value in row.items() if name not in times}
                    self.assertEqual(kept, {name: value for name, value in wanted.items() if name in row})
                    self.assertEqual(len(wanted) - len(kept), len(times) // 2)  # the columns that became times

    def test_times_of_every_form(self):
        ns, text = "flow.first_seen", "time_text(floor(flow.first_seen, us))"
        forms = {"ns": ns, "us": "floor(flow.first_seen, us)", "text": text}
        tables = [(name, {"columns": [{"name": "first", "expression": form}, {"name": "exact", "expression": ns}]})
                  for name, form in forms.items()]
        for option, elements in (("ms_ns", ("Milliseconds", "Nanoseconds")), ("ms", ("Milliseconds",)),
                                 ("us", ("Microseconds",)), ("ns", ("Nanoseconds",))):
            self.run_it(common.DEMO, *tables, time=option)
            for name in forms:
                for row in self.read(name).rows:
                    exact = row.pop("fgFlowFirstSeen")
                    cut = exact // (1 if name == "ns" else 1000) * (1 if name == "ns" else 1000)
                    units = {"Milliseconds": 1_000_000, "Microseconds": 1_000, "Nanoseconds": 1}
                    self.assertEqual(row, {f"flowStart{one}": cut // units[one] for one in elements})

    def test_cells_that_are_not_there_and_both_versions_of_ip(self):
        frames = [make(1024 + i) for i, make in enumerate((program.udp_frame, ipv6_frame, vlan_frame) * 3)]
        capture = self.folder / "mixed.pcap"
        capture.write_bytes(program.pcap_header() + b"".join(program.pcap_record(1_700_000_000 + i, frame)
                                                             for i, frame in enumerate(frames)))
        table = {"columns": common.columns("flow.src_ip", "flow.vlan_id", "flow.dst_ip", "flow.inner_vlan_id", "flow.src_mac",
                                           "flow.snapshot", "flow.id", "first_packets.lengths", "first_packets.directions")}
        self.run_it(capture, ("mixed", table))
        read = self.read("mixed")
        self.assertEqual(read.rows, self.expected("mixed"))
        self.assertEqual(len({frozenset(row) for row in read.rows}), 3)
        self.assertEqual(sum(read.template_times.values()), 4)  # three of rows, one of elements

    def test_where_flows_were_seen(self):
        (self.folder / "in.pcapng").write_bytes(where_test.HAND_MADE)
        table = {"columns": common.columns("flow.src_port", "flow.sensor", "flow.ingress", "flow.interface"), "path": "place.ipfix", "format": "ipfix"}
        finished = program.run("pcap", "in.pcapng", "-p", common.write_profile(self.folder / "p.yaml", table), "--set", "sensor=gate B", cwd=self.folder)
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
        place = {"observationDomainName": "gate B"}
        self.assertEqual(self.read("place").rows, [{"sourceTransportPort": 1, **place, "interfaceName": "eth0", "fgFlowInterface": "eth0"},
                                                   {"sourceTransportPort": 2, **place, "interfaceName": "eth1"},
                                                   {"sourceTransportPort": 3, **place}])

    def test_a_row_without_any_cell(self):
        self.run_it(common.DEMO, ("empty", {"columns": common.columns("flow.vlan_id")}))
        self.assertEqual(self.read("empty").rows, [{}] * 16)

    def test_all_that_collectors_look_at(self):
        self.run_it(common.DEMO, ("flows", {"columns": common.FLOW_TABLE}))
        rows = self.read("flows").rows
        self.assertEqual(rows, self.expected("flows"))
        self.assertEqual({row["flowEndReason"] for row in rows}, {3, 4})
        self.assertGreater(len({row["tcpControlBits"] for row in rows}), 2)

    def test_totals_where_rows_may_be_snapshots(self):
        self.run_it(common.DEMO, ("flows", {"columns": common.columns("flow.snapshot", "packet_length.fwd.count",
                                                                      "packet_length.bwd.total")}))
        names = set(self.read("flows").rows[0])
        self.assertEqual(names, {"fgFlowSnapshot", "packetTotalCount", "reverse octetTotalCount"})

    def test_what_our_elements_are(self):
        self.run_it(common.DEMO, ("own", {"columns": common.columns("iat.iat.mean", "flow.id")}))
        told = {about["informationElementName"]: (about["type"], about["informationElementSemantics"], about["informationElementUnits"])
                for about in self.read("own").elements.values()}
        self.assertEqual(told, {"fgIatIatMean": ("float", 1, 8), "fgFlowId": ("string", 0, 0)})

    def test_columns_that_no_registry_knows(self):
        table = {"columns": [{"name": "a rate", "expression": "packet_length.flow.count / 7", "unit": "ms"},
                             {"name": "id", "expression": "flow.id"}, {"name": "id again", "expression": "flow.id"}]}
        self.run_it(common.DEMO, ("one", table), ("two", table))
        self.assertEqual(self.read("one").rows, self.expected("one"))
        numbers = {about["informationElementName"]: number for number, about in self.read("one").elements.items()}
        self.assertEqual(set(numbers), {"fg_a rate", "fgFlowId", "fg_id again"})
        self.assertEqual(numbers, {about["informationElementName"]: number for number, about in self.read("two").elements.items()})
        self.assertTrue(all(number >= 16384 for name, number in numbers.items() if name.startswith("fg_")))

    def test_elements_of_ones_own(self):
        table = {"columns": [{"name": "a rate", "expression": "packet_length.flow.count / 7"}]}
        (self.folder / "mine.tsv").write_text("# mine\n20000\tacmeRate\tfloat64\tquantity\tnone\tp:a rate\n", encoding="utf-8")
        self.run_it(common.DEMO, ("one", table), elements="mine.tsv", enterprise=32473)
        self.assertEqual(set(self.read("one").rows[0]), {"acmeRate"})
        self.assertEqual(set(self.read("one").elements), {20000})

    def test_files_of_elements_that_are_wrong(self):
        for line, message in (
                ("1\tx\tfloat64\tquantity\tnone\tx", "number 1 is that of 'fgFlowId'; numbers from 16384 on are free"),
                ("0\tx\tfloat64\tquantity\tnone\tx", "'0' is not a number from 1 to 32767"),
                ("20000\tx\tdouble\tquantity\tnone\tx", "'double' is none of unsigned64, signed64, float64, boolean, string"),
                ("20000\tfgFlowId\tfloat64\tquantity\tnone\tx", "an element is called 'fgFlowId' already; give it another name"),
                ("20000\tx\tfloat64", "a line has six cells with tabs between them: id, name, type, semantics, units, column")):
            (self.folder / "mine.tsv").write_text(line + "\n", encoding="utf-8")
            profile = common.write_profile(self.folder / "p.yaml", {
                "schema": "basic", "path": "x.ipfix", "format": {"name": "ipfix", "options": {"elements": "mine.tsv"}}})
            finished = program.run("pcap", common.DEMO, "-p", profile, cwd=self.folder)
            where = f"{profile}:1: x.ipfix.part: sink 'ipfix' ({common.PLUGINS / 'ipfix.so'}) cannot start: mine.tsv:1: "
            self.assertEqual((finished.returncode, program.messages(finished)), (4, [f"flowgauge: error: {where}{message}"]))

    def test_many_rows_and_the_same_file_again(self):
        (self.folder / "many.pcap").write_bytes(program.capture(4_000))
        files = []
        for _ in range(2):
            self.run_it("many.pcap", ("many", {"schema": "rustiflow"}))
            files.append((self.folder / "many.ipfix").read_bytes())
        self.assertEqual(files[0] == files[1], True)
        read = ipfix_reader.Reader().read_all(files[0])
        self.assertEqual(len(read.rows), 4_000)
        self.assertGreater(min(read.lengths[5:-1]), 60_000)
        self.assertGreaterEqual(min(read.export_times[6:]), 1_700_000_000)

    def test_texts_that_no_message_holds_are_cut_and_counted(self):
        (self.folder / "one.pcap").write_bytes(program.capture(2))
        text = "ü" * 32_768  # 64 KiB
        (self.folder / "labels.csv").write_text(f"label\n{text}\n", encoding="utf-8")
        finished = program.run("pcap", "one.pcap", "-f", "basic", "--labels", "labels.csv", "--export-path", "x.ipfix", cwd=self.folder)
        self.assertEqual(finished.returncode, 0)
        self.assertIn("2 rows have texts or lists that were cut: no message is as long as they are", finished.stderr)
        for row in self.read("x").rows:
            self.assertTrue(text.startswith(row["fgLabel"]) and len(row["fgLabel"]) > 32_000, len(row["fgLabel"]))

    def test_a_terminal_and_a_full_disk_are_refused(self):
        terminal = program.Terminal()
        self.addCleanup(terminal.close)
        finished = program.run("pcap", common.DEMO, "-f", "basic", "-o", "ipfix", stdout=terminal.end)
        terminal.close_end()
        self.assertEqual(finished.returncode, 4)
        self.assertIn("a terminal cannot show it", finished.stderr)
        with open("/dev/full", "wb") as full:
            finished = program.run("pcap", common.DEMO, "-f", "basic", "-o", "ipfix", stdout=full)
        self.assertEqual(finished.returncode, 4)
        self.assertIn("failed in write: No space left on device", finished.stderr)

    def test_a_pipe(self):
        finished = program.run("pcap", common.DEMO, "-f", "basic", "-o", "ipfix")
        self.assertEqual(len(ipfix_reader.Reader().read_all(finished.stdout).rows), 16)


if __name__ == "__main__":
    unittest.main()
