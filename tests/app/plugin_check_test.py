#!/usr/bin/env python3
"""flowgauge plugin check: its text, its JSON, its exit codes. What the checks find is tested in tests/check."""
import json
import pathlib
import tempfile
import unittest

import program

IAT = program.BINARY_DIR / "lib/flowgauge/plugins/iat.so"
MUTANTS = program.BINARY_DIR / "mutants"


def check(*words):
    return program.run("plugin", "check", *words)


class PluginCheck(unittest.TestCase):
    def test_a_good_plugin(self):
        finished = check(IAT, "--seed", 7)
        lines = finished.stdout.decode().splitlines()
        self.assertEqual((finished.returncode, finished.stderr), (0, ""))
        self.assertEqual(lines[:4], [f"iat 1.0 ({IAT}), seed 7", "  passed   exports", "  passed   descriptor",
                                     "  skipped  options           no feature of it has options"])
        self.assertRegex(lines[-1], r"^feature iat: 96 bytes per flow, 3 columns, [0-9.]+ ns per packet$")

    def test_a_bad_plugin(self):
        path = MUTANTS / "begins_at_one.so"
        finished = check(path)
        self.assertEqual(finished.returncode, 2)
        self.assertEqual(finished.stderr, f"flowgauge: error: {path}: fails zero-state; docs/checking-a-plugin.md says what that means and how to mend it\n")
        self.assertIn("  FAILED   zero-state        in a flow without packets: mutant.packets: counts something", finished.stdout.decode())

    def test_as_json(self):
        finished = check(MUTANTS / "shows_port.so", "--json", "--only", "contamination", "--only", "stride")
        told = json.loads(finished.stdout)
        self.assertEqual((finished.returncode, told["module"], told["seed"]), (2, "mutant 1", 1))
        self.assertEqual([(one["name"], one["outcome"]) for one in told["checks"]], [("stride", "passed"), ("contamination", "failed")])
        self.assertTrue(told["checks"][1]["text"].startswith("mutant.other: changes with the ports of a flow"))
        self.assertEqual([(one["name"], one["state_bytes"], one["columns"]) for one in told["features"]], [("mutant", 72, 7)])

    def test_what_a_plugin_prints_is_no_result(self):
        finished = check(MUTANTS / "prints.so", "--json")
        self.assertEqual(finished.returncode, 0)
        self.assertEqual(json.loads(finished.stdout)["module"], "mutant 1")

    def test_options_are_passed_on(self):
        path = MUTANTS / "none.so"
        self.assertEqual(check(path, "--option", "mutant.window=9").returncode, 0)
        refused = check(path, "--option", "window=0")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("feature 'mutant' failed in create: window must not be 0", refused.stdout.decode())
        self.assertIn("'few', which is not a whole number", check(path, "--option", "window=few").stdout.decode())
        unknown = check(path, "--option", "windw=1")
        self.assertEqual(unknown.returncode, 2)
        self.assertIn("nothing in it has an option 'windw', which --option gives; did you mean 'window'?", unknown.stdout.decode())
        self.assertEqual(check(path, "--option", "window").stderr,
                         "flowgauge: error: --option: 'window' is not NAME=VALUE; see 'flowgauge plugin check --help'\n")

    def test_the_place_of_a_sink(self):
        for words, expected in ((), "skipped"), (("--place", "server:1"), "passed"):
            told = json.loads(check(MUTANTS / "sink_needs_server.so", "--json", *words).stdout)
            self.assertEqual({one["outcome"] for one in told["checks"] if one["name"].startswith("sink-")}, {expected})

    def test_mistakes_of_the_user(self):
        unknown = check(IAT, "--only", "strid")
        self.assertEqual((unknown.returncode, unknown.stderr), (1, "flowgauge: error: there is no check 'strid'; did you mean 'stride'?\n"))
        self.assertEqual(check(IAT, "--seed", "many").returncode, 1)
        self.assertEqual(check().stderr, "flowgauge: error: a FILE is missing; see 'flowgauge plugin check --help'\n")

    def test_files_that_are_no_plugins(self):
        with tempfile.TemporaryDirectory() as folder:
            text = pathlib.Path(folder, "text.so")
            text.write_text("not a library", encoding="utf-8")
            self.assertEqual(check(text).returncode, 2)
            self.assertIn("is not an ELF file", check(text).stdout.decode())
            absent = check(pathlib.Path(folder, "absent.so"))
            self.assertEqual((absent.returncode, absent.stdout), (2, b""))
            self.assertIn("does not exist", absent.stderr)


if __name__ == "__main__":
    unittest.main()
