#!/usr/bin/env python3
"""What a live run has left of root once it is attached, by the kernel's own account of each of its processes: user, groups, capabilities,
system calls; what it still can as that user; whom it refuses to become; who may read its files. And whose plugins run in a user namespace."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

import program
import realtime_test

NOBODY = program.NOBODY
PLUGIN = pathlib.Path(os.environ["FLOWGAUGE_FAULTY"])
SANITIZED = os.environ.get("FLOWGAUGE_SANITIZED") == "1"
OF_WATCH = 1 << 12 | 1 << 39  # CAP_NET_ADMIN, CAP_BPF
DAC_OVERRIDE = 1 << 1
# Whatever else runs on this machine: its own lo.
OWN_LO = ["unshare", "--net", "sh", "-c", 'ip link set lo up; exec "$@"', "sh"]
HAS_TOOLS = program.CAN_BECOME_NOBODY and all(map(shutil.which, ("unshare", "nsenter", "ip")))


def rights_of(path):
    fields = program.status_of(path)
    sets = {name: int(fields[name][0], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}
    return {**sets, "users": set(fields["Uid"] + fields["Gid"] + fields["Groups"]), "new": fields["NoNewPrivs"], "seccomp": fields["Seccomp"]}


def all_of(pid):
    """Of each of its threads."""
    return [rights_of(task / "status") for task in pathlib.Path(f"/proc/{pid}/task").iterdir()]


def rights(users, capabilities=0, seccomp=2):
    return {"users": {str(user) for user in users}, "CapInh": 0, "CapPrm": capabilities, "CapEff": capabilities, "CapBnd": 0, "CapAmb": 0,
            "new": ["1"], "seccomp": [str(seccomp)]}


@unittest.skipUnless(HAS_TOOLS, "needs root, setpriv, unshare, nsenter and ip")
class Rights(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.folder.chmod(0o755)
        self.out = self.folder / "out"
        self.out.mkdir()
        os.chown(self.out, NOBODY, NOBODY)

    def start(self, *words, before=(), **how):
        live = realtime_test.Live(self.out, *words, before=[*before, *OWN_LO], **how)
        self.addCleanup(live.process.kill)
        live.wait_for("capturing from lo: ")
        return live

    def refused(self, *words, before=()):
        command = [*before, *OWN_LO, program.PROGRAM, "realtime", "lo", "-f", "basic", "-o", "csv", *map(str, words)]
        finished = subprocess.run(command, cwd=self.folder, capture_output=True, timeout=program.LIMIT_SECONDS, check=False)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["out"])
        return finished.returncode, [line for line in finished.stderr.decode().splitlines() if "joins packets" not in line]

    @staticmethod
    def within(live, *command):
        subprocess.run(["nsenter", f"--target={live.process.pid}", "--net", *map(str, command)], check=True, timeout=program.LIMIT_SECONDS,
                       stdout=subprocess.DEVNULL)

    def send(self, live, port, packets):
        code = ("import socket; r, s = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))\n"
                "r.bind(('127.0.0.1', %d)); s.bind(('127.0.0.1', %d))\n"  # so that no ICMP error comes back
                "for _ in range(%d): s.sendto(b'12345678', r.getsockname())")
        self.within(live, "python3", "-c", code % (realtime_test.PORT, port, packets))

    def wait_until(self, live, is_so):
        while not is_so():
            self.assertIsNone(live.process.poll(), live.lines)
            os.sched_yield()

    def check_files(self, user, mode, *names):
        for name in names:
            is_so = (self.out / name).stat()
            self.assertEqual((name, is_so.st_uid, is_so.st_gid, oct(is_so.st_mode & 0o7777)), (name, user, user, oct(mode)))

    def check_processes(self, live, users, of_worker=0):
        worker = program.worker_of(live.process.pid)
        for status in all_of(live.process.pid):
            self.assertEqual(status, rights(users))
        self.wait_until(live, lambda: len(all_of(worker)) > 1)
        threads = all_of(worker)
        for status in threads:
            self.assertIn(status, [rights(users, of_worker), rights(users)])
        return worker

    def test_with_ebpf_nothing_of_root_is_left_and_all_goes_on(self):
        try:
            live = self.start("--user", "nobody", "--metadata", "--stats", "stats.jsonl", "--metrics", "0", capture="ebpf")
        except AssertionError as error:
            if "capture with eBPF" not in str(error) and "cannot load" not in str(error):
                raise
            self.skipTest("no eBPF here")
        self.assertIn("flowgauge: info: goes on as user nobody", live.lines)
        worker = self.check_processes(live, [NOBODY])
        watch = program.worker_of(worker)
        self.wait_until(live, lambda: all_of(watch)[0]["seccomp"] != ["0"])  # the last that it does before it watches
        self.assertEqual(all_of(watch), [rights([NOBODY], OF_WATCH)])
        part = self.out / "rows.csv.part"
        self.check_files(NOBODY, 0o640, part.name, "rows.csv.meta.json.part", "rows.csv.json.part", "stats.jsonl")
        # What was detached is attached again.
        if shutil.which("bpftool"):
            fds = "\n".join(path.read_text(encoding="ascii") for path in pathlib.Path(f"/proc/{watch}/fdinfo").iterdir())
            for link in re.findall(r"^link_id:\s*(\d+)$", fds, re.M):
                subprocess.run(["bpftool", "link", "detach", "id", link], check=True, stdout=subprocess.DEVNULL)
            self.wait_until(live, lambda: any("was detached by somebody; it is attached again" in line for line in live.lines))
        self.send(live, 2000, 3)
        live.process.send_signal(signal.SIGUSR2)
        self.wait_until(live, lambda: ":2000" in part.read_text(encoding="utf-8") or ",2000," in part.read_text(encoding="utf-8"))
        live.process.send_signal(signal.SIGHUP)
        self.wait_until(live, lambda: (self.out / "rows.csv.meta.json").exists() and part.exists())
        self.assertEqual(live.end(signal.SIGINT), 0, live.lines)
        self.check_files(NOBODY, 0o640, "rows.csv", "rows.csv.meta.json", "rows-000001.csv", "rows-000001.csv.meta.json", "rows.csv.json",
                         "stats.jsonl")
        report = live.report()
        self.assertEqual((report["ledger"]["in_flows"], report["ledger"]["balances"]), (3, True))
        self.assertGreater(int(report["hash_seed"]), 0)

    def test_interfaces_that_come_later_keep_one_capability(self):
        live = self.start("--user", "nobody", "--wait")
        self.check_processes(live, [NOBODY], of_worker=1 << 13)
        self.assertEqual(live.end(signal.SIGTERM), 0, live.lines)

    def test_whoever_ends_the_supervisor_ends_the_run(self):
        live = self.start("--user", "nobody")
        worker = program.worker_of(live.process.pid)
        live.process.kill()
        live.process.wait(program.LIMIT_SECONDS)
        while pathlib.Path(f"/proc/{worker}").exists():
            os.sched_yield()
        self.assertTrue((self.out / "rows.csv.part").exists())

    def test_root_stays_who_says_so(self):
        live = self.start("--user", "root", "--hash-seed", "7")
        self.check_processes(live, [0], of_worker=DAC_OVERRIDE)
        self.assertEqual(live.end(signal.SIGINT), 0)
        self.check_files(0, 0o640, "rows.csv")
        self.assertEqual(live.report()["hash_seed"], "7")

    def with_user_of_package(self):
        """Where there is a user flowgauge, as the package makes one."""
        passwd = self.folder / "out" / "passwd"
        passwd.write_text(pathlib.Path("/etc/passwd").read_text(encoding="utf-8") + f"flowgauge:x:{NOBODY}:{NOBODY}::/nonexistent:/usr/sbin/nologin\n",
                          encoding="utf-8")
        return ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/passwd; exec "$@"', str(passwd)]

    def test_the_user_of_the_package_is_the_default(self):
        live = self.start(before=self.with_user_of_package())
        self.assertIn("flowgauge: info: goes on as user flowgauge", live.lines)
        self.check_processes(live, [NOBODY])
        self.assertEqual(live.end(signal.SIGINT), 0)
        self.check_files(NOBODY, 0o640, "rows.csv")

    def test_the_default_gives_way_where_it_could_not_write(self):
        before = self.with_user_of_package()
        os.chown(self.out, 0, 0)
        live = self.start(before=before)
        self.assertEqual([line for line in live.lines if "root" in line], [
            f"flowgauge: warning: stays root, since user flowgauge could not write {self.out}/rows.csv: Permission denied; write where they may, or say "
            "--user root"])
        self.check_processes(live, [0], of_worker=DAC_OVERRIDE)
        self.assertEqual(live.end(signal.SIGINT), 0)
        self.check_files(0, 0o640, "rows.csv")

    def test_whom_it_does_not_become(self):
        self.assertEqual(self.refused("--user", "nobody-at-all"), (1, [
            "flowgauge: error: --user nobody-at-all: there is no such user; make one (useradd --system nobody-at-all) or name another"]))
        self.assertEqual(self.refused("--user", "nobody", "--export-path", "rows.csv"), (4, [
            "flowgauge: error: --user nobody: could not write rows.csv: Permission denied; give them the folder (chown nobody), or write elsewhere"]))
        self.assertEqual(self.refused("--user", "nobody", "--capture", "pcap", before=["setpriv", "--bounding-set=-setuid"]), (5, [
            "flowgauge: error: --user nobody: to become another user needs CAP_SETUID and CAP_SETGID, which this process does not have; add them, or "
            "say --user root"]))

    def test_another_ones_file_in_a_sticky_folder(self):
        self.out.chmod(0o1777)
        os.chown(self.out, 0, 0)
        (self.out / "rows.csv").write_text("of root\n", encoding="utf-8")
        self.assertEqual(self.refused("--user", "nobody", "--force", "--export-path", self.out / "rows.csv"), (4, [
            f"flowgauge: error: --user nobody: could not write {self.out}/rows.csv: it is there already, of another user, in a folder in which only its "
            "owner may replace it; give them the folder (chown nobody), or write elsewhere"]))

    def run_faulty(self, fault, *words):
        profile = self.folder / "my.yaml"
        profile.write_text(f"features:\n  - name: faulty\n    module: {PLUGIN}\n    options: {{fault: {fault}}}\n"
                           f"exporters:\n  - schema: faulty\n    module: {PLUGIN}\n    format: csv\n    path: rows.csv\n", encoding="utf-8")
        live = self.start("--user", "nobody", "--max-packets", "2", *words, chosen=("-p", profile))
        self.send(live, 2000, 2)
        return live, live.end()

    @unittest.skipIf(SANITIZED, "a sanitizer has signals of its own")
    def test_a_plugin_that_would_start_a_program_is_told_of(self):
        for fault, call in (("execute in update", "execve"), ("execute in a fork in update", "execve")):
            live, code = self.run_faulty(fault, "--force")
            said = [line for line in live.lines if "asked the kernel" in line]
            self.assertEqual((code, said), (0, [
                f"flowgauge: warning: {PLUGIN}: feature 'faulty' asked the kernel for {call} in update, which a live run refuses; it got EPERM; leave it "
                "out of the profile, or run with --no-seccomp"]), live.lines)
            self.assertIn("refused with EPERM", live.lines)
        live, code = self.run_faulty("spawn in update", "--force")  # in silence: the C library blocks signals there
        self.assertEqual((code, [line for line in live.lines if "asked the kernel" in line or "EPERM" in line]), (0, ["refused with EPERM"]))

    @unittest.skipIf(SANITIZED, "a sanitizer has signals of its own")
    def test_without_a_filter_it_may(self):
        live, code = self.run_faulty("execute in a fork in update", "--no-seccomp")
        self.assertEqual((code, [line for line in live.lines if "asked the kernel" in line or "refused" in line]), (0, []), live.lines)

    def test_the_mode_of_a_file_is_what_the_profile_says(self):
        (self.folder / "my.yaml").write_text("exporters:\n  - {schema: basic, format: csv, path: rows.csv, metadata: true, mode: 0664}\n",
                                             encoding="utf-8")
        live = self.start("--user", "nobody", chosen=("-p", self.folder / "my.yaml"))
        self.check_files(NOBODY, 0o664, "rows.csv.part", "rows.csv.meta.json.part")
        self.assertEqual(live.end(signal.SIGINT), 0)
        self.check_files(NOBODY, 0o664, "rows.csv", "rows.csv.meta.json")
        self.check_files(NOBODY, 0o640, "rows.csv.json")
        capture = self.folder / "three.pcap"
        capture.write_bytes(program.capture(3))
        for key, mode in (("", 0o662), (", mode: 0600", 0o600)):
            finished = program.run("pcap", capture, "-p", "-", "--force", cwd=self.out, preexec_fn=lambda: os.umask(0o004),
                                   stdin=f"exporters: [{{schema: basic, format: csv, path: rows.csv{key}}}]\n".encode())
            self.assertEqual(finished.returncode, 0, finished.stderr)
            self.check_files(0, mode, "rows.csv")
        finished = program.run("pcap", capture, "-p", "-", stdin=b"exporters: [{schema: basic, mode: 0755}]\n")
        self.assertEqual((finished.returncode, finished.stderr), (1, "flowgauge: error: profile:1: 'mode': '0755' is no mode of a file that its "
                                                                     "owner reads and writes and nobody executes; give octal digits, as 0640\n"))

    def test_a_seed_of_files_changes_no_row(self):
        capture = self.folder / "three.pcap"
        capture.write_bytes(program.capture(3))
        rows = set()
        for words, seed in (((), None), (("--hash-seed", "auto"), None), (("--hash-seed", "18446744073709551615"), "18446744073709551615")):
            report = self.folder / "report.json"
            finished = program.run("pcap", capture, "-f", "basic", "-o", "csv", "--force", "--report", report, *words)
            rows.add(finished.stdout)
            self.assertEqual((finished.returncode, json.loads(report.read_text(encoding="utf-8")).get("hash_seed")), (0, seed))
        self.assertEqual(len(rows), 1)

    def in_user_namespace(self, *words):
        finished = subprocess.run([*program.AS_NOBODY, "unshare", "--user", "--map-root-user", program.PROGRAM, *map(str, words)],
                                  cwd=self.folder, capture_output=True, timeout=program.LIMIT_SECONDS, check=False)
        return finished.returncode, finished.stderr.decode()

    def test_in_a_user_namespace_the_programs_own_plugins_load(self):
        can = subprocess.run([*program.AS_NOBODY, "unshare", "--user", "--map-root-user", "test", "-x", program.PROGRAM], check=False,
                             stderr=subprocess.DEVNULL)
        if can.returncode != 0:
            self.skipTest("no user namespaces here, or the program cannot be reached by others")
        capture = self.folder / "three.pcap"
        capture.write_bytes(program.capture(3))
        self.assertEqual(self.in_user_namespace("--log-level", "error", "pcap", capture, "-f", "basic", "-o", "csv")[0], 0)
        # There, a stranger's number is that of root. Their file is not the program's.
        strangers = self.folder / "faulty.so"
        shutil.copy(PLUGIN, strangers)
        strangers.chmod(0o644)
        os.chown(strangers, 4711, 4711)
        code, said = self.in_user_namespace("plugin", "info", strangers)
        self.assertEqual((code, "is owned by user 65534, so that others could run code with your rights" in said), (2, True), said)


if __name__ == "__main__":
    unittest.main()
