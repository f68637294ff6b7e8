"""Beginning and end of an SCTP association (docs/semantics.md, section 3)."""
INIT, ABORT, COMPLETE = 'init', 'abort', 'complete'
ENDS = {6: ABORT, 14: COMPLETE}


def read_chunks(chunks, is_fragment):
    """(what the chunks say or '', an INIT's initiate tag or None). `chunks`: the bytes behind the common header."""
    at = 0
    for number in range(8):
        if at + 4 > len(chunks):
            break
        kind, size = chunks[at], int.from_bytes(chunks[at + 2:at + 4], 'big')
        if kind == 1:
            if number or is_fragment or at + 8 > len(chunks):
                break
            return INIT, int.from_bytes(chunks[at + 4:at + 8], 'big')
        if kind in ENDS:
            return ENDS[kind], None
        if size < 4:
            break
        at += -(-size // 4) * 4
    return '', None


class Association:
    """Takes the place of a flow's TcpState."""
    handshake = reset_before = reset_after = False

    def __init__(self):
        self.tags, self.beyond_init, self.end, self.frozen = [None, None], [False, False], '', False

    def add(self, packet, side):
        if packet.sctp == INIT:
            if self.tags[side] is None:
                self.tags[side] = packet.sctp_tag
            return
        self.beyond_init[side] = True
        if packet.sctp:
            self.end = self.end or packet.sctp
        elif not packet.fragment and packet.sctp_tag and self.tags[1 - side] is None:
            self.tags[1 - side] = packet.sctp_tag           # a packet carries its receiver's tag

    def belongs_to_another(self, packet, side):
        if packet.sctp != INIT:
            return False
        if self.tags[side] is not None:
            return packet.sctp_tag != self.tags[side]
        return self.closed() or self.beyond_init[side]

    def closed(self):
        return bool(self.end)

    def finished(self):
        return self.end == COMPLETE
