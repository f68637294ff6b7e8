"""A broker of Apache Kafka on the loopback, in KRaft mode, for one test: started, killed and started again."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

import program

JARS = pathlib.Path(os.environ.get("FLOWGAUGE_KAFKA_JARS", program.SOURCE_DIR / "build" / "kafka"))
LIMIT_SECONDS = 60
SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}{more}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}{more}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL
inter.broker.listener.name=PLAINTEXT
log.dirs={folder}/data
num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
group.initial.rebalance.delay.ms=0
"""

# With a name, a password and a certificate.
GUARDED = """\
ssl.keystore.type=PEM
ssl.keystore.location={folder}/broker.pem
sasl.enabled.mechanisms=PLAIN
listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_sensor="secret";
"""


def missing():
    """Why no broker can be started here; empty: it can."""
    if shutil.which("java") is None:
        return "java is not here (Debian: openjdk-17-jre-headless)"
    if not list(JARS.glob("kafka_*.jar")):
        return f"the jars of Kafka are not in {JARS}; tests/sinks/kafka/fetch.sh puts them there"
    return "" if shutil.which("kcat") else "kcat, which reads topics, is not here (Debian: kcat)"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Broker:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.process = None
        self.settings = self.folder / "server.properties"
        self.guarded_address = None
        more = ""
        if shutil.which("openssl"):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "broker.key", "-out", "ca.pem", "-days",
                            "2", "-subj", "/CN=broker", "-addext", "subjectAltName=IP:127.0.0.1"], cwd=self.folder, check=True,
                           capture_output=True, timeout=LIMIT_SECONDS)
            (self.folder / "broker.pem").write_text("".join((self.folder / name).read_text(encoding="ascii")
                                                            for name in ("broker.key", "ca.pem")), encoding="ascii")
            self.guarded_address = f"127.0.0.1:{free_port()}"
            more = f",SASL_SSL://{self.guarded_address}"
        text = SETTINGS.format(port=self.port, controller=free_port(), folder=self.folder, more=more)
        self.settings.write_text(text + (GUARDED.format(folder=self.folder) if more else ""), encoding="ascii")
        self.java("kafka.tools.StorageTool", "format", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c", self.settings).check_returncode()

    def words(self, *words):
        return ["java", "-Xmx384m", "-XX:TieredStopAtLevel=1", "-cp", f"{JARS}/*", *map(str, words)]

    def java(self, *words):
        return subprocess.run(self.words(*words), cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=LIMIT_SECONDS, check=False)

    def start(self):
        with open(self.folder / "broker.log", "ab") as log:
            self.process = subprocess.Popen(self.words("kafka.Kafka", self.settings), cwd=self.folder, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, start_new_session=True)
        limit = time.monotonic() + LIMIT_SECONDS
        while True:
            asked = subprocess.run(["kcat", "-b", self.address, "-L", "-m", "2"], stdin=subprocess.DEVNULL, capture_output=True,
                                   timeout=LIMIT_SECONDS, check=False)
            if asked.returncode == 0:
                return self
            assert self.process.poll() is None, (self.folder / "broker.log").read_text(encoding="utf-8")[-3000:]
            assert time.monotonic() < limit, "the broker never answered"

    def kill(self):
        """As the power does."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(LIMIT_SECONDS)

    def stored_bytes(self, topic):
        return sum(path.stat().st_size for path in (self.folder / "data").glob(f"{topic}-*/*.log"))

    def messages(self, topic):
        """[(key, value)] of the whole topic, in the order of each partition."""
        read = subprocess.run(["kcat", "-b", self.address, "-C", "-t", topic, "-o", "beginning", "-e", "-q", "-f", "%K %S %k%s"],
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT_SECONDS, check=True)
        found, at = [], 0
        while at < len(read.stdout):
            key_bytes, value_bytes, at = self.lengths(read.stdout, at)
            end = at + max(key_bytes, 0) + value_bytes
            found.append((read.stdout[at:end - value_bytes], read.stdout[end - value_bytes:end]))
            at = end
        return found

    @staticmethod
    def lengths(text, at):
        key_end = text.index(b" ", at)
        value_end = text.index(b" ", key_end + 1)
        return int(text[at:key_end]), int(text[key_end:value_end]), value_end + 1  # of no key: -1
