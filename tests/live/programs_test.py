#!/usr/bin/env python3
"""iperf3 and curl against a local nginx, over IPv4 and IPv6: the flows that `flowgauge realtime` writes, by eBPF and by
libpcap, have the packets and bytes that tcpdump's capture of the same interface has, and the bytes that curl counted (more
only where TCP sent some again).
"""
import csv
import functools
import pathlib
import subprocess
import sys
import tempfile
import time

import common
import processes
from beside_dump import BesideDump, differences, rows
from network import ADDRESS, Network

WEB_PORT, IPERF_PORT = 8080, 5201
PAGE_BYTES = 300_000
LISTENING = '0A'                                        # in /proc/net/tcp
NGINX = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}
http {{
  access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder};
  scgi_temp_path {folder};
  server {{ listen {four}:{port}; listen [{six}]:{port}; root {folder}; location = /upload {{ return 200 taken; }} }}
}}
"""


def listens(process, port):
    """On both families, as the process's namespace has it; no packet is needed to know."""
    sockets = [line.split() for name in ('tcp', 'tcp6') for line in pathlib.Path(f'/proc/{process.pid}/net/{name}').read_text().splitlines()]
    return sum(local.endswith(f':{port:04X}') and state == LISTENING for _, local, _, state, *_ in sockets) == 2


def start_nginx(net, folder):
    (folder / 'page').write_bytes(bytes(PAGE_BYTES))
    config = folder / 'nginx.conf'
    config.write_text(NGINX.format(folder=folder, four=ADDRESS['p'][0], six=ADDRESS['p'][1], port=WEB_PORT))
    process = net.there.start('nginx', '-c', config, '-e', folder / 'error.log', '-p', folder, stderr=subprocess.DEVNULL)
    until = time.monotonic() + processes.LIMIT_SECONDS
    while not listens(process, WEB_PORT):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"nginx does not listen: {(folder / 'error.log').read_text()}")
        time.sleep(0.01)
    return process


def surf(net, folder):
    """[(source port, request bytes, answer bytes)] of each transfer, as curl counts them."""
    said = []
    told = '%{local_port} %{size_request} %{size_upload} %{size_header} %{size_download}\n'
    upload = folder / 'page'
    for host in (ADDRESS['p'][0], f"[{ADDRESS['p'][1]}]"):
        url = f'http://{host}:{WEB_PORT}'
        for words in ([f'{url}/page'], [f'{url}/absent'], ['-H', 'Expect:', '--data-binary', f'@{upload}', f'{url}/upload']):
            done = net.here.run('curl', '-sS', '-g', '-o', '/dev/null', '-w', told, *words, capture_output=True)
            port, request, sent, header, got = map(int, done.stdout.split())
            said.append((port, request + sent, header + got))
    return said


def measure(net):
    """iperf3: TCP and UDP, both families, both ways."""
    for host in ADDRESS['p']:
        for words in (['-b', '60M', '-n', '3M'], ['-u', '-l', '1000', '-b', '20M', '-n', '1M'], ['-R', '-b', '60M', '-n', '2M']):
            server = net.there.start('iperf3', '-s', '-1', '--forceflush', '-p', IPERF_PORT, stdout=-1, stderr=subprocess.STDOUT)
            with processes.running(server):
                if not processes.Lines(server.stdout).wait_for('listening'):
                    raise RuntimeError('iperf3 does not listen')
                net.here.run('iperf3', '-c', host, '-p', IPERF_PORT, *words, stdout=subprocess.DEVNULL)
                server.wait(processes.LIMIT_SECONDS)


def judge(offline, surfed, _, monitor):
    mine = rows(monitor.table)
    out = differences(mine, offline)
    with open(monitor.table, newline='') as f:
        web = {int(row['flow.src_port']): row for row in csv.DictReader(f) if row['flow.dst_port'] == str(WEB_PORT)}
    for port, sent, got in surfed:
        for side, counted in (('fwd', sent), ('bwd', got)):
            had, again = (int(web[port][name]) for name in (f'payload_length.{side}.total', f'retransmission.{side}'))
            if had < counted or (had > counted and again == 0):
                out.append(f'curl from port {port}: {counted} bytes {side}, the flow has {had} and {again} packets sent again')
    expected = len(surfed) + 2 * 3 * 2                  # iperf3: a connection to control, another one for the data
    if len(mine) != expected:
        out.append(f'{len(mine)} flows, expected {expected}')
    return out


def main():
    args = common.arguments(__doc__).parse_args()
    common.require('iperf3', 'nginx', 'curl')
    with Network() as net, tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        nginx = start_nginx(net, folder)
        beside = BesideDump(args, net, folder)
        surfed = surf(net, folder)
        measure(net)
        nginx.terminate()                               # closes what is still open
        nginx.wait(processes.LIMIT_SECONDS)
        beside.stop()
        return common.verdict(beside.judged(functools.partial(judge, rows(beside.offline()), surfed)), 'real programs')


if __name__ == '__main__':
    sys.exit(main())
