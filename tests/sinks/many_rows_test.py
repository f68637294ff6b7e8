#!/usr/bin/env python3
"""Tables of several row groups, all 203 columns of `rustiflow`, written by one run: Parquet and Arrow are read back as the
CSV is, row by row. 50,000 rows; with FLOWGAUGE_LARGE=1 a million."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "app"))

import program

try:
    import pyarrow.csv
    import pyarrow.ipc
    import pyarrow.parquet
except ImportError as missing:
    print(f"skipped: {missing}: this Python is not the one of ./dev venv")
    sys.exit(77)

ROWS = 1_000_000 if os.environ.get("FLOWGAUGE_LARGE") else 50_000
PACKETS_OF_A_FLOW = 15


class ManyRows(unittest.TestCase):
    def test_all_cells(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        make_capture = program.BINARY_DIR / "bin" / "make_capture"
        subprocess.run([make_capture, folder / "x.pcap", str(ROWS * PACKETS_OF_A_FLOW), "5000", "96"], check=True)
        exporters = [{"schema": "rustiflow", "path": f"rows.{ending}"} for ending in ("csv", "parquet", "arrow")]
        (folder / "p.yaml").write_text(json.dumps({"exporters": exporters}), encoding="utf-8")
        finished = program.run("pcap", "x.pcap", "-p", "p.yaml", cwd=folder)
        self.assertEqual((finished.returncode, program.messages(finished)), (0, []))

        file = pyarrow.parquet.ParquetFile(folder / "rows.parquet")
        read = {"parquet": file.read()}
        with pyarrow.memory_map(str(folder / "rows.arrow")) as mapped:
            read["arrow"] = pyarrow.ipc.open_file(mapped).read_all()
        types = pyarrow.csv.ConvertOptions(column_types=read["parquet"].schema, true_values=["1"], false_values=["0"])
        expected = pyarrow.csv.read_csv(folder / "rows.csv", convert_options=types)
        self.assertGreaterEqual(expected.num_rows, ROWS)
        self.assertEqual(expected.num_columns, 203)
        self.assertEqual(file.num_row_groups, -(-expected.num_rows // 32_768))
        for form, table in read.items():
            self.assertTrue(table.equals(expected), form)


if __name__ == "__main__":
    unittest.main()
