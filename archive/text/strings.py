"""Strings that SQLite keeps whole, and that command nobody who shows them."""

from __future__ import annotations

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL ends SQL's length(); a surrogate can't encode


def is_storable(text: str) -> bool:
    return _UNSTORABLE.search(text) is None


def storable(text: str) -> str:
    """Return the text without NUL characters and lone surrogates."""
    return _UNSTORABLE.sub("", text)


# C0 and C1 controls, DEL, and the signs that embed, override or isolate a direction of writing: a
# terminal, an editor or a page obeys these instead of showing them. Marks of direction (U+200E,
# U+200F) stay: Arabic and Hebrew are written with them, and they turn nothing round.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BLANKS = re.compile("[\x0b\x0c\x1c-\x1f\x85]|\r\n?")  # controls that part words or lines


def has_commands(text: str) -> bool:
    return _COMMANDS.search(text) is not None


def without_commands(text: str) -> str:
    """Return the text without control characters (but tab and newline) and bidirectional overrides;
    what parts words or lines is a blank or a newline."""
    if not has_commands(text):
        return text
    return _COMMANDS.sub("", _BLANKS.sub(_blank, text))


def _blank(found: re.Match[str]) -> str:
    return "\n" if found[0].startswith("\r") else " "
