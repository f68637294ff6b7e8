#!/usr/bin/env python3
"""flowgauge doctor on this host, as whoever runs the test and as a user without any capability."""
import json
import shutil
import subprocess
import unittest

import program


class Doctor(unittest.TestCase):
    def test_text_and_json_agree(self):
        text = program.run("doctor", "lo")
        document = json.loads(program.run("doctor", "lo", "--json").stdout)
        lines = text.stdout.decode().splitlines()
        names = [line[9:].split("  ")[0] for line in lines[:-1]]
        stable = [check for check in document["checks"] if check["name"] != "rings"]  # free memory changes
        self.assertEqual(names, [check["name"] for check in document["checks"]])
        self.assertEqual(lines[-1], document["verdict"])
        for check in stable:
            self.assertTrue(any(line.startswith(check["status"]) and line.endswith(check["text"]) for line in lines), check)
        self.assertEqual(text.returncode, 5 if document["method"] == "none" else 0)
        self.assertIn("lo", names)

    def test_interface_that_is_not_there(self):
        finished = program.run("doctor", "no-such-if")
        self.assertEqual(finished.returncode, 3)
        self.assertIn("there is no interface 'no-such-if'", finished.stderr)
        self.assertEqual(finished.stdout, b"")

    def test_leaves_nothing_behind(self):
        if shutil.which("tc") is None:
            self.skipTest("tc is not installed")
        seen = ["tc", "qdisc", "show"]
        before = subprocess.run(seen, capture_output=True, check=True).stdout
        program.run("doctor", "lo")
        self.assertEqual(subprocess.run(seen, capture_output=True, check=True).stdout, before)

    @unittest.skipUnless(program.CAN_BECOME_NOBODY, "needs root, setpriv, and a root folder that is open to others")
    def test_nobody_may_not_capture(self):
        finished = program.run_as_nobody("doctor", "lo")
        self.assertEqual(finished.returncode, 5, finished.stderr)
        lines = finished.stdout.decode().splitlines()
        self.assertIn("missing  capabilities  none of those that capture needs", lines)
        self.assertRegex(lines[-1], r"^nothing works; capture with (eBPF needs CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN|libpcap needs CAP_NET_RAW), which")
        self.assertIn("setcap cap_bpf,cap_perfmon,cap_net_admin,cap_net_raw+ep ", lines[-1])


if __name__ == "__main__":
    unittest.main()
