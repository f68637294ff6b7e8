#!/usr/bin/env python3
"""--set KEY=VALUE: a run with it is the run of a profile that has the key."""
import pathlib
import tempfile
import unittest

import program


class Set(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "in.pcap").write_bytes(program.capture(3, seconds_apart=40))

    def run_with(self, *words):
        finished = program.run("pcap", "in.pcap", *words, cwd=self.folder)
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []), words)
        return finished.stdout.decode()

    def refusal_of(self, *words):
        finished = program.run(*words, cwd=self.folder)
        self.assertEqual((finished.returncode, finished.stdout), (1, b""), words)
        return finished.stderr

    def test_as_a_profile(self):
        (self.folder / "own.yaml").write_text("exporters:\n  - columns: [flow.src_port, flow.first_seen]\n    format: csv\n"
                                              "packets: {filter: 'udp src port 1025'}\n")
        table = "exporters=[{columns: [flow.src_port, flow.first_seen], format: csv}]"
        rows = self.run_with("-p", "./own.yaml")
        self.assertEqual(self.run_with("--set", table, "--set", "packets.filter='udp src port 1025'"), rows)
        self.assertEqual([line.split(",")[0] for line in rows.splitlines()], ["flow.src_port", "1025"])

    def test_over_a_profile(self):
        (self.folder / "own.yaml").write_text("exporters: [{columns: [flow.src_port], format: csv}]\npackets: {protocols: [tcp]}\n")
        self.assertEqual(self.run_with("-p", "./own.yaml"), "flow.src_port\n")
        self.assertEqual(self.run_with("-p", "./own.yaml", "--set", "packets.protocols=all").split(), ["flow.src_port", "1024", "1025", "1026"])

    def test_profile_check_shows_what_it_amounts_to(self):
        shown = program.run("profile", "check", "basic", "--set", "flow.linger=1500ms", "--set", "threads=2").stdout.decode()
        self.assertIn("\n  linger: 1.5s\n", shown)
        self.assertIn("\nthreads: 2\n", shown)

    def test_mistakes(self):
        self.assertEqual(self.refusal_of("pcap", "in.pcap", "--set", "flow.lingr=1s"),
                         "flowgauge: error: --set flow.lingr: unknown key 'lingr' in 'flow'; did you mean 'linger'?; see 'flowgauge pcap --help'\n")
        self.assertEqual(self.refusal_of("realtime", "lo", "--set", "live.rings=3"),
                         "flowgauge: error: --set live.rings: 'rings': '3' is neither 'auto' nor a power of 2 from 1 to 256; "
                         "see 'flowgauge realtime --help'\n")

    def test_what_is_found_wrong_later_names_it_too(self):
        self.assertIn("error: --set packets.filter: ", self.refusal_of_run("--set", "packets.filter=tcp prot 4"))
        self.assertIn("error: --filter: ", self.refusal_of_run("--filter", "tcp prot 4"))
        self.assertIn("error: --set features: feature 'iatt' not found", self.refusal_of_run("--set", "features=[iatt]"))

    def refusal_of_run(self, *words):
        finished = program.run("pcap", "in.pcap", *words, cwd=self.folder)
        self.assertNotEqual(finished.returncode, 0)
        return finished.stderr


if __name__ == "__main__":
    unittest.main()
