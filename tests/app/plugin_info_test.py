#!/usr/bin/env python3
"""flowgauge plugin info: what a file's bytes say, and what the module offers; without its code where that may not run."""
import hashlib
import json
import pathlib
import shutil
import tempfile
import unittest

import program

IAT = program.BINARY_DIR / "lib/flowgauge/plugins/iat.so"


class PluginInfo(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.copy = pathlib.Path(folder.name) / "copy.so"
        shutil.copy(IAT, self.copy)
        self.copy.chmod(0o644)
        self.sha256 = hashlib.sha256(IAT.read_bytes()).hexdigest()

    def test_text(self):
        said = program.run("plugin", "info", IAT)
        self.assertEqual((said.returncode, said.stderr), (0, ""))
        text = said.stdout.decode()
        self.assertTrue(text.startswith(f"{IAT}\n"), text)
        for line in (f"  sha256    {self.sha256}", "  needs     plugin ABI 1.0", "  module    iat 1.0", "  licence   Apache-2.0",
                     "  needs     nothing"):
            self.assertIn(line + "\n", text)
        self.assertRegex(text, r"\nfeature iat 1\.0: .*\n  state     \d+ bytes per flow\n")
        self.assertRegex(text, r"\n  column    iat\.fwd: series ns; .*; reveals nothing\n")

    def test_json(self):
        said = json.loads(program.run("plugin", "info", IAT, "--json").stdout)
        module = said.pop("module")
        self.assertEqual(said, {"path": str(IAT), "size_bytes": IAT.stat().st_size, "sha256": self.sha256, "needs_minor": 0,
                                "descriptor_bytes": 120, "loaded": True})
        listed = next(one for one in json.loads(program.run("plugins", "--json").stdout) if one["name"] == "iat")
        self.assertEqual(module, {key: value for key, value in listed.items() if key not in ("path", "sha256")})

    def test_a_schema(self):
        text = program.run("plugin", "info", IAT.with_name("cidds.so")).stdout.decode()
        self.assertIn("  column    Packets = packet_length.flow.count\n", text)

    def test_what_others_can_write_is_looked_at_and_not_loaded(self):
        self.copy.chmod(0o666)
        said = program.run("plugin", "info", self.copy)
        self.assertEqual(said.returncode, 2)
        self.assertEqual(said.stdout.decode().splitlines()[2:], [f"  sha256    {self.sha256}", "  needs     plugin ABI 1.0"])
        self.assertIn(f"error: {self.copy}: can be written by everybody", said.stderr)
        told = json.loads(program.run("plugin", "info", self.copy, "--json").stdout)
        self.assertFalse(told["loaded"])
        self.assertIn("can be written by everybody", told["refusal"])
        loaded = program.run("plugin", "info", self.copy, "--insecure-plugins")
        self.assertEqual(loaded.returncode, 0)
        self.assertIn(b"module    iat 1.0", loaded.stdout)
        self.assertIn("warning", loaded.stderr)

    def test_libraries_that_it_brings_are_listed(self):
        plugin = program.BINARY_DIR / "broken_plugins/beside.so"
        library = program.BINARY_DIR / "broken_plugins/beside/libflowgauge_test_beside.so"
        library_sha256 = hashlib.sha256(library.read_bytes()).hexdigest()
        flag = "--insecure-plugins"  # whoever builds may have a folder that a group writes
        text = program.run("plugin", "info", plugin, flag).stdout.decode()
        self.assertIn(f"  library   {library.name}: {library}, sha256 {library_sha256}\n", text)
        listed = [{"name": library.name, "path": str(library), "sha256": library_sha256}]
        self.assertEqual(json.loads(program.run("plugin", "info", plugin, "--json", flag).stdout)["module"]["libraries"], listed)
        folder = self.copy.parent
        (folder / "in.pcap").write_bytes(program.capture(1))
        (folder / "p.yaml").write_text(f"features: [{{name: broken, module: {plugin}}}]\nexporters: [{{columns: [broken.count], path: rows.csv}}]\n")
        run = program.run("pcap", "in.pcap", "-p", "p.yaml", "--report", "run.json", flag, cwd=folder)
        self.assertEqual(run.returncode, 0, run.stderr)
        report = json.loads((folder / "run.json").read_text())
        self.assertEqual([one["libraries"] for one in report["plugins"] if one["name"] == "broken"], [listed])

    def test_what_is_no_plugin(self):
        for text, sentence in ((b"", "is empty"), (b"#!/bin/sh\n", "is not an ELF file"), (IAT.read_bytes()[:5000], "is cut short")):
            self.copy.write_bytes(text)
            said = program.run("plugin", "info", self.copy)
            self.assertEqual((said.returncode, said.stdout), (2, b""))
            self.assertIn(f"{self.copy}: {sentence}", said.stderr)
        self.assertIn("does not exist", program.run("plugin", "info", self.copy.parent / "none.so").stderr)
        self.assertIn("is a folder", program.run("plugin", "info", self.copy.parent).stderr)


class PluginNew(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def new(self, *words):
        return program.run("plugin", "new", *words, cwd=self.folder)

    def test_says_what_is_written_and_what_comes_next(self):
        said = self.new("mine", "--dir", "a place")
        self.assertEqual((said.returncode, said.stderr), (0, ""))
        lines = said.stdout.decode().splitlines()
        written = [str(path.relative_to(self.folder)) for path in pathlib.Path(self.folder).rglob("*") if path.is_file()]
        self.assertEqual(sorted(lines[:lines.index("")]), sorted(written))
        self.assertEqual(lines[lines.index("") + 1:][:2], ["Now:", "  cd 'a place'"])

    def test_refusals(self):
        self.assertEqual(self.new("mine").returncode, 0)
        for words, code, sentence in ((["mine"], 1, "mine: is not empty; name another folder with --dir"),
                                      (["iat"], 1, "a plugin 'iat' comes with flowgauge"), (["Iat"], 1, "cannot be called 'Iat'"),
                                      (["x", "--dir", "mine/mine.cpp/x"], 4, "mine/mine.cpp"),
                                      ([], 1, "a NAME is missing; see 'flowgauge plugin new --help'"),
                                      (["x", "--shema"], 1, "unknown option '--shema'; did you mean '--schema'?")):
            said = self.new(*words)
            self.assertEqual((said.returncode, said.stdout), (code, b""), words)
            self.assertIn(sentence, said.stderr)


if __name__ == "__main__":
    unittest.main()
