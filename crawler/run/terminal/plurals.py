"""Numbers with their nouns, in the number that goes with them."""

from __future__ import annotations

import re

_SIBILANT = re.compile(r"(?:s|x|ch|sh)\Z")
_CONSONANT_Y = re.compile(r"(?<![aeiou])y\Z")


def counted(number: int, noun: str) -> str:
    """Say "1 copy", "0 addresses", "1,234 raw pages"; `noun` is one of them."""
    return f"{number:,} {noun if number == 1 else _plural(noun)}"


def they_are(number: int, noun: str) -> str:
    """Say "1 entry is", "2 entries are"."""
    return f"{counted(number, noun)} {'is' if number == 1 else 'are'}"


def _plural(noun: str) -> str:
    if _SIBILANT.search(noun):
        return f"{noun}es"
    several, found = _CONSONANT_Y.subn("ies", noun)
    return several if found else f"{noun}s"
