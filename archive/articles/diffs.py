"""What changed between two versions: in words, where they are written apart, else characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from diff_match_patch import diff_match_patch

from archive.text.han import CJK

Kind = Literal["same", "deleted", "inserted"]
TIMEOUT_S = 1.0  # after which a difference is coarser than it could be
AROUND = 60  # characters of unchanged text that are shown beside a change

LONG_WORD = 30  # letters: a longer one is cut

_GAP = " … "
_LETTER = re.compile(rf"[^\W{CJK}]")
_WORD_GOES_ON = re.compile(rf"[^\W{CJK}]{{1,{LONG_WORD}}}(?![^\W{CJK}])")
_TOKEN = re.compile(rf"[{CJK}]|[^\W{CJK}]+|\s+|[^\w\s]")
_KINDS: dict[int, Kind] = {0: "same", -1: "deleted", 1: "inserted"}
_FIRST = 0xE000  # code points that stand for tokens: private use, then the upper planes


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, went or came."""

    kind: Kind
    text: str


def diff(old: str, new: str) -> list[Piece]:
    """Give the pieces: `same` and `deleted` make up `old`, `same` and `inserted` make up `new`."""
    numbers: dict[str, str] = {}
    engine = diff_match_patch()
    engine.Diff_Timeout = TIMEOUT_S
    found = engine.diff_main(_numbered(old, numbers), _numbered(new, numbers), False)
    engine.diff_cleanupSemantic(found)
    tokens = {code: token for token, code in numbers.items()}
    return [Piece(_KINDS[kind], "".join(tokens[code] for code in codes)) for kind, codes in found]


def elided(pieces: Sequence[Piece], around: int = AROUND) -> Iterator[Piece]:
    """Cut long unchanged stretches down to what stands beside a change, in whole words."""
    last = len(pieces) - 1
    for place, piece in enumerate(pieces):
        before, after = around * (place > 0), around * (place < last)
        if piece.kind != "same" or len(piece.text) <= before + after + len(_GAP):
            yield piece
        elif before or after:
            head = piece.text[: _end_of_word(piece.text, before)]
            tail = piece.text[_start_of_word(piece.text, len(piece.text) - after) :]
            whole = len(head) + len(tail) + len(_GAP) >= len(piece.text)
            yield piece if whole else Piece("same", f"{head}{_GAP}{tail}")


def _end_of_word(text: str, place: int) -> int:
    """Give the end of the word that a place lies in, if it is near; else the place."""
    found = _WORD_GOES_ON.match(text, place) if place and _LETTER.match(text, place - 1) else None
    return found.end() if found else place


def _start_of_word(text: str, place: int) -> int:
    start = place
    while place - start < LONG_WORD and 0 < start < len(text) and _LETTER.match(text, start):
        if not _LETTER.match(text, start - 1):
            return start
        start -= 1
    return place


def in_brackets(pieces: Sequence[Piece]) -> str:
    """Write a difference as plain text: `[-what went-]{+what came+}`."""
    marks: dict[Kind, str] = {"same": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces)


def _numbered(text: str, numbers: dict[str, str]) -> str:
    """Let one character stand for each token: the library compares characters."""
    return "".join(
        numbers.setdefault(token, chr(_code(len(numbers)))) for token in _TOKEN.findall(text)
    )


def _code(number: int) -> int:
    """The code point of a token's number; surrogates and most that regexes know are left out."""
    return _FIRST + number if number < 0x1900 else 0x10000 + number - 0x1900
