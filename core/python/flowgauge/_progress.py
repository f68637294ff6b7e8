"""A bar on a terminal or in a notebook: by tqdm where that is installed, else a line on standard error."""
from __future__ import annotations

import sys


class Bar:
    def __init__(self):
        try:
            from tqdm.auto import tqdm
        except ImportError:
            tqdm = None
        self._tqdm, self._bar = tqdm, None

    def __call__(self, progress) -> None:
        if self._tqdm is None:
            share = f'{100 * progress.done_bytes // progress.total_bytes:3d} % ' if progress.total_bytes else ''
            print(f'\r{share}{progress.frames} frames, {progress.rows} rows', end='\n' if progress.is_last else '',
                  file=sys.stderr, flush=True)
            return
        if self._bar is None:
            self._bar = self._tqdm(total=progress.total_bytes or None, unit='B', unit_scale=True)
        self._bar.update(progress.done_bytes - self._bar.n)
        self._bar.set_postfix(rows=progress.rows)
        if progress.is_last:
            self._bar.close()
