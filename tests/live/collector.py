#!/usr/bin/env python3
"""A collector of IPFIX for tests of long runs: takes messages and counts them, and decodes none. Says "ready" when it listens, and on
SIGTERM one line of JSON: the messages, the rows between the first and the last one by their sequence numbers (RFC 7011, 3.1), and the
sets of rows that came before the first template and after it.

usage: collector.py udp|tcp ADDRESS PORT
"""
import json
import signal
import socket
import struct
import sys

TEMPLATES, LEAST_DATA, HEADER = 2, 256, 16              # numbers of sets; bytes of a message's header


class Counts:
    def __init__(self):
        self.messages, self.first, self.last, self.has_templates = 0, None, 0, False
        self.sets = {False: 0, True: 0}                 # of rows, by whether a template had come

    def take(self, message):
        sequence = struct.unpack_from('>I', message, 8)[0]
        self.messages += 1
        self.first = sequence if self.first is None else self.first
        self.last = max(self.last, sequence)
        at = HEADER
        while at < len(message):
            number, size = struct.unpack_from('>HH', message, at)
            self.has_templates |= number == TEMPLATES
            if number >= LEAST_DATA:
                self.sets[self.has_templates] += 1
            at += size

    def told(self):
        return json.dumps({'messages': self.messages, 'rows': self.last - (self.first or 0), 'unreadable': self.sets[False],
                           'readable': self.sets[True]})


def messages_of(kind, listener):
    """Of TCP, from one client after the other."""
    while kind == 'udp':
        yield listener.recv(65535)
    while True:
        client = listener.accept()[0].makefile('rb')
        while len(header := client.read(HEADER)) == HEADER:
            yield header + client.read(struct.unpack_from('>H', header, 2)[0] - HEADER)


def main():
    kind, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if kind == 'udp':
        listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listener.bind((address, port))
    else:
        listener = socket.create_server((address, port))
    counts = Counts()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print('ready', flush=True)
    try:
        for message in messages_of(kind, listener):
            counts.take(message)
    finally:
        print(counts.told(), flush=True)


if __name__ == '__main__':
    main()
