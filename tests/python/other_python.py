"""For tests whose packages are too large to be installed for them."""
import os
import sys

SKIPPED = 77


def go_on_in(variable, packages, **more):
    """Goes on in the Python that the environment variable names, or skips."""
    other = os.environ.get(variable)
    if not other:
        print(f'skipped: {variable} names no Python that has {packages}')
        sys.exit(SKIPPED)
    if 'FLOWGAUGE_IN_OTHER_PYTHON' not in os.environ:
        os.execve(other, [other, *sys.argv], {**os.environ, 'FLOWGAUGE_IN_OTHER_PYTHON': '1', **more})
