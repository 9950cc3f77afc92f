"""Where in an article the words of a query stand, and the part of its text that shows them.

FTS5's own snippet() would show the folded text, and segments the whole article anew for each hit:
2.3 ms against 0.4. The rules here are those of its tokenizer, unicode61 without diacritics.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import islice, pairwise

from archive.search.folding import CJK_CHARACTER, Forms, fold
from archive.search.query import Field, Word
from archive.text.han import CJK

BEFORE_CHARS = 30  # of what leads to the first word that is shown
_NEAR_CHARS = 40  # what a snippet shows in any language
MAX_MATCHES = 500  # in one text: a letter searched for in a long one
_WEIGHT = 240  # of a snippet: that many Latin letters, or a fifth of it in Chinese characters
_CJK_WEIGHT = 5
# Letters and digits that have no word of their own, after `bare`: Latin to Ethiopic. The whole of
# Unicode's would take 4 ms a word to compile.
_LATIN = "[0-9a-z\u00df-\u1fff]"
_TOKEN = re.compile(f"[{CJK}]|{_LATIN}+")
_RUN = re.compile(f"[{CJK}]+|[^{CJK}]+")

Places = tuple[tuple[int, int], ...]


class _Bare(Forms):
    """Each character folded, in lower case and without its accent, as one character."""

    def form_of(self, code: int) -> str:
        char = fold(chr(code))
        bare = char if CJK_CHARACTER.match(char) else unicodedata.normalize("NFD", char)[0].lower()
        return bare if len(bare) == 1 else char


_BARE = _Bare()


def snippet(words: Iterable[Word], title: str, text: str) -> tuple[Places, str, Places]:
    """Give the places of the words in the title, a part of the text, and the places in that."""
    wanted = list(words)
    in_title = find_words([w for w in wanted if w.column is not Field.TEXT], title)
    in_text = find_words([w for w in wanted if w.column is not Field.TITLE], text)
    start = _best_start(text, in_text)
    end = _end(text, start)
    before, after = "…" * (start > 0), "…" * (end < len(text))
    shift = len(before) - start
    shown = tuple((a + shift, b + shift) for _, a, b in in_text if a >= start and b <= end)
    return tuple((a, b) for _, a, b in in_title), before + text[start:end] + after, shown


def find_words(words: list[Word], text: str) -> list[tuple[int, int, int]]:
    """Find (number of the word, start, end) from left to right; none overlaps another."""
    patterns = [pattern for word in words if (pattern := _pattern(word))]
    if not patterns:
        return []
    either = re.compile("|".join(f"({pattern})" for pattern in patterns))
    found = islice(either.finditer(bare(text)), MAX_MATCHES)
    return [(match.lastindex or 0, match.start(), match.end()) for match in found]


def bare(text: str) -> str:
    """Give the text as words are compared, equally long."""
    return text.translate(_BARE)


def _pattern(word: Word) -> str:
    tokens = _TOKEN.findall(bare(word.words))
    if not tokens:
        return ""
    parts = [rf"(?<!{_LATIN})" * _is_latin(tokens[0]), re.escape(tokens[0])]
    for previous, token in pairwise(tokens):
        apart = _is_latin(previous) and _is_latin(token)
        parts += [r"[\W_]" + ("+" if apart else "*"), re.escape(token)]
    if _is_latin(tokens[-1]):
        parts.append(f"{_LATIN}*" if word.prefix else f"(?!{_LATIN})")
    return "".join(parts)


def _is_latin(token: str) -> bool:
    return CJK_CHARACTER.match(token) is None


def _best_start(text: str, found: list[tuple[int, int, int]]) -> int:
    """Begin where the most different words stand close together, at a sentence if one is near."""
    best, most = 0, 0
    for at, (_, start, _) in enumerate(found):
        near = {number for number, a, _ in found[at : at + 50] if a < start + _NEAR_CHARS}
        if len(near) > most:
            best, most = start, len(near)
    if best <= BEFORE_CHARS:
        return 0
    lead = text[best - BEFORE_CHARS : best]
    border = max(lead.rfind(sign) for sign in "。！？\n") + 1 or lead.find(" ") + 1
    return best - BEFORE_CHARS + border


def _end(text: str, start: int) -> int:
    left = _WEIGHT
    for run in _RUN.finditer(text, start, start + _WEIGHT):
        each = _CJK_WEIGHT if CJK_CHARACTER.match(run[0]) else 1
        left -= each * len(run[0])
        if left < 0:
            return run.end() + left // each  # as many characters less as weigh too much
    return min(start + _WEIGHT, len(text))
