#!/usr/bin/env python3
"""As a service: what systemd is told, by its own protocol, and whether it takes the unit."""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import unittest

import program

UNIT = program.SOURCE_DIR / "core" / "package" / "flowgauge@.service"
MOST_EXPOSED = 30  # in tenths, as `systemd-analyze security` counts: 0 is best, 100 worst


class Manager:
    """Listens as a service manager does."""

    def __init__(self, address):
        self.address = address
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address.replace("@", "\0", 1) if address.startswith("@") else address)
        self.socket.settimeout(program.LIMIT_SECONDS)

    def environment(self, **more):
        return {"NOTIFY_SOCKET": self.address, **more}

    def told_until(self, line):
        """All lines, up to that one."""
        lines = []
        while line not in lines:
            lines += self.socket.recv(4096).decode().splitlines()
        return lines


class ServiceTest(unittest.TestCase):

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fg_service."))
        self.addCleanup(shutil.rmtree, self.folder)
        os.mkfifo(self.folder / "fifo")

    def start(self, manager, *words, **more):
        process = subprocess.Popen([program.PROGRAM, "pcap", "fifo", "--export-path", "rows.csv", *words], cwd=self.folder,
                                   env={**os.environ, **manager.environment(**more)}, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        self.addCleanup(process.stderr.close)
        return process

    def test_ready_alive_and_stopping(self):
        for address in (str(self.folder / "notify"), f"@flowgauge-test-{os.getpid()}"):
            manager = Manager(address)
            self.addCleanup(manager.socket.close)
            process = self.start(manager, "--force", WATCHDOG_USEC="60000000")
            with open(self.folder / "fifo", "wb", buffering=0) as pipe:
                pipe.write(program.capture(2))
                first = manager.told_until("READY=1")
                self.assertEqual(first[0], "READY=1")
                manager.told_until("WATCHDOG=1")
            last = manager.told_until("STOPPING=1")
            self.assertNotIn("READY=1", last)
            self.assertEqual([line for line in first + last if not re.match(r"READY=1|STOPPING=1|WATCHDOG=1|STATUS=\d+:\d\d, ", line)], [])
            self.assertEqual(process.wait(program.LIMIT_SECONDS), 0)

    def test_a_watchdog_of_somebody_else(self):
        manager = Manager(str(self.folder / "notify"))
        self.addCleanup(manager.socket.close)
        process = self.start(manager, WATCHDOG_USEC="1000000", WATCHDOG_PID="1")
        with open(self.folder / "fifo", "wb", buffering=0) as pipe:
            pipe.write(program.capture(2))
        self.assertNotIn("WATCHDOG=1", manager.told_until("STOPPING=1"))
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 0)

    def test_a_manager_that_is_not_there(self):
        (self.folder / "one.pcap").write_bytes(program.capture(1))
        for address, why in ((str(self.folder / "none"), "the service manager cannot be reached (No such file or directory)"),
                             ("none", "is no path of a socket")):
            finished = program.run("pcap", "one.pcap", "-o", "csv", cwd=self.folder, env={"NOTIFY_SOCKET": address})
            self.assertEqual(finished.returncode, 0)
            self.assertIn(f"flowgauge: warning: NOTIFY_SOCKET={address}: {why}\n", finished.stderr)

    def test_priorities_in_the_journal(self):
        """Standard error is what JOURNAL_STREAM names: systemd connects it so."""
        (self.folder / "cut.pcap").write_bytes(program.capture(1)[:-1])
        for is_journal in (True, False):
            with open(self.folder / "journal", "w+b") as journal:
                status = os.fstat(journal.fileno())
                stream = f"{status.st_dev}:{status.st_ino + (not is_journal)}"
                subprocess.run([program.PROGRAM, "pcap", "cut.pcap", "-o", "csv"], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=journal,
                               env={**os.environ, "JOURNAL_STREAM": stream}, timeout=program.LIMIT_SECONDS, check=False)
                journal.seek(0)
                lines = journal.read().decode().splitlines()
            told = [line for line in lines if "cut.pcap" in line]
            self.assertEqual(len(told), 1)
            self.assertEqual(told[0].startswith("<4>cut.pcap: ") or told[0].startswith("<3>cut.pcap: "), is_journal, told)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not there")
    def test_systemd_takes_the_unit(self):
        unit = self.folder / "flowgauge@.service"
        unit.write_text(UNIT.read_text(encoding="utf-8").replace("/usr/bin/flowgauge ", f"{program.PROGRAM} "), encoding="utf-8")
        instance = self.folder / "flowgauge@eth0.service"
        instance.symlink_to(unit.name)
        for words in (("verify", "--man=no", str(instance)), ("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", str(instance))):
            finished = subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, timeout=program.LIMIT_SECONDS, check=False)
            self.assertEqual((finished.returncode, [line for line in finished.stderr.splitlines() if "flowgauge@" in line]), (0, []),
                             finished.stdout + finished.stderr)


if __name__ == "__main__":
    unittest.main()
