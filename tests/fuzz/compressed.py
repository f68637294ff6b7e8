"""Small compressed contents, for each part of a format that a decoder reads: made by the tools and by hand."""
import bz2
import gzip
import lzma
import shutil
import struct
import subprocess
import zlib

TEXT = bytes(range(256)) * 8 + bytes(2000)
TOOLS = {'zstd': ((), ('--no-check',), ('-19', '--single-thread')), 'lz4': ((), ('-BX',), ('-BI', '--no-frame-crc'), ('-B4', '-BD'))}


def contents():
    for compress in (lambda data: gzip.compress(data, mtime=0), bz2.compress, lzma.compress):
        yield from (compress(TEXT), compress(TEXT) + compress(TEXT[:100]), compress(b''))
    for tool, ways in TOOLS.items():
        for way in ways if shutil.which(tool) else ():
            yield subprocess.run([tool, '-qc', *way], input=TEXT, capture_output=True, check=True).stdout
    yield from gzip_contents()
    yield from xz_contents()
    yield from zstd_contents()


def gzip_contents():
    """Each part of a header (RFC 1952), and blocks of each kind."""
    text, checksum, extra, name, comment = 1, 2, 4, 8, 16
    reserved = 32
    for flags in (text, checksum, extra, name, comment, text | checksum | extra | name | comment, extra | comment, reserved):
        head = b'\x1f\x8b\x08' + bytes((flags,)) + bytes(4) + b'\0\x03'
        head += b'\x05\0ab\x01\0c' if flags & extra else b''
        head += b'a name\0' if flags & name else b''
        head += b'a comment\0' if flags & comment else b''
        sums = [zlib.crc32(head) & 0xffff, 0] if flags & checksum else [None]
        for number in sums:
            yield head + (b'' if number is None else struct.pack('<H', number)) + gzip.compress(TEXT, mtime=0)[10:]
    yield b'\x1f\x8b\x08\x04' + bytes(4) + b'\0\x03' + b'\0\0' + gzip.compress(b'', mtime=0)[10:]
    for level, strategy in ((0, zlib.Z_DEFAULT_STRATEGY), (6, zlib.Z_FIXED), (6, zlib.Z_HUFFMAN_ONLY)):
        packer = zlib.compressobj(level, zlib.DEFLATED, 31, 9, strategy)
        yield packer.compress(TEXT) + packer.flush(zlib.Z_FULL_FLUSH) + packer.compress(TEXT) + packer.flush()


def xz_contents():
    """Each check, filters, and a dictionary of more memory than a decoder may take."""
    for check in (lzma.CHECK_NONE, lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_SHA256):
        yield lzma.compress(TEXT, check=check)
    for first in ({'id': lzma.FILTER_DELTA, 'dist': 4}, {'id': lzma.FILTER_X86}, {'id': lzma.FILTER_ARM}):
        yield lzma.compress(TEXT, filters=[first, {'id': lzma.FILTER_LZMA2, 'preset': 1}])
    whole = bytearray(lzma.compress(TEXT, check=lzma.CHECK_CRC32))
    begin, end = 12, 12 + (whole[12] + 1) * 4 - 4  # of the block's header, without its CRC
    for dictionary, filter_id in ((40, 0x21), (22, 0x7f)):
        whole[begin + 2], whole[begin + 4] = filter_id, dictionary
        whole[end:end + 4] = struct.pack('<I', zlib.crc32(whole[begin:end]))
        yield bytes(whole)
    yield lzma.compress(TEXT) + bytes(8) + lzma.compress(b'')  # padding between streams


def zstd_contents():
    """Frames of RFC 8878 3.1.1: one raw or repeated block behind each kind of head."""
    magic, raw, repeated = b'\x28\xb5\x2f\xfd', struct.pack('<I', 3 << 3 | 1)[:3] + b'abc', struct.pack('<I', 9 << 3 | 3)[:3] + b'a'
    for head in (b'\0\0', b'\0\xff', b'\x20\x03', b'\x20\x05', b'\x60\0\0', b'\x01\0\x07', b'\x23\x07\0\0\0\x03', b'\xc0\0' + struct.pack('<Q', 3), b'\x08\0'):
        yield magic + head + raw
        yield magic + head + repeated
    skipped = b'\x5f\x2a\x4d\x18' + struct.pack('<I', 4) + b'skip'
    yield skipped + magic + b'\x20\x03' + raw + skipped
    yield skipped
