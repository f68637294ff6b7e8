#!/usr/bin/env python3
"""flowgauge profile explain: each key, who set it, what it does; as text and as JSON."""
import json
import pathlib
import tempfile
import unittest

import program

LINGER = "How long a closed TCP flow stays with `tcp_close: linger`, counted from the closing packet."


class Explain(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "base.yaml").write_text("flow: {linger: 2s}\nexporters: [basic]\n")
        (self.folder / "own.yaml").write_text("extends: ./base.yaml\nthreads: 3\n")

    def explain(self, *words):
        finished = program.run("profile", "explain", *words, cwd=self.folder)
        self.assertEqual((finished.returncode, finished.stderr), (0, ""), words)
        return finished.stdout.decode()

    def test_every_key_has_two_lines(self):
        lines = self.explain("./own.yaml", "--set", "flow.max_flows=10").splitlines()
        heads, texts = lines[::2], lines[1::2]
        self.assertTrue(all(text.startswith("    ") and len(text) > 20 for text in texts), texts)
        self.assertIn("flow.linger: 2s  (base.yaml:1, which it extends)", heads)
        self.assertIn("exporters[0].schema: basic  (base.yaml:2, which it extends)", heads)
        self.assertIn("threads: 3  (./own.yaml:2)", heads)
        self.assertIn("flow.max_flows: 10  (--set flow.max_flows)", heads)
        self.assertIn("flow.idle_timeout: 120s  (default)", heads)
        self.assertEqual(texts[heads.index("flow.linger: 2s  (base.yaml:1, which it extends)")], "    " + LINGER)

    def test_one_key_is_told_in_full(self):
        self.assertEqual(self.explain("./own.yaml", "flow.linger"),
                         f"flow.linger: 2s  (base.yaml:1, which it extends)\n    Type: duration.\n    {LINGER} It is never longer than the idle timeout.\n")

    def test_json_says_the_same(self):
        document = json.loads(self.explain("./own.yaml", "--json", "--set", "flow.max_flows=10"))
        self.assertEqual([pathlib.Path(file).name for file in document["files"]], ["base.yaml", "own.yaml"])
        rows = {row["key"]: row for row in document["keys"]}
        heads = [line.split(": ")[0] for line in self.explain("./own.yaml").splitlines()[::2]]
        self.assertEqual(list(rows), heads)
        linger = rows["flow.linger"]
        self.assertTrue(linger.pop("meaning").startswith(LINGER))
        self.assertEqual(linger, {"key": "flow.linger", "value": "2s", "from": "extended", "file": "base.yaml", "line": 1, "type": "duration"})
        self.assertEqual([rows[key]["from"] for key in ("threads", "flow.max_flows", "flow.direction")], ["profile", "flag", "default"])
        self.assertEqual(rows["flow.max_flows"]["flag"], "--set flow.max_flows")

    def test_profiles_that_come_with_flowgauge_have_names(self):
        self.assertIn("exporters[0].schema: basic  (", self.explain("basic", "exporters"))

    def test_mistakes(self):
        (self.folder / "bad.yaml").write_text("flow: {lingr: 2s}\n")
        for words, said in ((["./own.yaml", "flow.lingr"], "'flow.lingr' is no key of a profile; did you mean 'flow.linger'?"),
                            (["./bad.yaml"], "./bad.yaml:1: unknown key 'lingr' in 'flow'"),
                            ([], "a FILE is missing; see 'flowgauge profile explain --help'"),
                            (["./own.yaml", "--set", "flow.lingr=1"], "unknown key 'lingr'")):
            with self.subTest(words=words):
                finished = program.run("profile", "explain", *words, cwd=self.folder)
                self.assertEqual((finished.returncode, finished.stdout), (1, b""))
                self.assertIn(said, finished.stderr)


if __name__ == "__main__":
    unittest.main()
