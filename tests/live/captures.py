"""Which public captures can be replayed as they are: Ethernet, no gap of a second or near it, ten seconds at most."""
import struct
import sys
import pathlib
from dataclasses import dataclass

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'oracle'))

from capture_file import CaptureError, read_capture      # noqa: E402

SECOND = 1_000_000_000
ETHERNET = 1
NANOSECOND_PCAP = 0xA1B23C4D
LONGEST_GAP_NS = SECOND * 99 // 100                    # rules of the features look at 1 s; a replay is not that exact


@dataclass(frozen=True)
class Replayable:
    path: pathlib.Path
    length_ns: int


def replayable(folder):
    found = []
    for path in sorted(p for p in pathlib.Path(folder).iterdir() if p.suffix in ('.pcap', '.pcapng', '.cap')):
        try:
            frames = list(read_capture(path))
        except CaptureError:
            continue
        times = [frame.ts for frame in frames]
        gaps = [b - a for a, b in zip(times, times[1:])]
        if frames and all(frame.linktype == ETHERNET for frame in frames) and max(gaps, default=0) <= LONGEST_GAP_NS \
                and max(times) - min(times) <= 10 * SECOND and min(gaps, default=0) > -SECOND:
            found.append(Replayable(path, max(times) - min(times)))
    return found


def hastened(path, folder):
    """A copy with gaps of a tenth of a second at most: the frames of a capture that takes too long to be replayed."""
    copy, at, before = pathlib.Path(folder, f'hastened-{path.stem}.pcap'), SECOND, None
    with open(copy, 'wb') as file:
        file.write(struct.pack('<IHHiIII', NANOSECOND_PCAP, 2, 4, 0, 0, 1 << 18, ETHERNET))
        for frame in read_capture(path):
            at += min(max(frame.ts - (before or frame.ts), 0), SECOND // 10)
            before = frame.ts
            file.write(struct.pack('<4I', at // SECOND, at % SECOND, len(frame.data), len(frame.data)) + frame.data)
    return Replayable(copy, at - SECOND)


def dealt(captures, wires):
    """On so many wires, each about as long as the others; the same every time."""
    hands = [[] for _ in range(wires)]
    for capture in sorted(captures, key=lambda c: (-c.length_ns, c.path.name)):
        min(hands, key=lambda hand: sum(c.length_ns + SECOND // 1000 for c in hand)).append(capture)
    return [[capture.path for capture in hand] for hand in hands]
