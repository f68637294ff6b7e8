#!/usr/bin/env python3
"""What docs/tasks and docs/coming-from.md tell a newcomer to do works: commands, rules and profiles as they stand on the pages, and
each expression of the tables. Live commands are left out; tests/live, app.service and app.realtime have their like."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import program

TASKS = "docs/tasks/"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NO_EXPRESSION = re.compile(r"\.\.\.|^\.|^-|^options")


def page(name):
    return (program.SOURCE_DIR / name).read_text(encoding="utf-8")


def blocks(text, kind):
    return [body for of, body in BLOCK.findall(text) if of == kind]


def expressions(text):
    """What stands in code in the last cells of the tables whose last column is "expression"."""
    is_one = False
    for line in text.splitlines():
        if not line.startswith("|"):
            is_one = False
        elif line.endswith("| expression |"):
            is_one = True
        elif is_one and not line.startswith("|--"):
            yield from (code for code in re.findall(r"`([^`]+)`", line.rsplit(" | ", 1)[-1]) if re.search(r"[.(]", code) and not NO_EXPRESSION.search(code))


class Pages(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "fixtures").mkdir()
        for name in ("fixtures/demo.pcap", "day.pcap"):
            (self.folder / name).write_bytes((program.SOURCE_DIR / "fixtures/demo.pcap").read_bytes())

    def shell(self, commands):
        path = f"{program.BINARY_DIR / 'bin'}:{os.environ['PATH']}"
        finished = subprocess.run(["sh", "-euc", commands], cwd=self.folder, env={**os.environ, "PATH": path}, stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=program.LIMIT_SECONDS, check=False)
        self.assertEqual(finished.returncode, 0, commands + finished.stderr)
        return finished

    def test_a_data_set_is_labelled(self):
        text = page(TASKS + "label-a-data-set.md")
        (self.folder / "rules.csv").write_text(blocks(text, "csv")[0])
        table, counted, clean = blocks(text, "sh")
        said, labels = blocks(text, "")
        finished = self.shell(table)
        self.assertEqual("".join(line for line in finished.stderr.splitlines(True) if not line.startswith("time ")), said)
        self.assertTrue((self.folder / "flows.csv.meta.json").exists())
        self.assertEqual(self.shell(counted).stdout, labels)
        self.shell(clean)
        headers = [(self.folder / name).read_text().splitlines()[0].split(",") for name in ("flows.csv", "clean.csv")]
        self.assertEqual([header[-1] for header in headers], ["label", "label"])
        self.assertLess({"Src IP", "Src Port", "Timestamp"}, set(headers[0]))
        self.assertEqual({"Src IP", "Dst IP", "Src Port", "Dst Port", "Timestamp"} & set(headers[1]), set())

    def test_the_profile_of_a_month_is_right(self):
        text = page(TASKS + "watch-an-interface-for-a-month.md")
        (self.folder / "month.yaml").write_text(blocks(text, "yaml")[0])
        canonical = self.shell("flowgauge profile check month.yaml").stdout
        for key in ("interval: 3600s", "files: 744", "size: 50GiB", "metadata: true"):
            self.assertIn(key, canonical)
        unit = page("core/package/flowgauge@.service")
        for name in re.findall(r"^([A-Z]+)=", blocks(text, "")[0], re.MULTILINE):
            self.assertIn(f"{name}", re.search(r"^Environment=.*$", unit, re.MULTILINE)[0])
        self.assertIn("EnvironmentFile=-/etc/flowgauge/%i.conf", unit)

    def test_a_feature_is_written_as_the_guide_says(self):
        short, guide = page(TASKS + "write-a-feature.md"), page("docs/writing-a-feature.md")
        tested = [line for line in blocks(guide, "sh")[0].splitlines() if not line.startswith("apt ")]
        self.assertEqual(blocks(short, "sh")[0].splitlines(), tested)  # tests/package runs these
        self.assertEqual(blocks(short, "text")[0], blocks(guide, "text")[0])

    def test_commands_for_those_who_come_from_other_tools(self):
        text = page("docs/coming-from.md")
        (self.folder / "conn.yaml").write_text(blocks(text, "yaml")[0])
        ran = 0
        for commands in blocks(text, "sh"):
            if " realtime " not in commands:
                self.shell(commands + "rm -f *.csv\n")
                ran += 1
        self.assertGreaterEqual(ran, 6)

    def test_expressions_for_those_who_come_from_other_tools(self):
        found = sorted(set(expressions(page("docs/coming-from.md"))))
        self.assertGreater(len(found), 80)
        columns = "".join(f'      - {{name: c{number}, expression: "{code}"}}\n' for number, code in enumerate(found))
        (self.folder / "all.yaml").write_text("exporters:\n  - format: csv\n    columns:\n" + columns)
        rows = self.shell("flowgauge pcap day.pcap -p ./all.yaml").stdout.splitlines()
        self.assertGreater(len(rows), 10)


if __name__ == "__main__":
    unittest.main()
