#!/usr/bin/env python3
"""A run whose process may have little memory ends in order: one message, code 6, whole rows in PATH.part, a report."""
import json
import os
import pathlib
import resource
import struct
import tempfile
import unittest

import program

SENTENCES = ("flowgauge: error: out of memory: lower flow.max_flows (now 1,000,000) in the profile, or give this process more memory",
             "flowgauge: error: a thread cannot be started (Resource temporarily unavailable): lower --threads, or raise the limits of memory and "
             "of processes")
KEPT = "flowgauge: warning: rows.csv.part: holds the rows so far; it is not renamed, since the run did not end well"
FLOWS = 300_000


def flows_capture():
    """Each packet is a flow."""
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)]
    for i in range(FLOWS):
        packet = struct.pack(">BBHHHBBH4s4sHHHH", 0x45, 0, 28, 0, 0, 64, 17, 0, bytes([10, i >> 16, i >> 8 & 255, i & 255]), bytes([10, 200, 0, 1]),
                             1000, 53, 8, 0)
        parts.append(struct.pack("<IIII", 1000 + i // 100_000, 0, len(packet), len(packet)) + packet)
    return b"".join(parts)


@unittest.skipIf(os.environ.get("FLOWGAUGE_SANITIZED") == "1", "sanitizers take all addresses")
class OutOfMemory(unittest.TestCase):
    def test_ends_in_order(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "many.pcap").write_bytes(flows_capture())
            kept = set()
            for threads in (1, 3):
                for mebibytes in (60, 90, 120, 150, 180, 240):
                    with self.subTest(threads=threads, mebibytes=mebibytes):
                        kept.add(self.run_with(folder, threads, mebibytes))
            self.assertTrue(any(0 < rows for rows in kept), kept)  # some ended in the middle

    def run_with(self, folder, threads, mebibytes):
        """Rows that were kept."""
        limit = mebibytes << 20
        finished = program.run("pcap", "many.pcap", "-f", "basic", "-o", "csv", "--threads", threads, "--set", "flow.early_export=1s", "--export-path",
                               "rows.csv", "--report", "report.json", "--force", cwd=folder,
                               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        messages = program.messages(finished)
        if finished.returncode == 0:
            self.assertEqual(messages, [])
            return 0
        self.assertEqual(finished.returncode, 6, finished.stderr)
        self.assertIn(messages[0], SENTENCES)
        if messages[1:] == []:  # it has not begun
            return 0
        self.assertEqual(messages[1:], [KEPT])
        table = (folder / "rows.csv.part").read_bytes()
        rows = table.count(b"\n") - 1
        self.assertTrue(table.endswith(b"\n"))
        report = json.loads((folder / "report.json").read_text())
        self.assertEqual((report["exit_code"], report["outputs"][0]["rows"], report["outputs"][0]["complete"]), (6, rows, False))
        return rows


if __name__ == "__main__":
    unittest.main()
