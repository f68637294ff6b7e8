#!/usr/bin/env python3
"""flowgauge summary: the same numbers from CSV, JSONL and Parquet, on the terminal, as JSON and on the page; faults with their codes."""
import csv
import gzip
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import program

CHROMIUM = shutil.which("chromium")
BROWSER = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-default-apps", "--disable-sync", "--disable-extensions", "--disable-client-side-phishing-detection"]
DEMO = program.SOURCE_DIR / "fixtures" / "demo.pcap"
HAS_PARQUET = (program.BINARY_DIR / "lib" / "flowgauge" / "plugins" / "parquet_rows").exists()
NUMBERS = ("min", "max", "median", "mean", "p05", "p25", "p75", "p95", "std", "zeros")
VOID = {"meta", "link", "br", "rect"}
# Shows the page in frames of two widths, and writes down how wide it is in each, and its colour.
FRAMES = """<!DOCTYPE html><pre id="seen"></pre><script>
const page = %s;
for (const width of [390, 1280]) {
  const frame = document.createElement("iframe");
  frame.style.width = width + "px";
  frame.style.border = "0";
  frame.srcdoc = page;
  frame.onload = () => {
    const body = frame.contentDocument.body;
    document.getElementById("seen").textContent += [width, frame.contentDocument.documentElement.scrollWidth,
      getComputedStyle(body).backgroundColor].join(" ") + "\\n";
  };
  document.body.append(frame);
}
</script>"""


class Page(html.parser.HTMLParser):
    """Tags that match; the exact numbers of each column's card, and of each table of shares."""

    def __init__(self, text):
        super().__init__()
        self.open, self.columns, self.shares, self.kinds, self.wrong = [], [], {}, [], []
        self.table = None
        self.feed(text)
        self.close()
        self.wrong += self.open

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if "data-name" in given:
            self.columns.append((given["data-name"], {}))
        if "data-kind" in given:
            self.kinds.append(given["data-kind"])
        if tag == "table":
            self.table = given.get("id")
        if tag == "data" and self.table in ("protocols", "services", "end_reasons", "labels"):
            self.shares.setdefault(self.table, []).append(int(given["value"]))
        elif tag == "data" and self.columns and given["class"] in NUMBERS:
            self.columns[-1][1][given["class"]] = float(given["value"])

    def handle_endtag(self, tag):
        if tag == "table":
            self.table = None
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")


class Summary(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        for schema in ("basic", "cic"):
            for kind in ["csv", "jsonl"] + (["parquet"] if HAS_PARQUET else []):
                made = program.run("pcap", DEMO, "-f", schema, "--export-path", f"{schema}.{kind}", "--metadata",
                                   "--report", f"{schema}.{kind}.report", cwd=cls.folder)
                assert made.returncode == 0, made.stderr

    def run_it(self, *words, code=0, **others):
        finished = program.run("summary", *words, cwd=self.folder, **others)
        self.assertEqual(code, finished.returncode, finished.stderr)
        return finished

    def read(self, *words):
        return json.loads(self.run_it(*words, "--json").stdout)

    def test_every_format_has_the_same_numbers(self):
        for schema in ("basic", "cic"):
            expected = self.read(f"{schema}.csv")
            with (self.folder / f"{schema}.csv").open() as table:
                self.assertEqual(expected["rows"], sum(1 for _ in table) - 1)
            report = json.loads((self.folder / f"{schema}.csv.report").read_text())
            self.assertEqual(expected["rows"], report["outputs"][0]["rows"])
            for kind in ["jsonl"] + (["parquet"] if HAS_PARQUET else []):
                found = self.read(f"{schema}.{kind}")
                self.assertEqual({"csv": "CSV", "jsonl": "JSONL", "parquet": "Parquet"}[kind], found["files"][0]["format"])
                for key in expected:
                    if key not in ("files", "account"):
                        self.assertEqual(expected[key], found[key], f"{schema}.{kind}: {key}")

    def test_numbers_are_those_of_the_rows(self):
        found = {column["name"]: column for column in self.read("cic.csv")["columns"]}
        with (self.folder / "cic.csv").open(newline="") as table:
            rows = list(csv.DictReader(table))
        for name in ("Flow Duration", "Total Fwd Packet", "Fwd Packet Length Mean", "ICMP Type"):
            values = [float(row[name]) for row in rows]
            mean = sum(values) / len(values)
            self.assertEqual((min(values), max(values), values.count(0)), tuple(found[name][key] for key in ("min", "max", "zeros")), name)
            self.assertAlmostEqual(mean, found[name]["mean"], delta=1e-9 * max(1, abs(mean)))
            self.assertAlmostEqual(sorted(values)[(len(values) + 1) // 2 - 1], found[name]["median"], delta=0.008 * abs(found[name]["median"]))

    def test_compressed_and_piped(self):
        plain = (self.folder / "basic.csv").read_bytes()
        expected = self.read("basic.csv")
        (self.folder / "copy.csv.gz").write_bytes(gzip.compress(plain))
        packed = self.read("copy.csv.gz")
        piped = json.loads(self.run_it("-", "--json", stdin=plain).stdout)
        self.assertEqual(("gzip", "standard input"), (packed["files"][0]["compression"], piped["files"][0]["name"]))
        for one in (packed, piped):
            self.assertEqual(expected["rows"], one["rows"])
            self.assertEqual([column["name"] for column in expected["columns"]], [column["name"] for column in one["columns"]])
        cut = gzip.compress(plain * 40, compresslevel=0)[:40_000]
        (self.folder / "cut.csv.gz").write_bytes(cut)
        finished = self.run_it("cut.csv.gz", code=3)
        self.assertRegex(finished.stderr, r"cut\.csv\.gz: line \d+: its gzip data ends in the middle; the summary is of the \d+ rows before that\n$")
        self.assertIn(b"what is told here is of the rows before the fault", finished.stdout)

    def test_codes(self):
        (self.folder / "empty.csv").write_bytes(b"")
        (self.folder / "ragged.csv").write_bytes(b"a,b\n1,2\n3\n")
        self.run_it("absent.csv", code=3)
        self.assertIn("empty.csv: is empty", self.run_it("empty.csv", code=3).stderr)
        ragged = self.run_it("ragged.csv", code=3)
        self.assertIn("ragged.csv: line 3 has 1 cell, the header 2", ragged.stderr)
        self.assertIn("the summary is of the 1 row before that", ragged.stderr)
        self.assertIn("a capture, not a table", self.run_it(DEMO, code=3).stderr)
        self.run_it(code=1)
        self.run_it("basic.csv", "--json", "--html", "-", code=1)
        self.run_it("basic.csv", "--html", "basic.csv", "--force", code=1)
        (self.folder / "there.html").write_text("x")
        self.run_it("basic.csv", "--html", "there.html", code=4)
        self.assertEqual("x", (self.folder / "there.html").read_text())
        self.run_it("basic.csv", "--html", "there.html", "--force")
        self.assertTrue((self.folder / "there.html").read_text().startswith("<!DOCTYPE html>"))

    def test_a_report_tells_more(self):
        report = json.loads((self.folder / "basic.csv.report").read_text())
        report["ledger"]["ignored"]["truncated_l3"] = 7
        report["problems"] = ["the disk was full"]
        (self.folder / "changed.json").write_text(json.dumps(report))
        kinds = [finding["kind"] for finding in self.read("basic.csv", "--report", "changed.json")["findings"]]
        self.assertIn("truncated_frames", kinds)
        self.assertIn("run_problems", kinds)
        (self.folder / "none.json").write_text("{}")
        self.assertIn("has no 'ledger'", self.run_it("basic.csv", "--report", "none.json", code=3).stderr)

    def test_the_terminal_and_its_letters(self):
        blocks = self.run_it("basic.csv", env={"LC_ALL": "C.UTF-8"}).stdout.decode()
        plain = self.run_it("basic.csv", env={"LC_ALL": "C"}).stdout.decode()
        self.assertTrue(plain.isascii())
        self.assertIn("█", blocks)
        self.assertNotIn("\x1b", blocks)
        self.assertLessEqual(max(map(len, blocks.splitlines())), 80)
        sections = [line.split(" (")[0] for line in blocks.splitlines() if line and not line.startswith(" ")]
        self.assertEqual(["Rows and span", "Protocols", "Services", "End reasons", "Columns", "Suspicious"], sections)
        for colour in ({}, {"NO_COLOR": "1"}):
            terminal = program.Terminal()
            with subprocess.Popen([program.PROGRAM, "summary", "basic.csv"], cwd=self.folder, stdout=terminal.end, stdin=subprocess.DEVNULL,
                                  env={**os.environ, "LC_ALL": "C.UTF-8", **colour}):
                terminal.close_end()
                terminal.read_all()
            terminal.close()
            self.assertEqual("\x1b[1m" in terminal.bytes.decode(), not colour)

    def test_the_page_has_the_numbers_of_the_json(self):
        for schema in ("basic", "cic"):
            expected = self.read(f"{schema}.csv")
            text = self.run_it(f"{schema}.csv", "--html", "-").stdout.decode()
            self.assertNotRegex(text, r"https?://|@import|url\(|<script|src=")
            self.assertEqual(["data:,"], re.findall(r'href="([^"]*)"', text))
            page = Page(text)
            self.assertEqual([], page.wrong)
            self.assertEqual([finding["kind"] for finding in expected["findings"]], page.kinds)
            self.assertEqual([(column["name"], {key: column[key] for key in NUMBERS if key in column}) for column in expected["columns"]], page.columns)
            for key in ("protocols", "services", "end_reasons", "labels"):
                self.assertEqual([one["rows"] for one in expected[key]], page.shares.get(key, []), key)

    @unittest.skipUnless(CHROMIUM, "chromium is not here")
    def test_the_page_in_a_browser(self):
        text = self.run_it("cic.csv", "--html", "-").stdout.decode()
        quoted = json.dumps(text).replace("</", "<\\/")
        (self.folder / "frames.html").write_text(FRAMES % quoted)
        colours = {}
        for scheme in ("light", "dark"):
            log = self.folder / f"net-{scheme}.json"
            shown = subprocess.run([*BROWSER, f"--user-data-dir={self.folder}/{scheme}", f"--log-net-log={log}", "--window-size=1400,900",
                                    "--virtual-time-budget=5000", *(["--blink-settings=preferredColorScheme=0"] if scheme == "dark" else []), "--dump-dom",
                                    (self.folder / "frames.html").as_uri()], env={**os.environ, "HOME": str(self.folder)}, capture_output=True, text=True,
                                   timeout=program.LIMIT_SECONDS, check=True).stdout
            seen = [line.split(" ", 2) for line in re.search(r'<pre id="seen">(.*?)</pre>', shown, re.S)[1].split("\n") if line]
            self.assertEqual(["390", "1280"], sorted((width for width, _, _ in seen), key=int))
            for width, wide, _ in seen:
                self.assertLessEqual(int(wide), int(width), "the page can be scrolled sideways")
            colours[scheme] = {colour for _, _, colour in seen}
            asked = {event["params"]["url"] for event in json.loads(log.read_text())["events"]
                     if event.get("params", {}).get("initiator", "").startswith(("http", "file")) and "url" in event["params"]}
            self.assertEqual(set(), {url for url in asked if not url.startswith(("file:", "data:"))})
        self.assertEqual({"rgb(246, 247, 249)"}, colours["light"])
        self.assertEqual({"rgb(15, 19, 24)"}, colours["dark"])


if __name__ == "__main__":
    unittest.main()
