#!/usr/bin/env python3
"""A new user's clock: from packages to live flows within a minute, in a bare Debian (`first_minute.sh` there). The traffic is that of a
server and of a client that asks it again and again, on a cable between two network namespaces.

usage: first_minute.py PACKAGES COMMAND...     as root, from the project's root: PACKAGES is a folder; COMMAND runs one in a bare root,
                                               with the project as its folder
"""
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'live'))

import processes  # noqa: E402
from network import ADDRESS, Network  # noqa: E402

LIMIT_SECONDS = 60                                      # of the first flow
PORT = 8080
SERVER = f'''
import socket
s = socket.create_server(("{ADDRESS['t'][0]}", {PORT}))
print("ready", flush=True)
while True:
    c, _ = s.accept()
    c.sendall(c.recv(1000) * 10)
    c.close()
'''
CLIENT = f'''
import socket, time
while True:
    with socket.create_connection(("{ADDRESS['t'][0]}", {PORT})) as s:
        s.sendall(b"x" * 100)
        while s.recv(1000): pass
    time.sleep(0.2)
'''


def main():
    packages, *bare_root = sys.argv[1:]
    with Network() as net:
        interface = net.here.interface()
        net.here.run('ip', 'link', 'set', 'dev', interface, 'down')
        net.here.run('ip', 'link', 'set', 'dev', interface, 'name', 'eth0')
        net.here.run('ip', '-batch', '-', input='\n'.join(line.replace(interface, 'eth0') for line in net.set_up(net.here)
                                                          if not line.startswith('addr add 10')).encode())
        server = net.here.start(sys.executable, '-c', SERVER, stdout=subprocess.PIPE)
        with processes.running(server):
            processes.Lines(server.stdout).wait_for('ready')
            client = net.there.start(sys.executable, '-c', CLIENT)
            with processes.running(client):
                files = [path.name for path in pathlib.Path(packages).glob('*.deb')]
                archive = subprocess.run(['tar', '-C', packages, '-c', *files], stdout=subprocess.PIPE, check=True).stdout
                inside = (f'mkdir /packages && tar -C /packages -x && exec tests/package/first_minute.sh /packages {server.pid} '
                          f'{ADDRESS["t"][0]} {LIMIT_SECONDS}')
                return subprocess.run([*bare_root, 'sh', '-c', inside], input=archive, check=False).returncode


if __name__ == '__main__':
    sys.exit(main())
