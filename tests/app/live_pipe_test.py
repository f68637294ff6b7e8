#!/usr/bin/env python3
"""Captures that come through pipes while they are written: rows are there as soon as their flows end, and are the same bytes as from a file.
Nothing is timed: a row is waited for before the next packet is written, so that a row that is kept back hangs the test."""
import gzip
import os
import pathlib
import pty
import struct
import subprocess
import tempfile
import unittest
import zlib

import program

FLOWS = 5
SECONDS_APART = 200  # beyond the idle timeout: each packet ends the flow before


def packet(number):
    return program.pcap_record(1_700_000_000 + number * SECONDS_APART, program.udp_frame(1024 + number))


def as_pcapng(classic):
    """Records of a classic capture as blocks; its header as a section with one interface."""
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

    blocks = b""
    if classic.startswith(program.pcap_header()):
        blocks = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 262144))
        classic = classic[len(program.pcap_header()):]
    while classic:
        seconds, microseconds, captured, length = struct.unpack_from("<IIII", classic)
        ticks = seconds * 1_000_000 + microseconds
        blocks += block(6, struct.pack("<IIIII", 0, ticks >> 32, ticks & 0xFFFFFFFF, captured, length) + classic[16:16 + captured])
        classic = classic[16 + captured:]
    return blocks


class LivePipe(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        whole = program.pcap_header() + b"".join(map(packet, range(FLOWS)))
        (self.folder / "whole.pcap").write_bytes(whole)

    def from_file(self, *words):
        finished = program.run("pcap", "whole.pcap", "-f", "basic", *words, cwd=self.folder)
        self.assertEqual(finished.returncode, 0)
        return finished.stdout

    def start(self, *words, **pipes):
        process = subprocess.Popen([program.PROGRAM, "pcap", *map(str, words), "-f", "basic"], cwd=self.folder, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, **pipes)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        return process

    def feed(self, process, write):
        """Writes packet after packet, and reads each row before it writes the next."""
        lines = []
        write(program.pcap_header() + packet(0))
        lines.append(process.stdout.readline())  # the column names come before any row
        for number in range(1, FLOWS):
            write(packet(number))
            lines.append(process.stdout.readline())
        return lines

    def check_pipe(self, *words, write_as=lambda data: data, end=lambda: b""):
        process = self.start("-", "-o", "csv", *words, stdin=subprocess.PIPE, bufsize=0)
        lines = self.feed(process, lambda data: process.stdin.write(write_as(data)))
        process.stdin.write(end())
        process.stdin.close()
        lines += process.stdout.readlines()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 0)
        self.assertEqual(b"".join(lines), self.from_file("-o", "csv"))

    def test_standard_input(self):
        for threads in (1, 3):
            self.check_pipe("--threads", threads)

    def test_gzip_that_is_flushed(self):
        packer = zlib.compressobj(wbits=31)
        self.check_pipe(write_as=lambda data: packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH), end=packer.flush)

    def test_members_of_gzip(self):
        self.check_pipe(write_as=gzip.compress)

    def test_a_header_that_only_libpcap_reads(self):
        """Version 2.3: read through a FILE."""
        old = bytearray(program.pcap_header())
        old[6] = 3
        whole = self.folder / "whole.pcap"
        whole.write_bytes(bytes(old) + whole.read_bytes()[len(old):])
        self.check_pipe(write_as=lambda data: bytes(old) + data[len(old):] if data.startswith(program.pcap_header()) else data)

    def test_pcapng(self):
        whole = (self.folder / "whole.pcap").read_bytes()
        (self.folder / "whole.pcap").write_bytes(as_pcapng(whole))
        self.check_pipe(write_as=as_pcapng)

    def test_a_packet_in_pieces(self):
        """A row does not wait for the end of a packet that is half written."""
        process = self.start("-", "-o", "csv", stdin=subprocess.PIPE, bufsize=0)
        process.stdin.write(program.pcap_header() + packet(0) + packet(1) + packet(2)[:20])
        lines = [process.stdout.readline() for _ in range(2)]
        process.stdin.write(packet(2)[20:] + packet(3) + packet(4)[:5])
        lines += [process.stdout.readline() for _ in range(2)]
        process.stdin.write(packet(4)[5:])
        process.stdin.close()
        lines += process.stdout.readlines()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 0)
        self.assertEqual(b"".join(lines), self.from_file("-o", "csv"))

    def test_named_pipe_behind_a_file(self):
        """What was read from the file does not wait for the pipe, nor for somebody to open it."""
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        before = program.pcap_header() + packet(0) + packet(1)
        (self.folder / "before.pcap").write_bytes(before)
        for threads in (1, 2):
            process = self.start("before.pcap", fifo, "-o", "jsonl", "--threads", threads)
            lines = [process.stdout.readline()]
            with open(fifo, "wb", buffering=0) as pipe:
                pipe.write(program.pcap_header())
                for number in range(2, FLOWS):
                    pipe.write(packet(number))
                    lines.append(process.stdout.readline())
            lines += process.stdout.readlines()
            self.assertEqual(process.wait(program.LIMIT_SECONDS), 0)
            self.assertEqual(b"".join(lines), self.from_file("-o", "jsonl"))

    def test_a_file_is_written_along(self):
        """Rows of a plain table are in PATH.part as soon as a second table, written behind it, has them. Compressed ones are the same bytes."""
        profile = "exporters:\n" + "".join(f"  - {{schema: {schema}, path: {path}}}\n" for schema, path in (
            ("cidds", "plain.csv"), ("nfstream", "packed.csv.gz"), ("cic", "packed.csv.zst"), ("basic", '"-"')))
        (self.folder / "four.yaml").write_text(profile, encoding="utf-8")
        process = subprocess.Popen([program.PROGRAM, "pcap", "-", "-p", "four.yaml"], cwd=self.folder, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
        self.addCleanup(process.kill)
        self.feed(process, process.stdin.write)
        self.assertEqual((self.folder / "plain.csv.part").read_bytes().count(b"\n"), FLOWS)
        process.stdin.close()
        process.stdout.read()
        process.stdout.close()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 0)
        piped = {path: (self.folder / path).read_bytes() for path in ("plain.csv", "packed.csv.gz", "packed.csv.zst")}
        self.assertEqual(program.run("pcap", "whole.pcap", "-p", "four.yaml", "--force", cwd=self.folder).returncode, 0)
        self.assertEqual(piped, {path: (self.folder / path).read_bytes() for path in piped})

    def test_an_aligned_table_in_a_pipe_is_the_same(self):
        process = self.start("-", "-o", "print", "--report", "run.json", stdin=subprocess.PIPE, bufsize=0)
        process.stdin.write((self.folder / "whole.pcap").read_bytes())
        process.stdin.close()
        self.assertEqual(process.stdout.read(), self.from_file("-o", "print"))

    def test_a_terminal_shows_how_far_it_is(self):
        terminal = program.Terminal()
        self.addCleanup(terminal.close)
        process = subprocess.Popen([program.PROGRAM, "pcap", "-", "-o", "csv", "--export-path", "rows.csv"], cwd=self.folder,
                                   stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=terminal.end, bufsize=0)
        terminal.close_end()
        self.addCleanup(process.kill)
        process.stdin.write(program.pcap_header() + packet(0) + packet(1))
        terminal.wait_for(b" packets/s")
        process.stdin.close()
        terminal.read_all()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 0)
        begin = ("flowgauge: info: room for", "frames   2", "flows    2", "rows     2", "time     ")
        lines = terminal.screen()
        self.assertEqual(len(lines), len(begin) + 1, lines)
        for line, expected in zip(lines, (*begin, "")):
            self.assertEqual(line[:len(expected)], expected, lines)

    def test_an_aligned_table_on_a_terminal_shows_rows_at_once(self):
        terminal, end = pty.openpty()
        self.addCleanup(os.close, terminal)
        process = subprocess.Popen([program.PROGRAM, "pcap", "-"], cwd=self.folder, stdin=subprocess.PIPE, stdout=end,
                                   stderr=subprocess.DEVNULL, bufsize=0)
        os.close(end)
        self.addCleanup(process.kill)
        process.stdin.write(program.pcap_header() + packet(0) + packet(1))
        shown = b""
        while b"Idle Timeout" not in shown:
            shown += os.read(terminal, 4096)
        process.stdin.close()
        self.assertEqual(process.wait(program.LIMIT_SECONDS), 0)


if __name__ == "__main__":
    unittest.main()
