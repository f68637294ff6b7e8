"""Runs the built program for the tests of this folder, and writes small captures."""
import os
import pathlib
import pty
import select
import shutil
import struct
import subprocess

BINARY_DIR = pathlib.Path(os.environ["FLOWGAUGE_BINARY_DIR"])
SOURCE_DIR = pathlib.Path(os.environ["FLOWGAUGE_SOURCE_DIR"])
PROGRAM = str(BINARY_DIR / "bin" / "flowgauge")
NOBODY = 65534
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
# Not where the root folder is closed to others, as in a chroot in a private folder: nobody can run anything there.
CAN_BECOME_NOBODY = (os.geteuid() == 0 and shutil.which("setpriv") is not None and
                     subprocess.run([*AS_NOBODY, "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0)
LIMIT_SECONDS = 120  # only a hanging program comes near it
# These load 62 MB of Arrow at every start that lists all plugins.
LARGE_PLUGINS = ("arrow.so", "parquet.so")


def small_tree(folder):
    """The program with all plugins but the large ones, as if it were installed there."""
    plugins, programs = pathlib.Path(folder, "lib/flowgauge/plugins"), pathlib.Path(folder, "bin")
    shutil.copytree(BINARY_DIR / "lib/flowgauge/plugins", plugins, ignore=shutil.ignore_patterns(*LARGE_PLUGINS, "lib"))
    programs.mkdir()
    return shutil.copy(PROGRAM, programs)


def run(*words, cwd=None, stdin=None, stdin_file=None, stdout=subprocess.PIPE, preexec_fn=None, env=None,
        program=PROGRAM):
    """A finished process; its standard error is text, its standard output bytes. Its standard input is `stdin`, the bytes, or `stdin_file`."""
    environment = {**os.environ, **(env or {})}
    given = {"stdin": stdin_file} if stdin_file else {"input": stdin}
    finished = subprocess.run([program, *map(str, words)], cwd=cwd, **given, stdout=stdout, stderr=subprocess.PIPE, timeout=LIMIT_SECONDS,
                              preexec_fn=preexec_fn, env=environment, check=False)
    finished.stderr = finished.stderr.decode()
    return finished


def run_as_nobody(*words, cwd=None):
    """As run(), by a user who may nothing; needs CAN_BECOME_NOBODY. The program comes through a descriptor: its folder may be closed to others."""
    opened = os.open(PROGRAM, os.O_RDONLY)
    try:
        finished = subprocess.run([*AS_NOBODY, f"/proc/self/fd/{opened}", *map(str, words)], cwd=cwd, pass_fds=[opened], capture_output=True,
                                  timeout=LIMIT_SECONDS, check=False)
    finally:
        os.close(opened)
    finished.stderr = finished.stderr.decode()
    return finished


def start(*words, cwd=None, stdin=subprocess.PIPE, before=(), program=PROGRAM):
    """`before`: words in front of the program's, as nohup."""
    return subprocess.Popen([*before, program, *map(str, words)], cwd=cwd, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def worker_of(pid):
    """The process that does the work of the program, once it is there: the only child of the one that was started."""
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
    while not (listed := children.read_text(encoding="ascii").split()):
        os.sched_yield()
    return int(listed[0])


def status_of(path):
    """What a file /proc/.../status tells, each field as its words."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {name: value.split() for name, _, value in (line.partition(":") for line in lines)}


class Terminal:
    """A pseudo-terminal for a program to write to. Its own side is `end`, which close_end() gives up once the program has it."""

    def __init__(self):
        self.ours, self.end = pty.openpty()
        self.bytes = b""

    def close_end(self):
        os.close(self.end)

    def close(self):
        os.close(self.ours)

    def read(self):
        """False: everybody has closed it."""
        if not select.select([self.ours], [], [], LIMIT_SECONDS)[0]:
            raise AssertionError(f"nothing came any more after {self.bytes}")
        try:
            read = os.read(self.ours, 4096)
        except OSError:
            return False
        self.bytes += read
        return read != b""

    def wait_for(self, text):
        while text not in self.bytes:
            if not self.read():
                raise AssertionError(f"never showed {text}: {self.bytes}")

    def read_all(self):
        while self.read():
            pass

    def screen(self):
        """The lines as a person sees them."""
        lines = []
        for line in self.bytes.decode().split("\n"):
            shown = ""
            for part in line.split("\r"):
                kept, *erased = part.split("\x1b[K")
                shown = kept + ("" if erased else shown[len(kept):])
                shown += "".join(erased)
            lines.append(shown)
        return lines


def messages(finished):
    """What the program said, without the account of the run at its end."""
    accounts = ("frames ", "ignored ", "flows ", "order ", "rows ", "wrong ", "labels ", "counted ", "time ")
    return [line for line in finished.stderr.splitlines() if not line.startswith(accounts)]


def pcap_header(link_type=1):
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link_type)


def udp_frame(source_port):
    payload = b"12345678"
    udp = struct.pack(">HHHH", source_port, 53, 8 + len(payload), 0) + payload
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
    return bytes(12) + b"\x08\x00" + ip + udp


def pcap_record(seconds, frame, captured=None):
    return struct.pack("<IIII", seconds, 0, len(frame) if captured is None else captured, len(frame)) + frame


def capture(flows, first_second=1_700_000_000, seconds_apart=0):
    """One UDP packet for each flow."""
    records = [pcap_record(first_second + i * seconds_apart, udp_frame(1024 + i)) for i in range(flows)]
    return pcap_header() + b"".join(records)
