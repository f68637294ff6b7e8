"""What the tests of IPFIX share: tables to send, and the rows that a reader must find, made from the CSV of the same run."""
import csv
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "app"))

import program

DEMO = program.SOURCE_DIR / "fixtures" / "demo.pcap"
PLUGINS = program.BINARY_DIR / "lib" / "flowgauge" / "plugins"
REGISTRY = program.SOURCE_DIR / "plugins" / "exporters" / "sinks" / "ipfix" / "elements.tsv"
FLAGS = ("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr")

# Columns that IANA has an element for, as documented: docs/ipfix.md.
IANA = {"flow.src_port": "sourceTransportPort", "flow.dst_port": "destinationTransportPort",
        "flow.protocol": "protocolIdentifier", "flow.ip_version": "ipVersion", "flow.src_mac": "sourceMacAddress",
        "flow.dst_mac": "destinationMacAddress", "flow.vlan_id": "dot1qVlanId", "flow.inner_vlan_id": "dot1qCustomerVlanId",
        "flow.ingress": "interfaceName", "flow.sensor": "observationDomainName", "flow.end_reason": "flowEndReason", "packet_length.fwd.count": "packetDeltaCount",
        "packet_length.bwd.count": "reverse packetDeltaCount", "packet_length.fwd.total": "octetDeltaCount",
        "packet_length.bwd.total": "reverse octetDeltaCount", "packet_length.fwd.min": "minimumIpTotalLength",
        "packet_length.bwd.min": "reverse minimumIpTotalLength", "packet_length.fwd.max": "maximumIpTotalLength",
        "packet_length.bwd.max": "reverse maximumIpTotalLength", "ttl.fwd.min": "minimumTTL",
        "ttl.bwd.min": "reverse minimumTTL", "ttl.fwd.max": "maximumTTL", "ttl.bwd.max": "reverse maximumTTL"}
ADDRESSES = {"flow.src_ip": "source", "flow.dst_ip": "destination"}
TIMES = {"flow.first_seen": "flowStart", "flow.last_seen": "flowEnd"}


def columns(*expressions):
    """Columns of a profile, each called as its expression."""
    return [{"name": one, "expression": one} for one in expressions]


# What collectors look at, and one real of ours.
FLOW_TABLE = columns("flow.src_ip", "flow.dst_ip", "flow.src_port", "flow.dst_port", "flow.protocol", "flow.first_seen",
                     "flow.last_seen", "packet_length.fwd.count", "packet_length.fwd.total", "packet_length.bwd.count",
                     "packet_length.bwd.total", "flow.end_reason", "iat.iat.mean",
                     *(f"tcp_flags.{side}_{flag}" for side in ("fwd", "bwd") for flag in FLAGS))


def write_profile(path, *exporters):
    path.write_text(json.dumps({"exporters": list(exporters)}), encoding="utf-8")  # JSON is YAML
    return path


def registry():
    """{column: (name, type)}"""
    lines = [line.split("\t") for line in REGISTRY.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {line[5]: (line[1], line[2]) for line in lines}


def value_of(text, kind):
    if kind.startswith("list"):
        return json.loads(text)
    return {"string": str, "bool": lambda cell: cell == "1"}.get(kind, json.loads)(text)


def expected_rows(table):
    """The rows of a CSV file with metadata beside it, by names of elements: what is to be read back."""
    about = json.loads(pathlib.Path(f"{table}.meta.json").read_text(encoding="utf-8"))
    elements = registry()
    with open(table, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [expected_row(row, about, elements) for row in rows]


def expected_row(row, about, elements):
    out = {}
    flags = {}
    for cell, column in zip(row, about["columns"], strict=True):
        expression = column["expression"]
        flags[expression] = cell
        if cell == "" and column["type"] != "string":
            continue
        if expression in ADDRESSES:
            out[f"{ADDRESSES[expression]}IPv{6 if ':' in cell else 4}Address"] = cell
        elif expression in TIMES and f"{TIMES[expression]}Nanoseconds" not in out:
            out[f"{TIMES[expression]}Milliseconds"] = int(cell) // 1_000_000
            out[f"{TIMES[expression]}Nanoseconds"] = int(cell)
        elif expression in IANA and IANA[expression] not in out:
            if cell != "":
                out[IANA[expression]] = value_of(cell, column["type"])
        else:
            key = f"{about['schema']['name']}:{column['name']}"
            name = elements.get(key, elements.get(expression, (f"fg_{column['name']}",)))[0]
            if name in out:
                name = f"fg_{column['name']}"
            out[name] = value_of(cell, column["type"])
    for side, element in (("fwd", "tcpControlBits"), ("bwd", "reverse tcpControlBits")):
        counts = [flags.get(f"tcp_flags.{side}_{flag}") for flag in FLAGS]
        if None not in counts:
            out[element] = sum((count != "0") << place for place, count in enumerate(counts))
    return out
