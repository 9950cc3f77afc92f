"""Whether marks and capitals alone change what is said. Pure.

Most do not: a comma, a full stop, a hyphen in a compound. These do, by their form: a question that
is none any more, words no longer quoted, 不，涨价 and 不涨价, 1-3月 and 1、3月, 妻子李某 and
妻子、李某, 300-year-old and 300 year-old, us and US. What no form tells (man eating, man-eating; an
apposition's comma) is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.articles.tokens import Token, listed, spelled, tokens

_NUMERALS = frozenset(listed("numerals"))
_NEGATIONS = frozenset(listed("negations"))
_QUESTION = re.compile(r"\?+(?![A-Za-z0-9])")  # it?s is a broken apostrophe
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』＂", '"'))
_SINGLE_QUOTED = re.compile(r"(?<!\w)'((?:[^'\n]|(?<=\w)'(?=\w))+)'(?!\w)")
_BESIDE_THE_POINT = re.compile(r"[^\S\n]+|[\"“”„«»「」『』'()\[\]《》-]+")
_DASHES = str.maketrans("—~", "--")


def ask_or_quote_otherwise(old: str, new: str) -> bool:
    """Tell whether two plain texts differ by a question, or by something that one of them quotes.

    A quotation mark that has no other is a slip: nothing can be said of what it quotes.
    """
    if len(_QUESTION.findall(old)) != len(_QUESTION.findall(new)):
        return True
    was, now = _quoted(old), _quoted(new)
    return was is not None and now is not None and len(was) != len(now)


def quote_other_words(old: str, new: str) -> bool:
    """Tell whether other words are quoted, for two plain texts that have the same words."""
    was, now = _quoted(old), _quoted(new)
    if was is None or now is None:
        return False
    return any(
        spelled(tokens(one)) != spelled(tokens(other)) for one, other in zip(was, now, strict=True)
    )


def say_otherwise(
    went: Sequence[Token], came: Sequence[Token], same: Iterator[tuple[int, int, int]]
) -> bool:
    """Tell whether words both have are said otherwise by capitals, or by the marks between.

    `same`: where the one and the other have as many words alike.
    """
    for old, new, size in same:
        was, now = went[old : old + size], came[new : new + size]
        if any(map(_becomes_acronym, was, now)) or _parts_otherwise(was, now):
            return True
    return False


def _quoted(text: str) -> list[str] | None:
    parts = _SINGLE_QUOTED.sub(r'"\1"', text.translate(_QUOTES)).split('"')
    return parts[1::2] if len(parts) % 2 else None


def _becomes_acronym(was: Token, now: Token) -> bool:
    lower, upper = sorted((was.written, now.written), key=str.isupper)
    return lower.islower() and upper.isupper() and len(upper) > 1


def _parts_otherwise(was: Sequence[Token], now: Sequence[Token]) -> bool:
    hyphens: list[tuple[bool, bool]] = []
    numbers = False
    for at in range(len(was) - 1):
        old, new, following = was[at].after, now[at].after, was[at + 1].key
        if old != new and _means_another(was[at].key, old, new, following):
            return True
        hyphens.append((old == "-", new == "-"))
        numbers = numbers or _is_number(was[at].key)
        if not any(hyphens[-1]):
            hyphens, numbers = [], False
        elif numbers and _hyphens_moved(hyphens):
            return True
    return False


def _means_another(key: str, old: str, new: str, following: str) -> bool:
    """Tell whether it matters what stands between a word and the following one."""
    if {old.strip(), new.strip()} == {"", "、"}:
        return True  # one person, or two
    if _is_number(key) and _is_number(following):
        return _between_numbers(old, key) != _between_numbers(new, key)
    marks = _BESIDE_THE_POINT.sub("", old), _BESIDE_THE_POINT.sub("", new)
    return key in _NEGATIONS and not _is_number(following) and bool(marks[0]) != bool(marks[1])


def _between_numbers(marks: str, number: str) -> str:
    between = marks.translate(_DASHES).strip()
    return between if number[0].isdigit() else between.strip("-")  # twenty four, twenty-four


def _hyphens_moved(hyphens: list[tuple[bool, bool]]) -> bool:
    """Tell whether both have a hyphen, but not at the same places."""
    before, after = zip(*hyphens, strict=True)
    return any(before) and any(after) and before != after


def _is_number(key: str) -> bool:
    return key[0].isdigit() or key in _NUMERALS
