"""The screen of `flowgauge configure` in a window of tmux: what shows it, and keys that lead to a line of it."""
TITLE = " flowgauge configure  "
KEYS = "? help  q quit"


def has_editor(lines):
    return lines[0].startswith(TITLE) and KEYS in lines[-1]


def has_no_editor(lines):
    return not any(TITLE in line or KEYS in line for line in lines)


def _chosen(lines):
    """The section that is shown; none where the screen shows a part of what is being drawn."""
    return next((line[2:17].strip() for line in lines if line.startswith(">")), None)


def _wait_for_section(window, before):
    return _chosen(window.wait_for(lambda lines: has_editor(lines) and _chosen(lines) not in (None, before), f"a section that is not {before}"))


def go_to(window, section):
    """A Tab each time the section that is shown is another one than before."""
    shown = _wait_for_section(window, None)
    while shown != section:
        window.press("Tab")
        shown = _wait_for_section(window, shown)


def choose(window, section, line):
    """Puts the cursor on the line of the section."""
    go_to(window, section)
    window.type("/")
    window.press("C-u")
    window.type(line)
    window.press("Enter")
    window.wait_for(lambda lines: any(shown[17:].startswith(">") and line in shown for shown in lines), line)


def type_value(window, section, line, text):
    choose(window, section, line)
    window.press("Enter", "C-u")
    window.type(text)
    window.press("Enter")
