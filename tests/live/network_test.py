#!/usr/bin/env python3
"""The cables of these tests: two runs are never in each other's way, nothing stays behind a run that ends, nothing for
long behind one that is killed, and what runs in a namespace ends with the test."""
import signal
import subprocess
import sys
import unittest

import common
import network
import processes

HOLD = """
import sys
sys.path.insert(0, {here!r})
import network
import processes
wait = processes.Wait(sys.stdin)
with network.Network(addresses=False) as net:
    child = net.here.start('sleep', '1000')
    print(net.here.name, child.pid, flush=True)
    wait()
"""


class Cables(unittest.TestCase):
    def hold(self):
        """(process, namespace, pid of its child): a run in its middle."""
        process = subprocess.Popen([sys.executable, '-c', HOLD.format(here=str(common.HERE))], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(network.remove_leftovers)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdin.close)
        self.addCleanup(process.kill)
        name, pid = process.stdout.readline().decode().split()
        return process, name, int(pid)

    def test_runs_are_apart(self):
        first, second = self.hold(), self.hold()
        self.assertNotEqual(first[1], second[1])
        network.remove_leftovers()
        self.assertLessEqual({first[1], second[1]}, set(network.names()))

    def test_nothing_stays_behind_a_run_that_is_ended(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process, name, _ = self.hold()
            process.send_signal(number)
            process.wait(processes.LIMIT_SECONDS)
            self.assertNotIn(name, network.names())

    def test_a_killed_run_is_cleaned_up_by_the_next(self):
        process, name, _ = self.hold()
        process.kill()
        process.wait(processes.LIMIT_SECONDS)
        self.assertIn(name, network.names())
        self.assertIn(name, network.remove_leftovers())
        self.assertNotIn(name, network.names())

    def test_children_end_with_the_run(self):
        process, _, child = self.hold()
        gone = subprocess.Popen(['tail', f'--pid={child}', '-f', '/dev/null'])
        process.kill()
        self.assertEqual(gone.wait(processes.LIMIT_SECONDS), 0)

    def test_a_silent_cable_is_silent(self):
        with network.Network(addresses=False) as net:
            for end in (net.here, net.there):
                self.assertEqual((end.counted('rx_packets'), end.counted('tx_packets')), (0, 0))


if __name__ == '__main__':
    common.require()
    unittest.main(argv=sys.argv[:1])
