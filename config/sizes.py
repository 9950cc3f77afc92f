"""Sizes as people write them: "500MB"."""

from __future__ import annotations

import re

_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(B|kB|MB|GB|TB)")
_BYTES = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


def parse_size(text: object) -> int:
    """Read "500MB", "1GB" or "0B" as bytes; anything else is a ValueError."""
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    match = _SIZE.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError('a size is a number and a unit, such as "500MB" or "1GB"')
    return int(float(match[1]) * _BYTES[match[2]])
