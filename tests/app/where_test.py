#!/usr/bin/env python3
"""Where flows were seen: flow.ingress, flow.interface and flow.sensor of captures written by hand. Whole tables and messages are
compared."""
import pathlib
import struct
import tempfile
import unittest

import program

SENSOR = 'gate "B", 2nd floor: S\u00fcd'
COLUMNS = "[flow.src_port, flow.snapshot, flow.ingress, flow.interface, flow.sensor]"


def block(kind, body):
    body += bytes(-len(body) % 4)
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def section():
    return block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))


def interface(*names):
    """Each name an if_name of its own, though one may have but one."""
    options = b"".join(struct.pack("<HH", 2, len(name)) + name + bytes(-len(name) % 4) for name in names)
    return block(1, struct.pack("<HHI", 1, 0, 0) + options)


def packet(number, second, port):
    frame, ticks = program.udp_frame(port), (1_700_000_000 + second) * 1_000_000
    return block(6, struct.pack("<IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame)) + frame)


# Flow 1 keeps to eth0, flow 2 goes on from eth1 to eth0 between two snapshots, flow 3 is on an interface without a
# name.
HAND_MADE = (section() + interface(b"eth0") + interface(b"eth1") + interface() +
             packet(0, 0, 1) + packet(1, 1, 2) + packet(2, 2, 3) + packet(0, 3, 1) + packet(1, 31, 2) + packet(0, 32, 2) + packet(1, 70, 2))


class Where(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "in.pcapng").write_bytes(HAND_MADE)

    def run_with(self, profile, *words, inputs=("in.pcapng",)):
        (self.folder / "p.yaml").write_text(profile, encoding="utf-8")
        return program.run("pcap", *inputs, "-p", "p.yaml", "-o", "csv", *words, cwd=self.folder)

    def table(self, profile, *words, inputs=("in.pcapng",)):
        finished = self.run_with(profile, *words, inputs=inputs)
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
        return finished.stdout.decode().splitlines()

    def test_flows_that_cross_interfaces(self):
        header = "flow.src_port,flow.snapshot,flow.ingress,flow.interface,flow.sensor"
        plain = f"exporters: [{{columns: {COLUMNS}}}]\n"
        self.assertEqual(self.table(plain), [header, "1,0,eth0,eth0,", "2,0,eth1,,", "3,0,,,"])
        # The first snapshot is as of the packets before the change.
        self.assertEqual(self.table("flow: {early_export: 30}\n" + plain),
                         [header, "1,1,eth0,eth0,", "2,1,eth1,eth1,", "3,1,,,", "1,1,eth0,eth0,", "2,1,eth1,,",
                          "1,0,eth0,eth0,", "2,0,eth1,,", "3,0,,,"])
        # A flow that a timeout cut begins anew where it goes on.
        self.assertEqual(self.table("flow: {idle_timeout: 30s}\n" + plain),
                         [header, "3,0,,,", "1,0,eth0,eth0,", "2,0,eth1,,", "2,0,eth1,eth1,"])

    def test_names(self):
        long = b"n" * 255
        cases = ((b"a\0b",), "a"), ((b"a, \"b\"",), '"a, ""b"""'), (("S\u00fcd".encode(),), "S\u00fcd"), ((b"\xff",), ""), ((long,), long.decode()), \
            ((long + b"n",), ""), ((b"",), ""), ((b"first", b"second"), "first")
        (self.folder / "in.pcapng").write_bytes(
            section() + b"".join(interface(*names) for names, _ in cases) + b"".join(packet(i, i, i + 1) for i in range(len(cases))))
        rows = self.table("exporters: [{columns: [flow.src_port, flow.interface]}]\n")[1:]
        self.assertEqual(rows, [f"{i + 1},{shown}" for i, (_, shown) in enumerate(cases)])

    def test_interfaces_of_several_files_are_the_same_if_their_names_are(self):
        (self.folder / "other.pcapng").write_bytes(section() + interface(b"eth9") + interface(b"eth0") + packet(1, 5, 1) + packet(0, 6, 3))
        (self.folder / "classic.pcap").write_bytes(program.pcap_header() + program.pcap_record(1_700_000_100, program.udp_frame(9)))
        rows = self.table(f"exporters: [{{columns: {COLUMNS}}}]\n", inputs=("in.pcapng", "other.pcapng", "classic.pcap"))[1:]
        self.assertEqual(rows, ["1,0,eth0,eth0,", "2,0,eth1,,", "3,0,,,", "9,0,,,"])

    def test_the_sensor(self):
        profile = "sensor: 'gate \"B\", 2nd floor: S\u00fcd'\nexporters: [{schema: basic, append: [flow.sensor]}]\n"
        header, *rows = self.table(profile)
        self.assertTrue(header.endswith(",flow.sensor"))
        self.assertEqual([row.endswith(',"gate ""B"", 2nd floor: S\u00fcd"') for row in rows], [True] * 3)
        _, *rows = self.table(profile, "--set", "sensor=''")
        self.assertEqual([row.endswith(",") for row in rows], [True] * 3)
        for name, told in (("a\\tb", "a\\x09b"), ("a\\u009bb", "a b")):  # C1 is told as a space, as in every message
            finished = self.run_with(profile, "--set", f"sensor=\"{name}\"")
            self.assertEqual((finished.returncode, finished.stderr), (
                1, f"flowgauge: error: --set sensor: 'sensor' is a name in UTF-8 without control characters; '{told}' is none; see 'flowgauge pcap --help'\n"))
        shown = program.run("profile", "explain", "p.yaml", "sensor", cwd=self.folder).stdout.decode().splitlines()[0]
        self.assertEqual(shown, f"sensor: {SENSOR}  (p.yaml:1)")

    def test_they_tell_the_place(self):
        for name in ("ingress", "interface", "sensor"):
            for excluded in ("path", "identity"):
                finished = self.run_with(f"contamination: [{excluded}]\nexporters:\n  - schema: basic\n    append: [flow.{name}]\n")
                self.assertEqual((finished.returncode, finished.stdout), (1, b""), finished.stderr)
                self.assertIn(f"needs columns that `contamination` excludes: 'flow.{name}'", finished.stderr)
            rows = self.table(f"contamination: [path]\nexporters: [{{columns: [flow.src_port, flow.{name}]}}]\n")
            self.assertEqual(rows, ["flow.src_port", "1", "2", "3"])

    def test_rows_of_packets(self):
        rows = self.table("sensor: gate\nexporters: [{columns: [packet.index, flow.src_port, flow.ingress, flow.sensor]}]\n")[1:]
        self.assertEqual(rows, ["0,1,eth0,gate", "0,2,eth1,gate", "0,3,,gate", "1,1,eth0,gate", "1,2,eth1,gate", "2,2,eth1,gate", "3,2,eth1,gate"])
        finished = self.run_with("exporters: [{columns: [packet.index, flow.interface]}]\n")
        self.assertEqual((finished.returncode, finished.stdout), (1, b""))
        self.assertIn("flow.interface", finished.stderr)


if __name__ == "__main__":
    unittest.main()
