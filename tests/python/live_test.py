#!/usr/bin/env python3
"""Live traffic: a block begins the capture and ends it. On the interface `lo`, as root; 77 elsewhere."""
import os
import signal
import socket
import subprocess
import sys
import threading
import unittest

import flowgauge as fg

PORT = 41414
NOBODY = 4000001
COLUMNS = ['destination_port', 'protocol', 'source_ip']
ASKS = f'''import flowgauge as fg, os
os.setgroups([])
os.setgid({NOBODY})
os.setuid({NOBODY})
try:
    with fg.live('lo', method='pcap', insecure_plugins=True): print('captures')
except fg.PrivilegeError as error: print(error)
'''


class Sender:
    """Datagrams to a port that nobody listens at."""

    def __init__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(('127.0.0.1', 0))

    def send(self):
        self._socket.sendto(b'datagram', ('127.0.0.1', PORT))

    def close(self):
        self._socket.close()


class Live(unittest.TestCase):
    def setUp(self):
        self.sender = Sender()
        self.addCleanup(self.sender.close)
        self.is_caught = threading.Event()

    def live(self, **options):
        def note(progress):
            if progress.frames >= 3:
                self.is_caught.set()
        return fg.live('lo', method='pcap', schema='rustiflow', columns=COLUMNS, filter=f'udp port {PORT}',
                       on_progress=note, **options)

    def test_what_is_sent_within_the_block(self):
        with self.live() as flows:
            for _ in range(3):
                self.sender.send()
            self.is_caught.wait()
            flows.stop()
            rows = sum(len(batch) for batch in flows._pull())
        self.assertEqual(rows, 1)
        self.assertEqual(flows.report['ledger']['in_flows'], flows.report['ledger']['packets_in_rows'])
        self.assertGreaterEqual(flows.report['ledger']['in_flows'], 3)
        self.assertEqual(flows.report['exit_code'], 0)

    def test_the_end_of_the_block_ends_the_capture(self):
        before = len(os.listdir('/proc/self/task'))
        with self.live() as flows:
            self.assertGreater(len(os.listdir('/proc/self/task')), before)
        self.assertEqual(len(os.listdir('/proc/self/task')), before)
        self.assertEqual(flows.report['exit_code'], 0)

    def test_ctrl_c_while_nothing_comes(self):
        with self.assertRaises(KeyboardInterrupt), self.live() as flows:
            for _ in range(3):
                self.sender.send()

            def interrupt():
                self.is_caught.wait()
                os.kill(os.getpid(), signal.SIGINT)
            thread = threading.Thread(target=interrupt)
            self.addCleanup(thread.join)
            thread.start()
            for _ in flows._pull():
                pass

    def test_a_number_of_packets_is_an_end(self):
        with self.live(max_packets=3) as flows:
            for _ in range(3):
                self.sender.send()
            self.assertEqual(sum(len(batch) for batch in flows._pull()), 1)

    def test_what_is_missing_is_said(self):
        done = subprocess.run([sys.executable, '-c', ASKS], capture_output=True, text=True)
        self.assertEqual(done.stderr, '')
        self.assertIn('capture with libpcap needs CAP_NET_RAW, which this process does not have; start this process',
                      done.stdout)

    def test_an_interface_that_is_not_there(self):
        with self.assertRaisesRegex(fg.InputError, 'nowhere0'), fg.live('nowhere0'):
            pass


if __name__ == '__main__':
    if os.geteuid() != 0:
        print('skipped: only root may capture')
        sys.exit(77)
    unittest.main()
