#!/usr/bin/env python3
"""Every kind of bad input gets one message - what, where, what to do - and its exit code. Messages are compared whole."""
import json
import os
import pathlib
import resource
import signal
import struct
import subprocess
import tempfile
import unittest

import program

CSV_HEADER = b"flow_id,source_ip,source_port,destination_ip,destination_port,protocol,first_timestamp,last_timestamp,duration,flow_expire_cause\n"
ROW = (b"10.0.0.1:%d-10.0.0.2:53-17,10.0.0.1,%d,10.0.0.2,53,17,2023-11-14 22:13:20.000000 UTC,2023-11-14 22:13:20.000000 UTC,0,Exporter Shutdown\n")
PLUGINS = program.BINARY_DIR / "lib/flowgauge/plugins"
KEPT = "flowgauge: warning: %s: holds the rows so far; it is not renamed, since the run did not end well"
CUT = "; if it was still being written or copied, read it again when that is done. The packets before it are used"


def rows(*ports):
    return CSV_HEADER + b"".join(ROW % (port, port) for port in ports)


class BadInput(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.write("good.pcap", program.capture(3))

    def write(self, name, content):
        (self.folder / name).write_bytes(content)
        return name

    def check(self, words, code, message, output=b""):
        """One message, the exit code, and what stands on standard output."""
        finished = program.run("pcap", *words, "-f", "basic", "-o", "csv", cwd=self.folder)
        self.assertEqual((finished.returncode, program.messages(finished), finished.stdout), (code, [message] if message else [], output))
        return finished

    # ---- inputs

    def test_missing_file(self):
        self.check(["nofile.pcap"], 3, "flowgauge: error: cannot open nofile.pcap: No such file or directory; check the name")

    def test_unreadable_file(self):
        os.symlink("loop", self.folder / "loop")
        self.check(["loop"], 3, "flowgauge: error: cannot open loop: Too many levels of symbolic links; check the name")

    def test_forbidden_file(self):
        self.folder.chmod(0o755)
        (self.folder / "good.pcap").chmod(0)
        run = program.run
        if os.geteuid() == 0:  # root may read everything
            if not program.CAN_BECOME_NOBODY:
                self.skipTest("needs setpriv, and a root folder that is open to others")
            if subprocess.run([*program.AS_NOBODY, "test", "-r", PLUGINS], check=False).returncode != 0:
                self.skipTest("nobody may not read the build folder")
            run = program.run_as_nobody
        finished = run("pcap", "good.pcap", "-f", "basic", "-o", "csv", cwd=self.folder)
        self.assertEqual((finished.returncode, finished.stderr, finished.stdout),
                         (3, "flowgauge: error: cannot open good.pcap: Permission denied; ask for read permission\n", b""))

    def test_empty_file(self):
        self.write("empty.pcap", b"")
        self.check(["empty.pcap"], 3, "flowgauge: error: empty.pcap is empty: no capture was written to it")

    def test_not_a_capture(self):
        self.write("words.txt", b"no capture at all\n" * 10)
        self.check(["words.txt"], 3,
                   "flowgauge: error: words.txt is not a capture: it begins neither like pcap nor like pcapng; if it is a capture of another "
                   "kind, `editcap words.txt OUT.pcapng` may convert it")

    def test_what_is_no_capture_refuses_the_whole_run(self):
        self.write("empty.pcap", b"")
        self.write("words.txt", b"no capture at all\n")
        for name, message in (("none.pcap", "cannot open none.pcap: No such file or directory; check the name"),
                              ("empty.pcap", "empty.pcap is empty: no capture was written to it"),
                              ("words.txt", "words.txt is not a capture: it begins neither like pcap nor like pcapng; if it is a capture of another "
                                            "kind, `editcap words.txt OUT.pcapng` may convert it")):
            self.check(["good.pcap", name], 3, f"flowgauge: error: {message}")

    def test_a_header_that_libpcap_refuses_leaves_the_others(self):
        self.write("cut.pcap", program.pcap_header()[:10])
        self.check(["cut.pcap", "good.pcap"], 3, "flowgauge: error: cannot read cut.pcap: the file ends in its header; take a fresh copy",
                   rows(1024, 1025, 1026))

    def test_closed_standard_files(self):
        """No file that the program opens itself takes the place of a closed one."""
        closed = ("flowgauge: error: cannot read standard input: it is closed; give it something to read, as in `flowgauge pcap - < FILE`\n")
        for words in (["-"], ["good.pcap", "-"]):
            finished = subprocess.run(["sh", "-c", 'exec "$@" <&-', "sh", program.PROGRAM, "pcap", *words], cwd=self.folder, capture_output=True,
                                      timeout=program.LIMIT_SECONDS, check=False)
            self.assertEqual((finished.returncode, finished.stderr.decode(), finished.stdout), (3, closed, b""))
        finished = subprocess.run(["sh", "-c", 'exec "$@" <&- >&-', "sh", program.PROGRAM, "pcap", "good.pcap"], cwd=self.folder,
                                  capture_output=True, timeout=program.LIMIT_SECONDS, check=False)
        self.assertEqual((finished.returncode, program.messages(self.text(finished))),
                         (4, ["flowgauge: error: standard output: cannot be written: Bad file descriptor; check the device and run again"]))
        self.assertEqual((self.folder / "good.pcap").read_bytes(), program.capture(3))

    @staticmethod
    def text(finished):
        finished.stderr = finished.stderr.decode()
        return finished

    def test_what_is_left_out_of_a_folder_is_named(self):
        (self.folder / "below").mkdir()
        os.symlink("nowhere", self.folder / "dead")
        os.mkfifo(self.folder / "pipe")
        finished = program.run("pcap", ".", "-f", "basic", "-o", "csv", cwd=self.folder)
        self.assertEqual((finished.returncode, program.messages(finished), finished.stdout),
                         (0, ["flowgauge: info: ./below: a folder, which is not searched", "flowgauge: info: ./dead: a link to nothing",
                              "flowgauge: info: ./pipe: a named pipe, which is read only if it is named itself"], rows(1024, 1025, 1026)))

    def test_empty_capture_is_no_error(self):
        self.write("none.pcap", program.pcap_header())
        self.check(["none.pcap"], 0, None, CSV_HEADER)

    def test_truncated_last_record(self):
        self.write("cut.pcap", program.capture(3)[:-5])
        self.check(["cut.pcap"], 3,
                   "flowgauge: error: cut.pcap: packet 3 at byte 156 cannot be read: the file ends in the middle of a packet (truncated dump "
                   "file; tried to read 50 captured bytes, only got 45)" + CUT, rows(1024, 1025))

    def test_the_next_file_is_read_after_damage(self):
        self.write("cut.pcap", program.capture(1)[:-5])
        finished = self.check(["cut.pcap", "good.pcap"], 3,
                              "flowgauge: error: cut.pcap: packet 1 at byte 24 cannot be read: the file ends in the middle of a packet (truncated "
                              "dump file; tried to read 50 captured bytes, only got 45)" + CUT, rows(1024, 1025, 1026))
        self.assertIn("frames   3 read = 3 in flows + 0 ignored", finished.stderr)

    def test_lying_length(self):
        lie = struct.pack("<IIII", 1_700_000_000, 0, 0x7FFFFFFF, 0x7FFFFFFF)
        self.write("lying.pcap", program.capture(1) + lie + b"xx")
        self.check(["lying.pcap"], 3,
                   "flowgauge: error: lying.pcap: packet 2 at byte 90 cannot be read: its length field is wrong (invalid packet capture length "
                   "2147483647, bigger than snaplen of 262144); the file is damaged from here on, take a fresh copy. The packets before it are used",
                   rows(1024))

    def test_unsupported_link_type(self):
        self.write("other.pcap", program.pcap_header(link_type=147) + program.pcap_record(1, program.udp_frame(1)) * 2)
        finished = self.check(["other.pcap"], 0,
                              "flowgauge: warning: other.pcap: link type 147 is not supported; its frames are counted as unsupported_link_type and make "
                              "no flows", CSV_HEADER)
        self.assertIn("frames   2 read = 0 in flows + 2 ignored (unsupported_link_type 2)", finished.stderr)

    def test_filter(self):
        self.check(["good.pcap", "--filter", "tcp prot"], 1,
                   "flowgauge: error: --filter: filter 'tcp prot' is not valid for link type 1 EN10MB (Ethernet): can't parse filter expression: syntax "
                   "error; `man pcap-filter` describes the language")

    # ---- profiles and plugins

    def check_profile(self, text, code, message):
        self.write("my.yaml", text.encode())
        for words in (["pcap", "good.pcap", "-p", "my.yaml"], ["profile", "check", "my.yaml"]):
            with self.subTest(words):
                finished = program.run(*words, cwd=self.folder)
                self.assertEqual((finished.returncode, program.messages(finished), finished.stdout), (code, [message], b""))

    def test_missing_profile(self):
        finished = program.run("pcap", "good.pcap", "-p", "none.yaml", cwd=self.folder)
        self.assertEqual((finished.returncode, finished.stderr), (1, "flowgauge: error: profile 'none.yaml' not found; check its path\n"))

    def test_unknown_profile_key(self):
        self.check_profile("flow:\n  idle_timout: 3\nexporters:\n  - schema: basic\n", 1,
                           "flowgauge: error: my.yaml:2: unknown key 'idle_timout' in 'flow'; did you mean 'idle_timeout'?")

    def test_unknown_feature(self):
        self.check_profile("features:\n  - iatt\nexporters:\n  - schema: basic\n", 2,
                           f"flowgauge: error: my.yaml:2: feature 'iatt' not found in {PLUGINS}; did you mean 'iat'?")

    def test_unknown_schema(self):
        finished = program.run("pcap", "good.pcap", "-f", "basci", cwd=self.folder)
        self.assertEqual((finished.returncode, finished.stderr),
                         (2, f"flowgauge: error: schema 'basci' not found in {PLUGINS}; did you mean 'basic'?\n"))

    def test_plugin_of_another_major(self):
        plugin = program.BINARY_DIR / "broken_plugins/major.so"
        self.check_profile(f"features:\n  - name: broken\n    module: {plugin}\nexporters:\n  - schema: basic\n", 2,
                           f"flowgauge: error: my.yaml:3: {plugin}: is built for plugin ABI 2, this flowgauge runs plugin ABI 1; use a flowgauge "
                           "of that generation, or build the plugin with this one's SDK")

    def test_crashing_plugin_is_named(self):
        # Three packets of one flow.
        self.write("three.pcap", program.pcap_header() + program.pcap_record(1, program.udp_frame(7)) * 3)
        folder = program.BINARY_DIR / "tests/app"
        finished = program.run("pcap", "three.pcap", "-f", "crashing", "--plugin-dir", folder, cwd=self.folder,
                               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
        self.assertEqual(finished.returncode, -signal.SIGABRT)
        if os.environ.get("FLOWGAUGE_SANITIZED") == "1":
            self.skipTest("under a sanitizer its own report takes the place of the message")
        self.assertEqual(program.messages(finished),
                         [f"flowgauge: error: crashed (abort) in 'update' of plugin 'crashing' ({folder}/crashing.so); leave it out of the "
                          "profile and tell its author"])

    # ---- outputs

    def test_output_folder_missing(self):
        self.check(["good.pcap", "--export-path", "none/x.csv"], 4,
                   "flowgauge: error: none/x.csv.part: cannot be created: No such file or directory; check the folder and its permissions")

    def test_existing_output_is_refused(self):
        self.write("old.csv", b"precious")
        self.check(["good.pcap", "--export-path", "old.csv"], 4,
                   "flowgauge: error: old.csv: already exists; take another name, or replace it with --force")
        self.assertEqual((self.folder / "old.csv").read_bytes(), b"precious")
        self.assertFalse((self.folder / "old.csv.part").exists())

    def test_existing_output_is_replaced_by_force(self):
        self.write("old.csv", b"precious")
        self.check(["good.pcap", "--export-path", "old.csv", "--force"], 0, None)
        self.assertEqual((self.folder / "old.csv").read_bytes(), rows(1024, 1025, 1026))
        self.assertFalse((self.folder / "old.csv.part").exists())

    def test_damaged_input_keeps_the_part(self):
        self.write("cut.pcap", program.capture(3)[:-5])
        self.write("old.csv", b"precious")
        finished = program.run("pcap", "cut.pcap", "-f", "basic", "--export-path", "old.csv", "--force", cwd=self.folder)
        self.assertEqual(finished.returncode, 3)
        self.assertEqual(program.messages(finished)[1], KEPT % "old.csv.part")
        self.assertEqual((self.folder / "old.csv").read_bytes(), b"precious")
        self.assertEqual((self.folder / "old.csv.part").read_bytes(), rows(1024, 1025))

    def test_full_device(self):
        with open("/dev/full", "wb") as full:
            finished = program.run("pcap", "good.pcap", "-f", "basic", "-o", "csv", cwd=self.folder, stdout=full)
        self.assertEqual((finished.returncode, program.messages(finished)),
                         (4, ["flowgauge: error: standard output: cannot be written: No space left on device; make room, or write elsewhere, and "
                              "run again"]))

    def test_full_disk_keeps_whole_rows(self):
        """A limit on the size of files stands for the disk: it fails in the middle of a row just the same."""
        limit = 100_000
        self.write("many.pcap", program.capture(3000))
        whole = program.run("pcap", "many.pcap", "-f", "basic", "-o", "csv", cwd=self.folder).stdout
        self.assertGreater(len(whole), 2 * limit)

        def shrink():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        kept = whole[:whole.rindex(b"\n", 0, limit) + 1]
        count = kept.count(b"\n") - 1  # but the header
        words = ["pcap", "many.pcap", "-f", "basic", "--report", "run.json"]
        finished = program.run(*words, "--export-path", "x.csv", cwd=self.folder, preexec_fn=shrink)
        self.assertEqual((finished.returncode, program.messages(finished)),
                         (4, [f"flowgauge: error: x.csv.part: cannot be written: File too large; make room, or write elsewhere, and run again; the "
                              f"file keeps {count:,} rows"]))
        self.assertIn(f"\nrows     {count:,} of schema basic to x.csv.part\n", finished.stderr)
        (told,) = json.loads((self.folder / "run.json").read_text())["outputs"]
        self.assertEqual((told["location"], told["rows"], told["complete"]), ("x.csv.part", count, False))
        self.assertEqual((self.folder / "x.csv.part").read_bytes(), kept)
        self.assertFalse((self.folder / "x.csv").exists())

    def test_full_disk_and_compressed_rows(self):
        """What a cut compressed file holds is not known; what is promised is there."""
        self.write("many.pcap", program.capture(60_000))

        def shrink():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

        finished = program.run("pcap", "many.pcap", "-f", "basic", "--export-path", "x.csv.gz", "--report", "run.json", cwd=self.folder,
                               preexec_fn=shrink)
        self.assertEqual((finished.returncode, program.messages(finished)),
                         (4, ["flowgauge: error: x.csv.gz.part: cannot be written: File too large; make room, or write elsewhere, and run again; "
                              "the file keeps 0 rows for certain; unpack it to see whether it has more"]))
        (told,) = json.loads((self.folder / "run.json").read_text())["outputs"]
        self.assertEqual((told["location"], told["rows"], told["complete"]), ("x.csv.gz.part", 0, False))

    def test_report_folder_missing(self):
        self.check(["good.pcap", "--report", "none/run.json"], 4,
                   "flowgauge: error: none/run.json.part: cannot be created: No such file or directory; check the folder and its permissions")

    def test_per_file_needs_a_folder(self):
        self.check(["good.pcap", "--per-file"], 1, "flowgauge: error: --per-file: name a folder for the tables with --export-path FOLDER")

    def test_closed_pipe_ends_quietly(self):
        self.write("many.pcap", program.capture(60_000))
        process = program.start("pcap", "many.pcap", "-f", "basic", "-o", "csv", cwd=self.folder, stdin=subprocess.DEVNULL)
        self.assertEqual(process.stdout.readline(), CSV_HEADER)
        process.stdout.close()  # some 8 MB are to come: far more than a pipe holds
        errors = process.stderr.read()
        process.stderr.close()
        self.assertEqual((process.wait(program.LIMIT_SECONDS), errors), (0, b""))

    # ---- the account of a run

    def test_report(self):
        self.write("cut.pcap", program.capture(3)[:-5])
        finished = program.run("pcap", "cut.pcap", "good.pcap", "-f", "basic", "-o", "csv", "--report", "run.json", cwd=self.folder)
        self.assertEqual(finished.returncode, 3)
        report = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))
        self.assertEqual(report["exit_code"], 3)
        self.assertEqual(report["interrupted"], False)
        self.assertEqual(["flowgauge: error: " + problem for problem in report["problems"]], program.messages(finished))
        self.assertEqual(report["ledger"]["frames_read"], 5)
        self.assertEqual(report["ledger"]["packets_in_rows"], 5)
        self.assertEqual([(entry["name"], entry["size_bytes"]) for entry in report["inputs"]], [("cut.pcap", 217), ("good.pcap", 222)])
        self.assertEqual([(entry["schema"], entry["rows"]) for entry in report["outputs"]], [("basic", 3)])


if __name__ == "__main__":
    unittest.main()
