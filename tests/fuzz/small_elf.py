"""A plugin file as small as one can be: what the head of a module is read from, and no more."""
import struct

PT_LOAD, PT_DYNAMIC, PT_GNU_STACK = 1, 2, 0x6474e551
DT_NULL, DT_NEEDED, DT_HASH, DT_STRTAB, DT_SYMTAB, DT_SONAME, DT_RPATH, DT_RUNPATH, DT_GNU_HASH = 0, 1, 4, 5, 6, 14, 15, 29, 0x6ffffef5
MACHINES = {'x86_64': 62, 'aarch64': 183}
SYMBOL = b'fg_module_v1'
MODULE_BYTES = 72


def gnu_hash(name):
    value = 5381
    for letter in name:
        value = (value * 33 + letter) & 0xffffffff
    return value


def small_elf(machine, gnu=True, symbol=SYMBOL, head=(MODULE_BYTES, 0)):
    """One segment at address 0: header, program headers, names, symbols, hash table, dynamic section, module."""
    names = b'\0' + symbol + b'\0'
    soname_at, names = len(names), names + b'libx.so\0'
    folders_at, names = len(names), names + b'$ORIGIN/a:/b:${LIB}\0'
    names += bytes(-len(names) % 8)
    at = 64 + 3 * 56
    names_at, at = at, at + len(names)
    symbols_at, at = at, at + 2 * 24
    if gnu:
        table = struct.pack('<4IQII', 1, 1, 1, 6, (1 << 64) - 1, 1, gnu_hash(symbol) | 1)
    else:
        table = struct.pack('<6I', 1, 2, 1, 0, 0, 0)
    table += bytes(-len(table) % 8)
    table_at, at = at, at + len(table)
    entries = ((DT_GNU_HASH if gnu else DT_HASH, table_at), (DT_SYMTAB, symbols_at), (DT_STRTAB, names_at), (DT_NEEDED, soname_at),
               (DT_SONAME, soname_at), (DT_RUNPATH if gnu else DT_RPATH, folders_at), (DT_NULL, 0))
    dynamic = b''.join(struct.pack('<qQ', *entry) for entry in entries)
    dynamic_at, at = at, at + len(dynamic)
    module_at, end = at, at + MODULE_BYTES
    symbols = bytes(24) + struct.pack('<IBBHQQ', 1, 0x11, 0, 1, module_at, MODULE_BYTES)
    header = struct.pack('<4s5B7xHHIQQQIHHHHHH', b'\x7fELF', 2, 1, 1, 0, 0, 3, MACHINES.get(machine, 62), 1, 0, 64, 0, 0, 64,
                         56, 3, 0, 0, 0)
    segments = (struct.pack('<IIQQQQQQ', PT_LOAD, 6, 0, 0, 0, end, end, 4096) +
                struct.pack('<IIQQQQQQ', PT_DYNAMIC, 6, dynamic_at, dynamic_at, dynamic_at, len(dynamic), len(dynamic), 8) +
                struct.pack('<IIQQQQQQ', PT_GNU_STACK, 6, 0, 0, 0, 0, 0, 16))
    return header + segments + names + symbols + table + dynamic + struct.pack('<II', *head) + bytes(MODULE_BYTES - 8)
