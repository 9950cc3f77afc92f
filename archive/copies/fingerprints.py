"""Near copies by their words: a small fingerprint finds the candidates, the texts decide.

One-permutation MinHash with 36 values in 12 bands of 3 over shingles of 3 tokens; then the texts
themselves are compared. A fingerprint is stored, so that its hash (CRC-32) must never change.
Measured in docs/decisions/copies.md.
"""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import blake2b
from operator import eq
from typing import Literal

from archive.search.folding import ASCII, Forms, fold
from archive.text.han import CJK

MAX_CHARS = 20_000  # of a text; what follows would cost time and decide nothing
MIN_TOKENS = 30  # a shorter text may honestly recur: "Markets are closed today."
SAME = 0.4  # Jaccard of 5-token shingles from which two texts are copies
EXCERPT = 0.85  # share of the shorter text's shingles in the longer one
SAME_HERE, EXCERPT_HERE = 0.8, 0.95  # of one outlet: there texts have its own lines in common
EXCERPT_SHINGLES = 60  # of the shorter text: two sentences are no excerpt but a quotation
COVERED = 0.8  # of one text's tokens, by what both have: else both tell a lot that is their own
LEAST_COMMON = 5  # of 36 values; an excerpt of two fifths has 11 in common with its text
NUMBERS = 0.7  # share of one text's numbers that the other has, too

_CJK = re.compile(f"[{CJK}]")
_ASCII_TOKENS = re.compile(r"[a-z]+|[0-9]+(?:[.,:][0-9]+)*")
_OTHER_TOKENS = re.compile(r"[^\W\d_]+|\d+(?:[.,:]\d+)*")
_TOKENS = re.compile(f"([{CJK}]+)|(\\d+(?:[.,:]\\d+)*|[^\\W\\d_{CJK}]+)")
_CJK_RUN = re.compile(f"[{CJK}]{{2,}}")
_CAPITALISED = re.compile(r"\b[A-Z][A-Za-z]{2,}")
_DAY_ZH = re.compile(r"(?<!\d)(1?\d)月([1-3]?\d)[日号]")
_MONTH = (
    "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY_EN = re.compile(
    rf"\b(?:{_MONTH}\.? ([1-3]?\d)(?![\d:])|([1-3]?\d) {_MONTH})\b",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_VALUES, BANDS, _ROWS, _SHINGLE = 36, 12, 3, 3
_WINDOW = 5  # tokens of a shingle that is compared
_EMPTY = 1 << 32
_BAND = struct.Struct(f"<B{_ROWS}I")
_FORMAT = struct.Struct(f"<{_VALUES}I")

Likeness = Literal["copy", "sibling", "other"]
Name = tuple[str, ...]  # two characters, or one Latin word


@dataclass(frozen=True)
class Words:
    """A text as it is compared. What costs time is computed when it is first asked for."""

    tokens: tuple[str, ...]
    title: str = field(default="", repr=False)
    text: str = field(default="", repr=False)  # folded, its case kept
    outlet: str = ""

    @classmethod
    @lru_cache(
        maxsize=32
    )  # the stories of the hour are compared again and again; 3 MB at most each
    def of(cls, text: str, title: str = "", outlet: str = "") -> Words:
        folded = fold(text[:MAX_CHARS])
        return cls(tuple(_tokens(folded.casefold())), title, folded, outlet)

    @property
    def enough(self) -> bool:
        return len(self.tokens) >= MIN_TOKENS

    @cached_property
    def fingerprint(self) -> str:
        """The stored form, 192 characters; '' for a text too short to be compared."""
        if not self.enough:
            return ""
        return base64.b64encode(_FORMAT.pack(*_minima(self.tokens))).decode("ascii")

    @cached_property
    def shingles(self) -> set[int]:
        """Hashes of every five tokens in a row."""
        return set(self._in_order)

    @cached_property
    def _in_order(self) -> list[int]:
        shifted = (self.tokens[place:] for place in range(_WINDOW))
        return list(map(hash, zip(*shifted, strict=False))) or [hash(self.tokens)]

    def covered(self, common: set[int]) -> float:
        """The share of tokens that stand in a shingle of `common`; their order doesn't count."""
        # a byte for each place, all shifted at once: many times faster than a loop over them
        starts = int.from_bytes(bytes(map(common.__contains__, self._in_order)), "little")
        tokens = starts
        for place in range(1, _WINDOW):
            tokens |= starts << 8 * place
        return tokens.bit_count() / max(len(self.tokens), _WINDOW)

    @cached_property
    def numbers(self) -> Counter[str]:
        return Counter(t.replace(",", "") for t in self.tokens if t[0].isdigit())

    @cached_property
    def days(self) -> set[tuple[int, int]]:
        """The days that the text names, as (month, day): `12月9日`, `December 9`, `9 Dec`."""
        found = {(int(month), int(day)) for month, day in _DAY_ZH.findall(self.text)}
        for after, day, day_before, before in _DAY_EN.findall(self.text):
            month = (after or before)[:3].lower()
            found.add((_MONTHS.index(month) + 1, int(day or day_before)))
        return found

    @cached_property
    def names(self) -> set[Name]:
        """What the text is about: named in its title and at least twice below, not the outlet's."""
        found: set[Name] = {
            (run[at], run[at + 1])
            for run in _CJK_RUN.findall(fold(self.title))
            for at in range(len(run) - 1)
            if self._lower.count(run[at : at + 2]) >= 2
        }
        found |= {
            (word.casefold(),)
            for word in _CAPITALISED.findall(self.title)
            if self.text.count(word.capitalize()) + self.text.count(word.upper()) >= 2
            and not re.search(rf"\b{word.lower()}\b", self.text)
        }
        outlet = fold(self.outlet).casefold()
        return {name for name in found if "".join(name) not in outlet}

    @cached_property
    def _lower(self) -> str:
        return self.text.casefold()

    def tells_of(self, name: Name) -> bool:
        spelled = "".join(name)
        return spelled in self._lower or spelled in fold(self.title).casefold()


@lru_cache(maxsize=8)  # a new article's are looked for, then stored
def bands(stored: str) -> tuple[int, ...]:
    """Give the 12 numbers of which near copies share one at least; none for ''."""
    if not stored:
        return ()
    values = _values(stored)
    digests = (
        blake2b(_BAND.pack(number, *values[number * _ROWS :][:_ROWS]), digest_size=8).digest()
        for number in range(BANDS)
    )
    return tuple(int.from_bytes(d, "little") >> 2 for d in digests)  # positive for SQLite


def may_be_near(one: str, other: str) -> bool:
    """Tell from two stored fingerprints whether their texts need to be compared at all."""
    common: int = sum(map(eq, _values(one), _values(other)))
    return common >= LEAST_COMMON


def likeness(one: Words, other: Words) -> tuple[Likeness, float]:
    """Judge two texts: a copy (or an excerpt of some length), a sibling (the same template with
    other numbers, another day or another name: a daily wrap, a filing), or another text. The score
    is the Jaccard index, for an excerpt the share of it that the longer text has.
    """
    common = one.shingles & other.shingles
    if not common:
        return "other", 0.0
    here = one.outlet != "" and one.outlet == other.outlet
    same, excerpt = (SAME_HERE, EXCERPT_HERE) if here else (SAME, EXCERPT)
    shorter = min(len(one.shingles), len(other.shingles))
    jaccard = len(common) / (len(one.shingles) + len(other.shingles) - len(common))
    contained = len(common) / shorter
    if jaccard >= same and max(one.covered(common), other.covered(common)) >= COVERED:
        return ("sibling" if _facts_differ(one, other) else "copy"), jaccard
    if contained >= excerpt and shorter >= EXCERPT_SHINGLES and not _facts_differ(one, other):
        return "copy", contained
    return "other", jaccard


def _facts_differ(one: Words, other: Words) -> bool:
    """Tell whether two texts say the like of something else."""
    if _shared_numbers(one.numbers, other.numbers) < NUMBERS:
        return True
    if one.days and other.days and not one.days & other.days:
        return True
    return any(not other.tells_of(name) for name in one.names) and any(
        not one.tells_of(name) for name in other.names
    )


def _shared_numbers(one: Counter[str], other: Counter[str]) -> float:
    """The share of the numbers of the text with fewer that the other has, too; 1 without any."""
    fewer = min(one.total(), other.total())
    return (one & other).total() / fewer if fewer else 1.0


def _tokens(folded: str) -> list[str]:
    """A CJK character each, numbers, words; of the folded text in lower case."""
    if _CJK.search(folded) is None:
        spaced = folded.translate(_SPACES)
        return (_ASCII_TOKENS if spaced.isascii() else _OTHER_TOKENS).findall(spaced)
    found: list[str] = []
    for run, word in _TOKENS.findall(folded):
        if run:
            found.extend(run)
        else:
            found.append(word)
    return found


class _Spaces(Forms):
    """A space for all that is no part of a word: without its quotes English is ASCII as a rule,
    which is read three times as fast."""

    def form_of(self, code: int) -> int | str:
        return code if _PART_OF_WORD.match(chr(code)) else " "


_PART_OF_WORD = re.compile(r"\w")
_SPACES = _Spaces(zip(ASCII, ASCII, strict=True))


@lru_cache(maxsize=4)  # a new one's is compared with that of each candidate
def _values(stored: str) -> tuple[int, ...]:
    return _FORMAT.unpack(base64.b64decode(stored))


def _minima(tokens: Sequence[str]) -> list[int]:
    """The least hash of each of 36 parts of the hash space (one-permutation hashing)."""
    least = [_EMPTY] * _VALUES
    missing = _VALUES
    for value in sorted(_shingle_hashes(tokens)):
        part = value % _VALUES
        if least[part] == _EMPTY:  # the first of a part is its least
            least[part] = value
            missing -= 1
            if not missing:
                return least
    return _without_gaps(least)


def _shingle_hashes(tokens: Sequence[str]) -> set[int]:
    """Hash every three tokens in a row; a CRC goes on where that of the tokens before it ended."""
    words = " ".join(tokens).encode().split(b" ")
    crcs = map(zlib.crc32, words)
    for shift in range(1, _SHINGLE):
        crcs = map(zlib.crc32, words[shift:], crcs)
    return set(crcs)


def _without_gaps(least: list[int]) -> list[int]:
    """Fill parts that no shingle of a short text fell into from the next ones (densification)."""

    filled: list[int] = []
    for part in range(_VALUES):
        distance = 0
        while least[(part + distance) % _VALUES] == _EMPTY:
            distance += 1
        value = least[(part + distance) % _VALUES] + distance * 0x9E3779B1
        filled.append(value & 0xFFFFFFFF)
    return filled
