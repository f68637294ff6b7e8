#!/usr/bin/env python3
"""Adds to elements.tsv what columns of features and schemas have no element yet. Lines that are there stay as they are:
collectors know their numbers.

usage: grow.py PROGRAM CAPTURE [--check]       --check: changes nothing, fails where something is missing
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

FILE = pathlib.Path(__file__).resolve().parent / "elements.tsv"
SCHEMAS = ("basic", "cic", "cidds", "nfstream", "rustiflow")  # `packets` has columns of features alone
MEMBERS = {"count": "u64", "total": "u64", "mean": "f64", "std": "f64", "std_sample": "f64", "min": "u64", "max": "u64"}
TYPES = {"u64": "unsigned64", "i64": "signed64", "time": "signed64", "f64": "float64", "bool": "boolean", "string": "string"}
UNITS = {"B": "octets", "packets": "packets", "count": "entries", "ns": "nanoseconds", "us": "microseconds",
         "ms": "milliseconds", "s": "seconds"}


def wanted(column, kind, unit):
    """(column, type, semantics, units) of a column of a feature or a table."""
    kind = TYPES[kind.removesuffix("?").removeprefix("list_")]
    units = UNITS.get(unit, "none")
    semantics = "quantity" if units != "none" or kind == "float64" else "default"
    return column, kind, semantics, units


def of_features(program):
    for column in json.loads(subprocess.run([program, "columns", "--json"], check=True, capture_output=True).stdout):
        if column["type"] != "series":
            yield wanted(column["name"], column["type"], column["unit"])
            continue
        for member, kind in MEMBERS.items():
            unit = "count" if member == "count" else column["unit"]
            yield wanted(f"{column['name']}.{member}", kind, unit)


def of_tables(program, capture):
    """Columns of schemas, in each of their forms."""
    with tempfile.TemporaryDirectory() as folder:
        for contamination in ([], ["raw_identifiers"], ["strict"]):
            exporters = [{"schema": schema, "path": f"{folder}/{schema}.csv", "metadata": True,
                          **({"options": {"gaps": "fill"}} if schema == "nfstream" else {})} for schema in SCHEMAS]
            profile = {"exporters": exporters}
            if contamination:
                profile["contamination"] = contamination[0]
            pathlib.Path(folder, "p.yaml").write_text(json.dumps(profile), encoding="utf-8")
            subprocess.run([program, "pcap", capture, "-p", f"{folder}/p.yaml", "--force", "--log-level", "error"], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for schema in SCHEMAS:
                meta = pathlib.Path(folder, f"{schema}.csv.meta.json")
                seen = set()
                for column in json.loads(meta.read_text(encoding="utf-8"))["columns"] if meta.exists() else []:
                    # The element of a feature's column is that of one column of a table alone.
                    is_repeated = column["expression"] in seen
                    seen.add(column["expression"])
                    yield is_repeated, column, wanted(f"{schema}:{column['name']}", column["type"], column["unit"])


def name_of(column):
    """packet_length.fwd.mean -> fgPacketLengthFwdMean"""
    return "fg" + "".join(word[0].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", column) if word)


def main():
    program, capture, *more = sys.argv[1:]
    text = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    there = {line[5]: tuple(line[2:5]) for line in lines}
    names = {line[1] for line in lines}
    newest = max((int(line[0]) for line in lines), default=0)
    added = []

    def add(column, *about):
        nonlocal newest
        newest += 1
        name = name_of(column)
        while name in names:
            name += "X"
        names.add(name)
        there[column] = about
        added.append("\t".join((str(newest), name, *about, column)) + "\n")

    for column, *about in of_features(program):
        if column not in there:
            add(column, *about)
    add_label = "*:label"
    if add_label not in there:
        add(add_label, "string", "default", "none")
    for is_repeated, column, (key, *about) in of_tables(program, capture):
        of_expression = there.get(column["expression"])
        is_that = of_expression is not None and of_expression[0] == about[0]
        if key not in there and (is_repeated or not is_that):
            add(key, *about)
    if "--check" in more:
        print("".join(added), end="")
        return 1 if added else 0
    FILE.write_text(text + "".join(added), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
