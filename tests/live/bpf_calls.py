"""bpf(2) by its numbers, for what the tools of Debian 12 cannot show: which programs are attached through TCX, and whether
a program, map or link still exists. As a program of its own, so that it can be run in a namespace:

    bpf_calls.py query IFACE       the ids of the programs that are attached: {"ingress": [3], "egress": []}
    bpf_calls.py hold IFACE        attaches a program that lets everything pass, says its id, and keeps it until it is killed
    bpf_calls.py drop IFACE        the same with a program of XDP that lets nothing come in
"""
import ctypes
import errno
import json
import os
import signal
import socket
import struct
import sys

SYS_BPF = {'x86_64': 321, 'aarch64': 280}[os.uname().machine]
PROG_LOAD, PROG_GET_FD_BY_ID, MAP_GET_FD_BY_ID, OBJ_GET_INFO_BY_FD, PROG_QUERY, LINK_CREATE, LINK_GET_FD_BY_ID = 5, 13, 14, 15, 16, 28, 30
SCHED_CLS, XDP = 3, 6
XDP_ATTACH, XDP_IN_SOFTWARE = 37, 2
TCX = {'ingress': 46, 'egress': 47}
PASS_ON = struct.pack('<BBhi', 0xB7, 0, 0, -1) + struct.pack('<BBhi', 0x95, 0, 0, 0)  # r0 = TCX_NEXT; exit
DROP = struct.pack('<BBhi', 0xB7, 0, 0, 1) + struct.pack('<BBhi', 0x95, 0, 0, 0)  # r0 = XDP_DROP; exit
BY_ID = {'prog': PROG_GET_FD_BY_ID, 'map': MAP_GET_FD_BY_ID, 'link': LINK_GET_FD_BY_ID}
libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, attributes):
    """The call's result; OSError where the kernel refuses."""
    buffer = ctypes.create_string_buffer(attributes.ljust(128, b'\0'), 128)
    result = libc.syscall(SYS_BPF, command, buffer, 128)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result, buffer.raw


def exists(kind, number):
    """Whether there is such a 'prog', 'map' or 'link'."""
    try:
        os.close(bpf(BY_ID[kind], struct.pack('<I', number))[0])
    except OSError as error:
        if error.errno == errno.ENOENT:
            return False
        raise
    return True


def load_program(kind=SCHED_CLS, instructions=PASS_ON):
    code, licence = ctypes.create_string_buffer(instructions, len(instructions)), ctypes.create_string_buffer(b'GPL')
    return bpf(PROG_LOAD, struct.pack('<IIQQ', kind, len(instructions) // 8, ctypes.addressof(code), ctypes.addressof(licence)))[0]


def id_of(program):
    info = ctypes.create_string_buffer(8)               # type, id
    bpf(OBJ_GET_INFO_BY_FD, struct.pack('<IIQ', program, 8, ctypes.addressof(info)))
    return struct.unpack('<II', info.raw)[1]


def attached(interface, direction):
    ids = (ctypes.c_uint32 * 64)()
    attributes = struct.pack('<IIIIQI', socket.if_nametoindex(interface), TCX[direction], 0, 0, ctypes.addressof(ids), 64)
    _, answer = bpf(PROG_QUERY, attributes)
    return list(ids[:struct.unpack_from('<I', answer, 24)[0]])


def hold(interface):
    program = load_program()
    for attach_type in TCX.values():
        bpf(LINK_CREATE, struct.pack('<III', program, socket.if_nametoindex(interface), attach_type))
    print(f'holding {id_of(program)}', flush=True)
    signal.pause()


def drop(interface):
    bpf(LINK_CREATE, struct.pack('<IIII', load_program(XDP, DROP), socket.if_nametoindex(interface), XDP_ATTACH, XDP_IN_SOFTWARE))
    print('dropping', flush=True)
    signal.pause()


def main():
    what, interface = sys.argv[1:]
    if what == 'hold':
        hold(interface)
    if what == 'drop':
        drop(interface)
    print(json.dumps({direction: attached(interface, direction) for direction in TCX}))


if __name__ == '__main__':
    main()
