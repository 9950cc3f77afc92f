"""Strings that SQLite keeps whole."""

from __future__ import annotations

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL ends SQL's length(); a surrogate can't encode


def is_storable(text: str) -> bool:
    return _UNSTORABLE.search(text) is None


def storable(text: str) -> str:
    """Return the text without NUL characters and lone surrogates."""
    return _UNSTORABLE.sub("", text)
