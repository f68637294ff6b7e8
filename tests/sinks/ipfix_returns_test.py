#!/usr/bin/env python3
"""A collector by TCP or TLS that goes away and comes back: rows wait for it, templates come again, and each row that was made
has arrived or is counted as failed. Each step waits for what the program or the collector did."""
import ctypes
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest

import ipfix_common as common
import ipfix_reader
import program

CLONE_NEWNET = 0x40000000
PLACE = r"warning: tcp://127.0.0.1:\d+ "
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
TABLE = {"columns": common.columns("flow.src_port", "packet_length.fwd.total")}


class Collector:
    """Listens at a port of its own again and again; of each connection the rows that came, read as that connection alone."""

    def __init__(self):
        self.listening = None
        self.port = 0
        self.tls = None  # a context
        self.connection = None
        self.reader = None

    def open(self):
        self.listening = socket.create_server(("127.0.0.1", self.port))
        self.listening.settimeout(program.LIMIT_SECONDS)
        self.port = self.listening.getsockname()[1]

    def accept(self):
        self.connection, _ = self.listening.accept()
        self.connection.settimeout(program.LIMIT_SECONDS)
        if self.tls is not None:
            self.connection = self.tls.wrap_socket(self.connection, server_side=True)
        self.reader = ipfix_reader.Reader()
        self.left = b""

    def read_some(self):
        """False: the connection has ended."""
        read = self.connection.recv(65536)
        self.left += read
        while len(self.left) >= 4 and len(self.left) >= (length := int.from_bytes(self.left[2:4], "big")):
            self.reader.read(self.left[:length])
            self.left = self.left[length:]
        return read != b""

    def read_until(self, done):
        while not done(self.reader.rows):
            assert self.read_some(), "the connection ended"
        return self.reader.rows

    def read_to_end(self):
        while self.read_some():
            pass
        return self.reader.rows

    def leave(self):
        """What is sent until the sender sees it is read nevertheless."""
        self.listening.close()
        self.connection.shutdown(socket.SHUT_WR)

    def close(self, how="end"):
        """The kernel says so to the sender; with `how` "reset", of what it had not read too."""
        if self.connection is not None and how == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        for one in (self.connection, self.listening):
            if one is not None:
                one.close()
        self.connection = self.listening = None


class Returns(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.collector = Collector()
        self.collector.open()
        self.addCleanup(self.collector.close)

    def start(self, *words, **options):
        profile = common.write_profile(self.folder / "p.yaml",
                                       {**TABLE, "path": f"{'tls' if self.collector.tls else 'tcp'}://127.0.0.1:{self.collector.port}",
                                        "format": {"name": "ipfix_collector", "options": options}},
                                       {**TABLE, "path": "rows.csv", "metadata": True})
        process = program.start(*words, "-p", profile, "--report", "run.json", cwd=self.folder)
        for stream in (process.stdin, process.stdout, process.stderr):
            self.addCleanup(stream.close)
        self.addCleanup(process.kill)
        return process

    def feed(self, process, first, flows, header=b""):
        """Each flow is idle when the next begins. A batch has 8,192 rows."""
        records = [program.pcap_record(1_700_000_000 + 200 * i, program.udp_frame(1024 + i % 60_000)) for i in range(first, first + flows)]
        process.stdin.write(header + b"".join(records))
        process.stdin.flush()

    def said(self, process, text):
        """The next line of the log that has it."""
        for line in process.stderr:
            if text in line.decode():
                return line.decode()
        raise AssertionError(f"it never said {text}")

    def report(self):
        return json.loads((self.folder / "run.json").read_text(encoding="utf-8"))["outputs"][0]["rows"]

    def test_a_run_over_files_waits_for_it(self):
        process = self.start("pcap", "-")
        self.feed(process, 0, 10_000, program.pcap_header())
        self.collector.accept()
        self.collector.read_until(lambda rows: len(rows) > 1_000)
        self.collector.leave()
        threading.Thread(target=lambda: (self.feed(process, 10_000, 20_000), process.stdin.close())).start()
        first = self.collector.read_to_end()
        self.said(process, "the collector is gone: it closed the connection; rows wait until it is back")
        self.collector.open()
        self.collector.accept()
        second = self.collector.read_to_end()
        line = self.said(process, "the collector is back after")
        self.assertIn("0 rows had been sent and not acknowledged, 0 rows found no room", line)
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 0, process.stderr.read())
        self.assertEqual(first + second, common.expected_rows(self.folder / "rows.csv"))
        self.assertEqual(self.report(), 30_000)

    def test_rows_that_were_on_their_way_are_counted(self):
        self.lose_and_return(40_000, self.start("pcap", "-"))

    def test_so_by_tls(self):
        if shutil.which("openssl") is None:
            self.skipTest("openssl, which makes certificates, is not here")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key.pem",
                        "-out", "own.pem", "-days", "2", "-subj", "/CN=collector", "-addext", "subjectAltName=IP:127.0.0.1"],
                       cwd=self.folder, check=True, capture_output=True, timeout=program.LIMIT_SECONDS)
        self.collector.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.collector.tls.load_cert_chain(self.folder / "own.pem", self.folder / "key.pem")
        self.lose_and_return(10_000, self.start("pcap", "-", tls_authorities="own.pem"))

    def lose_and_return(self, before, process):
        after = 20_000
        accepting = threading.Thread(target=self.collector.accept)  # the handshake comes before the first packet is read
        accepting.start()
        self.feed(process, 0, before, program.pcap_header())
        accepting.join(program.LIMIT_SECONDS)
        first = list(self.collector.read_until(lambda rows: len(rows) > 1_000))
        self.collector.close("reset")
        threading.Thread(target=lambda: (self.feed(process, before, after), process.stdin.close())).start()
        self.assertRegex(self.said(process, "the collector is gone"), r"warning: t(cp|ls)://127.0.0.1:\d+ since " + TIME)
        self.collector.open()
        self.collector.accept()
        second = self.collector.read_to_end()
        rest = process.stderr.read().decode()
        code = process.wait(program.LIMIT_SECONDS)
        made = common.expected_rows(self.folder / "rows.csv")
        failed = re.search(rf"could not deliver ([\d,]+) of {before + after:,} rows", rest)
        failed = int(failed[1].replace(",", "")) if failed else 0
        self.assertEqual((code, self.report() + failed, len(made)), (4 if failed else 0, before + after, before + after), rest)
        self.assertGreater(len(second), 0)
        self.assertEqual(first, made[:len(first)])
        self.assertEqual(second, made[-len(second):])
        self.assertLessEqual(len(first) + len(second), before + after)  # none twice

    def test_a_run_over_files_waits_no_longer_than_it_shall(self):
        process = self.start("pcap", "-", reconnect=1)
        self.feed(process, 0, 10_000, program.pcap_header())
        self.collector.accept()
        self.collector.read_until(lambda rows: len(rows) > 1_000)
        self.collector.close()
        threading.Thread(target=self.feed_quietly, args=(process,)).start()
        text = process.stderr.read().decode()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 4)
        self.assertRegex(text, r"failed in write: the collector went away, and did not come back within 1 s \(option 'reconnect'\): "
                               r"cannot connect to host '127.0.0.1', port \d+: Connection refused")
        self.assertTrue(0 < self.report() < 60_000)

    def feed_quietly(self, process):
        try:
            self.feed(process, 10_000, 50_000)
            process.stdin.close()
        except BrokenPipeError:
            pass

    # ------------------------------------------------------------ live

    def send_packets(self, first, count):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for port in range(first, first + count):
                sender.sendto(b"x", ("127.0.0.1", port))

    def live(self, **options):
        table = {"columns": common.columns("flow.dst_port", "packet_length.fwd.total")}
        profile = common.write_profile(self.folder / "p.yaml",
                                       {**table, "path": f"tcp://127.0.0.1:{self.collector.port}",
                                        "format": {"name": "ipfix_collector", "options": options}},
                                       {**table, "path": "rows.csv"})
        process = program.start("realtime", "lo", "-p", profile, "--capture", "pcap", "--filter", "udp", "--idle-timeout", "1s",
                                "--report", "run.json", "--stats", "stats.jsonl", "--stats-interval", "100ms", cwd=self.folder)
        for stream in (process.stdin, process.stdout, process.stderr):
            self.addCleanup(stream.close)
        self.addCleanup(process.kill)
        self.said(process, "capturing from lo")
        self.collector.accept()
        return process

    def ports(self, rows):
        return sorted(row["destinationTransportPort"] for row in rows)

    @unittest.skipIf(os.geteuid() != 0, "only root captures")
    def test_a_live_run_goes_on_without_it(self):
        process = self.live()
        self.send_packets(20_000, 50)
        first = list(self.collector.read_until(lambda rows: len(rows) == 50))
        self.collector.close()
        # Nothing has to be sent: who looks after it sees it.
        self.assertRegex(self.said(process, "the collector is gone"), PLACE + "since " + TIME + ": the collector is gone: .*; rows wait")
        self.send_packets(30_000, 50)
        self.collector.open()
        # Rows of a later flow take those with them that wait.
        self.send_packets(40_000, 50)
        self.collector.accept()
        second = self.collector.read_until(lambda rows: len(rows) >= 50)
        process.send_signal(signal.SIGINT)
        second = self.collector.read_to_end()
        self.assertIn("0 rows found no room to wait", self.said(process, "the collector is back after"))
        self.assertRegex(self.said(process, "the collector is gone"), PLACE + "from " + TIME + " to " + TIME)
        text = process.stderr.read().decode()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 0, text)
        self.assertEqual(self.ports(first), list(range(20_000, 20_050)))
        self.assertEqual(self.ports(second), [*range(30_000, 30_050), *range(40_000, 40_050)])
        self.assertEqual(self.report(), 150)
        self.assertRegex(text, r"wrong +collector_away of tcp://127.0.0.1:\d+: 1 time, ")
        stats = [json.loads(line) for line in (self.folder / "stats.jsonl").read_text(encoding="utf-8").splitlines()]
        told = [line for line in stats if [one["condition"] for one in line["outputs"][0]["conditions"]] == ["collector_away"]]
        self.assertTrue(told)
        self.assertEqual({tuple(line["conditions"]) for line in told}, {("sink",)})
        self.assertEqual((stats[-1]["conditions"], stats[-1]["outputs"][0]["conditions"]), ([], []))

    @unittest.skipIf(os.geteuid() != 0, "only root captures")
    def test_what_finds_no_room_to_wait_is_counted(self):
        process = self.live(buffer=0, reconnect=1)
        self.send_packets(20_000, 50)
        first = list(self.collector.read_until(lambda rows: len(rows) == 50))
        self.collector.close()
        self.send_packets(30_000, 50)
        self.said(process, "the collector is gone")
        process.send_signal(signal.SIGINT)
        text = process.stderr.read().decode()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 4)
        self.assertRegex(text, r"the collector did not come back \(.*\): 0 rows waited for it, 0 rows had been sent and not acknowledged, 50 rows found no room to wait")
        self.assertRegex(text, r"could not deliver 50 of 100 rows")
        self.assertEqual((len(first), self.report()), (50, 50))


def in_own_network():
    """The test's own loopback interface: nothing passes it but what the test sends."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) == 0:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


if __name__ == "__main__":
    in_own_network()
    unittest.main()
