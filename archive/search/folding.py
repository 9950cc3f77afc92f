"""The one form under which search knows a character: 鄭 is 郑, Ａ is A.

A character becomes one character, so that a place in the folded text is the same place in the
original. The index folds in plain SQL by the table `_fold` (archive.search.index_schema), a query
by `fold`; both come from traditional.txt.
"""

from __future__ import annotations

import importlib.resources
import re

from archive.text.han import CJK

CJK_CHARACTER = re.compile(f"([{CJK}])")
_SPACED = re.compile(f" ?{CJK_CHARACTER.pattern} ?")
ASCII = range(128)  # code points that no folding changes
_FULL_WIDTH = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}


def _simplified() -> dict[int, int]:
    """Read the table: traditional or variant character to its simplified one, as code points."""
    table = importlib.resources.files("archive.search") / "traditional.txt"
    lines = (line for line in table.read_text("utf-8").splitlines() if line[0] != "#")
    return {ord(variant): ord(line[0]) for line in lines for variant in line[1:]}


class Forms(dict[int, int | str]):
    """What str.translate() puts for each character, found when it is first met: a table that lacks
    most of a text's characters costs twice as much."""

    def __missing__(self, code: int) -> int | str:
        form = self.form_of(code)
        if code < 0x10000:  # some MB at most
            self[code] = form
        return form

    def form_of(self, code: int) -> int | str:
        return _FOLDED.get(code, code)


SIMPLIFIED = _simplified()
_FOLDED: dict[int, int] = SIMPLIFIED | _FULL_WIDTH  # by code point
_FORMS = Forms(zip(ASCII, ASCII, strict=True))


def fold(text: str) -> str:
    """Give the text with simplified characters and ASCII letters and digits, equally long."""
    return text.translate(_FORMS)


def words_of(text: str) -> str:
    """Give the folded text as the index has its words: a space round every CJK character."""
    return " ".join(CJK_CHARACTER.sub(r" \1 ", fold(text)).split())


def unspaced(words: str) -> str:
    """Give the words of a phrase as people write them: no blank beside a CJK character."""
    return _SPACED.sub(r"\1", words)
