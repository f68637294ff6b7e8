"""Finds the fewest packets of a sequence that still show a difference."""


def shrink(items, is_bad):
    """A sublist of `items` for which is_bad() holds and from which no single item can be left out."""
    chunk = len(items) // 2
    while chunk:
        at = 0
        while at < len(items):
            rest = items[:at] + items[at + chunk:]
            if rest and is_bad(rest):
                items = rest
            else:
                at += chunk
        chunk = chunk // 2 if chunk > 1 or len(items) == 1 else 0
    return items if len(items) == 1 else once_more(items, is_bad)


def once_more(items, is_bad):
    for at in range(len(items)):
        rest = items[:at] + items[at + 1:]
        if rest and is_bad(rest):
            return once_more(rest, is_bad)
    return items
