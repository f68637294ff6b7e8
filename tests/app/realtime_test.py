#!/usr/bin/env python3
"""flowgauge realtime on the loopback interface of a network namespace of this test alone, through libpcap: how runs end,
what they write meanwhile, what they say. Nothing sleeps: each step waits for what the program did."""
import csv
import ctypes
import fcntl
import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import program

CLONE_NEWNET = 0x40000000
SKIPPED = 77
PORT = 9  # discard; nobody answers but ICMP


class Live:
    """A run as a child process; its lines are read while it goes on."""

    def __init__(self, folder, *words, table="rows.csv", chosen=None, before=(), capture="pcap"):
        self.table = folder / table
        self.report_path = folder / f"{self.table.name}.json"
        chosen = chosen or ("-f", "basic", "-o", "csv", "--export-path", self.table)
        self.process = program.start("realtime", "lo", *chosen, "--capture", capture,
                                     "--report", self.report_path, *words, cwd=folder, stdin=subprocess.DEVNULL, before=before)
        self.lines = []
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stderr:
            with self.changed:
                self.lines.append(line.decode().rstrip("\n"))
                self.changed.notify_all()

    def wait_for(self, text):
        with self.changed:
            found = self.changed.wait_for(lambda: any(text in line for line in self.lines), program.LIMIT_SECONDS)
        if not found:
            raise AssertionError(f"never said {text!r}: {self.lines}")

    def end(self, number=None):
        if number is not None:
            self.process.send_signal(number)
        code = self.process.wait(program.LIMIT_SECONDS)
        self.reader.join(program.LIMIT_SECONDS)
        self.process.stderr.close()
        self.process.stdout.close()
        return code

    def report(self):
        return json.loads(self.report_path.read_text(encoding="utf-8"))

    def rows(self):
        with open(self.table, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


def send(source_port, packets=1):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        udp.bind(("127.0.0.1", source_port))
        for _ in range(packets):
            udp.sendto(b"12345678", ("127.0.0.1", PORT))


class Realtime(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        # Takes in what is sent, so that no ICMP error comes back.
        self.sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sink.bind(("127.0.0.1", PORT))
        self.addCleanup(self.sink.close)

    def start(self, *words, **options):
        live = Live(self.folder, *words, **options)
        self.addCleanup(live.process.kill)
        live.wait_for("capturing from lo: libpcap")
        return live

    def check_balance(self, report, packets):
        (lo,) = report["live"]["interfaces"]
        self.assertEqual((lo["interface"], lo["direction"], lo["seen"], lo["submitted"]), ("lo", "ingress", packets, packets))
        self.assertTrue(report["live"]["balances"] and report["ledger"]["balances"])
        self.assertEqual(report["ledger"]["in_flows"], packets)

    def test_a_reader_that_stops(self):
        """Said while it lasts; a signal ends the run nevertheless, and each row that was made has come through or is counted."""
        live = self.start("--idle-timeout", "1s", chosen=("-f", "basic", "-o", "csv"))
        fcntl.fcntl(live.process.stdout.fileno(), fcntl.F_SETPIPE_SZ, 4096)
        for port in range(2000, 2200):
            send(port)
        live.wait_for("warning: standard output takes rows too slowly since")
        live.process.send_signal(signal.SIGINT)
        self.assertEqual(live.process.wait(program.LIMIT_SECONDS), 4)
        whole = live.process.stdout.read().count(b"\n") - 1
        live.end()
        lost = 200 - whole
        self.assertGreater(lost, 0)
        self.assertIn("flowgauge: error: standard output: its reader took nothing for 5 s after the run was asked to end; "
                      f"standard output lost {lost} of 200 rows", live.lines)
        report = live.report()
        self.check_balance(report, 200)
        self.assertEqual((report["exit_code"], report["outputs"][0]["rows"]), (4, whole))

    def check_signal(self, number):
        live = self.start()
        send(2000, 3)
        send(2001, 2)
        self.assertEqual(live.end(number), 0)
        self.assertFalse(live.table.with_suffix(".csv.part").exists())
        self.assertEqual([(row["source_port"], row["flow_expire_cause"]) for row in live.rows()],
                         [("2000", "Exporter Shutdown"), ("2001", "Exporter Shutdown")])
        report = live.report()
        self.check_balance(report, 5)
        self.assertEqual((report["exit_code"], report["interrupted"], report["live"]["ended_by"]), (0, False, "stopped"))

    def test_sigint_is_a_good_end(self):
        self.check_signal(signal.SIGINT)

    def test_sigterm_is_a_good_end(self):
        self.check_signal(signal.SIGTERM)

    def test_the_duration_ends_it(self):
        live = self.start("--duration", "200ms")
        self.assertEqual(live.end(), 0)
        self.assertEqual(live.report()["live"]["ended_by"], "duration")

    def test_so_many_packets_end_it(self):
        live = self.start("--max-packets", "4")
        send(2000, 4)
        self.assertEqual(live.end(), 0)
        report = live.report()
        self.check_balance(report, 4)
        self.assertEqual(report["live"]["ended_by"], "max_packets")

    def test_a_quiet_flow_is_in_the_file_while_the_run_goes_on(self):
        for table in ("rows.csv", "rows.csv.zst"):
            with self.subTest(table=table):
                live = self.start("--idle-timeout", "100ms", table=table)
                begun = time.monotonic()
                send(2000)
                part = live.table.with_name(live.table.name + ".part")
                while b"Idle Timeout" not in self.content(part) and time.monotonic() - begun < program.LIMIT_SECONDS:
                    time.sleep(0.02)
                self.assertIn(b"Idle Timeout", self.content(part))
                self.assertIsNone(live.process.poll())
                self.assertEqual(live.end(signal.SIGINT), 0)

    def test_who_reads_a_pipe_has_the_header_before_any_row(self):
        live = self.start(table="/dev/stdout")
        ready, _, _ = select.select([live.process.stdout], [], [], program.LIMIT_SECONDS)
        self.assertTrue(ready, "nothing came through the pipe")
        self.assertIn(b"source_port", live.process.stdout.readline())
        self.assertIsNone(live.process.poll())
        self.assertEqual(live.end(signal.SIGINT), 0)
        self.check_balance(live.report(), 0)

    @staticmethod
    def content(path):
        if not path.exists():
            return b""
        if path.name.endswith(".zst.part"):
            # It ends in the middle of a frame, of which zstd writes what is there.
            return subprocess.run(["zstd", "-dcq"], input=path.read_bytes(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  check=False).stdout
        return path.read_bytes()

    def test_a_filter_is_libpcap_s(self):
        live = self.start("--filter", "src port 2000")
        send(2001, 2)
        send(2000, 3)
        self.assertEqual(live.end(signal.SIGINT), 0)
        (lo,) = live.report()["live"]["interfaces"]
        self.assertEqual((lo["seen"], lo["submitted"], lo["ignored"]), (5, 3, {"filtered": 2}))
        self.assertEqual([row["source_port"] for row in live.rows()], ["2000"])

    def test_statistics_come_at_their_interval(self):
        live = self.start("--stats-interval", "100ms")
        send(2000, 2)
        live.wait_for("flowgauge: info: lo ingress: 2 seen = 2 submitted + 0 ring-full + 0 ignored")
        self.assertEqual(live.end(signal.SIGINT), 0)
        self.assertIn("wire     lo ingress: 2 seen = 2 submitted + 0 ring-full + 0 ignored", live.lines)

    def test_statistics_have_what_features_count(self):
        (self.folder / "p.yaml").write_text(f"features: [{{name: choosy_all, module: {os.environ['FLOWGAUGE_CHOOSY']}}}]\n"
                                            "exporters: [{format: csv, columns: [choosy_all.packets], path: counted.csv}]\n")
        live = self.start("--stats-interval", "100ms", chosen=("-p", "./p.yaml"))
        send(2000, 2)
        live.wait_for("flowgauge: info: choosy_all: packets 2 packets, bytes 72 B, none 0")
        self.assertEqual(live.end(signal.SIGINT), 0)
        self.assertIn("counted  choosy_all: packets 2 packets, bytes 72 B, none 0", live.lines)

    def test_features_end_flows(self):
        (self.folder / "p.yaml").write_text(
            f"features: [{{name: choosy_udp, module: {os.environ['FLOWGAUGE_CHOOSY']}}}]\n"
            "exporters: [{format: csv, columns: [flow.src_port, choosy_udp.packets, flow.end_reason_text], path: ended.csv}]\n")
        live = self.start("--protocols", "udp", chosen=("-p", "./p.yaml"), table="ended.csv")
        send(2000, 7)
        self.assertEqual(live.end(signal.SIGINT), 0)
        third = {"flow.src_port": "2000", "choosy_udp.packets": "3", "flow.end_reason_text": "choosy_udp: third"}
        rest = {"flow.src_port": "2000", "choosy_udp.packets": "1", "flow.end_reason_text": "Exporter Shutdown"}
        self.assertEqual(live.rows(), [third, third, rest])

    def test_an_interface_that_goes_down_ends_it_if_that_is_wanted(self):
        live = self.start("--until-down")
        send(2000)
        subprocess.run(["ip", "link", "set", "lo", "down"], check=True)
        self.addCleanup(subprocess.run, ["ip", "link", "set", "lo", "up"], check=True)
        self.assertEqual(live.end(), 3)
        self.assertTrue(any("interface lo went down" in line for line in live.lines), live.lines)
        self.assertEqual([row["source_port"] for row in live.rows()], ["2000"])
        self.assertEqual(live.report()["live"]["ended_by"], "interfaces_lost")

    def test_messages_and_the_line_of_status_share_a_terminal(self):
        terminal = program.Terminal()
        self.addCleanup(terminal.close)
        words = ("-f", "basic", "-o", "csv", "--capture", "pcap", "--export-path", "rows.csv", "--stats-interval", "100ms", "--until-down")
        process = subprocess.Popen([program.PROGRAM, "realtime", "lo", *words], cwd=self.folder, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=terminal.end)
        terminal.close_end()
        self.addCleanup(process.kill)
        terminal.wait_for(b"0 packets/s, 0 flows, 0 rows")
        send(2000, 2)
        terminal.wait_for(b"packets/s, 1 flow, 0 rows")
        terminal.wait_for(b"flowgauge: info: lo ingress: 2 seen")
        terminal.wait_for(b"packets/s, 1 flow, 0 rows")
        subprocess.run(["ip", "link", "set", "lo", "down"], check=True)
        self.addCleanup(subprocess.run, ["ip", "link", "set", "lo", "up"], check=True)
        terminal.read_all()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 3)
        *lines, last = terminal.screen()
        self.assertEqual(last, "")
        begin = ("flowgauge: info: ", "flowgauge: warning: ", "flowgauge: error: ", "capture  ", "wire     ", "frames   ",
                 "flows    ", "rows     ", "time     ")
        self.assertEqual([line for line in lines if not line.startswith(begin)], [], "each line is one whole message, and the status is gone")
        self.assertEqual(sum("interface lo went down" in line for line in lines), 1)

    def test_without_an_interface_it_lists_those_there_are(self):
        subprocess.run(["ip", "link", "add", "va", "type", "veth", "peer", "name", "vb"], check=True)
        self.addCleanup(subprocess.run, ["ip", "link", "del", "va"], check=True)
        subprocess.run(["ip", "address", "add", "192.0.2.7/24", "dev", "va"], check=True)
        subprocess.run(["ip", "link", "set", "va", "up"], check=True)
        said = program.run("realtime", "-o", "csv", "--export-path", self.folder / "rows.csv")
        self.assertEqual((said.returncode, said.stdout), (1, b""))
        head, *lines = said.stderr.splitlines()
        self.assertEqual(head.split(), ["interface", "state", "kind", "capture", "by", "addresses"])
        rows = {line.split()[0]: line.split() for line in lines}
        self.assertEqual((rows["lo"][1:3], rows["va"][1:3], rows["vb"][1:3]), (["up", "loopback"], ["up", "veth"], ["down", "veth"]))
        self.assertIn("127.0.0.1", " ".join(rows["lo"]))
        self.assertIn("192.0.2.7", " ".join(rows["va"]))
        self.assertTrue(" ".join(rows["vb"]).endswith(("not while it is down", "no privilege")), rows["vb"])
        self.assertEqual(lines[-1], "flowgauge: error: an interface is missing; name one, as in 'flowgauge realtime va'; see 'flowgauge realtime --help'")
        self.assertEqual(list(self.folder.iterdir()), [])
        for line in program.run("realtime", "--log-format", "json").stderr.splitlines():
            self.assertIn(json.loads(line)["level"], ("info", "error"))

    def test_what_cannot_start_leaves_no_file(self):
        for words, code, said in (
                (["realtime", "nowhere0"], 3, "there is no interface 'nowhere0'; there are lo"),
                (["realtime", "lo", "--capture", "pcap", "--filter", "tcp prot 1"], 1, "filter 'tcp prot 1' is not valid"),
                (["realtime", "lo", "--capture", "ebpf", "--filter", "tcp"], 1, "--filter works with libpcap capture alone")):
            with self.subTest(words=words):
                ended = program.run(*words, "--export-path", self.folder / "rows.csv", cwd=self.folder)
                self.assertEqual(ended.returncode, code, ended.stderr)
                self.assertIn(said, ended.stderr)
                self.assertEqual(list(self.folder.iterdir()), [])


def enter_own_namespace():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        print("skipped: a network namespace of its own needs root")
        sys.exit(SKIPPED)
    if subprocess.run(["ip", "link", "set", "lo", "up"], check=False).returncode != 0:
        print("skipped: 'ip' cannot set up lo")
        sys.exit(SKIPPED)


if __name__ == "__main__":
    enter_own_namespace()
    unittest.main()
