"""The clock of a run over capture files (docs/semantics.md, section 3)."""
from collections import deque

RUN = 3         # packets in a row that move the clock, or set it back
NEVER_END = 2**63 - 1 - 2_100_000_000_000_000_000   # ns: where the clock of flows that never end stands still


def with_clock(packets, jump, ends):
    """(packet, item, clock) for each (packet, item) in `packets`, a lazy iterable. `jump` in ns, 0: no packet is wild. `ends`: flows have a timeout.
    What is yielded counts on over a step back, so that ages and deadlines need not move (docs/design.md, section 2)."""
    packets, near = iter(packets), deque()      # near: the packet at hand and the two behind it
    clock, later, certain, behind = None, 0, 0, []
    while True:
        while len(near) < RUN and (following := next(packets, None)) is not None:
            near.append(following)
        if not near:
            return
        times = [packet.ts for packet, _ in near]
        ts = times[0]
        if clock is None:
            clock = ts
            furthest = float('inf') if ends else min(NEVER_END, 2**63 - 1 + ts)
        elif certain:                           # of a run that is known to count
            clock = max(clock, ts)
        elif jump and ts - clock > jump:
            behind = []
            if all(abs(b - a) <= jump and b - clock > jump for a, b in zip(times, times[1:])):
                certain, clock = len(times), ts         # three, or what is left of the input
        elif jump and clock - ts > jump:
            behind.append(ts)
            if len(behind) == RUN:
                later += clock - max(behind)
                clock, behind = max(behind), []
        else:
            clock, behind = max(clock, ts), []
        certain = max(0, certain - 1)
        yield *near.popleft(), min(clock + later, furthest)
