#!/usr/bin/env python3
"""IPFIX to a collector of the test's own, by UDP, TCP and TLS: whole messages, every row once, and what is said where the
collector is not there, goes away, or is somebody else."""
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import ipfix_common as common
import ipfix_reader
import program

SINK = f"sink 'ipfix_collector' ({common.PLUGINS / 'ipfix_collector.so'})"


class UdpCollector:
    def __init__(self, test, family=socket.AF_INET):
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
        self.socket.settimeout(program.LIMIT_SECONDS)
        test.addCleanup(self.socket.close)
        self.port = self.socket.getsockname()[1]
        self.reader = ipfix_reader.Reader()

    def read_until(self, done):
        while not done(self.reader):
            self.reader.read(self.socket.recv(65536))
        return self.reader


class TcpCollector(threading.Thread):
    """Takes one connection and reads it to its end. `context`: of TLS. `most`: goes away behind so many bytes."""

    def __init__(self, test, context=None, most=None):
        super().__init__(daemon=True)
        self.listening = socket.create_server(("127.0.0.1", 0))
        test.addCleanup(self.listening.close)
        self.port = self.listening.getsockname()[1]
        self.context = context
        self.most = most
        self.bytes = b""
        self.error = None
        self.peer = None
        self.start()

    def run(self):
        connection, _ = self.listening.accept()
        connection.settimeout(program.LIMIT_SECONDS)
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
                self.peer = connection.getpeercert()
            while self.most is None or len(self.bytes) < self.most:
                read = connection.recv(65536)
                if not read:
                    break
                self.bytes += read
        except OSError as error:
            self.error = error
        if self.most is not None:  # at once, with a reset
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()

    def rows(self):
        self.join(program.LIMIT_SECONDS)
        return ipfix_reader.Reader().read_all(self.bytes).rows


class Links(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def profile(self, address, table=None, **options):
        table = table or {"columns": common.FLOW_TABLE}
        return common.write_profile(self.folder / "p.yaml",
                                    {**table, "path": address, "format": {"name": "ipfix_collector", "options": options}},
                                    {**table, "path": "rows.csv", "metadata": True})

    def send(self, address, capture=common.DEMO, table=None, **options):
        profile = self.profile(address, table, **options)
        return program.run("pcap", capture, "-p", profile, "--force", "--report", "run.json", cwd=self.folder)

    def expected(self):
        return common.expected_rows(self.folder / "rows.csv")

    def refused(self, address, message, table=None, **options):
        finished = self.send(address, table=table, **options)
        self.assertEqual((finished.returncode, program.messages(finished)), (4, [
            f"flowgauge: error: {self.folder / 'p.yaml'}:1: {address}: {SINK} cannot start: {message}"]))

    def report(self):
        return json.loads((self.folder / "run.json").read_text(encoding="utf-8"))["outputs"][0]["rows"]

    def test_udp(self):
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "[::1]")):
            collector = UdpCollector(self, family)
            finished = self.send(f"udp://{host}:{collector.port}", mtu=1500)
            self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
            reader = collector.read_until(lambda one: len(one.rows) == 16)
            self.assertEqual((reader.rows, self.report()), (self.expected(), 16))
            self.assertLessEqual(max(reader.lengths), 1500 - (48 if family == socket.AF_INET6 else 28))
            self.assertEqual(reader.domains, {1})

    def test_datagrams_are_as_long_as_the_path_takes(self):
        (self.folder / "many.pcap").write_bytes(program.capture(2_000))
        for mtu in (600, 1400, 9000):
            collector = UdpCollector(self)
            self.assertEqual(self.send(f"udp://127.0.0.1:{collector.port}", self.folder / "many.pcap", mtu=mtu, domain=7).returncode, 0)
            reader = collector.read_until(lambda one: len(one.rows) == 2_000)
            self.assertEqual((reader.rows, reader.domains), (self.expected(), {7}))
            self.assertTrue(mtu - 28 - 220 < max(reader.lengths) <= mtu - 28, max(reader.lengths))

    @unittest.skipIf(os.geteuid() != 0 or shutil.which("unshare") is None or shutil.which("ip") is None,
                     "only root makes a network namespace, with unshare and ip")
    def test_what_the_path_takes_is_asked_of_the_kernel(self):
        inside = subprocess.run(["unshare", "-n", "sh", "-c", 'ip link set lo mtu 1000 up && exec "$@"', "sh", sys.executable,
                                 __file__, "Links.in_a_path_of_1000_bytes"], capture_output=True, text=True,
                                timeout=program.LIMIT_SECONDS, check=False)
        self.assertEqual(inside.returncode, 0, inside.stderr)

    def in_a_path_of_1000_bytes(self):
        (self.folder / "many.pcap").write_bytes(program.capture(500))
        collector = UdpCollector(self)
        address = f"udp://127.0.0.1:{collector.port}"
        self.assertEqual(self.send(address, self.folder / "many.pcap").returncode, 0)
        reader = collector.read_until(lambda one: len(one.rows) == 500)
        self.assertEqual(reader.rows, self.expected())
        self.assertTrue(972 - 220 < max(reader.lengths) <= 972, max(reader.lengths))
        self.refused(address, "'mtu' is 1400, and the path to the collector takes 1000 bytes; leave 'mtu' out, or write at most that", mtu=1400)

    def test_a_table_too_wide_for_datagrams_is_refused(self):
        collector = UdpCollector(self)
        self.refused(f"udp://127.0.0.1:{collector.port}", "messages have at most 1472 bytes here, and the 203 columns need "
                     "1620; choose fewer columns, or send by TCP or TLS", {"schema": "rustiflow"}, mtu=1500)
        self.refused(f"udp://127.0.0.1:{collector.port}", "'mtu' is below 576; write at least that, or 0", mtu=100)

    def test_templates_come_again(self):
        collector = UdpCollector(self)
        profile = self.profile(f"udp://127.0.0.1:{collector.port}", template_interval=1, mtu=1500)
        process = program.start("pcap", "-", "-p", profile, cwd=self.folder)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        # A batch has 8,192 rows: those of the first part are sent while the second is not there yet.
        process.stdin.write(program.pcap_header())
        for part in range(2):
            records = [program.pcap_record(1_700_000_000 + 200 * i, program.udp_frame(1024 + i % 60_000))
                       for i in range(part * 10_000, part * 10_000 + 10_000)]
            process.stdin.write(b"".join(records))
            process.stdin.flush()
            if part == 0:
                reader = collector.read_until(lambda one: len(one.rows) >= 8_000)
                begin = time.monotonic()
                while time.monotonic() - begin < 1.1:
                    time.sleep(0.05)
        threading.Thread(target=process.stdin.close).start()
        collector.read_until(lambda one: len(one.rows) == 20_000)
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 0)
        self.assertEqual(set(reader.template_times), {256, 257})
        self.assertGreaterEqual(min(reader.template_times.values()), 2)

    def test_nobody_listens_to_datagrams(self):
        (self.folder / "many.pcap").write_bytes(program.capture(2_000))
        finished = self.send("udp://127.0.0.1:9", self.folder / "many.pcap", mtu=1500)
        self.assertEqual(finished.returncode, 4)
        self.assertRegex(finished.stderr, r"could not deliver 2,000 of 2,000 rows")

    def test_tcp(self):
        (self.folder / "many.pcap").write_bytes(program.capture(9_000))
        collector = TcpCollector(self)
        finished = self.send(f"tcp://127.0.0.1:{collector.port}", self.folder / "many.pcap")
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
        self.assertEqual((collector.rows(), self.report()), (self.expected(), 9_000))

    def test_all_columns_by_tcp(self):
        collector = TcpCollector(self)
        self.assertEqual(self.send(f"tcp://127.0.0.1:{collector.port}", table={"schema": "rustiflow"}).returncode, 0)
        self.assertEqual(len(collector.rows()), 16)

    def test_a_collector_that_goes_away(self):
        (self.folder / "many.pcap").write_bytes(program.capture(60_000))
        collector = TcpCollector(self, most=1_000_000)
        finished = self.send(f"tcp://127.0.0.1:{collector.port}", self.folder / "many.pcap", reconnect=0)
        self.assertEqual(finished.returncode, 4)
        self.assertRegex(finished.stderr, f"{re.escape(SINK)} failed in write: the collector is gone: "
                                          "(Connection reset by peer|Broken pipe|it closed the connection)")
        self.assertTrue(0 < self.report() < 60_000, self.report())

    def test_nobody_listens(self):
        with socket.socket() as reserved:  # bound, and not listening
            reserved.bind(("127.0.0.1", 0))
            port = reserved.getsockname()[1]
            self.refused(f"tcp://127.0.0.1:{port}", f"cannot connect to host '127.0.0.1', port {port}: Connection refused; "
                                                    "is a collector listening there?")

    def test_addresses_that_are_none(self):
        for address in ("127.0.0.1:4739", "http://127.0.0.1", "udp://", "udp://h:0", "udp://h:x", "udp://h:65536", "udp://[::1", "udp://h:"):
            self.refused(address, "is no address of a collector; write udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT")

    # ------------------------------------------------------------ TLS

    def certificates(self):
        if shutil.which("openssl") is None:
            self.skipTest("openssl, which makes certificates, is not here")

        def openssl(*words):
            subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True, timeout=program.LIMIT_SECONDS)
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=ca")
        for who, names in (("server", "IP:127.0.0.1,DNS:localhost"), ("other", "DNS:elsewhere.example"), ("client", "DNS:exporter")):
            (self.folder / "names").write_text(f"subjectAltName={names}\n", encoding="ascii")
            openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{who}.key", "-out", f"{who}.csr", "-subj", f"/CN={who}")
            openssl("x509", "-req", "-in", f"{who}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", f"{who}.pem",
                    "-days", "2", "-extfile", "names")

    def context(self, who="server", wants_certificate=False):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{who}.pem", self.folder / f"{who}.key")
        if wants_certificate:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.folder / "ca.pem")
        return context

    def test_tls(self):
        self.certificates()
        (self.folder / "many.pcap").write_bytes(program.capture(9_000))
        for host in ("127.0.0.1", "localhost"):
            collector = TcpCollector(self, self.context())
            finished = self.send(f"tls://{host}:{collector.port}", self.folder / "many.pcap", tls_authorities="ca.pem")
            self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
            self.assertEqual((collector.rows(), self.report()), (self.expected(), 9_000))

    def test_tls_with_a_certificate_of_ours(self):
        self.certificates()
        collector = TcpCollector(self, self.context(wants_certificate=True))
        finished = self.send(f"tls://127.0.0.1:{collector.port}", tls_authorities="ca.pem", tls_certificate="client.pem",
                             tls_key="client.key")
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
        self.assertEqual(collector.rows(), self.expected())
        self.assertIn(("commonName", "client"), [pair for part in collector.peer["subject"] for pair in part])

    def test_tls_that_is_not_trusted(self):
        self.certificates()
        for who, authorities, why in (("server", "", "self-signed certificate in certificate chain|unable to get local issuer certificate"),
                                      ("other", "ca.pem", "IP address mismatch")):
            collector = TcpCollector(self, self.context(who))
            finished = self.send(f"tls://127.0.0.1:{collector.port}", tls_authorities=authorities)
            self.assertEqual(finished.returncode, 4)
            self.assertRegex(finished.stderr, f"TLS: the collector is not trusted, or refuses: ({why})")
            collector.join(program.LIMIT_SECONDS)
            self.assertEqual(collector.bytes, b"")

    def test_tls_where_our_certificate_is_missing(self):
        self.certificates()
        collector = TcpCollector(self, self.context(wants_certificate=True))
        finished = self.send(f"tls://127.0.0.1:{collector.port}", tls_authorities="ca.pem", reconnect=0)
        collector.join(program.LIMIT_SECONDS)
        self.assertEqual((finished.returncode, collector.bytes), (4, b""))
        self.assertRegex(finished.stderr, "TLS: the collector refuses: .*certificate required|the collector is gone|could not deliver 16 of 16 rows")
        self.refused("tls://127.0.0.1:9", "cannot connect to host '127.0.0.1', port 9: Connection refused; is a collector listening there?")

    def test_tls_options_that_are_wrong(self):
        self.certificates()
        collector = TcpCollector(self)
        self.refused(f"tls://127.0.0.1:{collector.port}", "tls_certificate and tls_key go together; give both or none",
                     tls_authorities="ca.pem", tls_key="client.key")


if __name__ == "__main__":
    unittest.main()
