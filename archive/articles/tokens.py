"""A text as its wording is compared: words, Han characters, numbers, the marks between. Pure."""

from __future__ import annotations

import importlib.resources
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from archive.search.folding import fold as fold_characters
from archive.text.han import HAN

_MARKS = str.maketrans("‘’‚‐‑‒–−", "'''-----")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_TOKEN = re.compile(
    rf"[{HAN}]|(?<![0-9A-Za-z])[-+]?\d+(?:[.,:/]\d+)*|\b[A-Z]{{1,3}}[-+](?![-+\w])"
    rf"|[^\W\d_{HAN}]+(?:'[^\W\d_{HAN}]+)*|\d+|[%‰°$€£¥₩₹]"
)


class Token(NamedTuple):
    """A word, a Han character or a number: as it is compared, as written, and what follows it."""

    key: str
    written: str
    after: str  # marks and blanks up to the next one


def tokens(text: str) -> list[Token]:
    """Part a plain text."""
    found = list(_TOKEN.finditer(text))
    starts = [*(token.start() for token in found[1:]), len(text)]
    return [
        Token(token[0].casefold(), token[0], text[token.end() : start])
        for token, start in zip(found, starts, strict=False)
    ]


def spelled(parted: Sequence[Token]) -> tuple[str, ...]:
    """Give what is compared of each."""
    return tuple(token.key for token in parted)


def plain(text: str) -> str:
    """Undo width, typographic marks, traditional characters and separators of thousands."""
    marked = _INVISIBLE.sub("", text.translate(_MARKS))
    return _THOUSANDS.sub("", fold_characters(unicodedata.normalize("NFKC", marked)))


def listed(kind: str) -> list[str]:
    """Give what wording.txt lists of a kind of words."""
    return _known_words()[kind]


@cache
def _known_words() -> dict[str, list[str]]:
    table = importlib.resources.files("archive.articles") / "wording.txt"
    words: dict[str, list[str]] = {}
    for line in table.read_text("utf-8").splitlines():
        kind, _, of_that_kind = line.partition(": ")
        if of_that_kind and not line.startswith("#"):
            words.setdefault(kind, []).extend(of_that_kind.split())
    return words
