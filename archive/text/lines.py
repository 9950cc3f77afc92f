"""By what a line of a text is known again, whoever asks: learned lines, headlines, names."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LETTERS = re.compile(r"[^\W_]+")
_TYPOGRAPHY = "\u2019\u201c\u201d\u2013\u2018\u2014\u2026\u00a0"  # most English lines: and ASCII
_ASCII_SMALL = bytes(range(256)).lower()
_ASCII_OTHERS = bytes(sign for sign in range(128) if not chr(sign).isalnum())
_IMAGE = re.compile(r"https?:(//\S+)")


def letters(text: str) -> str:
    """Reduce a line to its letters and digits, in one case: what two headlines are compared by."""
    if not text.isascii():
        for sign in _TYPOGRAPHY:
            if sign in text:
                text = text.replace(sign, "")
    if text.isascii():  # in a sixth of the time
        return text.encode().translate(_ASCII_SMALL, _ASCII_OTHERS).decode()
    return "".join(_LETTERS.findall(text)).casefold()


def letters_of(lines: Iterable[str]) -> list[str]:
    """Reduce each line to its `letters`."""
    return [
        line.encode().translate(_ASCII_SMALL, _ASCII_OTHERS).decode()  # as `letters`, uncalled
        if line.isascii()
        else letters(line)
        for line in lines
    ]


def image_key(line: str) -> str:
    """Give an image's address without its scheme; '' for a line that is no address."""
    match = _IMAGE.fullmatch(line)
    return match[1] if match else ""


def line_key(line: str) -> str:
    """Give what a learned line is known by: an image by its address, a line by its letters."""
    return image_key(line) or letters(line)
