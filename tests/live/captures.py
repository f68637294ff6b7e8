"""Which public captures can be replayed as they are: Ethernet, no gap of a second or near it, ten seconds at most."""
import sys
import pathlib
from dataclasses import dataclass

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'oracle'))

from capture_file import CaptureError, read_capture      # noqa: E402

SECOND = 1_000_000_000
ETHERNET = 1
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


def dealt(captures, wires):
    """On so many wires, each about as long as the others; the same every time."""
    hands = [[] for _ in range(wires)]
    for capture in sorted(captures, key=lambda c: (-c.length_ns, c.path.name)):
        min(hands, key=lambda hand: sum(c.length_ns + SECOND // 1000 for c in hand)).append(capture)
    return [[capture.path for capture in hand] for hand in hands]
