#!/usr/bin/env python3
"""What a live run is asked for by signals, whichever of its two processes gets them: SIGHUP reopens the outputs, SIGUSR1 says how it
stands, SIGUSR2 writes the flows that are open. Nothing sleeps: each step waits for what the program did."""
import csv
import json
import os
import pathlib
import pty
import signal
import socket
import tempfile
import unittest

import program
import realtime_test

PROFILE = ("exporters: [{path: %s, format: csv, columns: [flow.src_port, flow.snapshot, flow.end_reason, {name: packets, expression: "
           "packet_length.flow.count}]}]\n")


class LiveSignals(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        # Takes in what is sent, so that no ICMP error comes back.
        sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sink.bind(("127.0.0.1", realtime_test.PORT))
        self.addCleanup(sink.close)

    def start(self, *words, **how):
        """Its processes are a group of their own."""
        live = realtime_test.Live(self.folder, *words, before=["setsid"], **how)
        self.addCleanup(live.process.kill)
        live.wait_for("capturing from lo: libpcap")
        return live

    def names(self):
        return sorted(path.name for path in self.folder.glob("rows*") if ".json" not in path.name)

    def wait_until(self, live, is_so):
        while not is_so():
            self.assertIsNone(live.process.poll(), live.lines)
            os.sched_yield()

    def wait_for_packets(self, live, packets):
        """Until so many are in flows, as the program says when it is asked."""
        said = f"flowgauge: info: frames   {packets} read = {packets} in flows"
        while not any(line.startswith(said) for line in live.lines):
            before = self.answers(live)
            live.process.send_signal(signal.SIGUSR1)
            self.wait_until(live, lambda: self.answers(live) > before)  # pylint: disable=cell-var-from-loop

    @staticmethod
    def answers(live):
        return sum(line.startswith(("flowgauge: info: time ", "flowgauge: warning: time ")) for line in live.lines)

    @staticmethod
    def rows(path):
        with open(path, newline="", encoding="utf-8") as file:
            return [tuple(row.values()) for row in csv.DictReader(file)]

    @staticmethod
    def targets(live):
        """Each is one request. A request to the worker alone that follows one to the supervisor at once would be taken for its second half."""
        return (lambda number: os.kill(program.worker_of(live.process.pid), number), lambda number: os.killpg(live.process.pid, number),
                lambda number: os.kill(live.process.pid, number))

    def test_sighup_reopens_the_outputs(self):
        live = self.start("--metadata", "--idle-timeout", "50ms")
        files = ["rows.csv", "rows-000001.csv", "rows-000002.csv"]
        part = self.folder / "rows.csv.part"
        for number, send_to in enumerate(self.targets(live)):
            realtime_test.send(2000 + number, 1 + number)
            self.wait_until(live, lambda port=2000 + number: f",{port}," in part.read_text(encoding="utf-8"))
            send_to(signal.SIGHUP)
            self.wait_until(live, lambda name=files[number]: (self.folder / f"{name}.meta.json").exists() and part.exists())
            self.assertEqual(self.names(), sorted([*files[:number + 1], "rows.csv.part"]))
        self.assertEqual(live.end(signal.SIGINT), 0)
        self.assertEqual(sum("asked to reopen the outputs" in line for line in live.lines), 3)
        files.append("rows-000003.csv")
        self.assertEqual(self.names(), sorted(files))
        self.assertEqual([[row[2] for row in self.rows(self.folder / name)] for name in files], [["2000"], ["2001"], ["2002"], []])
        accounts = [json.loads((self.folder / f"{name}.meta.json").read_text(encoding="utf-8")) for name in files]
        self.assertEqual([account["part"] for account in accounts], [{"number": n, "last": n == 4} for n in range(1, 5)])
        self.assertEqual([account["ledger"]["packets_in_rows"] for account in accounts], [1, 2, 3, 0])
        self.assertEqual(sum(account["ledger"]["frames_read"] for account in accounts), 6)
        (output,) = live.report()["outputs"]
        self.assertEqual((output["files"], output["rows"], output["location"]), (4, 3, str(self.folder / files[-1])))
        self.assertTrue(live.report()["ledger"]["balances"])

    def test_a_restart_goes_on_with_the_numbers(self):
        for names in (["rows.csv", "rows-000001.csv"], ["rows-000002.csv", "rows-000003.csv"]):
            live = self.start("--force")
            if names[0] != "rows.csv":
                (self.folder / "rows.csv").rename(self.folder / "old.csv")
            live.process.send_signal(signal.SIGHUP)
            live.wait_for("asked to reopen the outputs")
            self.assertEqual(live.end(signal.SIGINT), 0)
            names = ["rows.csv" if name == "rows-000002.csv" else name.replace("3", "2") for name in names]
            self.assertTrue(set(names) <= set(self.names()), self.names())

    def test_sigusr1_says_how_it_stands(self):
        for level, shown in ((None, "info"), ("warning", "warning")):
            live = realtime_test.Live(self.folder, "--force", *([] if level is None else ["--log-level", level]))
            self.addCleanup(live.process.kill)
            part = self.folder / "rows.csv.part"
            self.wait_until(live, lambda: part.exists() and part.stat().st_size > 0)
            realtime_test.send(2000, 3)
            begins = [f"flowgauge: {shown}: {begin}" for begin in ("capture  ", "wire     ", "frames   ", "flows    ", "rows     ", "time     ")]
            for times in (1, 2):
                live.process.send_signal(signal.SIGUSR1)
                self.wait_until(live, lambda: self.answers(live) == times)  # pylint: disable=cell-var-from-loop
            told = [line for line in live.lines if line.startswith(tuple(begins))]
            self.assertEqual([begin for line in told for begin in begins if line.startswith(begin)], 2 * begins)
            self.assertEqual(told[4], f"flowgauge: {shown}: rows     0 of schema basic to {part}")
            self.assertEqual(live.end(signal.SIGINT), 0)

    def test_a_request_to_both_that_waits_in_the_worker_is_one(self):
        live = self.start()
        worker = program.worker_of(live.process.pid)
        os.kill(worker, signal.SIGSTOP)
        self.wait_until(live, lambda: self.status(worker)["State"][0] == "T")
        os.killpg(live.process.pid, signal.SIGUSR1)
        self.wait_until(live, lambda: self.has_passed_on(live.process.pid))
        os.kill(worker, signal.SIGCONT)
        self.wait_until(live, lambda: self.answers(live) == 1)
        live.process.send_signal(signal.SIGUSR1)
        self.wait_until(live, lambda: self.answers(live) == 2)
        self.assertEqual(live.end(signal.SIGINT), 0)
        self.assertEqual(self.answers(live), 2)

    @staticmethod
    def status(process):
        return program.status_of(pathlib.Path(f"/proc/{process}/status"))

    def has_passed_on(self, supervisor):
        """It sleeps, and no signal waits for it."""
        status = self.status(supervisor)
        return status["State"][0] == "S" and int(status["SigPnd"][0], 16) == int(status["ShdPnd"][0], 16) == 0

    def test_sigusr2_writes_the_flows_that_are_open(self):
        (self.folder / "p.yaml").write_text(PROFILE % "rows.csv")
        live = self.start(chosen=("-p", "./p.yaml"))
        part = self.folder / "rows.csv.part"
        expected = []
        for number, send_to in enumerate(self.targets(live), 1):
            realtime_test.send(2000)
            realtime_test.send(2000 + number)
            expected += [("2000", "1", "2", str(number)), *((str(2000 + other), "1", "2", "1") for other in range(1, number + 1))]
            self.wait_for_packets(live, 2 * number)
            send_to(signal.SIGUSR2)
            self.wait_until(live, lambda: part.exists() and part.read_bytes().count(b"\n") >= len(expected) + 1)
            self.assertEqual(self.rows(part), expected)
        self.assertEqual(live.end(signal.SIGINT), 0)
        last = [("2000", "0", "4", "3"), *((str(2000 + other), "0", "4", "1") for other in (1, 2, 3))]
        self.assertEqual(self.rows(self.folder / "rows.csv"), expected + last)
        report = live.report()
        self.assertEqual((report["flows"]["snapshots"], report["flows"]["begun"], report["ledger"]["balances"]), (len(expected), 4, True))

    def test_who_has_lost_its_terminal_ends(self):
        child, terminal = pty.fork()
        if child == 0:
            try:
                os.chdir(self.folder)
                os.execv(program.PROGRAM, [program.PROGRAM, "realtime", "lo", "-f", "basic", "--export-path", "rows.csv", "--capture", "pcap"])
            finally:
                os._exit(99)
        said = b""
        while b"capturing from lo" not in said:
            said += os.read(terminal, 4096)
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
        self.assertEqual(self.names(), ["rows.csv"])


if __name__ == "__main__":
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # who runs the tests may be under nohup
    realtime_test.enter_own_namespace()
    unittest.main()
