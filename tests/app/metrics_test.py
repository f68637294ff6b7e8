#!/usr/bin/env python3
"""Metrics over HTTP (--metrics): text for Prometheus, health, and the page in a browser. The run reads a pipe that stays open, so that its
numbers stand still while they are compared."""
import html.parser
import importlib.util
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

import program

FLOWS = 700
CHROMIUM = shutil.which("chromium")
BROWSER = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-default-apps", "--disable-sync", "--disable-extensions", "--disable-client-side-phishing-detection"]
VOID = {"meta", "link", "path", "br", "img", "input", "hr"}
SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (-?[0-9.]+)')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


def samples(text):
    """{(name, labels): value}, by the strict rules of the format: each family once, with help and type in front of its samples."""
    found, families, name = {}, set(), None
    for line in text.splitlines():
        if line.startswith("# HELP "):
            name = line.split(" ", 3)[2]
            assert name not in families, f"{name} comes twice"
            families.add(name)
        elif line.startswith("# TYPE "):
            assert line.split(" ")[2:] in ([name, "counter"], [name, "gauge"]), line
        else:
            sample = SAMPLE.fullmatch(line)
            assert sample and sample[1] == name, line
            key = (name, tuple(LABEL.findall(sample[2] or "")))
            assert key not in found, f"{key} comes twice"
            found[key] = float(sample[3])
    return found


class Balance(html.parser.HTMLParser):
    """Tags that match, and the text of each element with an id."""

    def __init__(self, text):
        super().__init__()
        self.open, self.wrong, self.ids, self.text = [], [], [], {}
        self.feed(text)
        self.close()
        self.wrong += [f"<{tag}> is left open" for tag, _ in self.open]

    def handle_starttag(self, tag, attrs):
        name = dict(attrs).get("id")
        if name in self.ids:
            self.wrong.append(f"the id {name} comes twice")
        if name:
            self.ids.append(name)
        if tag not in VOID or tag == "path":
            self.open.append((tag, name))

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()} closes {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data):
        for _, name in self.open:
            if name:
                self.text[name] = self.text.get(name, "") + data


class Metrics(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        os.mkfifo(self.folder / "pipe.pcap")

    def start(self, *words, address="0"):
        """A run that has read all of its pipe, which stays open; and where it answers."""
        process = subprocess.Popen([program.PROGRAM, "pcap", "pipe.pcap", "-f", "basic", "--export-path", "out \"1\".csv", "--report", "report.json",
                                    "--metrics", address, *words], cwd=self.folder, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        pipe = open(self.folder / "pipe.pcap", "wb", buffering=0)
        self.addCleanup(pipe.close)
        pipe.write(program.capture(FLOWS) + program.pcap_record(1_700_000_000, bytes(60)))
        said = process.stderr.readline()
        base = re.fullmatch(r"flowgauge: info: metrics at (http://\S+)/\n", said)
        self.assertTrue(base, said)
        until = time.monotonic() + program.LIMIT_SECONDS
        while self.get(base[1], "/stats.json")["packets"]["total"] < FLOWS:
            self.assertLess(time.monotonic(), until, "the packets never came")
        return process, pipe, base[1]

    def get(self, base, path):
        with urllib.request.urlopen(base + path, timeout=program.LIMIT_SECONDS) as answer:
            text = answer.read().decode()
        return json.loads(text) if path.endswith(".json") else text

    def end(self, process, pipe):
        pipe.close()
        said = process.stderr.read()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 0, said)
        return json.loads((self.folder / "report.json").read_text()), said

    # ---- numbers

    def test_the_numbers_are_those_of_the_report(self):
        process, pipe, base = self.start()
        found = samples(self.get(base, "/metrics"))
        report, _ = self.end(process, pipe)
        expected = {"flowgauge_frames_total": report["ledger"]["frames_read"], "flowgauge_packets_total": report["ledger"]["in_flows"],
                    "flowgauge_flows_begun_total": report["flows"]["begun"], "flowgauge_bytes_total": FLOWS * 36,
                    "flowgauge_input_bytes_read_total": 24 + FLOWS * (16 + 50) + 16 + 60, "flowgauge_inputs": 1}
        self.assertEqual({name: found[name, ()] for name in expected}, expected)
        self.assertEqual(found["flowgauge_ignored_frames_total", (("reason", "not_ip"),)], 1)
        self.assertEqual(found["flowgauge_output_rows_total", (("output", "0"), ("schema", "basic"), ("path", r'out \"1\".csv'))], 0)
        self.assertEqual(sum(value for (name, _), value in found.items() if name == "flowgauge_lane_packets_total"), FLOWS)
        self.assertEqual(found["flowgauge_flows_active", ()], FLOWS)

    @unittest.skipUnless(importlib.util.find_spec("prometheus_client"), "the Python package prometheus_client is not here")
    def test_its_own_parser_reads_it(self):
        from prometheus_client.parser import text_string_to_metric_families
        process, pipe, base = self.start()
        text = self.get(base, "/metrics")
        self.end(process, pipe)
        read = {(sample.name, tuple(sample.labels.items())): sample.value for family in text_string_to_metric_families(text)
                for sample in family.samples}
        unescaped = {(name, tuple((label, value.replace(r"\"", '"')) for label, value in labels)): value
                     for (name, labels), value in samples(text).items()}
        self.assertEqual(read, unescaped)

    # ---- who is answered

    def test_health_and_what_is_not_there(self):
        process, pipe, base = self.start()
        self.assertEqual(self.get(base, "/healthz"), "ok\n")
        with self.assertRaises(urllib.error.HTTPError) as refused:
            self.get(base, "/etc/passwd")
        with refused.exception:
            self.assertEqual(refused.exception.code, 404)
        self.end(process, pipe)
        with self.assertRaises(OSError):
            self.get(base, "/healthz")

    def test_one_whose_reader_stops_is_not_well(self):
        """Rows go to a pipe that nobody reads, for ten seconds."""
        process = subprocess.Popen([program.PROGRAM, "pcap", "pipe.pcap", "-f", "basic", "-o", "csv", "--metrics", "0", "--idle-timeout", "1", "--threads",
                                    "1"], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        records = (program.pcap_record(1_700_000_000 + i, program.udp_frame(1024 + i % 60_000)) for i in range(60_000))
        (self.folder / "many.pcap").write_bytes(program.pcap_header() + b"".join(records))
        feeder = subprocess.Popen(["cp", "many.pcap", "pipe.pcap"], cwd=self.folder)
        self.addCleanup(feeder.wait)
        self.addCleanup(feeder.kill)
        base = re.search(r"http://\S+(?=/\n)", process.stderr.readline().decode())[0]
        until = time.monotonic() + program.LIMIT_SECONDS
        while True:
            try:
                self.get(base, "/healthz")
                self.assertLess(time.monotonic(), until, "it is well all the time")
                time.sleep(0.1)
            except urllib.error.HTTPError as error:
                with error:
                    self.assertEqual(error.code, 503)
                    self.assertRegex(error.read().decode(), r"^standard output has taken no row for 1\d s\n$")
                break

    def test_refusals(self):
        (self.folder / "in.pcap").write_bytes(program.capture(3))
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            for address, code, message in (
                    (str(port), 4, f"127.0.0.1:{port} is in use by another program; choose another port"),
                    ("192.0.2.7:9464", 4, "cannot listen on 192.0.2.7:9464: Cannot assign requested address"),
                    ("host:1", 1, "'host:1' is no address to listen on; give a port, as 9464, or ADDRESS:PORT, as 127.0.0.1:9464 or [::1]:9464")):
                finished = program.run("pcap", "in.pcap", "-f", "basic", "--export-path", "out.csv", "--metrics", address, cwd=self.folder)
                self.assertEqual((finished.returncode, finished.stderr), (code, f"flowgauge: error: --metrics: {message}\n"))
        self.assertFalse((self.folder / "out.csv").exists())

    def test_an_open_address_is_warned_of(self):
        (self.folder / "in.pcap").write_bytes(program.capture(3))
        (self.folder / "p.yaml").write_text("extends: basic\nmonitor:\n  metrics: 0.0.0.0:0\n")
        finished = program.run("pcap", "in.pcap", "-p", "p.yaml", "--export-path", "out.csv", cwd=self.folder)
        self.assertEqual(finished.returncode, 0)
        self.assertIn("flowgauge: warning: p.yaml:3: 0.0.0.0:0 can be reached from other hosts: anybody there can read the "
                      "metrics, without a password", program.messages(finished))

    # ---- the page

    def test_the_page_is_whole_and_asks_nobody_else(self):
        process, pipe, base = self.start()
        page = self.get(base, "/")
        with urllib.request.urlopen(base + "/") as answer:
            policy = answer.headers["Content-Security-Policy"]
        self.end(process, pipe)
        self.assertEqual(Balance(page).wrong, [])
        self.assertTrue(page.startswith("<!DOCTYPE html>\n<html lang=\"en\">"))
        self.assertEqual(re.findall(r"""(?:src|href|action)\s*=\s*"([^"]*)"|url\(""", page), ["data:,", "/metrics", "/stats.json", "/healthz"])
        self.assertNotRegex(page, r"https?://|//[a-z]+\.")
        self.assertIn("default-src 'none'", policy)
        self.assertIn("connect-src 'self'", policy)
        self.assertEqual(set(re.findall(r'(?:show|byId|table|graph)\("([a-z-]+)"', page)) - set(Balance(page).ids), set())

    @unittest.skipUnless(CHROMIUM, "chromium is not here")
    def test_the_page_in_a_browser(self):
        process, pipe, base = self.start()
        environment = {**os.environ, "HOME": str(self.folder)}
        log = self.folder / "net.json"
        shown = subprocess.run([*BROWSER, f"--user-data-dir={self.folder}/profile", f"--log-net-log={log}", "--virtual-time-budget=5000", "--dump-dom",
                                base + "/"], env=environment, capture_output=True, text=True, timeout=program.LIMIT_SECONDS, check=True).stdout
        for scheme in ("light", "dark"):
            picture = program.BINARY_DIR / f"metrics-page-{scheme}.png"
            subprocess.run([*BROWSER, f"--user-data-dir={self.folder}/{scheme}", "--window-size=1200,1000", "--virtual-time-budget=5000",
                            *(["--blink-settings=preferredColorScheme=0"] if scheme == "dark" else []), f"--screenshot={picture}", base + "/"],
                           env=environment, capture_output=True, timeout=program.LIMIT_SECONDS, check=True)
        found = samples(self.get(base, "/metrics"))
        self.end(process, pipe)
        text = {name: value.strip() for name, value in Balance(shown).text.items()}
        families = {"packets": "packets_total", "frames": "frames_total", "bytes": "bytes_total", "flows-active": "flows_active",
                    "flows-begun": "flows_begun_total", "rows-waiting": "rows_waiting"}
        self.assertEqual({name: text[name].replace(",", "") for name in families},
                         {name: f"{found[f'flowgauge_{family}', ()]:.0f}" for name, family in families.items()})
        self.assertEqual(text["state"], "all is well")
        self.assertRegex(shown, r'id="graph-flows"[^>]*><path d="M\d+\.\d\d 1\.00')
        self.assertIn("out \"1\".csv", text["outputs"])
        # What the browser asks on its own account has no page as its initiator.
        asked = {event["params"]["url"] for event in json.loads(log.read_text())["events"]
                 if event.get("params", {}).get("initiator", "").startswith("http") and "url" in event["params"]}
        self.assertIn(base + "/stats.json", asked)
        self.assertEqual({url for url in asked if not url.startswith(base + "/")}, set())


if __name__ == "__main__":
    unittest.main()
