#!/usr/bin/env python3
"""Rows as messages of a real broker: each one once, through its death by kill -9 and its return."""
import collections
import json
import os
import pathlib
import re
import signal
import socket
import sys
import tempfile
import threading
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "app"))

import kafka_broker
import program

try:
    import pyarrow.ipc
except ImportError:
    pyarrow = None

DEMO = program.SOURCE_DIR / "fixtures" / "demo.pcap"
PLUGIN = program.BINARY_DIR / "lib" / "flowgauge" / "plugins" / "kafka.so"
HAS_ARROW = pyarrow is not None and PLUGIN.with_name("kafka_arrow.so").exists()
ROWS = 60_000


def table(topic, broker, schema="basic", sink="kafka", **options):
    return {"exporters": [
        {"schema": schema, "path": topic, "format": {"name": sink, "options": {"brokers": broker, **options}}},
        {"schema": schema, "path": "rows.jsonl"}]}


def as_json(rows):
    """Cells as JSON lines have them."""
    return [{name: int(cell) if isinstance(cell, bool) else cell for name, cell in row.items()} for row in rows]


class Kafka(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.broker = kafka_broker.Broker(folder.name)
        cls.addClassCleanup(lambda: cls.broker.kill())
        cls.broker.start()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def profile(self, *words, **options):
        path = self.folder / "p.yaml"
        path.write_text(json.dumps(table(*words, **options)), encoding="utf-8")
        return path

    def run_it(self, topic, capture=DEMO, **options):
        return program.run("pcap", capture, "-p", self.profile(topic, self.broker.address, **options), "--force", "--report", "run.json",
                           cwd=self.folder)

    def rows(self):
        return (self.folder / "rows.jsonl").read_text(encoding="utf-8").splitlines()

    def report(self):
        return json.loads((self.folder / "run.json").read_text(encoding="utf-8"))["outputs"][0]["rows"]

    def test_every_schema(self):
        for schema in ("basic", "cic", "rustiflow"):
            finished = self.run_it(f"of-{schema}", schema=schema)
            self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
            found = [value.decode() for _, value in self.broker.messages(f"of-{schema}")]
            self.assertEqual(sorted(found), sorted(self.rows()))
            self.assertEqual(self.report(), 16)

    def test_the_key_is_the_flow_or_a_column(self):
        for topic, options, column in (("by-flow", {}, "flow_id"), ("by-port.kafka", {"key": "destination_port"}, "destination_port")):
            self.assertEqual(self.run_it(topic, **options).returncode, 0)
            messages = self.broker.messages(topic.removesuffix(".kafka"))
            self.assertEqual([key.decode() for key, _ in messages], [str(json.loads(value)[column]) for _, value in messages])
            self.assertEqual(len(messages), 16)

    @unittest.skipUnless(HAS_ARROW, "the sink kafka_arrow, or pyarrow, is not here")
    def test_arrow_batches(self):
        for schema in ("basic", "cic", "rustiflow"):
            finished = self.run_it(f"arrow-{schema}.kafka_arrow", schema=schema, sink="kafka_arrow")
            self.assertEqual((finished.returncode, program.messages(finished)), (0, []))
            keys, values = zip(*self.broker.messages(f"arrow-{schema}"))
            self.assertEqual(keys, (b"",))
            self.assertEqual(as_json(pyarrow.ipc.open_stream(values[0]).read_all().to_pylist()), [json.loads(row) for row in self.rows()])
            self.assertEqual(self.report(), 16)

    @unittest.skipUnless(HAS_ARROW, "the sink kafka_arrow, or pyarrow, is not here")
    def test_arrow_messages_have_a_length(self):
        capture = self.folder / "many.pcap"
        capture.write_bytes(program.pcap_header() + b"".join(
            program.pcap_record(1_700_000_000 + 200 * i, program.udp_frame(1024 + i)) for i in range(5_000)))
        for topic, most in (("one-row", 1), ("short", 20_000)):
            self.assertEqual(self.run_it(topic, capture, sink="kafka_arrow", message_bytes=most, settings=["batch.num.messages=1"]).returncode, 0)
            values = [value for _, value in self.broker.messages(topic)]
            tables = [pyarrow.ipc.open_stream(value).read_all() for value in values]
            rows = as_json(row for part in tables for row in part.to_pylist())
            self.assertCountEqual(map(json.dumps, rows), map(json.dumps, map(json.loads, self.rows())))
            self.assertEqual(self.report(), 5_000)
            if most == 1:
                self.assertEqual({part.num_rows for part in tables}, {1})
            else:
                self.assertTrue(all(len(value) <= most for value in values), [len(value) for value in values])
                self.assertLess(len(values), 500)

    def test_tls_and_a_password(self):
        if self.broker.guarded_address is None:
            self.skipTest("openssl, which makes certificates, is not here")
        authority = self.broker.folder / "ca.pem"
        for password, code in (("secret", 0), ("wrong", 4)):
            profile = self.profile("guarded", self.broker.guarded_address, settings=[
                "security.protocol=SASL_SSL", f"ssl.ca.location={authority}", "sasl.mechanism=PLAIN", "sasl.username=sensor",
                f"sasl.password={password}"])
            self.assertEqual(program.run("pcap", DEMO, "-p", profile, "--force", cwd=self.folder).returncode, code)
        self.assertEqual(sorted(value.decode() for _, value in self.broker.messages("guarded")), sorted(self.rows()))

    def test_refusals(self):
        for options, reason in (
                ({"key": "nothing"}, "'key': the table has no column 'nothing'"),
                ({"settings": ["acks"]}, "'settings': 'acks' is not NAME=VALUE"),
                ({"settings": ["no.such=1"]}, "'settings': No such configuration property: \"no.such\""),
                ({"settings": ["acks=0"]}, "'settings': `acks` must be set to `all` when `enable.idempotence` is true")):
            finished = self.run_it("refused", **options)
            self.assertEqual((finished.returncode, program.messages(finished)), (4, [
                f"flowgauge: error: {self.folder / 'p.yaml'}:1: refused: sink 'kafka' ({PLUGIN}) cannot start: {reason}"]))

    def test_topics_that_are_none(self):
        for topic in ("a/b", "kafka://host", "a b"):
            finished = self.run_it(topic)
            self.assertEqual((finished.returncode, program.messages(finished)), (4, [
                f"flowgauge: error: {self.folder / 'p.yaml'}:1: {topic}: sink 'kafka' ({PLUGIN}) cannot start: is no topic: one has at most "
                "249 letters, digits, '.', '_' and '-'"]))

    def test_no_broker(self):
        profile = self.profile("t", f"127.0.0.1:{kafka_broker.free_port()}")
        finished = program.run("pcap", DEMO, "-p", profile, cwd=self.folder)
        self.assertEqual(finished.returncode, 4)
        self.assertRegex(finished.stderr, "cannot start: no broker answers: .*; see the setting 'bootstrap.servers'")

    @unittest.skipUnless(HAS_ARROW, "the sink kafka_arrow, or pyarrow, is not here")
    def test_an_arrow_message_that_brokers_refuse_ends_the_run(self):
        finished = self.run_it("refused-arrow", sink="kafka_arrow", settings=["message.max.bytes=1000"])
        self.assertEqual(finished.returncode, 4)
        self.assertIn("cannot send: Broker: Message size too large", finished.stderr)
        self.assertEqual(self.report(), 0)

    def test_z_none_lost_and_none_twice_through_a_kill(self):
        profile = self.profile("killed", self.broker.address, settings=["queue.buffering.max.messages=5000"])
        process = program.start("pcap", "-", "-p", profile, "--report", "run.json", cwd=self.folder)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        records = [program.pcap_record(1_700_000_000 + 200 * i, program.udp_frame(1024 + i)) for i in range(ROWS)]
        killed = threading.Event()

        def feed():
            process.stdin.write(program.pcap_header() + b"".join(records[:ROWS // 2]))
            process.stdin.flush()
            killed.wait(program.LIMIT_SECONDS)
            process.stdin.write(b"".join(records[ROWS // 2:]))
            process.stdin.close()
        feeder = threading.Thread(target=feed)
        feeder.start()
        errors = []
        listener = threading.Thread(target=lambda: errors.append(process.stderr.read()))
        listener.start()
        limit = time.monotonic() + program.LIMIT_SECONDS
        while self.broker.stored_bytes("killed") == 0:  # in its middle
            self.assertLess(time.monotonic(), limit, "no row arrived")
            time.sleep(0.001)
        self.broker.kill()
        killed.set()
        self.broker.start()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 0, errors)
        feeder.join(program.LIMIT_SECONDS)
        listener.join(program.LIMIT_SECONDS)
        text = errors[0].decode()
        self.assertRegex(text, "warning: killed since [-0-9T:.]+Z: no broker can be reached; rows wait in the queue until one is back: ")
        self.assertRegex(text, "warning: killed from [-0-9T:.]+Z to [-0-9T:.]+Z: no broker can be reached")
        self.assertRegex(text, r"wrong +brokers_away of killed: \d+ times?, ")
        messages = self.broker.messages("killed")
        keys = collections.Counter(key for key, _ in messages)
        self.assertEqual((len(keys), max(keys.values()), self.report()), (ROWS, 1, ROWS))
        self.assertEqual(sorted(value.decode() for _, value in messages), sorted(self.rows()))

    @unittest.skipIf(os.geteuid() != 0, "only root may listen on lo")
    def test_zz_a_live_run_drops_and_counts_what_the_queue_does_not_hold(self):
        """The last: the broker does not come back."""
        text, failed, made = self.lose_the_broker("live", 3_000, settings=["queue.buffering.max.messages=500"])
        dropped = int(re.search(r"(\d+) rows were dropped: the queue was full", text)[1])
        self.assertGreaterEqual(dropped, 3_000 - 500)
        self.assertGreaterEqual(failed, dropped)

    @unittest.skipIf(os.geteuid() != 0, "only root may listen on lo")
    @unittest.skipUnless(HAS_ARROW, "the sink kafka_arrow, or pyarrow, is not here")
    def test_z_a_live_run_counts_the_rows_of_messages_that_did_not_arrive(self):
        text, failed, _ = self.lose_the_broker("arrow-live", 300, sink="kafka_arrow")
        self.assertGreaterEqual(failed, 300)
        self.assertNotIn("were dropped", text)
        self.broker.start()

    def lose_the_broker(self, topic, flows, **options):
        """What a run said whose broker was killed before so many flows, its rows that failed, and all of them."""
        profile = self.profile(topic, self.broker.address, end_limit=1, **options)
        process = program.start("realtime", "lo", "-p", profile, "--idle-timeout", "1s", "--filter", "udp dst port 5999", "--report", "run.json",
                                "--force", cwd=self.folder)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait, program.LIMIT_SECONDS)
        self.addCleanup(process.kill)
        self.addCleanup(process.stdin.close)

        def send_from(port):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
                one.bind(("127.0.0.1", port))
                one.sendto(b"x", ("127.0.0.1", 5999))
        with process.stderr as errors:
            # Live once a first flow has come to the broker.
            limit = time.monotonic() + program.LIMIT_SECONDS
            while self.broker.stored_bytes(topic) == 0:
                send_from(0)
                self.assertLess(time.monotonic(), limit, "no row arrived")
                time.sleep(0.01)
            self.broker.kill()
            for i in range(flows):
                send_from(12_000 + i)
            process.send_signal(signal.SIGINT)
            text = errors.read().decode()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 4, text)
        failed, made = (int(one.replace(",", "")) for one in re.search(r"could not deliver ([\d,]+) of ([\d,]+) rows", text).groups())
        self.assertGreaterEqual(made, flows)
        self.assertEqual(self.report(), made - failed)
        return text, failed, made


if __name__ == "__main__":
    if reason := kafka_broker.missing():
        print(f"skipped: {reason}")
        sys.exit(77)
    unittest.main()
