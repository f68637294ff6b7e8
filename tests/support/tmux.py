"""A real terminal for tests: a shell in a window of tmux, in which a test types and whose screen it reads."""
import itertools
import shutil
import subprocess
import time

IS_THERE = shutil.which("tmux") is not None
NUMBERS = itertools.count(1)  # of windows
LIMIT_SECONDS = 120   # only what hangs comes near it
LOOK_SECONDS = 0.05  # between two looks at the screen


class Window:
    """Its shell's prompt is "$ "."""

    def __init__(self, folder, columns=80, rows=24, environment=()):
        """`environment` is that of the shell, beside ours."""
        self.socket = str(folder / f"tmux{next(NUMBERS)}.socket")
        variables = {"LANG": "C.UTF-8", **dict(environment)}
        self._run("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(folder),
                  *(f"-e{name}={value}" for name, value in variables.items()), "bash --norc --noprofile")
        self.wait_for(lambda lines: lines[0] != "", "the shell")
        self.enter("PS1='$ '; clear")
        self.wait_for(lambda lines: lines[0].startswith("$"), "the shell's prompt")

    def _run(self, *words):
        return subprocess.run(["tmux", "-u", "-S", self.socket, *words], check=True, capture_output=True, text=True,
                              timeout=LIMIT_SECONDS).stdout

    def close(self):
        self._run("kill-session")

    def type(self, text):
        """As it is, without Enter."""
        self._run("send-keys", "-l", text)

    def press(self, *keys):
        """Names of keys as tmux has them: Enter, C-c, Escape."""
        self._run("send-keys", *keys)

    def enter(self, line):
        self.type(line)
        self.press("Enter")

    def resize(self, columns, rows):
        self._run("resize-window", "-x", str(columns), "-y", str(rows))

    def screen(self):
        """The lines that are shown, as many as the window has rows."""
        return self._run("capture-pane", "-p").split("\n")[:-1]

    def styled_screen(self):
        return self._run("capture-pane", "-p", "-e", "-N")  # with the ends of coloured lines

    def wait_for(self, condition, what, meanwhile=lambda: None):
        """
        Until the screen's lines meet the condition: they are returned. `meanwhile` is done again and again.

        A first look may meet a part of what is being drawn: only what a second look shows too is believed.
        """
        deadline = time.monotonic() + LIMIT_SECONDS
        while not condition(lines := self.screen()) or lines != self.screen():
            if time.monotonic() > deadline:
                raise AssertionError(f"{what}: never on the screen:\n" + "\n".join(lines))
            meanwhile()
            time.sleep(LOOK_SECONDS)
        return lines

    def wait_for_text(self, text):
        return self.wait_for(lambda lines: any(text in line for line in lines), text)
