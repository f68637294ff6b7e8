#!/usr/bin/env python3
"""Which files a run may write, and what it leaves of them when it does not begin. Messages are compared whole."""
import gzip
import json
import os
import pathlib
import tempfile
import unittest

import program

THERE = "flowgauge: error: %s: already exists; take another name, or replace it with --force"


class OutputFiles(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.write("in.pcap", program.capture(3))

    def write(self, name, content):
        (self.folder / name).write_bytes(content)

    def content(self):
        """All files, with what they hold."""
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}

    def check_refusal(self, words, code, message):
        """One message, the exit code, and a folder as it was before."""
        before = self.content()
        finished = program.run("pcap", *words, cwd=self.folder)
        self.assertEqual((finished.returncode, finished.stderr, finished.stdout), (code, message + "\n", b""))
        self.assertEqual(self.content(), before)

    def check_run(self, words, files):
        """Nothing goes wrong, and these files are new."""
        before = self.content()
        finished = program.run("pcap", *words, cwd=self.folder)
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
        self.assertEqual(sorted(self.content().keys() - before.keys()), files)

    # ---- a name says the format

    def test_format_by_name(self):
        formats = {"csv": program.run("pcap", "in.pcap", "-f", "basic", "-o", "csv", cwd=self.folder).stdout,
                   "jsonl": program.run("pcap", "in.pcap", "-f", "basic", "-o", "jsonl", cwd=self.folder).stdout,
                   "txt": program.run("pcap", "in.pcap", "-f", "basic", "-o", "print", cwd=self.folder).stdout}
        self.assertEqual(len(set(formats.values())), 3)
        for ending, expected in formats.items():
            for packed in ("", ".gz"):
                name = f"x.{ending}{packed}"
                self.check_run(["in.pcap", "-f", "basic", "--export-path", name], [name])
                content = (self.folder / name).read_bytes()
                self.assertEqual(gzip.decompress(content) if packed else content, expected)
            (self.folder / "my.yaml").write_text(f"exporters: [{{schema: basic, path: y.{ending}}}]\n")
            self.check_run(["in.pcap", "-p", "my.yaml", "--force"], [f"y.{ending}"])
            self.assertEqual((self.folder / f"y.{ending}").read_bytes(), expected)
        for name in ("plain", "z.gz", "z.2026-11-28", ".hidden"):
            self.check_run(["in.pcap", "-f", "basic", "--export-path", name], [name])
        self.assertEqual((self.folder / "plain").read_bytes(), formats["csv"])
        self.check_run(["in.pcap", "-f", "basic", "-o", "jsonl", "--export-path", "told.csv"], ["told.csv"])
        self.assertEqual((self.folder / "told.csv").read_bytes(), formats["jsonl"])
        (self.folder / "my.yaml").write_text("exporters: [{schema: basic, path: told.xlsx, format: jsonl}]\n")
        self.check_run(["in.pcap", "-p", "my.yaml"], ["told.xlsx"])
        self.assertEqual((self.folder / "told.xlsx").read_bytes(), formats["jsonl"])
        self.check_run(["in.pcap", "-p", "my.yaml", "--export-path", "named.csv"], ["named.csv"])
        self.assertEqual((self.folder / "named.csv").read_bytes(), formats["csv"])

    def test_names_of_other_formats(self):
        formats = ("which is no format of tables: .csv, .jsonl (JSON lines) and .txt (an aligned table) are, each also with .gz or .zst behind "
                   "it, and the names of sinks that are installed; or give the format with")
        for name, ending in (("x.xlsx", ".xlsx"), ("x.csv.xz", ".xz"), ("d.x/x.parquet.gz", ".parquet"), ("x.csv.gz.zst", ".gz")):
            self.check_refusal(["in.pcap", "-f", "basic", "--export-path", name], 1,
                               f"flowgauge: error: --export-path: '{name}' ends in '{ending}', {formats} -o")
        self.write("my.yaml", b"exporters:\n  - schema: basic\n    path: x.xlsx\n")
        message = f"flowgauge: error: my.yaml:3: 'x.xlsx' ends in '.xlsx', {formats} 'format'"
        self.check_refusal(["in.pcap", "-p", "my.yaml"], 1, message)
        self.assertEqual(program.run("profile", "check", "my.yaml", cwd=self.folder).stderr, message + "\n")
        self.check_run(["in.pcap", "-f", "basic", "-o", "csv", "--export-path", "x.xlsx"], ["x.xlsx"])

    def test_folders_have_no_ending(self):
        self.check_run(["in.pcap", "-f", "basic", "--per-file", "--export-path", "out.d"], ["out.d/in.pcap.csv"])

    # ---- the report is an output like the others

    def test_report_replaces_nothing_without_force(self):
        self.write("run.json", b"mine")
        self.check_refusal(["in.pcap", "-f", "basic", "--report", "run.json"], 4, THERE % "run.json")
        self.check_run(["in.pcap", "-f", "basic", "--report", "run.json", "--force"], [])
        self.assertEqual(json.loads((self.folder / "run.json").read_text())["exit_code"], 0)

    def test_report_of_a_refused_start(self):
        """An older report stays as it is, and no new one is left."""
        missing = "flowgauge: error: cannot open no.pcap: No such file or directory; check the name"
        self.check_refusal(["no.pcap", "--report", "run.json"], 3, missing)
        self.write("run.json", b"mine")
        self.check_refusal(["no.pcap", "--report", "run.json", "--force"], 3, missing)
        self.write("x.csv", b"mine")
        self.check_refusal(["in.pcap", "--export-path", "x.csv", "--report", "new.json"], 4, THERE % "x.csv")
        filter_fault = ("flowgauge: error: --filter: filter 'tcp prot' is not valid for link type 1 EN10MB (Ethernet): can't parse filter expression: syntax "
                        "error; `man pcap-filter` describes the language")
        self.check_refusal(["in.pcap", "--filter", "tcp prot", "--report", "new.json"], 1, filter_fault)

    def test_report_that_does_not_fit(self):
        """The rows are whole, and the report alone is missing."""
        finished = program.run("pcap", "in.pcap", "-f", "basic", "--export-path", "x.csv", "--report", "/dev/full", cwd=self.folder)
        self.assertEqual((finished.returncode, program.messages(finished)),
                         (4, ["flowgauge: error: the report: /dev/full: cannot be written: No space left on device; make room, or write elsewhere, "
                              "and run again"]))
        self.assertEqual((self.folder / "x.csv").read_bytes().count(b"\n"), 4)

    # ---- no file is written over another of the run, even with --force

    def check_clash(self, words, message):
        for force in ([], ["--force"]):
            with self.subTest(words=words, force=force):
                self.check_refusal([*words, *force], 1, f"flowgauge: error: {message}; choose another name for one of them")

    def test_inputs_are_not_written_over(self):
        self.write("in.pcap.part", program.capture(1))
        (self.folder / "below").mkdir()
        os.symlink("../in.pcap", self.folder / "below/link.csv")
        os.link(self.folder / "in.pcap", self.folder / "hard.csv")
        for path in ("./in.pcap", "below/../in.pcap", "below/link.csv", "hard.csv", self.folder / "in.pcap"):
            self.check_clash(["in.pcap", "-f", "basic", "-o", "csv", "--export-path", path],
                             f"{path}: the table {path} would be written over the input in.pcap")
            self.check_clash(["in.pcap", "--report", path], f"{path}: the report would be written over the input in.pcap")
        self.check_clash(["in.pcap.part", "-o", "csv", "--export-path", "in.pcap"],
                         "in.pcap.part: the table in.pcap would be written over the input in.pcap.part")
        (self.folder / "hard.csv").unlink()
        (self.folder / "in.pcap.part").unlink()
        (self.folder / "below/link.csv").unlink()
        (self.folder / "below").rmdir()
        self.check_clash([self.folder, "--report", "in.pcap"], f"in.pcap: the report would be written over the input {self.folder}/in.pcap")

    def test_standard_input_is_not_written_over(self):
        with (self.folder / "in.pcap").open("rb") as captured:
            finished = program.run("pcap", "-", "-o", "csv", "--export-path", "in.pcap", "--force", cwd=self.folder, stdin_file=captured)
        self.assertEqual((finished.returncode, finished.stderr),
                         (1, "flowgauge: error: in.pcap: the table in.pcap would be written over standard input; choose another name for one of "
                             "them\n"))
        self.assertEqual(self.content(), {"in.pcap": program.capture(3)})

    def test_profile_and_labels_are_not_written_over(self):
        self.write("base.yaml", b"exporters: [basic]\n")
        self.write("my.yaml", b"extends: ./base.yaml\n")
        self.write("rules.csv", b"src_port,label\n1025,odd\n")
        words = ["in.pcap", "-p", "my.yaml", "--labels", "rules.csv", "-o", "csv"]
        self.check_clash([*words, "--export-path", "my.yaml"], "my.yaml: the table my.yaml would be written over the profile my.yaml")
        self.check_clash([*words, "--export-path", "base.yaml"], "base.yaml: the table base.yaml would be written over the profile ./base.yaml")
        self.check_clash([*words, "--report", "rules.csv"], "rules.csv: the report would be written over the label rules rules.csv")
        self.write("to.yaml", b"exporters:\n  - schema: basic\n    path: rules.csv\n")
        self.check_clash(["in.pcap", "-p", "to.yaml", "--labels", "rules.csv"],
                         "to.yaml:3: rules.csv: the table rules.csv would be written over the label rules rules.csv")

    def test_outputs_are_not_written_over_each_other(self):
        words = ["in.pcap", "-f", "basic", "--export-path", "x"]
        self.check_clash([*words, "--report", "./x"], "./x: the report would be written over the table x")
        self.check_clash([*words, "--report", "x.part"], "x.part: the report would be written over the table x")
        self.check_clash([*words, "--metadata", "--report", "x.meta.json"],
                         "x.meta.json: the report would be written over the metadata of x")
        self.write("two.yaml", b"exporters:\n  - {schema: basic, path: a, metadata: true}\n  - {schema: cidds, path: a.meta.json, format: csv}\n")
        self.check_clash(["in.pcap", "-p", "two.yaml"], "two.yaml:3: a.meta.json: the table a.meta.json would be written over the metadata of a")
        self.check_refusal([*words, "--report", "x.meta.json", "--force"], 1,
                           "flowgauge: error: x.meta.json: as metadata of an older x this would be removed, and is the report; choose another name "
                           "for one of them")
        self.check_run([*words, "--report", "x.meta.json"], ["x", "x.meta.json"])

    def test_devices_may_be_named_again(self):
        os.symlink("/dev/null", self.folder / "link")
        self.write("two.yaml", b"exporters:\n  - {schema: basic, path: /dev/null}\n  - {schema: cidds, path: link}\n")
        self.check_run(["in.pcap", "-p", "two.yaml", "--report", "/dev/null"], [])

    def test_standard_output_by_its_path_is_no_file_of_that_name(self):
        for words in ([], ["--force"]):
            with (self.folder / "out.csv").open("wb") as out:
                finished = program.run("pcap", "in.pcap", "-f", "basic", "--export-path", "/dev/stdout", *words, cwd=self.folder, stdout=out)
            self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
            self.assertEqual((self.folder / "out.csv").read_bytes().count(b"\n"), 4)
            self.assertTrue(pathlib.Path("/dev/stdout").is_symlink())

    def test_report_behind_rows_on_standard_output(self):
        self.check_refusal(["in.pcap", "--report", "-"], 1,
                           "flowgauge: error: --report -: the rows go to standard output too; write them to a file with --export-path, or the "
                           "report with --report FILE")
        finished = program.run("pcap", "in.pcap", "--export-path", "x.csv", "--report", "-", cwd=self.folder)
        self.assertEqual(json.loads(finished.stdout)["outputs"][0]["rows"], 3)

    # ---- tables per input

    def test_all_tables_per_input_are_looked_at_before_the_first(self):
        self.write("two.pcap", program.capture(2))
        words = ["in.pcap", "two.pcap", "-f", "basic", "--per-file", "--export-path", "out"]
        (self.folder / "out").mkdir()
        self.write("out/two.pcap.csv", b"mine")
        self.check_refusal(words, 4, THERE % "out/two.pcap.csv")
        (self.folder / "out/two.pcap.csv").rename(self.folder / "out/two.pcap.csv.part")
        self.check_run([*words, "--force"], ["out/in.pcap.csv", "out/two.pcap.csv"])

    def test_tables_per_input_are_not_written_over_inputs(self):
        self.write("in.pcap.csv", program.capture(2))
        self.check_clash(["in.pcap", "in.pcap.csv", "--per-file", "--export-path", "."],
                         "./in.pcap.csv: the table ./in.pcap.csv would be written over the input in.pcap.csv")

    # ---- a start that is refused leaves nothing behind

    def test_refused_metadata_leaves_no_table(self):
        self.write("x.csv.meta.json", b"mine")
        words = ["in.pcap", "-f", "basic", "--export-path", "x.csv"]
        self.check_refusal([*words, "--metadata"], 4, THERE % "x.csv.meta.json")
        self.check_run(words, ["x.csv"])

    def test_refused_second_table_leaves_no_first(self):
        self.write("two.yaml", b"exporters:\n  - {schema: basic, path: a.csv}\n  - schema: cidds\n    path: none/b.csv\n")
        message = ("flowgauge: error: two.yaml:4: none/b.csv.part: cannot be created: No such file or directory; check the folder and its "
                   "permissions")
        self.check_refusal(["in.pcap", "-p", "two.yaml"], 4, message)
        (self.folder / "none").mkdir()
        self.check_run(["in.pcap", "-p", "two.yaml"], ["a.csv", "none/b.csv"])


if __name__ == "__main__":
    unittest.main()
