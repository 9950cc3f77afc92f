"""A pager on a terminal, for what may be longer than the screen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

_LESS = "FRX"  # end at once when all fits, show colours, leave the text on the screen


@contextmanager
def paged(console: Console) -> Iterator[None]:
    """Show what is printed inside by $PAGER, else by less; elsewhere than on a terminal print it.

    Colours go to less alone: others would show their codes.
    """
    if not console.is_terminal:
        yield
        return
    os.environ.setdefault("LESS", _LESS)
    coloured = "less" in os.environ.get("PAGER", "less") and not console.no_color
    with console.pager(styles=coloured):
        yield
