"""Chinese numerals in dates: 二〇二六年十一月二十九日."""

from __future__ import annotations

import re
from collections.abc import Sequence

_DIGITS = {char: str(value % 10) for value, char in enumerate("〇一二三四五六七八九零")} | {
    "○": "0"
}
_TENS = {"十": 1, "廿": 2, "卅": 3}
_NUMERAL = re.compile(
    r"[〇○零一二三四五六七八九]{4}(?=\s*年)|[〇零一二三四五六七八九十廿卅]{1,3}(?=\s*[月日号號时時点點分秒])"
)


def in_digits(text: str) -> tuple[str, Sequence[int]]:
    """Write the numerals of dates in digits; with the place in the text that each character had.

    There is one place more than characters: the text's end.
    """
    if text.isascii() or "月" not in text or not _NUMERAL.search(text):
        return text, range(len(text) + 1)
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for found in _NUMERAL.finditer(text):
        pieces += (text[at : found.start()], digits := _digits(found[0]))
        places += (*range(at, found.start()), *(found.start() for _ in digits))
        at = found.end()
    return "".join((*pieces, text[at:])), [*places, *range(at, len(text) + 1)]


def _digits(numeral: str) -> str:
    """二十九 is 29, 十 is 10, 二〇二六 is 2026."""
    tens, ten, ones = next((numeral.partition(c) for c in numeral if c in _TENS), ("", "", numeral))
    written = "".join(_DIGITS.get(char, "") for char in ones)
    if not ten:
        return written
    factor = int(_DIGITS.get(tens[:1], "1")) * _TENS[ten]
    return str(10 * factor + int(written or 0))
