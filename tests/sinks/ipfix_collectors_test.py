#!/usr/bin/env python3
"""Collectors of others read what the sinks send: counts, times, flags, end reasons and reals are those of the CSV of the
same run. Each is left out, with the reason, where it is not installed: nfdump, libfixbuf-tools, pmacct, goflow2."""
import csv
import datetime
import ipaddress
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import ipfix_common as common
import program

TOOLS = {"nfcapd": "nfdump", "ipfixDump": "libfixbuf-tools", "nfacctd": "pmacct", "goflow2": "https://github.com/netsampler/goflow2"}
PATH = os.environ["PATH"] + ":/usr/sbin:" + str(pathlib.Path.home() / "go" / "bin")


def tool(name):
    return shutil.which(name, path=PATH)


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def udp_queue(port):
    """Bytes that wait at the socket of that port; None: nobody has it."""
    for name in ("udp", "udp6"):
        for line in pathlib.Path(f"/proc/net/{name}").read_text(encoding="ascii").splitlines()[1:]:
            words = line.split()
            if int(words[1].split(":")[1], 16) == port:
                return int(words[4].split(":")[1], 16)
    return None


def wait_for(condition, what):
    limit = time.monotonic() + 20
    while not condition():
        if time.monotonic() > limit:
            raise AssertionError(f"never: {what}")
        time.sleep(0.02)


def utc(text):
    """Milliseconds of 2008-05-16 15:50:50.867000"""
    moment = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)
    return round(moment.timestamp() * 1000)


class Collectors(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.port = free_port()

    def need(self, name):
        found = tool(name)
        if found is None:
            self.skipTest(f"{name} is not here ({TOOLS[name]})")
        return found

    def start(self, *words, is_ready):
        """A collector on our port."""
        with open(self.folder / "collector.log", "wb") as log:
            process = subprocess.Popen([str(word) for word in words], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=log, env={**os.environ, "TZ": "UTC"}, start_new_session=True)
        self.addCleanup(self.kill, process)
        wait_for(lambda: is_ready() or process.poll() is not None, f"{words[0]} is ready")
        self.assertIsNone(process.poll(), (self.folder / "collector.log").read_text(encoding="utf-8"))
        return process

    @staticmethod
    def kill(process):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(program.LIMIT_SECONDS)

    def send(self, path, **form):
        table = {"columns": common.FLOW_TABLE}
        profile = common.write_profile(self.folder / "p.yaml", {**table, "path": path, **form},
                                       {**table, "path": "rows.csv", "metadata": True})
        finished = program.run("pcap", common.DEMO, "-p", profile, cwd=self.folder)
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
        return common.expected_rows(self.folder / "rows.csv")

    def send_udp(self):
        return self.send(f"udp://127.0.0.1:{self.port}", format={"name": "ipfix_collector", "options": {"mtu": 1500}})

    def is_bound(self):
        return udp_queue(self.port) is not None

    def wanted(self, rows, *names):
        """In the order that collectors' rows are compared in; `source`: whichever version of IP."""
        whole = [{"source": row.get("sourceIPv4Address", row.get("sourceIPv6Address")),
                  "destination": row.get("destinationIPv4Address", row.get("destinationIPv6Address")), **row} for row in rows]
        return sorted(tuple(row[name] for name in names) for row in whole)

    def test_nfcapd(self):
        nfcapd = self.need("nfcapd")
        (self.folder / "flows").mkdir()
        process = self.start(nfcapd, "-w", "flows", "-p", self.port, "-b", "127.0.0.1", is_ready=self.is_bound)
        rows = self.send_udp()
        wait_for(lambda: udp_queue(self.port) == 0, "all datagrams were read")
        process.send_signal(signal.SIGTERM)
        process.wait(program.LIMIT_SECONDS)
        raw = subprocess.run([tool("nfdump"), "-q", "-R", "flows", "-o", "raw"], cwd=self.folder, env={**os.environ, "TZ": "UTC"},
                             capture_output=True, text=True, check=True, timeout=program.LIMIT_SECONDS).stdout
        found = []
        for record in raw.split("Flow Record:")[1:]:
            cells = dict(re.findall(r"^ +([a-z A-Z]+?) += +(\S+)", record, re.MULTILINE))
            found.append((cells["src addr"], cells["dst addr"], int(cells.get("src port", 0)), int(cells.get("dst port", 0)),
                          int(cells["proto"]), int(cells["first"]), int(cells["last"]), int(cells["in packets"]),
                          int(cells["in bytes"]), int(cells.get("out packets", 0)), int(cells.get("out bytes", 0)),
                          int(cells["end reason"], 16), int(cells["tcp flags"], 16)))
        self.assertEqual(sorted(found), self.wanted(
            rows, "source", "destination", "sourceTransportPort", "destinationTransportPort",
            "protocolIdentifier", "flowStartMilliseconds", "flowEndMilliseconds", "packetDeltaCount", "octetDeltaCount",
            "reverse packetDeltaCount", "reverse octetDeltaCount", "flowEndReason", "tcpControlBits"))
        log = (self.folder / "collector.log").read_text(encoding="utf-8")
        self.assertIn("Sequence Errors: 0, Bad Packets: 0", log)

    def test_ipfixdump(self):
        """Of all, our reals too, by the records that say what they are."""
        ipfixdump = self.need("ipfixDump")
        rows = self.send("rows.ipfix")
        text = subprocess.run([ipfixdump, "--in", "rows.ipfix", "--rfc5610", "--data"], cwd=self.folder, capture_output=True, text=True,
                              check=True, timeout=program.LIMIT_SECONDS).stdout
        found = []
        for record in text.split("--- data record")[1:]:
            cells = dict(re.findall(r"^\t\([0-9/]+\)(?: \(S\))? +(\w+) : (\S+)$", record, re.MULTILINE))
            if "flowEndReason" in cells:
                source = cells.get("sourceIPv4Address", cells.get("sourceIPv6Address"))
                found.append((str(ipaddress.ip_address(source)), int(cells["packetDeltaCount"]), int(cells["octetDeltaCount"]),
                              int(cells["reversePacketDeltaCount"]), int(cells["reverseOctetDeltaCount"]),
                              int(cells["flowEndReason"].split()[0]), float(cells["fgIatIatMean"])))
        for row in rows:
            row["mean"] = float(f"{row['fgIatIatMean']:.8g}")  # as many digits as it prints
        self.assertEqual(sorted(found), self.wanted(rows, "source", "packetDeltaCount", "octetDeltaCount", "reverse packetDeltaCount",
                                                    "reverse octetDeltaCount", "flowEndReason", "mean"))

    def test_nfacctd(self):
        nfacctd = self.need("nfacctd")
        (self.folder / "c.conf").write_text(
            f"daemonize: false\nnfacctd_ip: 127.0.0.1\nnfacctd_port: {self.port}\nplugins: print\nnfacctd_time_new: true\n"
            "aggregate: src_host, dst_host, src_port, dst_port, proto, tcpflags, timestamp_start, timestamp_end\n"
            f"print_output: json\nprint_output_file: {self.folder}/out.json\nprint_output_file_append: true\nprint_refresh_time: 1\n", encoding="ascii")
        log = self.folder / "collector.log"
        self.start(nfacctd, "-f", "c.conf", is_ready=lambda: self.is_bound() and "setting object handlers" in log.read_text(encoding="utf-8"))
        rows = self.send_udp()
        out = self.folder / "out.json"
        wait_for(lambda: out.exists() and out.read_text(encoding="utf-8").count("\n") >= len(rows), "nfacctd has written its rows")
        found = []
        for line in out.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.append((row["ip_src"], row["ip_dst"], row["port_src"], row["port_dst"], utc(row["timestamp_start"]),
                          utc(row["timestamp_end"]), row["packets"], row["bytes"], int(row["tcp_flags"])))
        self.assertEqual(sorted(found), self.wanted(
            rows, "source", "destination", "sourceTransportPort", "destinationTransportPort",
            "flowStartMilliseconds", "flowEndMilliseconds", "packetDeltaCount", "octetDeltaCount", "tcpControlBits"))

    def test_goflow2(self):
        goflow2 = self.need("goflow2")
        out = self.folder / "out.json"
        # By one worker: several take datagrams in any order, and drop rows that come before their template.
        self.start(goflow2, "-listen", f"netflow://127.0.0.1:{self.port}/?count=1&workers=1", "-addr", "127.0.0.1:0", "-transport.file", out,
                   is_ready=self.is_bound)
        rows = self.send_udp()
        wait_for(lambda: out.exists() and out.read_text(encoding="utf-8").count("\n") >= len(rows), "goflow2 has written its rows")
        found = []
        for line in out.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.append((row["src_addr"], row["dst_addr"], row["src_port"], row["dst_port"], row["time_flow_start_ns"],
                          row["time_flow_end_ns"], row["packets"], row["bytes"], row["tcp_flags"]))
        self.assertEqual(sorted(found), self.wanted(
            rows, "source", "destination", "sourceTransportPort", "destinationTransportPort",
            "flowStartNanoseconds", "flowEndNanoseconds", "packetDeltaCount", "octetDeltaCount", "tcpControlBits"))


if __name__ == "__main__":
    missing = [name for name in TOOLS if tool(name) is None]
    if len(missing) == len(TOOLS):
        print("skipped: no collector is here: " + ", ".join(f"{name} ({TOOLS[name]})" for name in missing))
        sys.exit(77)
    unittest.main()
