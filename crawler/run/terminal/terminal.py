"""The terminal: consoles that print what they are given, and text that can't command them."""

from __future__ import annotations

import re
import sys

from rich.console import Console

# C0 and C1 controls (but tab and newline) and the bidirectional overrides: a hostile title
# could else move the cursor, recolour the screen or show itself in another order; half a
# surrogate ends the print with a traceback
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_PIPE_WIDTH = 10_000  # columns; a pipe has no edge, and rich would fold its lines at 80


def printable(text: str) -> str:
    """Replace what a terminal would obey instead of showing."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


def printable_line(text: str) -> str:
    """Make `printable` text of one line."""
    return printable(" ".join(text.split()))


def make_console(*, stderr: bool = False) -> Console:
    """Give a console that takes titles literally: no markup, no emoji codes, no highlighting."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(
        stderr=stderr,
        markup=False,
        emoji=False,
        highlight=False,
        width=None if stream.isatty() else _PIPE_WIDTH,
    )
