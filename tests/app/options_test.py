#!/usr/bin/env python3
"""Options with ranges, choices and lists, and what a module says of itself, with the plugin `chosen`."""
import json
import os
import pathlib
import tempfile
import unittest

import program

PLUGIN = os.environ["FLOWGAUGE_CHOSEN"]
NAMES = ("window", "mode", "ports", "shifts", "parts", "names", "kinds")


class Options(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "in.pcap").write_bytes(program.capture(1))

    def finished(self, options):
        text = f"features:\n  - name: chosen\n    module: {PLUGIN}\n"
        text += f"    options: {options}\n" if options else ""
        text += f"exporters:\n  - columns: [{', '.join(f'chosen.{name}' for name in NAMES)}]\n    format: jsonl\n"
        (self.folder / "p.yaml").write_text(text)
        return program.run("pcap", "in.pcap", "-p", "p.yaml", cwd=self.folder)

    def row(self, options):
        finished = self.finished(options)
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
        row = json.loads(finished.stdout.splitlines()[0])
        return [row[f"chosen.{name}"] for name in NAMES]

    def test_values_reach_the_feature(self):
        self.assertEqual(self.row(""), [5, "fast", [80, 443], [], [0.5], [], ["tcp"]])
        self.assertEqual(self.row("{window: 60, mode: slow, ports: [], shifts: [-3, 4], parts: [1e3, -0.25], names: ['a, b', '', ü], kinds: [udp, tcp]}"),
                         [60, "slow", [], [-3, 4], [1000, -0.25], ["a, b", "", "ü"], ["udp", "tcp"]])
        self.assertEqual(self.row("{ports: [" + ", ".join(["7"] * 4096) + "]}")[2], [7] * 4096)

    def test_what_is_not_allowed_is_said(self):
        for options, sentence in (
                ("{window: 0}", "option 'window' of feature 'chosen' is '0', which is not a whole number from 1 to 60; it means: How long to look"),
                ("{mode: fats}", "option 'mode' of feature 'chosen' is 'fats', which is not one of fast, slow; did you mean 'fast'? It means: How to look"),
                ("{ports: 80}", "option 'ports' of feature 'chosen' is '80', but it is a list; write [80]"),
                ("{ports: [80, 65536]}", "item 2 of option 'ports' of feature 'chosen' is '65536', which is not a whole number from 0 to 65535; it means: Where to look"),
                ("{kinds: [tpc]}", "item 1 of option 'kinds' of feature 'chosen' is 'tpc', which is not one of tcp, udp; did you mean 'tcp'? It means: What to look for"),
                ("{parts: [.nan]}", "item 1 of option 'parts' of feature 'chosen' is '.nan', which is not a number; it means: How much to look at"),
                ("{window: [5]}", "option 'window' of feature 'chosen' is a list, but it takes a single value; it means: How long to look"),
                ("{ports: [" + "7, " * 4096 + "7]}", "option 'ports' of feature 'chosen' has 4097 items; give it at most 4096"),
                ("{ports: [[80]]}", "'ports[0]' must be a single value, not a list"),
                ("{ports: {a: 80}}", "'ports' must be a single value or a list, not a mapping")):
            finished = self.finished(options)
            self.assertEqual((finished.returncode, finished.stdout), (1, b""), options)
            self.assertEqual(finished.stderr, f"flowgauge: error: p.yaml:4: {sentence}\n")

    def test_a_failure_says_where_to_ask(self):
        finished = self.finished("{names: [nobody]}")
        self.assertEqual(finished.returncode, 2)
        self.assertIn(f"{PLUGIN}: feature 'chosen' failed in emit: 'chosen' failed in emit: there is nobody; leave it out of the profile, "
                      "or tell its author (chosen@example.org)", finished.stderr)

    def test_a_list_is_shown_as_a_list(self):
        self.finished("{ports: [80, 443], names: ['a, b']}")
        shown = program.run("profile", "check", "p.yaml", cwd=self.folder).stdout.decode()
        self.assertIn('    options:\n      names: ["a, b"]\n      ports: [80, 443]\n', shown)

    def test_info_shows_what_is_declared(self):
        text = program.run("plugin", "info", PLUGIN, "--insecure-plugins").stdout.decode()
        for line in ("  vendor    Example Labs, Inc.", "  url       https://example.org/chosen", "  support   chosen@example.org",
                     "  option    window: u64 from 1 to 60 (default 5); How long to look",
                     "  option    mode: string of fast, slow (default fast); How to look",
                     "  option    ports: list_u64 to 65535 (default 80, 443); Where to look",
                     "  option    shifts: list_i64 from -3 (default empty); How far to look",
                     "  option    kinds: list_string of tcp, udp (default tcp); What to look for"):
            self.assertIn(line + "\n", text)
        module = json.loads(program.run("plugin", "info", PLUGIN, "--json", "--insecure-plugins").stdout)["module"]
        self.assertEqual([module[key] for key in ("vendor", "url", "support")],
                         ["Example Labs, Inc.", "https://example.org/chosen", "chosen@example.org"])
        options = {option["name"]: option for option in module["features"][0]["options"]}
        self.assertEqual(options["window"], {"name": "window", "type": "u64", "doc": "How long to look", "default": "5", "minimum": "1", "maximum": "60"})
        self.assertEqual(options["kinds"], {"name": "kinds", "type": "list_string", "doc": "What to look for", "default": "tcp", "choices": ["tcp", "udp"]})
        self.assertEqual(options["shifts"], {"name": "shifts", "type": "list_i64", "doc": "How far to look", "default": "", "minimum": "-3"})

    def test_who_says_nothing_of_itself_has_no_such_lines(self):
        plugin = program.BINARY_DIR / "lib/flowgauge/plugins/iat.so"
        self.assertNotRegex(program.run("plugin", "info", plugin).stdout.decode(), "\n  (vendor|url|support) ")
        module = json.loads(program.run("plugin", "info", plugin, "--json").stdout)["module"]
        self.assertFalse({"vendor", "url", "support"} & set(module))

    def test_it_keeps_to_the_abi(self):
        finished = program.run("plugin", "check", PLUGIN, "--insecure-plugins", "--option", "ports=1, 2", "--only", "options", "--only", "versions")
        self.assertEqual(finished.returncode, 0, finished.stdout)
        finished = program.run("plugin", "check", PLUGIN, "--insecure-plugins", "--option", "ports=1,x", "--only", "options")
        self.assertEqual(finished.returncode, 2)
        self.assertIn(b"item 2 of option 'ports' of feature 'chosen' is 'x'", finished.stdout)


if __name__ == "__main__":
    unittest.main()
